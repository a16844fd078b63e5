"""The seed: the one real article of the portal, as a plain-text dump of its page (data/seed.txt).

Its title and the minute of its publication are not in the dump; both here are ours.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib.resources import files

from .blocks import Block, Paragraph, Picture
from .bylines import SEED_SIGNATURE, Signature
from .moments import HANOI, iso
from .photos import Photo
from .sections import BRANCHES, SITE, Branch

SEED_TITLE = "Sơ kết công tác kết nạp đảng viên và nâng cao chất lượng sinh hoạt chi bộ"
_UPLOADED = datetime(2019, 8, 27, 14, 31, 7, tzinfo=HANOI)


@cache
def seed_pieces() -> tuple[str, ...]:
    """The pieces of the dump in order: lead, code, caption, five paragraphs, byline, then page furniture."""
    text = (files(__package__) / "data" / "seed.txt").read_text(encoding="utf-8")
    return tuple(piece.strip() for piece in text.split("\n\n") if piece.strip())


def furniture() -> tuple[str, ...]:
    """Two block headings, the link block and the alt texts of the five banners, as the dump has them."""
    return seed_pieces()[seed_pieces().index(SEED_SIGNATURE.printed) + 1 :]


def seed_story_parts() -> tuple[str, str, tuple[Block, ...], Signature, datetime, datetime, Branch]:
    """Title, lead, blocks, signature, printed time, meta time and section of the seed article."""
    lead, code, caption, *rest = seed_pieces()
    paragraphs = rest[: rest.index(SEED_SIGNATURE.printed)]
    photo = Photo(
        path=f"/upload/{SITE}/20230906/7be1f0a94cd25b1f3c8e02d96a4405bb{code}_637025130678710421_3fa0c.jpg",
        scene="hall seed",
        width=600,
        height=400,
        original_name=f"{code}.jpg",
        alt=code,
        caption=caption,
        form="2022",
        code=code,
        code_event="HNBCH",
        code_month="2019-08",
        code_number=1,
        uploaded_at=iso(_UPLOADED),
    )
    branch = next(branch for branch in BRANCHES if branch.path == "/tin-tuc-su-kien/xay-dung-dang")
    blocks: tuple[Block, ...] = (Picture(photo), *(Paragraph(text) for text in paragraphs))
    printed = datetime(2019, 8, 27, 15, 4, tzinfo=HANOI)
    meta = datetime(2023, 9, 6, 10, 21, 36, tzinfo=HANOI)
    return SEED_TITLE, lead, blocks, SEED_SIGNATURE, printed, meta, branch
