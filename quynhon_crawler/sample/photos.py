"""Photographs and files: the names that three generations of portals gave them, and what they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Literal
from urllib.parse import quote

from .moments import MIGRATION, iso, ticks
from .sections import SITE, hex_id

CaptionForm = Literal["2022", "2022-nested", "2026", "figure", "table", "none", "same-paragraph"]
Source = Literal["raw", "encoded", "lazy", "thumbnail"]

# widths and heights that editors upload
_SIZES = ((600, 400), (640, 427), (500, 375), (480, 640), (720, 480), (600, 338))


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as it stands in an article.

    ``path`` is the file's address as typed: spaces, parentheses and marks raw. ``scene`` decides what is
    painted; two paths of one scene serve the same bytes (a file that was carried over by a migration).
    """

    path: str
    scene: str
    width: int
    height: int
    original_name: str
    alt: str = ""
    caption: str | None = None
    form: CaptionForm = "2022"
    source: Source = "raw"
    code: str | None = None
    code_event: str | None = None
    code_month: str | None = None
    code_number: int | None = None
    uploaded_at: str | None = None

    @property
    def thumbnail(self) -> str:
        """The thumbnail of the size that listings use."""
        return f"/publish/thumbnail/{SITE}/300x200xdefault{self.path}"

    @property
    def src(self) -> str:
        """The address as it stands in ``src`` or ``data-original``."""
        if self.source == "thumbnail":
            return f"/publish/thumbnail/{SITE}/{self.width}x{self.height}xdefault{encoded(self.path)}"
        return encoded(self.path) if self.source == "encoded" else self.path


def encoded(path: str) -> str:
    """``path`` as browsers and editors encode it: parentheses stay, spaces and marks do not."""
    return quote(path, safe="/()")


def decorate(rng: Random, name: str, suffix: str, when: datetime) -> tuple[str, str | None]:
    """The address that a file got on upload, and the upload time its name tells.

    Before the migration: ``name_TICKS``, then 32 hex digits in front and ``_`` and 5 behind; since: 5 hex
    digits behind, in a folder of the day or in the editor's.
    """
    tail = hex_id(f"{name}{rng.random()}", 5)
    if when < MIGRATION:
        uploaded = when.replace(second=rng.randint(0, 59)) - timedelta(minutes=rng.randint(5, 300))
        ticked = f"{name}_{ticks(uploaded)}"
        front = hex_id(ticked, 32)
        style = rng.randrange(3)
        if style == 0:
            return f"/upload/{SITE}/fck/files/{ticked}{suffix}", iso(uploaded)
        if style == 1:
            return f"/upload/{SITE}/{MIGRATION:%Y%m%d}/{front}{name}_{tail}{suffix}", None
        return f"/upload/{SITE}/{MIGRATION:%Y%m%d}/{front}{ticked}_{tail}{suffix}", iso(uploaded)
    if rng.random() < 0.5:
        return f"/upload/{SITE}/fck/files/{name}_{tail}{suffix}", None
    return f"/upload/{SITE}/{when:%Y%m%d}/{name}_{tail}{suffix}", None


def image_code(rng: Random, prefix: str, when: datetime, number: int) -> tuple[str, tuple[str, str, int]]:
    """A picture code as a photographer writes it (``HNBCH082019001``), and (event, month, number)."""
    joint = rng.choice(("", "", "", "_", "-"))
    code = joint.join((prefix, f"{when:%m%Y}", f"{number:03d}"))
    if rng.random() < 0.25:
        code = code.lower()
    return code, (prefix, f"{when:%Y-%m}", number)


def take(
    rng: Random,
    name: str,
    when: datetime,
    *,
    caption: str | None,
    form: CaptionForm,
    prefix: str | None,
    number: int,
    motif: str = "",
) -> Photo:
    """One photograph. With ``prefix`` it carries an image code, in its alt or in its file name."""
    width, height = rng.choice(_SIZES)
    code, parts = image_code(rng, prefix, when, number) if prefix else (None, None)
    # the code stands in the file name, in the alt text or in both
    place = rng.randrange(3) if code else 3
    stem = code if code and place != 1 else name
    alt = code if code and place != 0 else rng.choice(("", "", caption or "", stem))
    if place == 0 and alt == stem:
        alt = ""
    suffix = rng.choice((".jpg", ".jpg", ".jpg", ".JPG", ".jpeg", ".png"))
    path, uploaded = decorate(rng, stem, suffix, when)
    source: Source = rng.choice(("raw", "raw", "encoded", "lazy", "thumbnail"))
    event, month, running = parts or (None, None, None)
    return Photo(
        path,
        f"{motif} {path}".lstrip(),
        width,
        height,
        f"{stem}{suffix}",
        re.sub(r"\s+", " ", alt),
        caption,
        form,
        source,
        code,
        event,
        month,
        running,
        uploaded,
    )


def again_uploaded(photo: Photo, when: datetime) -> Photo:
    """The same file in the newer generation: 32 hex digits in front of its name, ``_`` and 5 behind."""
    stem, _, suffix = photo.path.rpartition("/")[2].rpartition(".")
    front, tail = hex_id(f"again {photo.path}", 32), hex_id(f"again {photo.path} {when}", 5)
    # a file that was carried over before has its decorations already
    if re.match(r"[0-9a-f]{32}", stem):
        stem = re.sub(r"_[0-9a-f]{5}$", "", stem[32:])
    return replace(photo, path=f"/upload/{SITE}/{when:%Y%m%d}/{front}{stem}_{tail}.{suffix}", source="raw")


@dataclass(frozen=True, slots=True)
class Paper:
    """A file offered for download. ``viewer``: its address is the viewer's; without a title it is a frame."""

    path: str
    title: str | None
    viewer: bool = False
    is_encoded: bool = False

    @property
    def href(self) -> str:
        path = encoded(self.path) if self.is_encoded else self.path
        return f"/App/pdfjs/web/viewer.html?file={path}" if self.viewer else path
