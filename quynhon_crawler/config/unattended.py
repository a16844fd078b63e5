"""Keys of archive.toml for an archive that nobody looks at: when to crawl, whom to tell."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from quynhon_crawler.config.hours import ALWAYS, Hours
from quynhon_crawler.config.secret import Secret
from quynhon_crawler.config.timetable import Timetable

if TYPE_CHECKING:
    from quynhon_crawler.config.keys import Config, Portal

Kind = Literal["update", "full"]
Size = Annotated[str, Meta(pattern=r"^[1-9]\d*[MG]$")]
Span = Annotated[str, Meta(pattern=r"^[1-9]\d*(min|h|d)$")]


class Schedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[schedule]``: when to crawl, for every portal that does not say otherwise.

    ``memory`` and ``run_time`` bound the service that `quynhon schedule install` writes.
    """

    every: str = "never"
    kind: Kind = "update"
    full_every: str = "never"
    hours: str = ""
    memory: Size = "1G"
    run_time: Span = "20h"


class Watch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[watch]``: whom to tell, and from when on. Secrets are named by their place."""

    webhook: str = ""
    webhook_secret: str = ""
    smtp: str = ""
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: str = ""
    mail_from: str = ""
    mail_to: tuple[str, ...] = ()
    max_failures: Annotated[int, Meta(ge=0, le=1_000_000_000)] = 10
    disk_days: Annotated[int, Meta(ge=0, le=36_600)] = 14
    prometheus: str = ""
    log_size: Annotated[int, Meta(ge=10_000, le=10**12)] = 5_000_000
    log_files: Annotated[int, Meta(ge=1, le=100)] = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """When one portal is crawled: what it says itself, else what ``[schedule]`` says.

    Within ``hours`` and not within ``quiet``, which holds for crawls by hand too (``quiet_hours``).
    """

    every: Timetable
    kind: Kind
    full_every: Timetable
    hours: Hours
    quiet: Hours = ALWAYS

    def next_open(self, moment: datetime) -> datetime:
        """This moment when the portal may be crawled then, else the next that is."""
        at = self.hours.next_open(moment)
        if not self.quiet.spans:
            return at
        # Hours that leave nothing open at all are a mistake; then the hours win.
        for _ in range(2 * len(self.hours.spans) + 2):
            if (ends := self.quiet.closes_at(at)) is None:
                return at
            at = self.hours.next_open(ends)
        return self.hours.next_open(moment)


def plan_of(config: Config, portal: Portal) -> Plan:
    """The timetable in force for a portal."""
    common = config.schedule
    return Plan(
        every=Timetable.read(portal.every if portal.every is not None else common.every),
        kind=portal.kind or common.kind,
        full_every=Timetable.read(portal.full_every if portal.full_every is not None else common.full_every),
        hours=Hours.read(portal.hours if portal.hours is not None else common.hours),
        quiet=Hours.read(config.crawl_of(portal).quiet_hours),
    )


def run_time(schedule: Schedule) -> timedelta:
    """The longest time of one run."""
    found = re.fullmatch(r"(\d+)(min|h|d)", schedule.run_time)
    assert found is not None
    return timedelta(**{{"min": "minutes", "h": "hours", "d": "days"}[found[2]]: int(found[1])})


def smtp_place(text: str) -> tuple[str, int]:
    """Host and port of ``"mail.example.vn:587"``. Raises ValueError."""
    parts = urlsplit(f"//{text}")
    if not parts.hostname or not parts.port or "@" in text or parts.path:
        raise ValueError('not a mail server; write "mail.example.vn:587", without user and password')
    return parts.hostname, parts.port


def mistakes(config: Config) -> Iterator[tuple[str, int, str, str]]:
    """What types do not say: (table, its index, key, what is wrong). Values are not repeated where secret."""
    tables: list[tuple[str, int, Any]] = [
        ("archive", 0, config.archive),
        ("schedule", 0, config.schedule),
        ("watch", 0, config.watch),
    ]
    tables += [("portals", number, portal) for number, portal in enumerate(config.portals)]
    for table, index, values in tables:
        for key, read in _READERS.items():
            if value := getattr(values, key, None):
                try:
                    read(value)
                except ValueError as error:
                    yield table, index, key, str(error)
    yield from (("watch", 0, key, why) for key, why in _together(config.watch))


def _together(watch: Watch) -> Iterator[tuple[str, str]]:
    if watch.smtp and not (watch.mail_from and watch.mail_to):
        yield "smtp", "mail_from and mail_to are needed too"
    if watch.smtp_user and not watch.smtp_password:
        yield "smtp_user", "smtp_password is needed too"
    if watch.smtp_password and not watch.smtp_user:
        yield "smtp_password", "smtp_user is needed too"
    in_clear = watch.smtp and watch.smtp_password and watch.smtp_security == "none"
    if in_clear and not _here(smtp_place(watch.smtp)[0]):
        yield "smtp_security", 'a password is not sent in clear to another machine; use "starttls" or "tls"'


def _here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _webhook(text: str) -> None:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not an address; write it in full, as https://hooks.example.vn/quynhon")
    if "@" in parts.netloc:
        raise ValueError("no user and password in the address; name the secret with webhook_secret")


def _mail_address(text: str) -> None:
    if "@" not in text.strip("@") or any(letter.isspace() for letter in text):
        raise ValueError(f"{text!r} is no e-mail address")


def _mail_addresses(texts: tuple[str, ...]) -> None:
    for text in texts:
        _mail_address(text)


_READERS: dict[str, Callable[[Any], Any]] = {
    "every": Timetable.read,
    "full_every": Timetable.read,
    "hours": Hours.read,
    "email": _mail_address,
    "webhook": _webhook,
    "webhook_secret": Secret.read,
    "smtp": smtp_place,
    "smtp_password": Secret.read,
    "mail_from": _mail_address,
    "mail_to": _mail_addresses,
}
