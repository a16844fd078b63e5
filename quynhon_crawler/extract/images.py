"""Picture files: their codes, their names under each generation's decorations, full files of thumbnails."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from quynhon_crawler.extract.text import clean

# HNBCH082019001: letters, MM, YYYY, running number; "_" or "-" may stand between the parts.
_CODE = re.compile(
    r"(?<![0-9A-Za-zÀ-ỹ])([A-Za-zĐđ]{2,16})[_-]?(0[1-9]|1[0-2])[_-]?((?:19|20)[0-9]{2})[_-]?([0-9]{1,4})(?![0-9A-Za-z])"
)
# Names that cameras and phones give: letters and digits too, but no event.
_CAMERA = frozenset(
    ("img", "dsc", "dscn", "dscf", "pxl", "vid", "mvi", "scan", "image", "photo", "screenshot")
)
_TICKS = re.compile(r"[_-]([56][0-9]{17})(?![0-9])")
_VHV_UPLOAD = re.compile(r"/upload/[0-9]+/")
_MIGRATED = re.compile(r"^[0-9a-f]{32}(?=.)")
_VHV_SUFFIX = re.compile(r"_[0-9a-f]{5}$")
_WP_SIZE = re.compile(r"(?:-[0-9]{2,4}x[0-9]{2,4}|-scaled)$")
_VHV_THUMBNAIL = re.compile(r"^/publish/thumbnail/[0-9]+/[^/]+(/upload/.*)$")
_NUKEVIET_THUMBNAIL = re.compile(r"^(.*)/assets/((?:news|album|photos)/.*)$")
_WIDTH = re.compile(r"^(\d{1,6}(?:\.\d+)?)([wx])$")
#: Placeholders and the picture that stands for a missing one (VHV: bg_trans.png, no-image-news.png).
_PLACEHOLDER = re.compile(
    r"bg_trans|no-?image|blank\.gif|spacer\.gif|lazy[-_]?load|placeholder|/pixel\.|loading\.gif|transparent\.",
    re.I,
)
_LAZY = ("data-original", "data-src", "data-lazy-src", "data-lazy", "data-url", "data-full-url", "data-echo")
_SOURCES = frozenset(("src", *_LAZY))
_EPOCH = datetime(1, 1, 1)


class Code(NamedTuple):
    """``HNBCH082019001``: event ``HNBCH``, month ``2019-08``, number 1."""

    code: str
    event: str
    month: str
    number: int


class FileName(NamedTuple):
    """``name`` without decorations is the identity of a picture across portal generations."""

    name: str
    uploaded_at: str | None


def image_code(*texts: str | None) -> Code | None:
    """The first image code in the texts (alt, title, file name), as printed; the event in capitals."""
    for text in texts:
        if not text:
            continue
        for match in _CODE.finditer(text[:500]):
            if match[1].lower() not in _CAMERA:
                return Code(match[0], match[1].upper(), f"{match[3]}-{match[2]}", int(match[4]))
    return None


def ticks_time(ticks: int) -> str | None:
    """.NET ticks (100 ns since year 1, the server's local time) as ISO 8601; None outside 1990-2100."""
    try:
        moment = _EPOCH + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return None
    return f"{moment:%Y-%m-%dT%H:%M:%S}+07:00" if 1990 <= moment.year <= 2100 else None


@lru_cache(maxsize=4_096)
def file_name(url: str) -> FileName | None:
    """The file name of an address under its decorations; None when the path ends in no file.

    Decorations: 32 hex digits before and ``_`` + 5 hex digits after the name (VHV), ``_`` + 18 digits of
    .NET ticks (the portal of 2019), ``-300x200`` (WordPress).
    """
    path = unquote(urlsplit(url).path)
    name = clean(path.rsplit("/", 1)[-1])
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem or not 2 <= len(ending) <= 5:
        return None
    migrated = _MIGRATED.sub("", stem)
    if migrated != stem or _VHV_UPLOAD.search(path):
        stem = _VHV_SUFFIX.sub("", migrated) or migrated
    uploaded = None
    ticks = _TICKS.search(stem)
    if ticks:
        uploaded = ticks_time(int(ticks[1]))
        if uploaded:
            stem = stem[: ticks.start()] + stem[ticks.end() :]
    if "/wp-content/" in path:
        stem = _WP_SIZE.sub("", stem) or stem
    return FileName(f"{stem}.{ending}", uploaded)


@lru_cache(maxsize=4_096)
def full_size(url: str) -> str:
    """The full file behind a thumbnail's address; the address itself when it is no thumbnail.

    VHV: ``/publish/thumbnail/SITE/WxHxdefault/upload/...`` shows ``/upload/...``. NukeViet:
    ``/assets/news/...`` shows ``/uploads/news/...``.
    """
    parts = urlsplit(url)
    match = _VHV_THUMBNAIL.match(parts.path)
    if match:
        return parts._replace(path=match[1], query="").geturl()
    match = _NUKEVIET_THUMBNAIL.match(parts.path)
    if match:
        return parts._replace(path=f"{match[1]}/uploads/{match[2]}", query="").geturl()
    return url


def is_placeholder(reference: str) -> bool:
    """A picture that stands for one that is missing or not loaded yet."""
    return bool(_PLACEHOLDER.search(reference)) or reference.startswith("data:")


def source(attributes: Mapping[str, str | None]) -> str | None:
    """The reference of the picture that a reader sees: lazy attributes first, then src, then srcset."""
    for name in _LAZY:
        value = _trim(attributes.get(name))
        if value and not is_placeholder(value):
            return value
    value = _trim(attributes.get("src"))
    if value and not is_placeholder(value):
        return value
    candidates = srcset(attributes.get("srcset") or attributes.get("data-srcset"))
    return candidates[0] if candidates else None


def references(attributes: Mapping[str, str | None]) -> list[str]:
    """Every file that an image element can ask for: also the placeholder, which a replay needs."""
    found: dict[str, None] = {}
    for name, value in attributes.items():
        if name in _SOURCES and (trimmed := _trim(value)) and not trimmed.startswith("data:"):
            found[trimmed] = None
    for name in ("srcset", "data-srcset"):
        if name in attributes:
            found.update(dict.fromkeys(srcset(attributes[name])))
    return list(found)


def srcset(value: str | None) -> list[str]:
    """The addresses of a ``srcset``, the widest first."""
    if not value:
        return []
    found: list[tuple[float, str]] = []
    for candidate in value[:10_000].split(", "):
        words = candidate.strip().strip(",").split()
        if not words or words[0].startswith("data:"):
            continue
        size = _WIDTH.match(words[-1]) if len(words) > 1 else None
        found.append((float(size[1]) if size else 1.0, words[0]))
    found.sort(key=lambda pair: -pair[0])
    return [url for _, url in found]


def _trim(value: str | None) -> str:
    # "/App/images/bg_trans.png;" of VHV pages ends in a stray semicolon.
    return (value or "").strip().rstrip(";").strip()
