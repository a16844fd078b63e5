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
# Kept as they are declared, for the program that opens the download; never shown in place. How their files
# end, the usual way first.
_DOCUMENTS = {
    "application/zip": ("zip",),
    "application/vnd.rar": ("rar",),
    "application/x-rar-compressed": ("rar",),
    "application/msword": ("doc",),
    "application/vnd.ms-excel": ("xls",),
    "application/vnd.ms-powerpoint": ("ppt",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ("pptx",),
    "application/rtf": ("rtf",),
    "text/csv": ("csv",),
}
# Python's own table asks the machine's, and knows no Office.
_ENDINGS = _DOCUMENTS | {
    "image/jpeg": ("jpg", "jpeg", "jfif"),
    "image/png": ("png",),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/avif": ("avif",),
    "image/bmp": ("bmp",),
    "application/pdf": ("pdf",),
    "audio/mpeg": ("mp3",),
    "video/mp4": ("mp4", "m4v", "m4a", "mov", "3gp"),
    "video/webm": ("webm", "mkv"),
    "text/html": ("html", "htm"),
    "text/plain": ("txt",),
    "application/json": ("json",),
}
_KNOWN = frozenset(ending for endings in _ENDINGS.values() for ending in endings)
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


def named(name: str, media_type: str | None) -> str:
    """A file's name with an ending that fits its type; as it is when the type is not known."""
    endings = _ENDINGS.get(media_type or "", ())
    return name if not endings or _ending(name) in endings else f"{name}.{endings[0]}"


def is_named(name: str) -> bool:
    """Whether a name ends as files do, not as the portal's programs: ``tep.pdf``, not ``download.aspx``."""
    return _ending(name) in _KNOWN


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()
