"""Codes of offices (``VPTU``) and their names, kept in ``units.toml`` for archivists to extend."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_INSIDE = re.compile(r"[\s.&/\\-]+")


@cache
def _names() -> dict[str, str]:
    text = files(__package__).joinpath("units.toml").read_text("utf-8")
    return {_key(code): name for group in tomllib.loads(text).values() for code, name in group.items()}


def _key(code: str) -> str:
    return _INSIDE.sub("", code).upper()


def unit_name(code: str) -> str | None:
    """The office's full name; None when the code is not in the list."""
    return _names().get(_key(code))
