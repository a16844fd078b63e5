"""A takedown holds at once, is written down with who and why, can be lifted, and outlives the database."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from quynhon_crawler.errors import ArchiveError, UsageError
from quynhon_crawler.store import Store, takedowns
from quynhon_crawler.store.hold import held
from quynhon_crawler.store.takedowns import Decision
from tests.store.conftest import Archive
from tests.store.world import ADDRESS, HOME, OLD, capture, reading

ROOT = Path(__file__).parents[2]
WHY = "theo yêu cầu của gia đình"
AT = "2026-02-01T00:00:00Z"


def journal(archive: Archive) -> Path:
    return archive.store.path.with_name("takedowns.jsonl")


def test_it_tells_what_it_hides_under_every_address(archive: Archive) -> None:
    printed, picture = f"{HOME}in/bai-1", f"{HOME}upload/a.jpg"
    archive.see(capture(printed, day=1), reading())
    archive.see(capture(f"{OLD}bai-1.aspx", day=2), reading(f"{OLD}bai-1.aspx"))
    archive.store.add_file(capture(picture), width=None, height=None)
    hides = archive.store.add_takedown(f"http://www.{printed[8:]}?utm_source=zalo", reason=WHY, by="Lan")
    assert [(row.table, row.url) for row in hides] == [
        ("articles", f"{OLD}bai-1.aspx"),
        ("articles", ADDRESS),
    ]
    assert archive.store.search("đảng viên").total == 0
    assert [row.table for row in archive.store.add_takedown(picture, reason=WHY)] == ["files"]


def test_what_is_not_here_yet_is_hidden_when_it_comes(archive: Archive) -> None:
    assert archive.store.add_takedown(ADDRESS, reason=WHY) == []
    archive.see(capture(), reading())
    assert archive.store.search("đảng viên").total == 0


def test_it_can_be_lifted_and_every_decision_stays_written(archive: Archive) -> None:
    archive.see(capture(), reading())
    archive.store.add_takedown(ADDRESS, reason=WHY, by="Lan", at=AT)
    later, other = "2026-03-01T00:00:00Z", f"http://{ADDRESS[8:]}"
    archive.store.lift_takedown(other, reason="toà đã xử", by="Minh", at=later)
    assert archive.store.search("đảng viên").total == 1
    assert takedowns.in_force(journal(archive)) == []
    assert takedowns.decisions(journal(archive)) == [
        Decision(AT, "takedown", ADDRESS, WHY, "Lan"),
        Decision(later, "lift", other, "toà đã xử", "Minh"),
    ]
    with pytest.raises(UsageError, match="is not taken down"):
        archive.store.lift_takedown(ADDRESS, reason="lần nữa")


def test_who_decided_is_not_in_the_database(archive: Archive) -> None:
    archive.store.add_takedown(ADDRESS, reason=WHY, by="Lan Nguyễn")
    archive.store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    assert "Lan Nguyễn".encode() not in archive.store.path.read_bytes()


def test_it_outlives_the_database(archive: Archive) -> None:
    archive.see(capture(), reading())
    archive.store.add_takedown(ADDRESS, reason=WHY)
    archive.store.add_takedown(f"{HOME}khac", reason=WHY)
    archive.store.lift_takedown(f"{HOME}khac", reason="nhầm")
    another = archive.store.path.parent / "again"
    another.mkdir()
    shutil.copy(journal(archive), another)
    with Store.open(another / "quynhon.db", create=True) as again:
        portal_id = again.put_portal(name="Quy Nhơn", home_url=HOME, system=None, rights=None)
        again.add_reading(capture(), reading(), portal_id=portal_id)
        again.commit()
        assert again.search("đảng viên").total == 0
        assert again.connection.execute("SELECT url, reason FROM takedowns").fetchall() == [(ADDRESS, WHY)]


def test_it_holds_for_a_database_that_missed_it(archive: Archive) -> None:
    """As when a kill falls between the decision and the table, or an older copy is put back."""
    archive.see(capture(), reading())
    with held(archive.store.path.parent):
        takedowns.write(journal(archive), Decision(AT, "takedown", ADDRESS, WHY))
    with Store.open(archive.store.path) as again:
        assert again.search("đảng viên").total == 0


_DECIDE = """
import sys
import time
from pathlib import Path
from quynhon_crawler.store import Store
with Store.open(Path(sys.argv[1])) as store:
    for number in range(4):
        store.add_takedown(f"https://quynhon.example/{sys.argv[2]}-{number}", reason="thử", by=sys.argv[2])
"""


def test_several_decide_at_once_beside_a_writer(archive: Archive) -> None:
    archive.see(capture(), reading())
    command = [sys.executable, "-c", _DECIDE, str(archive.store.path)]
    deciding = [subprocess.Popen([*command, name], cwd=ROOT) for name in ("lan", "minh")]
    day = 2
    while any(process.poll() is None for process in deciding):
        archive.see(capture(day=1 + day % 27, number=day), reading())
        day += 1
        time.sleep(0.01)  # as a crawl, which commits once a second
    assert [process.returncode for process in deciding] == [0, 0]
    assert len(takedowns.decisions(journal(archive))) == 8
    assert archive.one("count(*)", "takedowns") == 8


@pytest.mark.parametrize(
    "line",
    [
        "không phải JSON",
        "[]",
        '{"at": "2026"}',
        json.dumps({"at": AT, "action": "x", "url": HOME, "reason": "a"}),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_line(archive: Archive, line: str) -> None:
    archive.store.add_takedown(ADDRESS, reason=WHY)
    with journal(archive).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    with pytest.raises(ArchiveError, match=r"takedowns\.jsonl: line 2 ") as caught:
        Store.open(archive.store.path)
    assert "\n" not in str(caught.value)


def test_a_line_cut_off_by_a_kill_never_counted(archive: Archive) -> None:
    archive.store.add_takedown(ADDRESS, reason=WHY)
    with journal(archive).open("a", encoding="utf-8") as file:
        file.write('{"at": "2026-02-02T00:00:00Z", "acti')
    assert len(takedowns.decisions(journal(archive))) == 1
    archive.store.add_takedown(f"{HOME}khac", reason=WHY)
    assert [decision.url for decision in takedowns.decisions(journal(archive))] == [ADDRESS, f"{HOME}khac"]
