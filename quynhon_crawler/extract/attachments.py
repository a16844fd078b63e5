"""Files that a page offers: told by their ending, found behind viewers."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from quynhon_crawler.extract.images import file_name
from quynhon_crawler.model import Purpose
from quynhon_crawler.urls import absolute

_FILE = re.compile(
    r"\.(?:pdf|docx?|docm|xlsx?|xlsm|pptx?|ppsx?|rtf|odt|ods|odp|txt|csv|zip|rar|7z|xml\.gz|mp3|wav|wma|mp4|flv|avi|mov|wmv|webm|m4a|kmz|kml|dwg|epub)$",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"\.(?:jpe?g|jfif|png|gif|webp|bmp|tiff?|svg|avif|ico|heic)$", re.IGNORECASE)
_DOWNLOAD = re.compile(r"(?:^|&)(?:page=[\w.]*\.Download\b|download=1\b|op=[\w-]*/?download)", re.IGNORECASE)
_PART = re.compile(r"\.(?:css|js|woff2?|ttf|eot|otf|map)$", re.IGNORECASE)
# pdf.js (viewer.html?file=), Office and Google viewers (src=, url=), and the CMSs' own.
_VIEWER = re.compile(r"viewer|gview|/embed\.aspx|/view\.aspx|pdfjs|flipbook|xemfile|viewfile", re.IGNORECASE)
_VIEWER_KEYS = ("file", "src", "url", "pdf", "doc", "path", "u", "f")


# What links to files say instead of naming them.
_SAYS_NOTHING = re.compile(
    r"^\W{0,3}(?:(?:vui lòng |bấm |nhấn )?(?:tải(?: (?:về|xuống))?|xem)"
    r"(?: (?:file|tệp|văn bản|tài liệu|chi tiết|thêm|toàn văn|nội dung|đính kèm)){0,3}(?: (?:tại )?đây)?|"
    r"tại đây|download|file|tệp|(?:file|tệp|tài liệu)(?: tin)? đính kèm|đính kèm|chi tiết|pdf|docx?|xlsx?|"
    r"here|x|\d{1,3})?\W{0,3}$",
    re.IGNORECASE,
)
# A file name as the CMS stores it: percent-encoded, or with VHV's 32 digits before and 5 after the name.
_RAW_NAME = re.compile(r"^[0-9a-f]{32}|%[0-9A-Fa-f]{2}|_[0-9a-f]{5}\.[A-Za-z0-9]{2,5}$")


def says_nothing(title: str | None) -> bool:
    """No title, or one that any file could have (``Tải về``)."""
    return title is None or bool(_SAYS_NOTHING.match(title))


def readable_title(title: str | None, url: str) -> str | None:
    """What a reader is told of a file: the link's own text, else the file's name without decorations.

    ``33b5...Quy%E1%BA%BFt_647a9.pdf`` becomes ``Quyết.pdf``, ``Tải về`` the name of the file.
    """
    if title and not says_nothing(title) and not _RAW_NAME.search(title):
        return title
    name = file_name(url)
    if name is None or not _FILE.search(name.name):
        return title
    return " ".join(name.name.replace("_", " ").replace("+", " ").split()) or title


@lru_cache(maxsize=4_096)
def purpose_of(url: str) -> Purpose:
    """``attachment``, ``image`` or ``requisite`` by the ending of the path, else ``page``.

    Of queries only the CMSs' own download actions are known (VHV: ``?page=Article.Download&id=``).
    """
    parts = urlsplit(url)
    path = parts.path
    if parts.query and _DOWNLOAD.search(parts.query):
        return "attachment"
    if _FILE.search(path):
        return "attachment"
    if _PICTURE.search(path):
        return "image"
    if _PART.search(path):
        return "requisite"
    return "page"


@lru_cache(maxsize=4_096)
def behind_viewer(url: str) -> str | None:
    """The file that a viewer's address shows, absolute; None when the address is no viewer's.

    ``/lib/viewer.html?file=/upload/1/20230906/a.pdf`` is of VHV pages; the Google and Office viewers take
    ``url=`` and ``src=``.
    """
    try:
        parts = urlsplit(url)
        if not parts.query or not _VIEWER.search(parts.path + parts.netloc):
            return None
        for key, value in parse_qsl(parts.query, max_num_fields=50):
            if key.lower() not in _VIEWER_KEYS or not value:
                continue
            if "%2f" in value.lower():
                value = unquote(value)
            target = urljoin(url, value.split("#", 1)[0])
            if target.startswith(("http://", "https://")) and _FILE.search(urlsplit(target).path):
                return absolute(url, target)
    except ValueError:
        return None
    return None
