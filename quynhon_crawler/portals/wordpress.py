"""WordPress: classic themes and the block editor. Markup of the core and of what most themes keep."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from quynhon_crawler.extract import images
from quynhon_crawler.model import Reading
from quynhon_crawler.portals import lists, usual
from quynhon_crawler.portals.assemble import article
from quynhon_crawler.portals.sheet import Sheet, text_of

NAME = "wordpress"
_TITLE = ("h1.entry-title", ".single h1.post-title", "article h1", "h1.wp-block-post-title", "h1")
_BODY = (
    "article .entry-content",
    ".entry-content",
    ".wp-block-post-content",
    ".post-content",
    ".td-post-content",
    ".elementor-widget-theme-post-content .elementor-widget-container",
    ".elementor-widget-theme-post-content",
    ".single .post .entry",
)
_DATE = (
    ".entry-meta time.published",
    "time.entry-date",
    ".posted-on time",
    ".wp-block-post-date time",
    "time[datetime]",
    ".post-date",
    ".elementor-post-info__item--type-date",
)
_WRITER = (
    ".author.vcard .fn",
    ".entry-meta .author a",
    ".byline .author",
    "a[rel='author']",
    ".wp-block-post-author-name",
    ".td-post-author-name a",
    ".elementor-post-info__item--type-author",
)
_NOT_BODY = (
    ".sharedaddy,.jp-relatedposts,.yarpp-related,.post-tags,.addtoany_share_save_container,"
    ".wp-block-buttons,.heateor_sss_sharing_container,.kk-star-ratings,.author-box,"
    ".toc_container,#toc_container,.related-posts,.td-a-rec,.blog-share,.adsbygoogle"
)


def claims(sheet: Sheet) -> bool:
    """The generator says so, or files lie under wp-content and wp-includes."""
    if "wordpress" in sheet.head.metas.get("generator", "").lower():
        return True
    return "/wp-content/" in sheet.html and (
        "/wp-includes/" in sheet.html or "wp-json" in sheet.html or "entry-content" in sheet.html
    )


def read(sheet: Sheet) -> Reading:
    """A post, an archive list, the home page, or another page."""
    if sheet.is_home:
        return sheet.reading(NAME, "home")
    body = sheet.tree.css_first("body")
    classes = (body.attributes.get("class") or "").split() if body is not None else []
    blocks = sheet.tree.css("article.post,article.hentry,.hentry,.wp-block-post,li.wp-block-post")
    archive = (
        any(name in classes for name in ("archive", "category", "tag", "blog", "search", "date"))
        or len(blocks) > 3
    )
    content = sheet.first(*_BODY)
    if archive or content is None:
        found = lists.items(sheet, blocks, ".entry-title a[href],h2 a[href],h3 a[href],a[rel='bookmark']")
        listed = lists.listing(sheet, found, sheet.text(".page-title", ".archive-title", "h1"))
        if listed is not None:
            return sheet.reading(NAME, "listing", listing=listed)
    title = sheet.first(*_TITLE)
    if content is None or title is None:
        return sheet.reading(NAME, "other")
    return _post(sheet, title, content)


def _post(sheet: Sheet, title: LexborNode, content: LexborNode) -> Reading:
    parts = usual.parts(sheet, title)
    for noise in content.css(_NOT_BODY):
        noise.decompose()
    excerpt = sheet.first(
        ".entry-summary", ".post-excerpt", ".wp-block-post-excerpt__excerpt", ".sapo", ".td-post-sub-title"
    )
    parts.lead = text_of(excerpt)
    date = sheet.first(*_DATE)
    if date is not None:
        stamp = date.attributes.get("datetime")
        parts.printed_date = text_of(date)
        parts.meta_dates = (*parts.meta_dates, stamp)
    parts.writers = (sheet.text(*_WRITER), *parts.writers)
    parts.tags = usual.tags(sheet, "a[rel='tag'],a[rel~='tag']:not([rel~='category'])") or parts.tags
    if not parts.sections:
        parts.sections = usual.category(sheet, "a[rel~='category'],.cat-links a")
    picture = sheet.first(".post-thumbnail img", "img.wp-post-image", ".wp-block-post-featured-image img")
    if picture is not None and not content.css_first("img.wp-post-image"):
        source = images.source(picture.attributes)
        parts.main_image = (
            (source, text_of(sheet.first(".post-thumbnail figcaption", ".wp-caption-text.featured")))
            if source
            else None
        )
    parts.player = content.css_first("video,iframe[src*='youtube'],.wp-block-embed-youtube") is not None
    parts.markup = sheet.markup_of(content)
    return sheet.reading(NAME, "article", article=article(sheet, parts))
