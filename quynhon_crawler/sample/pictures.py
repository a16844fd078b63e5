"""Paints the pictures: small, decodable, different from each other, the same for the same scene."""

from __future__ import annotations

import io
from random import Random

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]

_SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((120, 180, 230), (235, 240, 245)),
    ((250, 180, 120), (255, 235, 200)),
    ((90, 120, 170), (200, 205, 215)),
    ((170, 210, 240), (250, 250, 240)),
)


def paint(scene: str, width: int, height: int, kind: str = "jpeg") -> bytes:
    """A picture of ``scene`` as ``jpeg`` or ``png`` bytes, ``width`` x ``height`` pixels.

    The first word of ``scene`` may say what to paint: ``bay``, ``street``, ``hall`` or ``fields``.
    """
    rng = Random(f"scene {scene}")
    # flat strips (banners) are painted larger: the scenes need room
    scale = max(1, -(-240 // height))
    image = _sky(rng, width * scale, height * scale)
    draw = ImageDraw.Draw(image)
    motif = scene.partition(" ")[0]
    painter = _MOTIFS[motif] if motif in _MOTIFS else rng.choice(list(_MOTIFS.values()))
    painter(draw, rng, width * scale, height * scale)
    if scale > 1:
        image = image.resize((width, height))
    out = io.BytesIO()
    if kind == "png":
        image.quantize(32).save(out, "PNG")
    else:
        image.save(out, "JPEG", quality=rng.randint(38, 52))
    return out.getvalue()


def _sky(rng: Random, width: int, height: int) -> Image.Image:
    top, bottom = rng.choice(_SKIES)
    strip = Image.new("RGB", (1, 2))
    strip.putpixel((0, 0), top)
    strip.putpixel((0, 1), bottom)
    return strip.resize((width, height), Image.Resampling.BILINEAR)


def _near(rng: Random, colour: Colour, spread: int = 18) -> Colour:
    red, green, blue = (max(0, min(255, part + rng.randint(-spread, spread))) for part in colour)
    return red, green, blue


def _bay(draw: ImageDraw.ImageDraw, rng: Random, width: int, height: int) -> None:
    """Hills, water, boats."""
    line = int(height * rng.uniform(0.45, 0.6))
    for _ in range(rng.randint(3, 5)):
        left, wide, high = (
            rng.randint(-80, width),
            rng.randint(width // 4, width // 2),
            rng.randint(20, height // 4),
        )
        draw.polygon(
            [(left, line), (left + wide // 2, line - high), (left + wide, line)],
            fill=_near(rng, (70, 110, 90)),
        )
    draw.rectangle((0, line, width, height), fill=_near(rng, (40, 120, 170)))
    for _ in range(40):
        x, y = rng.randint(0, width), rng.randint(line + 4, height)
        draw.line((x, y, x + rng.randint(8, 50), y), fill=_near(rng, (150, 200, 225)), width=1)
    for _ in range(rng.randint(2, 7)):
        x, y, long = rng.randint(0, width), rng.randint(line + 10, height - 10), rng.randint(18, 60)
        draw.chord((x, y - long // 3, x + long, y + long // 3), 0, 180, fill=_near(rng, (160, 60, 40)))
        draw.line((x + long // 2, y, x + long // 2, y - long // 2), fill=(60, 40, 30), width=2)


def _street(draw: ImageDraw.ImageDraw, rng: Random, width: int, height: int) -> None:
    """House fronts with windows along a road."""
    road, x = int(height * 0.82), 0
    while x < width:
        wide, high = rng.randint(40, 110), rng.randint(height // 4, int(height * 0.65))
        draw.rectangle((x, road - high, x + wide, road), fill=_near(rng, (205, 180, 150), 40))
        for row in range(road - high + 12, road - 24, 34):
            for column in range(x + 8, x + wide - 18, 26):
                draw.rectangle((column, row, column + 13, row + 18), fill=_near(rng, (80, 100, 125)))
        x += wide + rng.randint(0, 8)
    draw.rectangle((0, road, width, height), fill=_near(rng, (95, 95, 100), 8))
    for x in range(10, width, 70):
        draw.rectangle(
            (x, road + (height - road) // 2, x + 34, road + (height - road) // 2 + 3), fill=(240, 240, 240)
        )


def _hall(draw: ImageDraw.ImageDraw, rng: Random, width: int, height: int) -> None:
    """A conference: a red banner above a stage, rows of heads."""
    draw.rectangle((0, 0, width, height), fill=_near(rng, (205, 190, 165), 10))
    draw.rectangle(
        (int(width * 0.08), 24, int(width * 0.92), int(height * 0.36)), fill=_near(rng, (185, 25, 30), 12)
    )
    for row in range(3):
        y = 50 + row * 24
        draw.line((int(width * 0.2), y, int(width * rng.uniform(0.6, 0.84)), y), fill=(250, 215, 60), width=7)
    draw.rectangle(
        (int(width * 0.2), int(height * 0.44), int(width * 0.8), int(height * 0.54)), fill=(110, 60, 35)
    )
    for y in range(int(height * 0.62), height, 30):
        for x in range((y // 30 % 2) * 18, width, 40):
            draw.ellipse((x, y, x + 20, y + 22), fill=_near(rng, (45, 35, 32)))
            draw.rectangle((x - 5, y + 20, x + 25, y + 40), fill=_near(rng, (190, 205, 220), 30))


def _fields(draw: ImageDraw.ImageDraw, rng: Random, width: int, height: int) -> None:
    """Green land in strips, trees, a few people in white."""
    line = int(height * rng.uniform(0.35, 0.5))
    for y in range(line, height, 26):
        draw.rectangle((0, y, width, y + 26), fill=_near(rng, (95, 150, 65), 22))
    for _ in range(rng.randint(5, 12)):
        x, y, size = rng.randint(0, width), rng.randint(line - 6, height - 60), rng.randint(16, 40)
        draw.rectangle((x - 3, y, x + 3, y + size), fill=(90, 65, 45))
        draw.ellipse((x - size, y - size, x + size, y + size // 2), fill=_near(rng, (45, 110, 50)))
    for _ in range(rng.randint(2, 6)):
        x, y = rng.randint(0, width), rng.randint(line + 30, height - 30)
        draw.ellipse((x, y, x + 10, y + 11), fill=(60, 45, 40))
        draw.rectangle((x - 2, y + 11, x + 12, y + 34), fill=_near(rng, (240, 240, 240), 12))


_MOTIFS = {"bay": _bay, "street": _street, "hall": _hall, "fields": _fields}
