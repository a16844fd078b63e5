"""Composes bodies: how many paragraphs, where the pictures stand, what oddity an article carries."""

from __future__ import annotations

from datetime import datetime
from random import Random

from ..model import ArticleKind
from .blocks import Block, Bullets, Clip, File, Gap, Grid, Heading, Hidden, Missing, Paragraph, Picture
from .photos import CaptionForm, Paper, Photo, decorate, take
from .words import Speech, phrases

FORMS: tuple[CaptionForm, ...] = ("2022", "2022-nested", "2026", "figure", "table", "none", "same-paragraph")
_PAPER_NAMES = (
    "ke-hoach",
    "Quyết định phê duyệt",
    "bieu mau (kèm theo)",
    "Danh sách",
    "phu luc 01",
    "TB-UBND",
)
_PAPER_KINDS = (".pdf", ".pdf", ".pdf", ".docx", ".xlsx", ".zip")


def compose(rng: Random, speech: Speech, number: int, kind: ArticleKind, when: datetime) -> tuple[Block, ...]:
    """The blocks of story ``number``. Oddities come round by the number: a full portal has them all."""
    if kind == "album":
        return _album(rng, speech, when)
    if kind == "video":
        address = f"https://www.youtube.example/embed/{rng.randrange(16**10):010x}"
        return (Clip(address), *(Paragraph(text) for text in speech.paragraphs(1)))
    if kind == "notice":
        return _notice(rng, speech, number, when)
    return _article(rng, speech, number, when)


def _article(rng: Random, speech: Speech, number: int, when: datetime) -> tuple[Block, ...]:
    texts = speech.paragraphs(rng.randint(4, 6))
    texts[-1] = texts[-1].rstrip(".") + ("." if number % 7 == 3 else "./.")
    blocks: list[Block] = [_paragraph(rng, text, number) for text in texts]
    if number % 10 == 4:
        blocks.insert(2, Heading(speech.fill("Nhiều cách làm hay ở phường {=ward}")))
    if number % 13 == 5:
        blocks.insert(len(blocks) - 1, Bullets(tuple(speech.fill(text) for text in _common(rng, 3))))
    if number % 17 == 6:
        blocks.insert(len(blocks) - 1, _figures(rng, speech))
    if number % 6 == 2:
        blocks.insert(len(blocks) - 1, File(paper(rng, speech, when, link=True), "Chi tiết xem tại "))
    if number % 23 == 9:
        blocks.insert(len(blocks) - 1, File(paper(rng, speech, when, link=False)))
    if number % 9 == 1:
        blocks.insert(1, Hidden("Bản quyền thuộc về Ban Biên tập, vui lòng không sao chép mã nguồn."))
    if number % 4 == 1:
        blocks.insert(rng.randrange(len(blocks)), Gap())
    if number % 41 == 12:
        blocks.insert(1, Missing())
    photos = _photos(rng, speech, number, when)
    for step, photo in enumerate(photos):
        blocks.insert(min(len(blocks) - 1, step * 3 + (number % 3)), Picture(photo))
    return tuple(blocks)


def _paragraph(rng: Random, text: str, number: int) -> Paragraph:
    first = text.split(",")[0] if "," in text[:60] else None
    if number % 5 == 0 and first and rng.random() < 0.4:
        return Paragraph(text, strong=first)
    if number % 8 == 3 and "Cổng thông tin điện tử" in text:
        return Paragraph(text, link=("Cổng thông tin điện tử", "/"))
    return Paragraph(text)


def _photos(rng: Random, speech: Speech, number: int, when: datetime) -> list[Photo]:
    """One to three pictures of one caption form; every 15th article has none."""
    if number % 15 == 14:
        return []
    form = FORMS[number % len(FORMS)]
    codes = speech.list_of("code")
    prefix = rng.choice(codes) if codes and number % 2 == 0 else None
    made: list[Photo] = []
    captions = rng.sample(speech.list_of("captions"), k=min(3, len(speech.list_of("captions"))))
    names = rng.sample(speech.list_of("files"), k=min(3, len(speech.list_of("files"))))
    for step in range(min(rng.choice((1, 1, 2, 3)), len(captions), len(names))):
        caption = None if form == "none" else speech.fill(captions[step])
        made.append(
            take(
                rng,
                names[step],
                when,
                caption=caption,
                form=form,
                prefix=prefix,
                motif=speech.motif,
                number=number % 40 + step + 1,
            )
        )
    return made


def _album(rng: Random, speech: Speech, when: datetime) -> tuple[Block, ...]:
    captions = rng.sample(speech.list_of("captions"), k=rng.randint(4, 6))
    name = rng.choice(speech.list_of("files"))
    blocks: list[Block] = [Paragraph(text) for text in speech.paragraphs(1)]
    for step, caption in enumerate(captions, 1):
        photo = take(
            rng,
            f"{name} {step}",
            when,
            caption=speech.fill(caption),
            form="2022",
            prefix=None,
            motif=speech.motif,
            number=step,
        )
        blocks.append(Picture(photo))
    return tuple(blocks)


def _notice(rng: Random, speech: Speech, number: int, when: datetime) -> tuple[Block, ...]:
    blocks: list[Block] = [Paragraph(text) for text in speech.paragraphs(2)]
    if number % 3 == 0:
        blocks.insert(1, _figures(rng, speech))
    if number % 2 == 0:
        blocks.append(File(paper(rng, speech, when, link=True), "Tệp đính kèm: "))
    else:
        blocks.append(File(paper(rng, speech, when, link=False)))
    return tuple(blocks)


def _figures(rng: Random, speech: Speech) -> Grid:
    rows = [("STT", "Nội dung", "Kết quả")]
    rows += [
        (str(row), speech.fill("Phường {ward}"), speech.fill("{pct}")) for row in range(1, rng.randint(3, 6))
    ]
    return Grid(tuple(rows))


def _common(rng: Random, count: int) -> list[str]:
    sentences: list[str] = phrases()["common"]["sentences"]
    return rng.sample(sentences, k=count)


def paper(rng: Random, speech: Speech, when: datetime, *, link: bool) -> Paper:
    """A file for download: a link with a title, or a PDF in the viewer."""
    suffix = rng.choice(_PAPER_KINDS) if link else ".pdf"
    path, _ = decorate(rng, rng.choice(_PAPER_NAMES), suffix, when)
    title = speech.fill("Văn bản số {n:10:990}/UBND-VX") if link else None
    return Paper(
        path,
        title,
        viewer=not link or (suffix == ".pdf" and rng.random() < 0.4),
        is_encoded=rng.random() < 0.4,
    )
