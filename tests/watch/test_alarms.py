"""Alarms: once on failure, once on recovery, to every place; secrets are told to nobody else."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from quynhon_crawler.home import Home
from quynhon_crawler.lock import Lock, crawl_lock
from quynhon_crawler.watch.alarms import failed_service
from quynhon_crawler.watch.problems import ARCHIVE
from tests.watch.failing import Archive
from tests.watch.receivers import Hook, hook

SECRET = "s3cret/+ü"


@pytest.fixture
def web() -> Iterator[Hook]:
    with hook() as server:
        yield server


@pytest.fixture
def archive(tmp_path: Path, web: Hook) -> Archive:
    return Archive(tmp_path / "kho", f'webhook = "{web.url}"')


def events(web: Hook) -> list[tuple[str, list[str], list[str]]]:
    return [(got["event"], [one["code"] for one in got["new"]], got["recovered"]) for got in web.got]


def test_failure_and_recovery_are_told_once_each(archive: Archive, web: Hook) -> None:
    archive.crawl()
    assert archive.sound() == []
    assert events(web) == []
    for failures in (50, 60, 50):
        archive.crawl(failures)
        archive.sound()
    assert events(web) == [("failure", ["failures"], [])]
    for _ in range(2):
        archive.crawl()
        archive.sound()
    assert events(web) == [("failure", ["failures"], []), ("recovery", [], ["a"])]


def test_few_failures_are_no_alarm(archive: Archive, web: Hook) -> None:
    archive.crawl(10)
    archive.sound()
    assert events(web) == []


def test_another_kind_of_failure_is_told_too(archive: Archive, web: Hook) -> None:
    archive.crawl(50)
    archive.sound()
    archive.crawl(outcome=None)
    archive.sound()
    assert events(web) == [("failure", ["failures"], []), ("failure", ["killed"], [])]


def test_a_message_that_did_not_arrive_is_sent_again(archive: Archive, web: Hook) -> None:
    archive.crawl(50)
    web.status = 503
    assert archive.sound() == [f"webhook: {web.url}: answered 503; it is tried again at the next call"]
    web.status = 200
    assert archive.sound() == []
    assert events(web) == [("failure", ["failures"], [])]


def test_a_crawl_at_work_recovers_nothing(archive: Archive, web: Hook) -> None:
    archive.crawl(50)
    archive.sound()
    (archive.root / "state").mkdir(exist_ok=True)
    with Lock(crawl_lock(Home(archive.root))):
        archive.sound()
    archive.sound()
    assert events(web) == [("failure", ["failures"], [])]


def test_a_wrong_archive_toml_is_told_by_what_it_said_before(archive: Archive, web: Hook) -> None:
    archive.crawl(50)
    archive.sound()
    before = (archive.root / "archive.toml").read_text()
    (archive.root / "archive.toml").write_text("speed = 1")
    archive.sound()
    archive.sound()
    (archive.root / "archive.toml").write_text(before)
    archive.sound()
    assert events(web) == [
        ("failure", ["failures"], []),
        ("failure", ["configuration"], []),
        ("recovery", [], [ARCHIVE]),
    ]
    assert "unknown key 'speed'" in web.got[1]["text"]


def test_a_lost_memory_tells_again_and_hurts_nothing(archive: Archive, web: Hook) -> None:
    archive.crawl(50)
    archive.sound()
    (archive.root / "state/alarms.json").write_text("{")
    assert archive.sound() == []
    assert len(web.got) == 2


def test_the_secret_goes_into_a_header_and_nowhere_else(
    archive: Archive, web: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK", "s3cret")
    archive.configure(f'webhook = "{web.url}"\nwebhook_secret = "env:HOOK"')
    archive.crawl(50)
    archive.sound()
    assert web.asked == [("/hook", "Bearer s3cret")]
    assert "s3cret" not in json.dumps(web.got)
    assert all(b"s3cret" not in path.read_bytes() for path in archive.root.rglob("*") if path.is_file())


def test_the_secret_of_an_address_is_not_in_its_errors(archive: Archive, web: Hook, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    archive.configure(f'webhook = "{web.url}/{{secret}}"\nwebhook_secret = "file:{tmp_path / "secret"}"')
    archive.crawl(50)
    web.status = 500
    said = archive.sound()
    assert web.asked == [("/hook/s3cret%2F%2B%C3%BC", None)]
    assert said == [f"webhook: {web.url}/{{secret}}: answered 500; it is tried again at the next call"]


def test_a_missing_secret_is_named_by_its_place(archive: Archive, web: Hook, tmp_path: Path) -> None:
    archive.configure(f'webhook = "{web.url}"\nwebhook_secret = "file:{tmp_path / "none"}"')
    archive.crawl(50)
    assert "none: cannot be read: No such file or directory" in archive.sound()[0]
    assert web.asked == []


def test_a_redirect_is_not_followed(archive: Archive, web: Hook) -> None:
    web.status, web.location = 302, web.url
    archive.crawl(50)
    assert "answered 302" in archive.sound()[0]
    assert len(web.asked) == 1


def test_nobody_there_is_one_line(tmp_path: Path) -> None:
    with hook() as gone:
        archive = Archive(tmp_path / "kho", f'webhook = "{gone.url}"')
    archive.crawl(50)
    assert "Connection refused" in archive.sound()[0]


@pytest.mark.parametrize(
    ("result", "status", "said"),
    [
        ("oom-kill", "SIGKILL", "it needed more memory"),
        ("timeout", "SIGTERM", "it took longer than it may"),
        ("signal", "SEGV", "it was killed (SEGV)"),
        ("exit-code", "203", "exit-code 203"),
    ],
)
def test_what_systemd_says_of_a_failed_service(
    archive: Archive, web: Hook, result: str, status: str, said: str
) -> None:
    found = failed_service({"MONITOR_SERVICE_RESULT": result, "MONITOR_EXIT_STATUS": status})
    archive.crawl()
    archive.sound(*found)
    assert said in web.got[0]["text"]
    archive.sound()
    assert events(web) == [("failure", ["service"], []), ("recovery", [], [ARCHIVE])]


def test_what_the_program_told_itself_is_not_told_by_systemd() -> None:
    for status in "12":
        assert failed_service({"MONITOR_SERVICE_RESULT": "exit-code", "MONITOR_EXIT_STATUS": status}) == []
    assert failed_service(os.environ) == []
