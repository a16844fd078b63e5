"""The parts that a profile located, made into an Article. What every generation shares lives here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from quynhon_crawler.extract import (
    attachments,
    body,
    bylines,
    dates,
    events,
    images,
    kinds,
    names,
    sanitise,
)
from quynhon_crawler.extract.blocks import Picture
from quynhon_crawler.extract.bylines import Byline
from quynhon_crawler.extract.text import clean, word_count
from quynhon_crawler.model import Article, Attachment, Image, Section
from quynhon_crawler.portals.sheet import Sheet


@dataclass
class Parts:
    """Where a profile found the pieces. Text is raw; ``markup`` are fragments of HTML in order.

    ``writers`` are names that the page gives for the writer outside the text, the surest first.
    """

    title: str | None = None
    lead: str | None = None
    markup: str = ""
    before: str = ""
    printed_date: str | None = None
    meta_dates: Sequence[str | None] = ()
    writers: Sequence[str | None] = ()
    source: str | None = None
    sections: tuple[Section, ...] = ()
    tags: tuple[str, ...] = ()
    files: list[tuple[str, str | None]] = field(default_factory=list)
    main_image: tuple[str, str | None] | None = None
    player: bool = False
    portal_names: Sequence[str | None] = ()


def article(sheet: Sheet, parts: Parts) -> Article:
    """The Article of one page; also tells ``sheet.follow`` which pictures and files belong to it."""
    notes = list(sheet.notes)
    soup = body.soup_of(parts.markup)
    found = body.read(
        soup, lead=parts.lead, find_lead=parts.lead is None, above=(parts.title, parts.printed_date)
    )
    lead = clean(found.lead or parts.lead or "") or None
    title = clean(parts.title or "") or None
    text = found.text

    published = dates.printed_time(parts.printed_date)
    in_head = next(
        (time for raw in parts.meta_dates if (time := dates.meta_time(raw)).value), dates.Dated(None)
    )
    event = events.event_day(lead or text[:600], published.value or in_head.value)
    notes += [note for note in (published.note, in_head.note, event.note) if note]

    byline = _byline(found.byline, parts, urlsplit(sheet.url).netloc)
    pictures = _pictures(sheet, found.pictures, parts.main_image)
    for image in pictures:
        if image.code_month and published.value and image.code_month != published.value[:7]:
            notes.append(
                f"image code {image.code} is of {image.code_month}, the article of {published.value[:7]}"
            )
    words = word_count(text)
    kind = kinds.kind_of(
        sections=(section.title for section in parts.sections),
        title=title,
        words=words,
        pictures=len(pictures),
        player=parts.player,
    )
    return Article(
        url=sheet.url,
        kind=kind,
        title=title,
        lead=lead,
        body=text,
        body_html=sanitise.sanitise(parts.markup),
        byline=byline.printed if byline else None,
        author=byline.author if byline else None,
        source=(byline.source if byline else None) or (clean(parts.source or "") or None),
        published_at=published.value,
        published_meta=in_head.value,
        event_date=event.value,
        language=sheet.head.language,
        word_count=words,
        sections=parts.sections,
        images=pictures,
        attachments=_attachments(sheet, found, parts.files),
        tags=parts.tags,
        notes=tuple(dict.fromkeys(notes)),
    )


def _byline(printed: Byline | None, parts: Parts, host: str) -> Byline | None:
    """The one under the text first, then what the page says elsewhere; never the portal's own name."""
    candidates: list[Byline | None] = [printed]
    for raw in parts.writers:
        name = clean(raw or "")
        if name and not names.is_portal(name, *parts.portal_names, host=host):
            candidates.append(bylines.parse(name, labelled=True))
    known = [candidate for candidate in candidates if candidate is not None]
    return next((candidate for candidate in known if candidate.author), known[0] if known else None)


def _pictures(
    sheet: Sheet, found: Iterable[Picture], main: tuple[str, str | None] | None
) -> tuple[Image, ...]:
    images_: list[Image] = []
    seen: set[str] = set()
    listed = list(found)
    if main is not None:
        listed.insert(0, Picture(main[0], None, None, None, None, main[1]))
    for picture in listed:
        url = sheet.follow.join(picture.reference)
        if url is None:
            continue
        full = images.full_size(url)
        if (
            picture.link
            and attachments.purpose_of(linked := sheet.follow.join(picture.link) or "") == "image"
        ):
            full = linked
        if full in seen:
            continue
        seen.add(full)
        sheet.follow.add(url, "requisite")
        sheet.follow.add(full, "image")
        name = images.file_name(full)
        code = images.image_code(picture.alt, picture.title, name.name.rpartition(".")[0] if name else None)
        images_.append(
            Image(
                position=len(images_),
                url=full,
                caption=picture.caption,
                alt=picture.alt,
                code=code.code if code else None,
                code_event=code.event if code else None,
                code_month=code.month if code else None,
                code_number=code.number if code else None,
                original_name=name.name if name else None,
                uploaded_at=name.uploaded_at if name else None,
                width=picture.width,
                height=picture.height,
            )
        )
    return tuple(images_)


def _attachments(
    sheet: Sheet, found: body.Body, files: list[tuple[str, str | None]]
) -> tuple[Attachment, ...]:
    result: dict[str, Attachment] = {}

    def add(reference: str, title: str | None, *, sure: bool = False) -> None:
        url = sheet.follow.join(reference)
        if url is None:
            return
        target = attachments.behind_viewer(url) or url
        if not sure and attachments.purpose_of(target) != "attachment":
            return
        sheet.follow.add(target, "attachment")
        known = result.get(target)
        if known is None or attachments.says_nothing(known.title):
            result[target] = Attachment(target, title)

    for href, text, download in found.links:
        add(href, text or None, sure=download)
    for reference, title in files:
        add(reference, clean(title or "") or None, sure=True)
    return tuple(
        Attachment(file.url, attachments.readable_title(file.title, file.url)) for file in result.values()
    )
