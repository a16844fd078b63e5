"""An ``<img>`` as the page declares it: reference, texts, size."""

from __future__ import annotations

import re
from collections.abc import Mapping

from quynhon_crawler.extract import images
from quynhon_crawler.extract.blocks import Picture
from quynhon_crawler.extract.text import clean

_PIXELS = re.compile(r"(?<![\w-])(width|height)\s{0,3}:\s{0,3}([0-9]{1,5})(?:\.[0-9]{1,4})?px", re.IGNORECASE)


def picture_of(attributes: Mapping[str, str]) -> Picture | None:
    """The picture that a reader sees; None for placeholders and for dots that only count visitors."""
    reference = images.source(attributes)
    if reference is None:
        return None
    style = attributes.get("style", "")
    width, height = (_pixels(attributes.get(name), name, style) for name in ("width", "height"))
    if (width is not None and width <= 3) or (height is not None and height <= 3):
        return None
    return Picture(
        reference,
        clean(attributes.get("alt", "")) or None,
        clean(attributes.get("title", "")) or None,
        width,
        height,
    )


def _pixels(value: str | None, name: str, style: str) -> int | None:
    """A size as the page declares it, as an attribute or in ``style``; percentages and nonsense are None."""
    digits = (value or "").strip().removesuffix("px").strip()
    if digits.isascii() and digits.isdigit() and len(digits) <= 5:
        return int(digits)
    sizes = (match for match in _PIXELS.finditer(style[:2000]) if match[1].lower() == name)
    match = next(sizes, None)
    return int(match[2]) if match else None
