"""`every` and `hours`: what they say of the next time, in Vietnamese time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from quynhon_crawler.config import Schedule, Watch, parse, plan_of
from quynhon_crawler.config.hours import VIETNAM, Hours
from quynhon_crawler.config.timetable import Timetable
from quynhon_crawler.errors import ConfigError


def at(text: str) -> datetime:
    """A time of the week of Tuesday, 24 November 2026, in Việt Nam."""
    return datetime.fromisoformat(f"2026-11-{text}:00+07:00")


@pytest.mark.parametrize(
    ("every", "begun", "ended", "following"),
    [
        ("6h", "24T02:00", "24T02:20", "24T08:00"),
        ("6h", "24T02:00", "24T10:30", "24T14:00"),  # the slot of 08:00 passed while it ran
        ("90m", "24T23:00", "24T23:10", "25T00:30"),
        ("2w", "10T02:00", "10T03:00", "24T02:00"),
        ("daily 02:30", "24T02:30", "24T04:00", "25T02:30"),
        ("daily 02:30", "24T02:31", "24T02:31", "25T02:30"),
        ("daily 2:30, 14:30", "24T02:30", "24T04:00", "24T14:30"),
        ("daily 02:30", "23T02:30", "24T09:00", "25T02:30"),  # a run of 30 hours
        ("mon 02:30", "24T02:30", "24T04:00", "30T02:30"),
        ("mon,thu 02:30", "24T02:30", "24T04:00", "26T02:30"),
        ("Tuesday 02:30", "24T02:30", "24T02:30", "01T02:30"),
    ],
)
def test_the_next_slot(every: str, begun: str, ended: str, following: str) -> None:
    found = Timetable.read(every).next(at(begun), at(ended))
    wanted = at(following) if following != "01T02:30" else datetime.fromisoformat("2026-12-01T02:30:00+07:00")
    assert found == wanted


def test_never_has_no_next_slot() -> None:
    assert Timetable.read("never").next(at("24T00:00"), at("24T00:00")) is None


def test_slots_are_of_viet_nam_wherever_the_machine_stands() -> None:
    berlin = datetime(2026, 10, 25, 0, 30, tzinfo=ZoneInfo("Europe/Berlin"))  # the night of the clock change
    found = Timetable.read("daily 02:30").next(berlin, berlin)
    assert found is not None
    assert found.isoformat() == "2026-10-26T02:30:00+07:00"


def test_the_fixed_offset_is_that_of_the_time_zone_database() -> None:
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    for month in range(1, 13):
        moment = datetime(2026, month, 15, 12, tzinfo=timezone.utc)  # noqa: UP017
        assert moment.astimezone(zone).utcoffset() == moment.astimezone(VIETNAM).utcoffset()


@pytest.mark.parametrize(
    ("hours", "moment", "is_open", "opens", "closes"),
    [
        ("22:00-06:00", "24T21:59", False, "24T22:00", None),
        ("22:00-06:00", "24T22:00", True, "24T22:00", "25T06:00"),
        ("22:00-06:00", "25T05:59", True, "25T05:59", "25T06:00"),
        ("22:00-06:00", "25T06:00", False, "25T22:00", None),
        ("12:00-13:00, 22:00-24:00", "24T13:00", False, "24T22:00", None),
        ("12:00-13:00 22:00-24:00", "24T23:00", True, "24T23:00", "25T00:00"),
        ("22:00-24:00,00:00-05:00", "24T23:00", True, "24T23:00", "25T05:00"),
        ("", "24T23:00", True, "24T23:00", None),
        ("00:00-24:00", "24T23:00", True, "24T23:00", None),
    ],
)
def test_hours(hours: str, moment: str, is_open: bool, opens: str, closes: str | None) -> None:
    read = Hours.read(hours)
    assert read.open_at(at(moment)) is is_open
    assert read.next_open(at(moment)) == at(opens)
    assert read.closes_at(at(moment)) == (closes and at(closes))


def test_closing_is_always_ahead() -> None:
    hours = Hours.read("22:00-06:00")
    for minutes in range(0, 24 * 60, 7):
        moment = at("24T00:00") + timedelta(minutes=minutes)
        if closes := hours.closes_at(moment):
            assert moment < closes <= moment + timedelta(hours=8)


PORTAL = '[[portals]]\nname = "a"\nurl = "http://a.example/"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PORTAL + 'every = "sometimes"\n', "archive.toml:4: every: 'sometimes' is no timetable; write"),
        (PORTAL + 'every = "1m"\n', "archive.toml:4: every: '1m' is too short"),
        (PORTAL + 'every = "daily 24:00"\n', "archive.toml:4: every: 'daily 24:00' is no timetable"),
        (PORTAL + 'every = "mon"\n', "archive.toml:4: every: 'mon' is no timetable"),
        (PORTAL + 'hours = "22-06"\n', "archive.toml:4: hours: '22-06' are no hours of a day"),
        (PORTAL + 'hours = "06:00-06:00"\n', "archive.toml:4: hours: "),
        (PORTAL + 'kind = "half"\n', 'archive.toml:4: kind: must be "update" or "full"'),
        ('[schedule]\nfull_every = "x"\n', "archive.toml:2: full_every: 'x' is no timetable"),
        ('[schedule]\nevry = "6h"\n', "archive.toml:2: unknown key 'evry'"),
        ('[schedule]\nmemory = "much"\n', "archive.toml:2: memory: "),
        ('[watch]\nlog_files = 0\n', "archive.toml:2: log_files: "),
        ('[watch]\nsmtp = "mail.example"\n', "archive.toml:2: smtp: not a mail server"),
        ('[watch]\nsmtp = "mail.example:25"\n', "archive.toml:2: smtp: mail_from and mail_to are needed too"),
        ('[watch]\nmail_to = ["nobody"]\n', "archive.toml:2: mail_to: 'nobody' is no e-mail address"),
        ('[watch]\nwebhook = "hooks"\n', "archive.toml:2: webhook: not an address"),
    ],
)  # fmt: skip
def test_mistakes_name_key_and_line(text: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse(text)
    assert str(error.value).startswith(said)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "line",
    [
        'webhook_secret = "hunter2"',
        'smtp_password = "hunter2"',
        'webhook = "https://me:hunter2@hooks.example/"',
    ],
)
def test_a_secret_in_clear_is_refused_and_not_repeated(line: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse(f"[watch]\n{line}\n")
    assert "archive.toml:2:" in str(error.value)
    assert "hunter2" not in str(error.value)


def test_a_password_is_not_sent_in_clear_to_another_machine() -> None:
    text = (
        '[watch]\nsmtp = "mail.example:25"\nsmtp_security = "none"\nsmtp_user = "me"\n'
        'smtp_password = "env:P"\nmail_from = "a@b"\nmail_to = ["c@d"]\n'
    )
    with pytest.raises(ConfigError, match=r"archive\.toml:3: smtp_security"):
        parse(text)
    parse(text.replace("mail.example", "127.0.0.1"))


def test_a_portal_says_its_own_timetable() -> None:
    config = parse(
        '[schedule]\nevery = "6h"\nhours = "22:00-06:00"\nkind = "full"\n' + PORTAL + 'every = "1d"\n'
    )
    plan = plan_of(config, config.portals[0])
    assert plan.every.interval == timedelta(days=1)
    assert (plan.kind, str(plan.hours)) == ("full", "22:00-06:00")


@pytest.mark.parametrize("table", [Schedule, Watch], ids=["schedule", "watch"])
def test_every_key_is_explained(table: type[Schedule] | type[Watch]) -> None:
    explained = (Path(__file__).parents[2] / "docs/configuration.md").read_text("utf-8")
    assert [key for key in table.__struct_fields__ if f"`{key}`" not in explained] == []
