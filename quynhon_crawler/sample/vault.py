"""The uploads: pictures, thumbnails and papers, made when they are first asked for."""

from __future__ import annotations

import io
import re
from functools import lru_cache

from PIL import Image

from .assets import asset
from .desk import Desk
from .papers import MEDIA_TYPES, paper_bytes
from .photos import Photo
from .pictures import paint
from .sections import SITE

_THUMBNAIL = re.compile(
    rf"/publish/thumbnail/{SITE}/([0-9]{{1,4}})x([0-9]{{1,4}})xdefault(/upload/.+)", re.DOTALL
)
_PICTURES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}


def media_type(path: str) -> str:
    suffix = path.rpartition(".")[2].lower()
    return _PICTURES.get(suffix) or MEDIA_TYPES.get(f".{suffix}", "application/octet-stream")


class Vault:
    """Finds an upload by its decoded path. What an edit or a removal leaves without a page stays here."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._photos: dict[str, Photo] = {}
        self._papers: dict[str, str] = {}
        self._seen = -1

    def find(self, path: str) -> tuple[str, bytes] | None:
        """Media type and bytes; None when there is no such file."""
        if self._seen != self._desk.generation:
            self._take_stock()
        thumbnail = _THUMBNAIL.fullmatch(path)
        if thumbnail:
            return self._thumbnail(int(thumbnail[1]), int(thumbnail[2]), thumbnail[3])
        if path in self._photos:
            photo = self._photos[path]
            return media_type(path), painted(photo.scene, photo.width, photo.height, _kind(path))
        if path in self._papers:
            return media_type(path), paper_bytes(path[path.rindex(".") :], self._papers[path])
        return None

    def _take_stock(self) -> None:
        self._seen = self._desk.generation
        for story in self._desk.stories():
            self._photos.update((photo.path, photo) for photo in story.photos)
            self._papers.update((paper.path, paper.title or story.title) for paper in story.papers)
        for laws in self._desk.shelves.values():
            self._papers.update((law.file, f"{law.number} {law.abstract}") for law in laws)

    def _thumbnail(self, width: int, height: int, path: str) -> tuple[str, bytes] | None:
        whole = self.find(path) or asset(path)
        if (
            whole is None
            or not whole[0].startswith("image/")
            or not (0 < width <= 1200 and 0 < height <= 1200)
        ):
            return None
        with Image.open(io.BytesIO(whole[1])) as image:
            image.draft("RGB", (width, height))
            small = image.convert("RGB").resize((width, height))
        out = io.BytesIO()
        small.save(out, "JPEG", quality=60)
        return "image/jpeg", out.getvalue()


def _kind(path: str) -> str:
    return "png" if path.lower().endswith(".png") else "jpeg"


@lru_cache(maxsize=512)
def painted(scene: str, width: int, height: int, kind: str) -> bytes:
    return paint(scene, width, height, kind)
