"""Any other page: trafilatura finds where the text is, our own parsers read it.

trafilatura drops leads, captions and bylines of Vietnamese pages or leaves them in the text (design.md),
but it finds the text well. So its paragraphs only point to the element that holds them, and that is
read here.
"""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from quynhon_crawler.extract import documents
from quynhon_crawler.extract.text import clean, word_count
from quynhon_crawler.model import Reading
from quynhon_crawler.portals import lists, usual
from quynhon_crawler.portals.assemble import article
from quynhon_crawler.portals.sheet import Sheet, holds, text_of

NAME = "generic"
#: Above these, trafilatura is not asked: it would take seconds (measured 12 ms for 60 KB of markup).
_LARGEST = 1_500_000
_MOST_TAGS = 20_000
_FEWEST_WORDS = 60
_SHARE = 0.7
_BODY = (
    "[itemprop='articleBody'],.article-body,.article__body,.entry-content,.post-content,"
    ".detail-content,.news-content,#article-body,.fck_detail,.cms-body,.content-detail,.article-content"
)
_NOT_BODY = "nav,aside,footer,.related,.related-news,.share,.social,.comments,#comments,.breadcrumb,.tags"


def read(sheet: Sheet) -> Reading:
    """An article when a text is found, else a document, a list, or another page."""
    if sheet.is_home:
        return sheet.reading(NAME, "home")
    body = sheet.tree.body
    if body is None:
        return sheet.reading(NAME, "other")
    law = documents.detail(body, sheet.follow.join, sheet.url)
    if law is not None:
        return sheet.reading(NAME, "document", documents=(law,))
    title = _title(sheet)
    titled = title is not None and usual.same_title(text_of(title), _wanted_title(sheet))
    content = _content(sheet, body, titled) if title is not None or _says_article(sheet) else None
    if content is not None:
        return _article(sheet, title, content)
    laws = documents.rows(body, sheet.follow.join)
    found = (
        ()
        if laws
        else lists.items(
            sheet, sheet.tree.css("article,li,.item,.news-item,.post"), "h2 a[href],h3 a[href],h4 a[href]"
        )
    )
    listed = lists.listing(sheet, found, text_of(title))
    return sheet.reading(NAME, "listing" if listed or laws else "other", listing=listed, documents=laws)


def _says_article(sheet: Sheet) -> bool:
    """The head calls the page an article."""
    head = sheet.head
    return (
        bool(head.json_ld) or head.metas.get("og:type") == "article" or "article:published_time" in head.metas
    )


def _title(sheet: Sheet) -> LexborNode | None:
    """The heading that repeats the page's title, else the first h1, else the first h2."""
    wanted = _wanted_title(sheet)
    headings = sheet.tree.css("h1,h2,[itemprop='headline']")
    exact = next((node for node in headings if usual.same_title(text_of(node), wanted)), None)
    return exact or sheet.first("h1", "[itemprop='headline']") or usual.repeats_title(sheet, wanted)


def _wanted_title(sheet: Sheet) -> str | None:
    return usual.untailed(sheet.head.first("og:title") or sheet.head.title)


def _content(sheet: Sheet, body: LexborNode, titled: bool) -> LexborNode | None:
    """The element that holds the text of the article; None when there is no such text.

    ``titled`` says that a heading repeats the page's title: then long paragraphs will do where trafilatura
    finds nothing, as in layouts of tables.
    """
    marked = [(word_count(node.text(deep=True)), node) for node in sheet.tree.css(_BODY)]
    marked = [pair for pair in marked if pair[0] >= _FEWEST_WORDS]
    if marked and _says_article(sheet):
        return max(marked, key=lambda pair: pair[0])[1]
    wanted = _paragraphs(sheet)
    if titled and sum(word_count(text) for text in wanted) < _FEWEST_WORDS:
        wanted = _long_paragraphs(sheet)
    if sum(word_count(text) for text in wanted) < _FEWEST_WORDS:
        return None
    wanted_words = sum(len(text) for text in wanted)
    keys = {text[:60] for text in wanted if len(text) > 20}
    best, node = None, body
    # Downwards from the body, always into the child that holds most of what is wanted.
    for _ in range(60):
        best = node
        deeper = None
        child = node.child
        while child is not None:
            if child.is_element_node and _held(child, keys, wanted) >= _SHARE * wanted_words:
                deeper = child
                break
            child = child.next
        if deeper is None or deeper.tag == "p":
            break
        node = deeper
    return best


def _held(node: LexborNode, keys: set[str], wanted: list[str]) -> int:
    text = clean(node.text(deep=True))
    return sum(len(one) for one in wanted if one[:60] in text and (one[:60] in keys or len(one) <= 20))


def _paragraphs(sheet: Sheet) -> list[str]:
    """The text that trafilatura finds, line by line; for pages too large for it, all long paragraphs."""
    if len(sheet.html) > _LARGEST or sheet.html.count("<") > _MOST_TAGS or sheet.tamed:
        return _long_paragraphs(sheet)
    import trafilatura  # half a second, and most crawls never need it

    found = trafilatura.extract(
        sheet.html, include_comments=False, favor_precision=True, include_tables=False
    )
    return [line for raw in (found or "").split("\n") if (line := clean(raw.lstrip("-# ")))]


def _long_paragraphs(sheet: Sheet) -> list[str]:
    """Paragraphs of a sentence or more; what is mostly links is no text."""
    texts: list[str] = []
    for node in sheet.tree.css("p")[:2000]:
        text = clean(node.text(deep=True)[:3000])
        linked = sum(len(anchor.text(deep=True)) for anchor in node.css("a")[:50])
        if len(text) > 70 and linked * 2 < len(text):
            texts.append(text)
    return texts


def _article(sheet: Sheet, title: LexborNode | None, content: LexborNode) -> Reading:
    parts = usual.parts(sheet, title)
    above: str | None = None
    if title is not None:
        parts.printed_date = usual.date_near(title)
        above = usual.lead_above(content, title)
        if holds(content, title):
            title.decompose()
    for noise in content.css(_NOT_BODY):
        noise.decompose()
    sapo = sheet.first(
        ".sapo",
        "[class*='sapo']",
        "[id*='sapo']",
        ".lead",
        ".article__sapo",
        ".summary",
        "h2.description",
        "p.description",
        ".intro",
    )
    if sapo is not None:
        parts.lead = text_of(sapo)
        if holds(content, sapo):
            sapo.decompose()
    elif above is not None:
        parts.lead = above
    parts.writers = (sheet.text(".article-author", ".author-name", ".author", ".byline"), *parts.writers)
    parts.tags = usual.tags(sheet, ".tags a,.article-tags a,a[rel='tag'],.tag a") or parts.tags
    parts.player = content.css_first("video,iframe[src*='youtube']") is not None
    parts.markup = sheet.markup_of(content)
    return sheet.reading(NAME, "article", article=article(sheet, parts))
