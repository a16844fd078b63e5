"""What a perfect reader would get from the portal: the independent check on crawl and extraction.

Rules of reading, where they could be debated: ``./.`` stays in the body; the byline is not in the body;
captions are not; a table's rows are paragraphs, cells joined by `` | ``; items of a list are paragraphs; the
text of links to files is text of the body. The byline is the printed line of the body, else DC.Creator,
else the listing's hidden writer. A picture's address is the full-size file, also where
the page shows a thumbnail.
``body_html``, ``word_count`` and ``notes`` are not part of the truth.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from ..model import Article, Attachment, Author, Document, Image, Section
from ..urls import absolute
from .assets import REQUISITES
from .blocks import File, plain_text
from .desk import Desk
from .laws import Law
from .moments import iso
from .photos import Photo
from .sections import ALL_BRANCHES, PORTAL_NAME
from .site import FORBIDDEN
from .stories import Story


@dataclass(frozen=True, slots=True)
class ListingTruth:
    """One list: ``items`` are the addresses of its articles or documents, newest first."""

    url: str
    title: str
    list_id: str
    total: int
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """The portal as it stands now. Addresses are absolute and percent-encoded.

    ``articles`` is what page and listing say together; ``pages`` what the article pages alone say (an article
    whose writer stands only in listings has no byline there). ``images`` and ``attachments`` are the distinct
    addresses over all articles and documents; ``forbidden`` are the prefixes that robots.txt forbids.
    """

    portal_name: str
    articles: tuple[Article, ...]
    pages: tuple[Article, ...]
    documents: tuple[Document, ...]
    listings: tuple[ListingTruth, ...]
    images: tuple[str, ...]
    attachments: tuple[str, ...]
    requisites: tuple[str, ...]
    forbidden: tuple[str, ...]

    def article(self, url: str) -> Article | None:
        return next((article for article in self.articles if article.url == url), None)


def tell(desk: Desk, base: str) -> Truth:
    """The truth about the stories on ``desk``, at the address ``base`` (``http://HOST``, no slash)."""
    stories = desk.stories()
    articles = tuple(article_of(story, base) for story in stories)
    pages = tuple(article_of(story, base, listed=False) for story in stories)
    laws = [law for shelf in desk.shelves.values() for law in shelf]
    documents = tuple(document_of(law, base) for law in laws)
    listings = [
        ListingTruth(
            base + branch.path,
            branch.title,
            str(branch.module),
            len(found),
            tuple(_url(base, one.path) for one in found),
        )
        for branch in ALL_BRANCHES
        for found in [desk.in_branch(branch)]
    ]
    listings += [
        ListingTruth(
            base + shelf.path,
            shelf.title,
            str(shelf.module),
            len(found),
            tuple(_url(base, one.path) for one in found),
        )
        for shelf, found in desk.shelves.items()
    ]
    files = [attachment.url for article in articles for attachment in article.attachments]
    files += [document.attachment_url for document in documents if document.attachment_url]
    return Truth(
        PORTAL_NAME,
        articles,
        pages,
        documents,
        tuple(listings),
        images=tuple(dict.fromkeys(image.url for article in articles for image in article.images)),
        attachments=tuple(dict.fromkeys(files)),
        requisites=tuple(base + path for path in REQUISITES),
        forbidden=tuple(base + path for path in FORBIDDEN),
    )


def article_of(story: Story, base: str, *, listed: bool = True) -> Article:
    """The record of one story; ``listed=False`` leaves out what only listings say."""
    byline, author = _byline(story, listed)
    attachments = [
        Attachment(_url(base, block.paper.path), block.paper.title)
        for block in story.blocks
        if isinstance(block, File)
    ]
    return Article(
        url=_url(base, story.path),
        kind=story.kind,
        title=_text(story.title),
        lead=_text(story.lead) or None,
        body=unicodedata.normalize("NFC", plain_text(story.blocks)),
        byline=byline,
        author=author,
        source=story.sign.source,
        published_at=iso(story.printed),
        published_meta=iso(story.meta),
        event_date=story.event_date,
        language="vi",
        sections=tuple(Section(step.title, base + step.path) for step in story.branch.trail),
        images=tuple(_image(position, photo, base) for position, photo in enumerate(story.photos)),
        attachments=tuple(attachments),
        tags=story.tags,
    )


def _byline(story: Story, listed: bool) -> tuple[str | None, Author | None]:
    sign = story.sign
    if sign.in_body:
        return sign.printed, sign.author
    if sign.in_meta or (sign.in_list and listed):
        return sign.plain, sign.author
    return None, None


def _image(position: int, photo: Photo, base: str) -> Image:
    return Image(
        position=position,
        url=_url(base, photo.path),
        caption=_text(photo.caption) or None,
        alt=_text(photo.alt) or None,
        code=photo.code,
        code_event=photo.code_event,
        code_month=photo.code_month,
        code_number=photo.code_number,
        original_name=unicodedata.normalize("NFC", photo.original_name),
        uploaded_at=photo.uploaded_at,
        width=photo.width,
        height=photo.height,
    )


def document_of(law: Law, base: str) -> Document:
    return Document(
        url=_url(base, law.path),
        number=law.number,
        kind=law.kind,
        issued_on=law.issued.isoformat(),
        issuer=law.issuer,
        signer=law.signer,
        abstract=law.abstract,
        attachment_url=_url(base, law.href),
    )


def _text(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def _url(base: str, path: str) -> str:
    found = absolute(base + "/", path)
    if found is None:
        raise ValueError(f"not an address of the sample portal: {path!r}")
    return found
