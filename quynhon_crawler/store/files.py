"""Pictures and attachments: what articles name, and the files that came, before or after."""

from __future__ import annotations

import sqlite3
from typing import Any

from quynhon_crawler.store.statements import insert

_PUT = """
    INSERT INTO files(id, url, media_type, bytes, sha256, width, height, captured_at, capture_id)
    VALUES (:id, :url, :media_type, :bytes, :sha256, :width, :height, :captured_at, :capture_id)
    ON CONFLICT(id) DO UPDATE SET url = excluded.url, media_type = excluded.media_type,
        bytes = excluded.bytes, sha256 = excluded.sha256, width = excluded.width, height = excluded.height,
        captured_at = excluded.captured_at, capture_id = excluded.capture_id
    WHERE (excluded.captured_at, excluded.capture_id) > (files.captured_at, files.capture_id)"""
# Sizes that the page declares stand until the file is here; then the file's own do.
_FILL_IMAGES = """
    UPDATE images SET (media_type, bytes, sha256, capture_id, width, height) =
        (SELECT media_type, bytes, sha256, capture_id, width, height
            FROM files WHERE files.id = images.file_id)
    WHERE {where} AND EXISTS (SELECT 1 FROM files WHERE files.id = images.file_id)"""
_FILL_ATTACHMENTS = """
    UPDATE attachments SET (media_type, bytes, sha256, capture_id) =
        (SELECT media_type, bytes, sha256, capture_id FROM files WHERE files.id = attachments.file_id)
    WHERE {where} AND EXISTS (SELECT 1 FROM files WHERE files.id = attachments.file_id)"""


class Files:
    """The newest capture of each file, and the rows that show it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put_file(self, row: dict[str, Any]) -> None:
        """A file arrived: rows that name its address show it from now on."""
        if self._connection.execute(_PUT, row).rowcount:
            for fill in (_FILL_IMAGES, _FILL_ATTACHMENTS):
                self._connection.execute(fill.format(where="file_id = ?"), (row["id"],))

    def put_images(self, article_id: int, rows: list[dict[str, Any]]) -> None:
        self._insert("images", article_id, rows, _FILL_IMAGES)

    def put_attachments(self, article_id: int, rows: list[dict[str, Any]]) -> None:
        self._insert("attachments", article_id, rows, _FILL_ATTACHMENTS)

    def _insert(self, table: str, article_id: int, rows: list[dict[str, Any]], fill: str) -> None:
        if rows:
            self._connection.executemany(insert(table, rows[0]), rows)
            self._connection.execute(fill.format(where="article_id = ?"), (article_id,))
