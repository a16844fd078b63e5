"""What a file is that was taken for a web page: told by its first bytes, in words for its owner."""

from __future__ import annotations

import json
import re
import zlib

_START = 4_096
# First bytes and what they begin. WARC and ARC: their specifications; the rest: file(1).
_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"\xd0\xcf\x11\xe0", "an Office document of before 2007 (Word, Excel)"),
    (b"{\\rtf", "an RTF document"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"BZh", "compressed with bzip2"),
    (b"\xfd7zXZ", "compressed with xz"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
    (b"ID3", "a sound file"),
    (b"\x7fELF", "a program"),
)
_WARC = (b"WARC/", b"filedesc://")
_TO_IMPORT = "a WARC file; `quynhon import` takes it into an archive"
_TAG = re.compile(rb"<(?:!doctype|!--|[a-z][a-z0-9]{0,20})(?=[\s/>\[-])", re.IGNORECASE)
_FEED = re.compile(rb"<(rss|feed|urlset|sitemapindex|svg)[\s/>]", re.IGNORECASE)


def not_html(content: bytes) -> str | None:
    """What the bytes are when they are no web page, for a sentence that begins with "it is"; None for a page.

    A page is what has a tag somewhere, unless its first bytes say otherwise: pages of portals begin with
    anything. UTF-16 with a byte order mark counts.
    """
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        return "empty" if not content else "blank"
    start = content[:_START].lstrip(b"\xef\xbb\xbf \t\r\n")
    return _by_magic(content, start) or _by_text(content, start)


def _by_magic(content: bytes, start: bytes) -> str | None:
    if start.startswith(_WARC):
        return _TO_IMPORT
    if content.startswith(b"\x1f\x8b"):
        inside = _gunzipped(content)
        if inside.startswith(_WARC):
            return _TO_IMPORT
        return "compressed with gzip; `zcat FILE | quynhon extract - --url URL` reads what is in it"
    if content.startswith(b"PK\x03\x04"):
        return _of_zip(content[:_START])
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "a WebP picture"
    if content[4:8] == b"ftyp":
        return "a video, sound file or HEIC picture"
    if re.match(rb"(?:From: <Saved by|MIME-Version: 1\.0)", start):
        return "a page that a browser saved as MHTML; save it as HTML"
    return next((name for magic, name in _MAGIC if content.startswith(magic)), None)


def _of_zip(start: bytes) -> str:
    for mark, name in (
        (b"word/", "a Word document"),
        (b"xl/", "an Excel document"),
        (b"ppt/", "a PowerPoint document"),
        (b"opendocument", "an OpenDocument file"),
        (b"datapackage.json", "a WACZ file; `quynhon import` takes it into an archive"),
        (b"archive/", "a WACZ file; `quynhon import` takes it into an archive"),
    ):
        if mark in start:
            return name
    return "a ZIP archive"


def _gunzipped(content: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(content[:_START], _START)
    except zlib.error:
        return b""


def _by_text(content: bytes, start: bytes) -> str | None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    if start[:1] in (b"{", b"["):
        try:
            json.loads(content)
        except (ValueError, RecursionError):
            pass
        else:
            return "JSON"
    feed = _FEED.search(start[:1_000])
    if start.startswith(b"<?xml") and feed:
        name = feed[1].decode().lower()
        return {"rss": "an RSS feed", "feed": "an Atom feed", "svg": "an SVG picture"}.get(name, "a site map")
    if _TAG.search(content):
        return None
    return "binary data" if b"\x00" in start else "plain text without any HTML"
