"""What the pages are dressed with: style sheets, scripts, fonts, icons, banners."""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files

from PIL import Image, ImageDraw

from .pictures import paint
from .sections import SITE

_FILES = {
    "/App/css/style.css": "text/css",
    "/App/css/layout.css": "text/css",
    "/App/css/fonts.css": "text/css",
    "/App/css/print.css": "text/css",
    "/App/js/jquery.min.js": "application/javascript",
    "/App/js/vhv.js": "application/javascript",
    "/App/fonts/quynhon.woff": "font/woff",
    "/App/fonts/quynhon.ttf": "font/ttf",
}
# alt text of the seed's side bar -> where its banner leads
BANNERS = {
    "giadat": "/thong-bao/gia-dat",
    "lichtiep": "/thong-bao/lich-tiep-cong-dan",
    "ketquakntc": "/thong-bao/giai-quyet-khieu-nai",
    "vanban3": "/van-ban-chi-dao-dieu-hanh",
    "tuyendung": "/thong-bao/tuyen-dung",
}
_STRIPS = {
    "/App/images/bg-body.png": (8, 220, (207, 222, 236)),
    "/App/images/bg-title.png": (8, 40, (16, 72, 122)),
    "/App/images/bg-footer.png": (8, 12, (200, 16, 46)),
}
HEADER_PICTURE = f"/upload/{SITE}/fck/files/banner-quynhon_0a1b2.png"


def banner_path(alt: str) -> str:
    return f"/upload/{SITE}/fck/files/{alt}.png"


# every address that a page needs to look right, beside pictures of articles
REQUISITES: tuple[str, ...] = (
    "/favicon.ico",
    *_FILES,
    "/App/images/logo.png",
    "/App/images/no-image-news.png",
    *_STRIPS,
    HEADER_PICTURE,
    *(banner_path(alt) for alt in BANNERS),
)


@cache
def asset(path: str) -> tuple[str, bytes] | None:
    """Media type and bytes of what lies at ``path``; None when nothing does."""
    if path in _FILES:
        return _FILES[path], (files(__package__) / "static" / path.rsplit("/", 1)[1]).read_bytes()
    if path == "/favicon.ico":
        return "image/x-icon", _saved(_emblem(32), "ICO")
    if path == "/App/images/logo.png":
        return "image/png", _saved(_emblem(168), "PNG")
    if path in ("/App/images/bg_trans.png", "/App/images/bg_trans.png;"):
        # the pages ask for it with the semicolon; the real server does not mind
        return "image/png", _saved(Image.new("RGBA", (1, 1)), "PNG")
    if path == "/App/images/no-image-news.png":
        return "image/png", _saved(_no_image(), "PNG")
    if path in _STRIPS:
        width, height, colour = _STRIPS[path]
        return "image/png", _saved(Image.new("RGB", (width, height), colour), "PNG")
    if path == HEADER_PICTURE:
        return "image/png", paint("bay quy nhon", 1400, 160, "png")
    for alt in BANNERS:
        if path == banner_path(alt):
            return "image/png", paint(f"banner {alt}", 300, 90, "png")
    return None


def _saved(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def _emblem(size: int) -> Image.Image:
    """A round sign of our own: sun over waves. No coat of arms."""
    image = Image.new("RGBA", (size, size))
    draw = ImageDraw.Draw(image)
    unit = size / 32
    draw.ellipse(
        (0, 0, size - 1, size - 1), fill=(255, 255, 255), outline=(200, 16, 46), width=max(1, int(2 * unit))
    )
    draw.ellipse((10 * unit, 6 * unit, 22 * unit, 18 * unit), fill=(255, 196, 0))
    for row in range(3):
        top = (17 + 4 * row) * unit
        draw.arc(
            (4 * unit, top, 16 * unit, top + 8 * unit), 200, 340, fill=(21, 101, 168), width=int(2 * unit)
        )
        draw.arc(
            (16 * unit, top, 28 * unit, top + 8 * unit), 200, 340, fill=(21, 101, 168), width=int(2 * unit)
        )
    return image


def _no_image() -> Image.Image:
    image = Image.new("RGB", (300, 200), (222, 228, 234))
    draw = ImageDraw.Draw(image)
    draw.rectangle((105, 60, 195, 140), outline=(160, 170, 180), width=4)
    draw.polygon([(112, 132), (140, 95), (160, 120), (172, 108), (188, 132)], fill=(160, 170, 180))
    return image
