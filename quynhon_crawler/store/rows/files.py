"""Rows of pictures, attachments, and the files behind both."""

from __future__ import annotations

from typing import Any

from quynhon_crawler.model import Article, Capture, Image, stable_id
from quynhon_crawler.store.rows.addresses import url_id

Row = dict[str, Any]


def image_rows(article_id: int, images: tuple[Image, ...]) -> list[Row]:
    rows: list[Row] = []
    counted: dict[int, int] = {}
    for image in images:
        file_id = url_id(image.url)
        nth = counted[file_id] = counted.get(file_id, 0) + 1
        rows.append(
            {
                "id": stable_id(f"image\n{article_id}\n{file_id}\n{nth}"),
                "article_id": article_id,
                "position": image.position,
                "url": image.url,
                "code": image.code,
                "code_event": image.code_event,
                "code_month": image.code_month,
                "code_number": image.code_number,
                "caption": image.caption,
                "alt": image.alt,
                "original_name": image.original_name,
                "uploaded_at": image.uploaded_at,
                "width": image.width,
                "height": image.height,
                "file_id": file_id,
                "picture_id": picture_id_of(image.original_name, image.uploaded_at, image.code, file_id),
            }
        )
    return rows


def picture_id_of(original_name: str | None, uploaded_at: str | None, code: str | None, file_id: int) -> int:
    """One number for a picture under the file names of every portal generation.

    A name alone (``1.jpg``) tells nothing; with its upload time to the second it does, and a code does.
    """
    if original_name and uploaded_at:
        return stable_id(f"picture\n{original_name.casefold()}\n{uploaded_at}")
    if not code:
        return file_id
    # HNBCH082019001, hnbch_08_2019_001 and HNBCH-082019-001 are one code.
    return stable_id(f"picture\n{code.casefold().replace('_', '').replace('-', '')}")


def attachment_rows(article: Article, article_id: int) -> list[Row]:
    rows: dict[int, Row] = {}
    for attachment in article.attachments:
        file_id = url_id(attachment.url)
        row: Row = {"id": stable_id(f"attachment\n{article_id}\n{file_id}"), "article_id": article_id}
        row |= {"position": len(rows), "url": attachment.url, "title": attachment.title, "file_id": file_id}
        rows.setdefault(file_id, row)
    return list(rows.values())


def file_row(capture: Capture, *, width: int | None, height: int | None) -> Row:
    return {
        "id": url_id(capture.url),
        "url": capture.url,
        "media_type": capture.media_type,
        "bytes": capture.bytes,
        "sha256": capture.body_sha256,
        "width": width,
        "height": height,
        "captured_at": capture.captured_at,
        "capture_id": capture.id,
    }
