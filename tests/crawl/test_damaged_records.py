"""A closed file whose records were damaged: what they held is fetched again while the portal still has it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from quynhon_crawler.sample import SamplePortal
from quynhon_crawler.warc.reader import Stored, exchanges
from tests.crawl.archives import archive, ask, stored, warcs
from tests.crawl.run_crawl import quynhon
from tests.crawl.test_again import of_profile


def damage(folder: Path, name: str, at: int) -> None:
    """One byte of a file is another."""
    path = folder / "warc" / name
    path.chmod(0o644)
    with path.open("rb+") as stream:
        stream.seek(at)
        (byte,) = stream.read(1)
        stream.seek(at)
        stream.write(bytes([byte ^ 0x55]))
    path.chmod(0o444)


_FROM = "JOIN captures c ON c.id = t.capture_id"
Place = tuple[str, int]


@dataclass(frozen=True)
class Mended:
    """An archive of which three records were damaged, by why they are relied on, and crawled in full twice;
    what these crawls told."""

    folder: Path
    places: dict[str, Place]
    first: str
    second: str


def place_of(folder: Path, table: str) -> tuple[str, int, int, str]:
    """File, offset, length and address of a response that a row of the table comes from."""
    columns = "c.warc_file, c.warc_offset, c.warc_length, c.url"
    rows = f"{table} t {_FROM} WHERE c.record_type = 'response' AND c.bytes > 2000"
    return ask(folder, columns, rows)[0]  # type: ignore[return-value]


def place_of_same_body(folder: Path) -> tuple[str, int, int, str]:
    """The same of a response that another answer with the same body refers to."""
    said = of_profile(stored(folder), "identical-payload-digest")[0].record.headers
    named = said["warc-refers-to-target-uri"], said["warc-refers-to-date"]
    (body,) = (
        item.record
        for item in stored(folder)
        if item.record.type == "response" and (item.record.url, item.record.date) == named
    )
    return body.file, body.offset, body.length, body.url


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> Mended:
    folder = archive(tmp_path_factory.mktemp("mended") / "archive")
    with SamplePortal(articles=12) as portal:
        full = ("crawl", portal.url, "--archive", folder, "--full")
        assert quynhon(*full).returncode == 0
        assert quynhon(*full).returncode == 0
        before = {*warcs(folder)}
        found = {table: place_of(folder, table) for table in ("images", "articles")}
        found["same body"] = place_of_same_body(folder)
        for name, offset, length, _ in found.values():
            damage(folder, name, offset + length // 2)
        first, second = quynhon(*full), quynhon(*full)
    assert first.returncode == 1, first.stderr
    assert second.returncode == 0, second.stderr
    came = [item for path in {*warcs(folder)} - before for item in exchanges(path)]
    again = [item.record.url for item in came if isinstance(item, Stored) and item.record.type == "response"]
    assert {again.count(url) for *_, url in found.values()} == {1}
    places = {why: (name, offset) for why, (name, offset, *_) in found.items()}
    assert len({*places.values()}) == 3
    return Mended(folder, places, first.stderr, second.stderr)


@pytest.mark.parametrize("why", ["same body", "images", "articles"])
def test_the_damaged_record_is_told_once(mended: Mended, why: str) -> None:
    name, offset = mended.places[why]
    (line,) = (line for line in mended.first.splitlines() if f"{name}@{offset}: " in line)
    assert "is asked for again and stored whole" in line
    assert "3 faults in the archive's own files:" in mended.first
    assert "failed" not in mended.first
    assert name not in mended.second


def test_verify_tells_the_damage_and_nothing_that_follows_from_it(mended: Mended) -> None:
    done = quynhon("verify", "--archive", mended.folder, "--json")
    assert done.returncode == 1
    problems = json.loads(done.stdout)["problems"]
    places = {(one["file"], one["offset"]) for one in problems if one["kind"] != "fixity"}
    assert places == {*mended.places.values()}
    assert {one["kind"] for one in problems} == {"fixity", "file", "row"}


def test_rows_lead_to_whole_records(mended: Mended) -> None:
    for table in ("articles", "images"):
        found = ask(mended.folder, "c.warc_file, c.warc_offset", f"{table} t {_FROM}")
        assert not {*found} & {*mended.places.values()}
