"""Rows of what was asked: captures, failures, and what a crawl knows at its end."""

from __future__ import annotations

from typing import Any

from quynhon_crawler.model import Capture, stable_id

Row = dict[str, Any]

# What a crawl knows at its end.
CRAWL_OUTCOME = (
    "finished_at", "outcome", "requests", "bytes", "articles_new", "articles_changed", "articles_gone",
    "failures", "listed_total", "listed_captured",
)  # fmt: skip


def capture_row(capture: Capture) -> Row:
    return {
        "id": capture.id,
        "url": capture.url,
        "url_key": capture.url_key,
        "captured_at": capture.captured_at,
        "method": capture.method,
        "status": capture.status,
        "media_type": capture.media_type,
        "record_type": capture.record_type,
        "body_sha256": capture.body_sha256,
        "bytes": capture.bytes,
        "truncated": capture.truncated,
        "warc_file": capture.warc_file,
        "warc_offset": capture.warc_offset,
        "warc_length": capture.warc_length,
        "warc_record_id": capture.warc_record_id,
        "crawl_id": capture.crawl_id,
    }


def capture_of(row: Row) -> Capture:
    return Capture(**{name: value for name, value in row.items() if name != "id"})


def failure_row(url: str, stage: str, error: str, seen_at: str, capture_id: int | None) -> Row:
    number = stable_id(f"failure\n{url}\n{stage}\n{error}\n{seen_at}\n{capture_id}")
    return {
        "id": number,
        "url": url,
        "capture_id": capture_id,
        "stage": stage,
        "error": error,
        "seen_at": seen_at,
    }
