"""What kind of file these bytes are, and whether a browser may show it on the site's own address.

Decided by the bytes, never by what the portal declared: a page or a script called ``anh.jpg`` would run with
the site's rights. Signatures are those of the WHATWG MIME Sniffing standard, section 6.
"""

from __future__ import annotations

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBPVP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (0, b"BM", "image/bmp"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"ID3", "audio/mpeg"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
)
# Kept as they are declared, for the program that opens the download; never shown in place.
_DOCUMENTS = frozenset(
    {
        "application/zip",
        "application/vnd.rar",
        "application/x-rar-compressed",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/rtf",
        "text/csv",
    }
)
UNKNOWN = "application/octet-stream"


def shown_as(content: bytes) -> str | None:
    """The type under which a browser may show these bytes in place; None when it must not."""
    for offset, mark, media_type in _SIGNATURES:
        if content[offset : offset + len(mark)] == mark:
            return media_type
    return None


def sent_as(declared: str | None) -> str:
    """The type of a download: the declared one of an office document, else plain bytes."""
    return declared if declared in _DOCUMENTS else UNKNOWN
