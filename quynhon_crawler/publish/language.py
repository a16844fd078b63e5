"""The words of the site, one catalogue a language, and how it writes dates, numbers and sizes.

A catalogue is a TOML file in ``locale/``; keys are ``table.name``. A missing key is an error when the
catalogues are loaded, never an empty place on a page.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache
from importlib import resources

LOCAL_TIME = timezone(timedelta(hours=7))
DEFAULT = "vi"
CODES = ("vi", "en")


@dataclass(frozen=True)
class Language:
    """One language. Calling it gives a phrase: ``words("search.found", n=3)``."""

    code: str
    phrases: dict[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The phrase with its places filled. ``n`` picks ``key.one`` where the catalogue has it."""
        count = values.get("n")
        if count == 1 and f"{key}.one" in self.phrases:
            key = f"{key}.one"
        shown = {
            name: self.number(value) if isinstance(value, int) else value for name, value in values.items()
        }
        return self.phrases[key].format(**shown)

    def known(self, table: str, word: str) -> str:
        """A word of the program's own in this language; as it is when the catalogue does not have it."""
        return self.phrases.get(f"{table}_{word}", word)

    def reason(self, error: str) -> str:
        """Why something was not kept: the program's English, here in this language where it is known."""
        for key, phrase in self.phrases.items():
            if key.startswith("reason.") and error.startswith(key[7:]):
                return phrase.format(rest=error[len(key) - 7 :])
        return error

    @property
    def prefix(self) -> str:
        """What stands before every address of this language: "" for the first one, ``/en``."""
        return "" if self.code == DEFAULT else f"/{self.code}"

    def number(self, value: int) -> str:
        """Groups of three digits, with the mark that the language uses: 12.345 in Vietnamese."""
        return f"{value:,}".replace(",", self.phrases["format.thousands"])

    def size(self, count: int | None) -> str:
        """Bytes for people: ``1,2 MB``. Empty for None."""
        if count is None:
            return ""
        amount, unit = float(count), "B"
        for larger in ("kB", "MB", "GB", "TB"):
            if amount < 1000:
                break
            amount, unit = amount / 1000, larger
        if unit == "B" or amount >= 100:
            return f"{self.number(round(amount))} {unit}"
        return f"{amount:.1f} {unit}".replace(".", self.phrases["format.decimal"])

    def moment(self, text: str | None, *, seconds: bool = False) -> str:
        """An ISO time as people read it, in Vietnam time: ``Thứ Ba, 27/08/2019, 15:04`` (``15:04:27``)."""
        when = parse(text)
        if when is None:
            return text or ""
        day = self.day(text)
        return (
            f"{day}, {when.strftime('%H:%M:%S' if seconds else '%H:%M')}"
            if isinstance(when, datetime)
            else day
        )

    def day(self, text: str | None) -> str:
        """The day of an ISO time with its weekday."""
        when = parse(text)
        if when is None:
            return text or ""
        weekday = self.phrases[f"weekday.{when.isoweekday()}"]
        month = self.phrases[f"month.{when.month}"]
        return self.phrases["format.day"].format(weekday=weekday, d=when.day, month=month, when=when)

    def short_day(self, text: str | None) -> str:
        """The day of an ISO time without its weekday: ``27/08/2019``."""
        when = parse(text)
        if when is None:
            return text or ""
        month = self.phrases[f"month.{when.month}"]
        return self.phrases["format.short_day"].format(d=when.day, month=month, when=when)

    def stamp(self, seconds: float) -> str:
        """A time of the file system, as ``moment`` writes it."""
        return self.moment(datetime.fromtimestamp(seconds, LOCAL_TIME).isoformat())

    def is_day(self, text: str) -> bool:
        """Whether the calendar has this date: not 30 February."""
        return parse(text) is not None


def parse(text: str | None) -> datetime | date | None:
    """An ISO time (moved to Vietnam time) or a date; None when the text is neither."""
    if not text:
        return None
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when.astimezone(LOCAL_TIME) if when.tzinfo else when.replace(tzinfo=LOCAL_TIME)


@cache
def language(code: str) -> Language:
    """The catalogue of a language of ``CODES``. Raises KeyError naming what it lacks beside the first one."""
    phrases = _read(code)
    # Reasons are in English to begin with.
    needed = {key for key in _read(DEFAULT) if not key.endswith(".one") and not key.startswith("reason.")}
    missing = needed - set(phrases)
    if missing:
        raise KeyError(f"locale/{code}.toml lacks {', '.join(sorted(missing))}")
    return Language(code, phrases)


def _read(code: str) -> dict[str, str]:
    text = (resources.files("quynhon_crawler.publish") / "locale" / f"{code}.toml").read_text("utf-8")
    return dict(_flat(tomllib.loads(text), ""))


def _flat(table: dict[str, object], above: str) -> list[tuple[str, str]]:
    flat: list[tuple[str, str]] = []
    for name, value in table.items():
        if isinstance(value, dict):
            flat += _flat(value, f"{above}{name}.")
        else:
            flat.append((above + name, str(value)))
    return flat
