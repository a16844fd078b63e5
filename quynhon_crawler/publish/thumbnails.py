"""Small copies of pictures for cards and phones: made once, kept in ``state/thumbnails/``.

Named by the digest of the picture's body, so that they are right for ever and may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import os
import threading
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from quynhon_crawler.home import Home

WIDTHS = (160, 240, 320, 640, 960)
# Of cards, a page of which shows up to twenty: a sixth lighter, unseen at a third of a phone's width.
_CARD = 320
# A decoded picture takes 3 to 4 bytes a pixel: 40 megapixels are 160 MB, more than any camera of a portal.
_MOST_PIXELS = 40_000_000
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
# One at a time: decoding is the most that a reader can make the server do.
_one_at_a_time = threading.Lock()


def width_of(text: str | None) -> int | None:
    """A width of ``WIDTHS``; None for anything else, which gives the picture itself."""
    return int(text) if text in {str(width) for width in WIDTHS} else None


def stored(home: Home, digest: str, width: int) -> bytes | None:
    """The small copy made before; None when there is none."""
    try:
        return _path(home, digest, width).read_bytes()
    except OSError:
        return None


def make(home: Home, digest: str, content: bytes, width: int) -> bytes | None:
    """A WebP of at most this width; None when the bytes are no picture, or are small enough already."""
    try:
        with _one_at_a_time, Image.open(BytesIO(content), formats=_FORMATS) as picture:
            if picture.width <= width or picture.width * picture.height > _MOST_PIXELS:
                return None
            picture.draft("RGB", (width, width))
            upright = ImageOps.exif_transpose(picture)
            mode = "RGBA" if upright.mode in ("RGBA", "LA", "P", "PA") else "RGB"
            height = max(1, round(upright.height * width / upright.width))
            small = upright.convert(mode).resize((width, height), Image.Resampling.LANCZOS)
            out = BytesIO()
            small.save(out, "WEBP", quality=55 if width <= _CARD else 78, method=6 if width <= _CARD else 4)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    _keep(_path(home, digest, width), out.getvalue())
    return out.getvalue()


def _path(home: Home, digest: str, width: int) -> Path:
    return home.state / "thumbnails" / digest[:2] / f"{digest}-{width}.webp"


def _keep(path: Path, content: bytes) -> None:
    # A read-only archive still shows its pictures; they are made anew each time.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
        unfinished.write_bytes(content)
        unfinished.replace(path)
