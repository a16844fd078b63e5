"""Text typed in the fonts of the years before Unicode: TCVN3 (``.VnTime``) and VNI (``VNI-Times``).

Such text is valid Latin-1 or UTF-8, but its letters mean others: ``Qu¶ng Ng·i`` is Quảng Ngãi. Documents of
the 1990s and 2000s were pasted into portals that way.
"""

from __future__ import annotations

import re
import unicodedata

# TCVN 5712:1993 VN3, the 74 characters that differ, as code page 1252 shows them.
_TCVN3_TYPED = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦"
_TCVN3_MEANT = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ"
_TCVN3 = str.maketrans(_TCVN3_TYPED, _TCVN3_MEANT)

# VNI writes a letter and then its mark as a second character.
_VNI_MARKS = {
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300",
    "ú": "\u0306\u0309", "ü": "\u0306\u0303", "ë": "\u0306\u0323",
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300",
    "å": "\u0302\u0309", "ã": "\u0302\u0303", "ä": "\u0302\u0323",
}  # fmt: skip
_VNI_SINGLE = {
    "ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ",
    "Ô": "Ơ", "Ö": "Ư", "Ñ": "Đ", "Æ": "Ỉ", "Ó": "Ĩ", "Ò": "Ị", "Î": "Ỵ",
}  # fmt: skip
_VNI_LETTERS = {**{letter: letter for letter in "aeiouyAEIOUY"}, "ô": "ơ", "ö": "ư", "Ô": "Ơ", "Ö": "Ư"}
_VNI_PAIR = re.compile(
    f"([aeouyôöAEOUYÔÖ])([{''.join(_VNI_MARKS)}{''.join(_VNI_MARKS).upper()}])|([{''.join(_VNI_SINGLE)}])"
)

_MODERN = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
_HIGH = re.compile("[\u00a1-\u00ff]")
_TAG = re.compile(r"(<[^<>]*>)")
_WORD = re.compile(r"[^\W\d_]+")
# Vowels as Vietnamese joins them, tones left out: "toång" of VNI has none of them, and "tông" has.
_VOWELS = (
    "a ă â e ê i o ô ơ u ư y ai ao au ay âu ây eo êu ia iê iêu iu oa oai oao oay oă oe oeo oi ôi ơi oo ua uâ "
    "uây uê ui uô uôi uơ uy uya uyê uyu uêu ưa ưi ươ ươi ươu ưu yê yêu"
)
_SYLLABLE = re.compile(
    r"(?:ngh?|gh|gi|kh|nh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx])?"
    rf"(?:{'|'.join(sorted(_VOWELS.split(), key=len, reverse=True))})(?:ng|nh|ch|[cmnpt])?"
)
_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))


def table_of(text: str) -> str | None:
    """The table that a text was typed in, ``TCVN3`` or ``VNI``; None for Unicode and for other languages.

    A table is believed only when nearly all words of the result are Vietnamese syllables, and more of them
    than before, so that Unicode, French and German stay as they are.
    """
    sample = text[:20_000]
    high = len(_HIGH.findall(sample))
    if high < 8 or len(_MODERN.findall(sample)) * 4 > high:
        return None
    best, best_share = None, max(_share_of_syllables(sample), 0.8)
    for name, table in (("TCVN3", _from_tcvn3), ("VNI", _from_vni)):
        share = _share_of_syllables(table(sample))
        if share > best_share:
            best, best_share = name, share
    return best


def convert(text: str) -> tuple[str, str | None]:
    """The text in Unicode, and the table that it was typed in or None."""
    name = table_of(text)
    if name is None:
        return text, None
    return (_from_tcvn3 if name == "TCVN3" else _from_vni)(text), name


def convert_markup(html: str) -> tuple[str, str | None]:
    """Like ``convert`` for a page: only texts that hold no letter of Unicode Vietnamese are.

    The menus of such pages are often Unicode, and the pasted article is not.
    """
    if html.isascii() or not ("µ" in html or "ñ" in html):
        return html, None  # à of TCVN3, đ of VNI: in every such text, hardly ever in Unicode Vietnamese
    pieces = _TAG.split(html)
    typed = [
        at for at in range(0, len(pieces), 2) if _HIGH.search(pieces[at]) and not _MODERN.search(pieces[at])
    ]
    name = table_of(" ".join(pieces[at] for at in typed))
    if name is None:
        return html, None
    table = _from_tcvn3 if name == "TCVN3" else _from_vni
    for at in typed:
        pieces[at] = table(pieces[at])
    return "".join(pieces), name


def _from_tcvn3(text: str) -> str:
    return text.translate(_TCVN3)


def _from_vni(text: str) -> str:
    return unicodedata.normalize("NFC", _VNI_PAIR.sub(_vni_letter, text))


def _vni_letter(match: re.Match[str]) -> str:
    if match[3]:
        return _VNI_SINGLE[match[3]]
    return _VNI_LETTERS[match[1]] + _VNI_MARKS[match[2].lower()]


def _share_of_syllables(text: str) -> float:
    """How many of the words are Vietnamese syllables, 0 to 1."""
    words = _WORD.findall(text)
    if len(words) < 5:
        return 0.0
    toneless = unicodedata.normalize(
        "NFC", unicodedata.normalize("NFD", " ".join(words).lower()).translate(_TONES)
    )
    return sum(bool(_SYLLABLE.fullmatch(word)) for word in toneless.split()) / len(words)
