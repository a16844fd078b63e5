"""What stands under a text: who wrote it, and on notices who signed it."""

from __future__ import annotations

import re
from dataclasses import replace

from quynhon_crawler.extract import bylines
from quynhon_crawler.extract.blocks import Block
from quynhon_crawler.extract.bylines import Byline
from quynhon_crawler.extract.names import is_name

# The byline in the last paragraph, after the end mark or behind a line break.
_AFTER_END = re.compile(r"^(.*\./\.)\s*(.{2,80})$", re.DOTALL)
_EDITORS = re.compile(r"^(?:BBT|Ban Biên tập|Ban biên tập|CTTĐT|Cổng TTĐT.{0,40}|TTĐT)$")
# Under a notice stands who signed it, and not who wrote it.
_SIGNED = re.compile(
    r"^\(?(?:[Đđ]ã ký(?: tên)?|ĐÃ KÝ)\)?$|"
    r"^(?:(?:KT|TM|TL|TUQ|Q)\.\s?)?(?:PHÓ )?(?:CHỦ TỊCH|BÍ THƯ|GIÁM ĐỐC|HIỆU TRƯỞNG|CHÁNH VĂN PHÒNG|"
    r"TRƯỞNG (?:PHÒNG|BAN|CÔNG AN|THÔN|KHU PHỐ)|CHÁNH THANH TRA)\b[^a-zà-ỹ]{0,40}$"
)


def take_byline(texts: list[Block]) -> Byline | None:
    """The byline of a text, which is removed from it. It stands at the end, above files that hang on the
    text, or, with its label, over it."""
    return _at_the_end(texts) or _take_above_files(texts) or _take_first_line(texts)


def _at_the_end(texts: list[Block]) -> Byline | None:
    """Removes the byline from the end of the text. It stands on the last line, or on the last two
    (``Bài: A`` and ``Ảnh: B``), or behind the end mark of the last paragraph."""
    if not texts:
        return None
    last = texts[-1]
    match = _AFTER_END.match(last.text)
    if match and "\n" not in match[2].strip():
        byline = bylines.parse(match[2])
        if byline:
            last.text = match[1].strip()
            return byline
    head, newline, tail = last.text.rpartition("\n")
    if newline:
        byline = bylines.parse(tail)
        if byline and head.rstrip().endswith((".", "!", "?", "…", ":", '"', "”")):
            last.text = head.rstrip()
            return byline
    return _take_last_lines(texts)


def _take_above_files(texts: list[Block]) -> Byline | None:
    """A byline with nothing but links under it: the files that belong to the text."""
    end = len(texts)
    while end > 1 and texts[end - 1].linked:
        end -= 1
    if end == len(texts):
        return None
    above = texts[:end]
    byline = _at_the_end(above)
    texts[:end] = above
    return byline


def _take_first_line(texts: list[Block]) -> Byline | None:
    """``Bài, ảnh: Phi Hùng`` over the text; only with its label, because a heading is written like a name."""
    if (
        len(texts) < 2
        or texts[0].item
        or texts[0].cell
        or len(texts[0].text) > 80
        or ":" not in texts[0].text
    ):
        return None
    byline = bylines.parse(texts[0].text)
    if byline is None or byline.author is None:
        return None
    if not all(map(is_name, (byline.author.name or "").split(", "))):
        return None
    texts.pop(0)
    return byline


def _take_last_lines(texts: list[Block]) -> Byline | None:
    last = texts[-1]
    in_table = last.cell is not None and len(texts) > 1 and texts[-2].cell is not None
    signed = any(_SIGNED.match(block.text) for block in texts[-4:-1])
    if len(texts) < 2 or in_table or last.item or signed:
        return None
    if _EDITORS.match(last.text):
        texts.pop()
        return _take_last_lines(texts) or Byline(last.text, None, None)
    stands_apart = last.align == "right" or texts[-2].text.endswith("./.")
    byline = bylines.parse(last.text, office=stands_apart)
    if byline is None:
        return None
    texts.pop()
    before = texts[-1] if len(texts) > 1 else None
    only_source = byline.source is not None and byline.author is None
    if before is not None and len(before.text) <= 80 and (only_source or ":" in before.text + last.text):
        upper = bylines.parse(before.text)
        if upper is not None:
            texts.pop()
            author = upper.author or byline.author
            printed = f"{before.text}; {last.text}"
            author = replace(author, byline=printed) if author else None
            return Byline(printed, author, upper.source or byline.source)
    return byline
