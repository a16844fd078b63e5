"""An archive made again from a bag alone."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import bagit

from quynhon_crawler.deposit.bag import ARCHIVE, DIGEST
from quynhon_crawler.deposit.output import fresh
from quynhon_crawler.errors import UsageError
from quynhon_crawler.home import Home
from quynhon_crawler.losses import gone_files
from quynhon_crawler.manifest import read_manifest
from quynhon_crawler.plural import are, plural
from quynhon_crawler.rebuild import rebuild
from quynhon_crawler.spread import over_processes

# Of a bag with a thousand faults nobody reads all; `bagit.py --validate` lists them.
_TOLD = 3


@dataclass(frozen=True, slots=True)
class Restored:
    """How it went. ``as_bagged``: the database says what it said when the bag was made; ``problems`` are what
    a rebuild met, which the bag's own archive had too, and a database that says other things."""

    root: Path
    files: int
    captures: int
    content_digest: str
    as_bagged: bool
    problems: list[str] = field(default_factory=list)


def restore(bag: Path, home: Home, *, workers: int = 1) -> Restored:
    """Check the bag, copy what it keeps into an empty folder, and make the database from it.

    The archive stands under its name when all of that is done. Raises UsageError when the folder is not empty
    or the bag is none, or is not whole: nothing is restored then.
    """
    info = _checked(bag)
    with fresh(home.root, option="--archive") as working:
        count = _copy(bag / ARCHIVE, working)
        made = rebuild(Home(working), spread=over_processes(workers))
    # Of the bag nothing may be without a sum, as files of an archive may that were put there by hand.
    problems = [line.replace(str(working), str(home.root)) for line in (*made.broken, *made.notes)]
    if info and made.content_digest != info:
        lost = len(gone_files(home, read_manifest(home)))
        why = (
            f"{plural(lost, 'file')} that its manifest.jsonl names {are(lost)} not in the bag"
            if lost
            else "every file is as it was, but this program may read them in another way"
        )
        said = f"says other things than when the bag was made (content digest {info})"
        problems.append(f"{home.database}: {said}; {why}")
    same = made.content_digest == info
    return Restored(home.root, count, made.captures, made.content_digest, same, problems)


def _checked(path: Path) -> str:
    """The content digest that the bag declares, "" when it declares none; every sum checked."""
    if special := next((each for each in path.rglob("*") if _is_special(each)), None):
        raise UsageError(f"{special}: no regular file, which a bag does not hold; restore from another copy")
    try:
        bag = bagit.Bag(str(path))
        if faults := _faults(bag):
            more = f" and {len(faults) - _TOLD:,} more" if len(faults) > _TOLD else ""
            raise UsageError(
                f"{path}: the bag is damaged: {'; '.join(faults[:_TOLD])}{more}; restore from another copy"
            )
    except (bagit.BagError, OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not a bag: {error}") from error
    if not (path / ARCHIVE).is_dir():
        raise UsageError(f"{path}: a bag, but none of `quynhon export bagit`: it has no {ARCHIVE}")
    said = bag.info.get(DIGEST, "")
    return said if isinstance(said, str) else str(said[0])


def _is_special(path: Path) -> bool:
    """A named pipe, a socket, a device: to read it might never end."""
    return path.is_fifo() or path.is_socket() or path.is_char_device() or path.is_block_device()


def _faults(bag: bagit.Bag) -> list[str]:
    """What is wrong with it, a line for each file; empty when it is valid."""
    try:
        bag.validate()
    except bagit.BagValidationError as error:
        if not error.details and bag.info.pop("Payload-Oxum", None):  # counts, which name no file
            return _faults(bag) or [str(error)]
        return list(dict.fromkeys(map(_line, error.details))) or [str(error)]
    return []


def _line(error: Exception) -> str:
    """Without the sums of a changed file, which say nothing to a reader, and once whichever sum it was."""
    plain = {
        bagit.ChecksumMismatch: "is not what it was",
        bagit.FileMissing: "is missing",
        bagit.UnexpectedFile: "is not in its manifests",
    }
    words = plain.get(type(error))
    return f"{error.path} {words}" if words else str(error)  # type: ignore[attr-defined]


def _copy(source: Path, target: Path) -> int:
    """How many files."""
    count = 0
    for path in sorted(source.rglob("*")):
        if path.is_symlink():
            raise UsageError(f"{path}: a link, which a bag of ours does not hold")
        if path.is_file():
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
            if copy.parent.name == "warc":
                copy.chmod(0o444)
            count += 1
    return count
