"""Codes of offices (``VPTU``) and their names, kept in ``units.toml`` for archivists to extend."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_INSIDE = re.compile(r"[\s.&/\\-]+|\bvà\b")
# "UBND phường Trần Phú", "LĐLĐ TP": whose office it is.
KINDS_OF_PLACES = ("TP", "TX", "thành phố", "thị xã", "thị trấn", "tỉnh", "huyện", "phường", "xã")
_PLACE = re.compile(
    rf"^(?P<code>\S.{{0,30}}?)\s(?P<place>{'|'.join(KINDS_OF_PLACES)})(?P<named>\s.{{1,40}})?$"
)
_SHORT = {"TP": "thành phố", "TX": "thị xã"}
# T.U is a person; VP.HĐND an office.
_INITIALS = re.compile(r"^(?:[A-ZĐ]\.\s?){1,5}[A-ZĐ]?$")
_PRESS = "press"


@cache
def _names() -> dict[str, str]:
    return {_key(code): name for group in _groups().values() for code, name in group.items()}


@cache
def _groups() -> dict[str, dict[str, str]]:
    return tomllib.loads(files(__package__).joinpath("units.toml").read_text("utf-8"))


def _key(code: str) -> str:
    return _INSIDE.sub("", code).upper()


def unit_name(code: str) -> str | None:
    """The office's full name; None when the code is not in the list."""
    return _names().get(_key(code))


def office(text: str) -> tuple[str | None, str] | None:
    """Code and full name of an office written as a code, with its place or without; None for others.

    ``VPTU``, ``VP.HĐND&UBND``, ``LĐLĐ TP`` (Liên đoàn Lao động thành phố). ``UBND phường Trần Phú`` is an
    office of its own, which no code stands for, named as it is printed.
    """
    if _INITIALS.match(text):
        return None
    name = unit_name(text) if text == text.upper() or "và" in text else None
    if name:
        return text, name
    match = _PLACE.match(text)
    if match is None:
        return None
    code, place = match["code"], match["place"]
    name = unit_name(code) if code == code.upper() or "và" in code else None
    if name is None:
        return None
    return (None, text) if match["named"] else (code, f"{name} {_SHORT.get(place, place)}")


def is_press(code: str) -> bool:
    """``TTXVN``: whoever is named so alone is where a text comes from."""
    return _key(code) in {_key(known) for known in _groups()[_PRESS]}
