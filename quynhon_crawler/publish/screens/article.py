"""``/bai/<article>``: an article as it reads well on a phone, and the proof of where it comes from."""

from __future__ import annotations

import sqlite3
from typing import Any
from urllib.parse import quote

from datasette import Response
from markupsafe import Markup

from quynhon_crawler.publish import answer, lookup, prose
from quynhon_crawler.publish.language import parse
from quynhon_crawler.publish.lookup import Picture, Row, Story
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
    return {
        "story": story,
        "article": article,
        "body": body,
        "before": Markup("").join(figure(picture) for picture in left[:1] if picture.position == 0),
        "after": [figure(picture) for picture in left if picture.position != 0],
        "permanent": visit.origin + visit.site.base + f"/bai/{shorten(article['id'])}",
        "cover": visit.origin + file_address(visit, first, 960) if first else None,
        "original": prose.safe_link(article["url"]),
        "meta_differs": article["published_meta"]
        and parse(article["published_meta"]) != parse(article["published_at"]),
    }


def file_address(visit: Visit, picture: Picture, width: int | None = None) -> str:
    """Where an archived picture is served; "" when its file was never captured."""
    if picture.capture_id is None:
        return ""
    size = f"?rong={width}" if width else ""
    return visit.file(f"/tep/{shorten(picture.capture_id)}/{quote(picture.name, safe='')}{size}")
