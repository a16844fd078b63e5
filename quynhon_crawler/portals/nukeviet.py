"""NukeViet 3 and 4: sister portals of districts and departments. Open-source markup."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from quynhon_crawler.extract import documents, images
from quynhon_crawler.model import Reading
from quynhon_crawler.portals import lists, usual
from quynhon_crawler.portals.assemble import article
from quynhon_crawler.portals.sheet import Sheet, holds, text_of

NAME = "nukeviet"
_BODY = ("#news-bodyhtml", "div.bodytext", "[itemprop='articleBody']", "#news-bodytext")
_TITLE = ("h1[itemprop='headline']", ".news_column h1.title", "h1.title", "h1")
_LEAD = (".hometext[itemprop='description']", ".hometext", "#hometext", "h2.hometext")
_DATE = (".news_column span.h5", ".news_column .time", "span.h5", "em.time", ".pull-left span.h5")
_FILES = ".news-download-file a[href],.news_attach_file a[href],a[download]"
_LABELLED = re.compile(
    r"^\s{0,9}(tác giả(?: bài viết)?|nguồn tin|nguồn)\b[^:]{0,10}:\s{0,9}(.{1,200})$", re.IGNORECASE
)


def claims(sheet: Sheet) -> bool:
    """The generator says so, or the CMS's own script variables and places are there."""
    generator = sheet.head.metas.get("generator", "").lower()
    if "nukeviet" in generator:
        return True
    return "nv_base_siteurl" in sheet.html or ("news_column" in sheet.html and "bodytext" in sheet.html)


def read(sheet: Sheet) -> Reading:
    """An article, a legal document, a list, the home page, or another page."""
    content = sheet.first(*_BODY)
    title = sheet.first(*_TITLE)
    if (
        content is not None
        and title is not None
        and sheet.tree.css_first(".news_column,[itemtype$='NewsArticle']")
    ):
        return _article(sheet, title, content)
    body = sheet.tree.body
    if sheet.is_home or body is None:
        return sheet.reading(NAME, "home" if sheet.is_home else "other")
    law = documents.detail(body, sheet.follow.join, sheet.url)
    if law is not None:
        return sheet.reading(NAME, "document", documents=(law,))
    laws = documents.rows(body, sheet.follow.join)
    blocks = sheet.tree.css(
        ".news_column .panel-body,.news_column .item,.news_column > div,.news_column li,.viewcat .panel-body"
    )
    found = lists.items(sheet, blocks, "h2 a[href],h3 a[href],h4 a[href],a.h3[href]")
    listed = lists.listing(sheet, found, text_of(title))
    return sheet.reading(NAME, "listing" if listed or laws else "other", listing=listed, documents=laws)


def _article(sheet: Sheet, title: LexborNode, content: LexborNode) -> Reading:
    parts = usual.parts(sheet, title)
    parts.lead = sheet.text(*_LEAD)
    parts.printed_date = sheet.text(*_DATE) or usual.date_near(title)
    parts.main_image = _main_image(sheet)
    parts.files = [(node.attributes.get("href") or "", text_of(node)) for node in sheet.tree.css(_FILES)]
    parts.tags = (
        usual.tags(
            sheet, ".keywords a,.news_column .tags a,a[rel='dofollow'] em,.news_column a[href*='/tag/']"
        )
        or parts.tags
    )
    for node in sheet.tree.css(".news_column p,p.h5.text-right")[:200]:
        match = _LABELLED.match((node.text(deep=True) or "")[:300])
        if match is None or holds(content, node):
            continue
        if match[1].lower().startswith("tác giả"):
            parts.writers = (match[2], *parts.writers)
        else:
            parts.source = parts.source or match[2]
    parts.player = content.css_first("video,iframe[src*='youtube'],embed") is not None
    parts.markup = sheet.markup_of(content)
    return sheet.reading(NAME, "article", article=article(sheet, parts))


def _main_image(sheet: Sheet) -> tuple[str, str | None] | None:
    """The picture over the text, which NukeViet keeps apart from the body: reference and caption."""
    figure = sheet.first("figure.article", ".news_column .imghome", ".news_column figure")
    if figure is None:
        return None
    picture = figure if figure.tag == "img" else figure.css_first("img")
    source = images.source(picture.attributes) if picture is not None else None
    return (source, text_of(figure.css_first("figcaption"))) if source else None
