"""One line of crontab(5) where there is no systemd; flock(1) keeps two calls apart before Python starts."""

from __future__ import annotations

import shlex
import shutil
import subprocess

from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.home import Home
from quynhon_crawler.schedule.units import TICK_MINUTES, command, unit_name


def cron_line(home: Home) -> str:
    """What it does is in ``state/logs/crawl.log``; what goes wrong is left for cron's mail."""
    words = ["flock", "-n", str(home.state / "cron.lock"), *command(home, "crawl", "--due")]
    # cron takes an unescaped % for the end of the line (crontab(5))
    line = " ".join(shlex.quote(word) for word in words).replace("%", "\\%")
    return f"*/{TICK_MINUTES} * * * * {line} >/dev/null # {unit_name(home)}"


def has_crontab() -> bool:
    return shutil.which("crontab") is not None


def install_line(home: Home) -> None:
    """Put the line into this user's crontab, in the place of an earlier one. Raises ArchiveError."""
    home.state.mkdir(parents=True, exist_ok=True)
    _write([*_others(home), cron_line(home)])


def remove_line(home: Home) -> bool:
    """Take the line away; whether there was one. Raises ArchiveError."""
    if not has_crontab() or not has_line(home):
        return False
    _write(_others(home))
    return True


def has_line(home: Home) -> bool:
    return has_crontab() and any(_is_ours(line, home) for line in _read())


def _others(home: Home) -> list[str]:
    return [line for line in _read() if not _is_ours(line, home)]


def _is_ours(line: str, home: Home) -> bool:
    return line.rstrip().endswith(f"# {unit_name(home)}")


def _read() -> list[str]:
    """A user without a crontab has an empty one: `crontab -l` fails then, and says so."""
    done = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False)  # noqa: S607
    if done.returncode and "no crontab" not in done.stderr:
        raise ArchiveError(f"crontab -l: {_first_line(done.stderr)}")
    return done.stdout.splitlines() if not done.returncode else []


def _write(lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    done = subprocess.run(["crontab", "-"], input=text, capture_output=True, text=True, check=False)  # noqa: S607
    if done.returncode:
        raise ArchiveError(f"crontab -: {_first_line(done.stderr)}")


def _first_line(text: str) -> str:
    return (text.strip().splitlines() or ["failed and said nothing"])[0]
