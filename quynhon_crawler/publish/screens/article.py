"""``/bai/<article>``: an article as it reads well on a phone, and the proof of where it comes from."""

from __future__ import annotations

import json
import sqlite3
from typing import Any
from urllib.parse import quote

from datasette import Response
from markupsafe import Markup

from quynhon_crawler.publish import answer, lookup, prose
from quynhon_crawler.publish.language import parse
from quynhon_crawler.publish.lookup import Picture, Row, Story
from quynhon_crawler.publish.replay import replay_link
from quynhon_crawler.publish.screens import message
from quynhon_crawler.publish.short import lengthen, shorten
from quynhon_crawler.publish.site import Visit


async def show(visit: Visit) -> Response:
    article_id = lengthen(visit.request.url_vars["article"])
    if article_id is None:
        return message.not_found(visit)

    def read(connection: sqlite3.Connection) -> tuple[Story | None, Row | None]:
        found = lookup.story(connection, article_id)
        return found, lookup.withdrawn_article(connection, article_id)

    story, takedown = await visit.site.ask(read)
    if takedown is not None:
        return message.gone(visit, takedown)
    if story is None:
        return message.not_found(visit)
    return answer.page(visit.request, visit.render("article.html", **values(visit, story)))


def values(visit: Visit, story: Story) -> dict[str, object]:
    """What the template shows of a story."""
    module: Any = visit.site.templates.get_template("figure.html").make_module({"words": visit.words})

    def figure(picture: Picture) -> Markup:
        written: Markup = module.figure(picture, file_address(visit, picture))
        return written

    article = story.article
    body, used = prose.render(article["body_html"] or "", story.pictures, figure, byline=article["byline"])
    if not body.striptags().strip():
        body = prose.paragraphs(article["body"] or "") + body
    left = [picture for picture in story.pictures if picture.position not in used]
    first = next((picture for picture in story.pictures if picture.capture_id), None)
    permanent = visit.origin + visit.site.base + f"/bai/{shorten(article['id'])}"
    cover = visit.origin + file_address(visit, first, 960) if first else None
    return {
        "story": story,
        "json_ld": linked_data(article, permanent, cover),
        "article": article,
        "body": body,
        "before": Markup("").join(figure(picture) for picture in left[:1] if picture.position == 0),
        "after": [figure(picture) for picture in left if picture.position != 0],
        "permanent": permanent,
        "cover": cover,
        "original": prose.safe_link(article["url"]),
        "replay": replay_link(visit, article, url=article["capture_url"]),
        "meta_differs": article["published_meta"]
        and parse(article["published_meta"]) != parse(article["published_at"]),
    }


def linked_data(article: Row, permanent: str, cover: str | None) -> Markup:
    """schema.org NewsArticle for search engines; what is unknown is left out."""
    author = {"@type": "Person", "name": article["author_name"]} if article["author_name"] else None
    said = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article["title"],
        "description": article["lead"],
        "datePublished": article["published_at"],
        "dateModified": article["changed_at"],
        "author": author,
        "image": cover,
        "inLanguage": article["language"],
        "mainEntityOfPage": permanent,
        "isBasedOn": prose.safe_link(article["url"]),
        "publisher": {"@type": "Organization", "name": article["portal"]} if article["portal"] else None,
    }
    text = json.dumps({key: value for key, value in said.items() if value}, ensure_ascii=False)
    # Inside a script element nothing is an entity; a "<" could end it.
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(text)  # noqa: S704 - escaped for its place above


def file_address(visit: Visit, picture: Picture, width: int | None = None) -> str:
    """Where an archived picture is served; "" when its file was never captured."""
    if picture.capture_id is None:
        return ""
    size = f"?rong={width}" if width else ""
    return visit.file(f"/tep/{shorten(picture.capture_id)}/{quote(picture.name, safe='')}{size}")
