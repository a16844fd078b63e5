"""Captures and readings for tests: a portal of two generations, small enough that things collide."""

from __future__ import annotations

from typing import Any

from quynhon_crawler.model import Article, Author, Capture, Image, Reading, Section
from quynhon_crawler.urls import url_key

HOME = "https://quynhon.example/"
OLD = "https://cu.quynhon.example/"
ADDRESS = f"{HOME}tin-tuc/bai-1.html"
BODY = (
    "Toàn thể đảng viên và nhân dân thành phố Quy Nhơn hòa chung niềm vui của ngày hội lớn, ai nấy phấn khởi."
)


def capture(url: str = ADDRESS, day: int = 1, number: int = 0, **columns: Any) -> Capture:
    """A capture of a day of January 2026; ``number`` tells captures of one address and day apart."""
    values: dict[str, Any] = {
        "url": url,
        "url_key": url_key(url),
        "captured_at": f"2026-01-{day:02}T00:00:00Z",
        "method": "GET",
        "status": 200,
        "media_type": "text/html",
        "record_type": "response",
        "body_sha256": f"{day:032x}{number:032x}",
        "bytes": 1000 + number,
        "truncated": None,
        "warc_file": "QUYNHON-20260101000000-00001.warc.gz",
        "warc_offset": day * 1000 + number,
        "warc_length": 500,
        "crawl_id": "thu-nghiem",
    } | columns
    record = f"<urn:uuid:{url} {values['captured_at']} {values['status']} {number}>"
    return Capture(**{"warc_record_id": record} | values)


def article(url: str = ADDRESS, **fields: Any) -> Article:
    """An article with something in every field."""
    values: dict[str, Any] = {
        "url": url,
        "title": "Hội nghị Ban Chấp hành Đảng bộ",
        "lead": "Sáng ngày 27/8/2019, Thành ủy tổ chức hội nghị.",
        "body": BODY,
        "body_html": f"<p>{BODY}</p>",
        "byline": "Linh_VPTU",
        "author": Author("Linh_VPTU", "Linh", "VPTU", "Văn phòng Thành ủy"),
        "published_at": "2019-08-27T15:04:00+07:00",
        "event_date": "2019-08-27",
        "language": "vi",
        "word_count": 21,
        "sections": (Section("Tin tức", f"{HOME}tin-tuc"), Section("Xây dựng Đảng", f"{HOME}tin-tuc/dang")),
        "images": (Image(0, f"{HOME}upload/a.jpg", caption="Quang cảnh", code="HNBCH082019001", width=600),),
        "tags": ("hội nghị",),
    }
    return Article(**values | fields)


def reading(url: str = ADDRESS, **fields: Any) -> Reading:
    return Reading("vhv", "article", article(url, **fields))
