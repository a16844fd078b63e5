"""Bytes to text, and text to clean text."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import NamedTuple

from charset_normalizer import from_bytes

from quynhon_crawler.extract import legacy

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffc\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ue000-\uf8ff]"
)
_BULLETS = str.maketrans(
    {"\uf0b7": "•", "\uf0a7": "•", "\uf0d8": "•", "\uf0fc": "•", "\uf02d": "-", "\uf0e0": "→"}
)
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_SAMPLE = 65_536
# Python's codecs that are no charset of a page; idna even raises whatever the error handling is.
_NO_CHARSETS = frozenset(
    (
        *("idna", "punycode", "undefined", "unicode-escape", "unicode_escape", "raw-unicode-escape", "utf-7"),
        *("base64", "bz2", "hex", "quopri", "rot-13", "uu", "zlib", "mbcs", "oem", "raw_unicode_escape"),
    )
)

# Letters that only Vietnamese has: they tell a right decoding from a wrong one.
_VIETNAMESE = re.compile("[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]")


class Decoded(NamedTuple):
    """``encoding`` is the one that was used; ``note`` says how it differs from the declared one."""

    text: str
    encoding: str
    note: str | None = None


def decode(content: bytes, content_type: str | None = None) -> Decoded:
    """Text of an HTML or text body. Never raises; what cannot be read becomes U+FFFD.

    Bytes that are valid UTF-8 are UTF-8 whatever the page declares (portals declare ISO-8859-1 and send
    UTF-8). Otherwise the declared charset, checked against the bytes; then windows-1258 and a guess.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if content.startswith(mark):
            return Decoded(content[len(mark) :].decode(encoding, "replace"), encoding)
    declared = _declared(content, content_type)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _decode_other(content, declared, error)
    note = None
    if declared not in (None, "utf-8", "ascii") and not text.isascii():
        note = f"declared {declared}, is utf-8"
    return Decoded(text, "utf-8", note)


def _declared(content: bytes, content_type: str | None) -> str | None:
    match = _HEADER.search(content_type or "")
    name = match[1] if match else None
    if name is None:
        found = _DECLARED.search(content, 0, 4096)
        name = found[1].decode("ascii") if found else None
    try:
        codec = codecs.lookup(name).name if name else None
    except LookupError:
        return None
    return None if codec in _NO_CHARSETS else codec


def _decode_other(content: bytes, declared: str | None, error: UnicodeDecodeError) -> Decoded:
    """Bytes that are not clean UTF-8."""
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    # A cut body or a few bad bytes in the middle: still UTF-8 when most of its long sequences are sound.
    if (
        broken * 20 < sum(1 for _ in re.finditer(r"[^\x00-\x7f\ufffd]", text[:_SAMPLE]))
        or error.reason == "unexpected end of data"
    ):
        return Decoded(text, "utf-8", f"{broken} broken characters")
    candidates = [declared] if declared not in (None, "utf-8", "ascii") else []
    candidates += ["cp1258", "cp1252"]
    if legacy.convert_markup(content[:_SAMPLE].decode("cp1252", "replace"))[1]:
        # Old fonts were shown through the Western code page, whatever the page declared.
        return Decoded(content.decode("cp1252", "replace"), "cp1252")
    best, best_text, best_score = "utf-8", text, -1
    for name in candidates:
        tried = unicodedata.normalize("NFC", content[:_SAMPLE].decode(name or "utf-8", "replace"))
        score = len(_VIETNAMESE.findall(tried)) - 20 * tried.count("\ufffd") - 2 * _loose_marks(tried)
        if score > best_score:
            best, best_text, best_score = name or "utf-8", tried, score
    if best_score <= 0:
        guess = from_bytes(content[:_SAMPLE]).best()
        best = guess.encoding if guess else declared or "cp1252"
    best_text = unicodedata.normalize("NFC", content.decode(best, "replace"))
    note = None if best == declared else f"declared {declared or 'nothing'}, is {best}"
    return Decoded(best_text, best, note)


def _loose_marks(text: str) -> int:
    """Combining marks that joined no letter: the sign of a wrong single-byte table."""
    return sum(text.count(mark) for mark in "\u0300\u0301\u0303\u0309\u0323")


def clean(text: str) -> str:
    """One line of text as a person reads it: NFC, no invisible characters, single spaces, ends stripped."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text.translate(_BULLETS))
    return " ".join(text.split())


def clean_lines(text: str) -> str:
    """Like ``clean``, line by line; empty lines are dropped."""
    return "\n".join(line for raw in text.split("\n") if (line := clean(raw)))


def fold(text: str) -> str:
    """Lower case without Vietnamese marks, for comparing: ``Đảng`` and ``dang`` are equal."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def word_count(text: str) -> int:
    """Vietnamese counts syllables as words: whatever stands between spaces and holds a letter or digit."""
    return len([word for word in text.split() if word[0].isalnum() or any(map(str.isalnum, word))])
