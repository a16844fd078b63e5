"""Legal documents: rows of listing tables, and pages that give one document label by label."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborNode

from quynhon_crawler.extract import attachments, dates
from quynhon_crawler.extract.text import clean, fold
from quynhon_crawler.model import Document

# 1787/QĐ-UBND, 12/2019/NQ-HĐND; of the Party 12-KH/TU, 18-NQ/TW.
_NUMBER = re.compile(
    r"(?<![\w/-])[0-9]{1,6}-[A-ZĐ]{2,8}/[A-ZĐ][A-ZĐa-z]{1,15}(?:-[A-ZĐ]{2,15})?(?![\w/])|"
    r"(?<![\w/])[0-9]{1,6}(?:/[0-9]{4})?/[0-9A-ZĐÂĂÊÔƠƯ][0-9A-ZĐÂĂÊÔƠƯa-zđ.&]{0,14}"
    r"(?:-[0-9A-ZĐÂĂÊÔƠƯa-zđ.&]{1,20}){0,4}"
)
_SPACED = re.compile(r"(?<=[0-9A-ZĐ])\s{0,3}([/-])\s{0,3}(?=[0-9A-ZĐ])")
_LABELS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("number", re.compile(
        r"^(?:so(?:[ /,]+| va )?)?(?:ky hieu|so hieu|hieu)(?: van ban)?$|^so(?: van ban|/kh)?$"
    )),
    ("issued_on", re.compile(r"^ngay (?:ban hanh|ky|van ban|thang)(?: van ban)?$|^ban hanh$|^ngay$")),
    ("abstract", re.compile(
        r"^trich yeu(?: noi dung)?$|^(?:noi dung|ten|tieu de)(?: van ban)?(?: trich yeu)?$|"
        r"^ve viec$|^tom tat$"
    )),
    ("kind", re.compile(r"^(?:the )?loai(?: hinh)?(?: van ban)?$|^hinh thuc(?: van ban)?$")),
    ("issuer", re.compile(r"^(?:co quan|don vi|noi)(?: ban hanh)?$|^co quan ban hanh(?:/.*)?$")),
    ("signer", re.compile(r"^nguoi ky(?: van ban| duyet)?$")),
    ("file", re.compile(
        r"^(?:tep|file|tai lieu|van ban)(?: tin)?(?: dinh kem| van ban)?$|"
        r"^(?:tai ve|tai xuong|dinh kem|xem|download|toan van)$"
    )),
)  # fmt: skip
_KINDS = {
    "QĐ": "Quyết định", "NQ": "Nghị quyết", "TB": "Thông báo", "KH": "Kế hoạch", "BC": "Báo cáo",
    "CT": "Chỉ thị", "HD": "Hướng dẫn", "TTR": "Tờ trình", "GM": "Giấy mời", "CV": "Công văn",
    "CTR": "Chương trình", "QC": "Quy chế", "NĐ": "Nghị định", "TT": "Thông tư",
    "CĐ": "Công điện", "ĐA": "Đề án", "PA": "Phương án",
}  # fmt: skip
_FEWEST_LABELS = 3
_MOST_ROWS = 3_000

Join = Callable[[str], str | None]


@dataclass(slots=True)
class _Cell:
    text: str
    node: LexborNode


def number_in(text: str | None) -> str | None:
    """The first document number in a text: ``1787/QĐ-UBND``, ``12/2019/NQ-HĐND``."""
    matches = _NUMBER.finditer(text[:2000]) if text else ()
    # Letters name the kind and the office; 27/8/2019 has none.
    return next((match[0].rstrip(".-") for match in matches if any(map(str.isalpha, match[0]))), None)


def _tidy(said: str | None) -> str | None:
    """The number in a cell that holds nothing else: ``15 / TB - UBND`` is closed up, and the Icelandic ``Ð``
    that old keyboards gave for ``Đ`` is one; the text itself when no number is in it."""
    if said is None:
        return None
    return number_in(_SPACED.sub(r"\1", said.replace("Ð", "Đ"))) or said


def kind_in(number: str | None) -> str | None:
    """``Quyết định`` of ``1787/QĐ-UBND``; None when the letters name no kind (``923/UBND-VX``)."""
    if not number:
        return None
    head, _, letters = number.upper().rpartition("/")
    if "-" in head:
        letters = head.partition("-")[2]
    return _KINDS.get(letters) or _KINDS.get(letters.split("-")[0])


def _field(label: str) -> str | None:
    folded = " ".join(re.sub(r"[:*.()]", " ", fold(label)).split())
    if not folded or len(folded) > 40:
        return None
    return next((name for name, pattern in _LABELS if pattern.match(folded)), None)


def rows(root: LexborNode, join: Join) -> tuple[Document, ...]:
    """The documents of listing tables under ``root``, in order.

    Columns are told by the heading row, else by what the cells hold: a number, a date, a text. A row without
    a page of its own has the address of its file.
    """
    found: dict[str, Document] = {}
    for table in root.css("table") or [root]:
        columns: dict[int, str] = {}
        for row in table.css("tr")[:_MOST_ROWS]:
            cells = [_Cell(clean(cell.text(deep=True)[:5000]), cell) for cell in row.css("td,th")]
            fields = {index: name for index, cell in enumerate(cells) if (name := _field(cell.text))}
            if len(fields) >= 2 and len(cells) > 2:
                columns = fields
                continue
            document = _row(cells, columns, join)
            if document is not None:
                found.setdefault(f"{document.url} {document.number}", document)
    return tuple(found.values())


def _row(cells: list[_Cell], columns: dict[int, str], join: Join) -> Document | None:
    if len(cells) < 3:
        return None
    said: dict[str, str] = {}
    for index, cell in enumerate(cells):
        name = columns.get(index) or (None if columns else _guess(cell, said))
        if name and name != "file" and cell.text:
            said.setdefault(name, cell.text)
    number = _tidy(said.get("number"))
    day = dates.printed_day(said.get("issued_on")).value
    if not number or not (day or said.get("abstract")) or not any(char.isdigit() for char in number):
        return None
    page = file = None
    for cell in cells:
        for anchor in cell.node.css("a[href]"):
            url = join(anchor.attributes.get("href") or "")
            if url is None:
                continue
            target = attachments.behind_viewer(url) or url
            if attachments.purpose_of(target) == "attachment" or "download" in anchor.attributes:
                file = file or target
            else:
                page = page or url
    if page is None and file is None:
        return None
    return _document(page or file or "", number, said, file)


def _guess(cell: _Cell, said: dict[str, str]) -> str | None:
    if "number" not in said and _NUMBER.fullmatch(_tidy(cell.text) or ""):
        return "number"
    if "issued_on" not in said and len(cell.text) <= 12 and dates.printed_day(cell.text).value:
        return "issued_on"
    if "abstract" not in said and len(cell.text) > 20:
        return "abstract"
    return None


def _document(url: str, number: str | None, said: dict[str, str], file: str | None) -> Document:
    return Document(
        url=url,
        number=number,
        kind=said.get("kind") or kind_in(number),
        issued_on=dates.printed_day(said.get("issued_on")).value,
        issuer=said.get("issuer"),
        signer=said.get("signer"),
        abstract=said.get("abstract"),
        attachment_url=file,
    )


def detail(root: LexborNode, join: Join, url: str) -> Document | None:
    """The one document of a page that gives it label by label; None when fewer than three labels are known.

    Labels and values stand in two-column tables, definition lists, or ``<li>``s with a colon.
    """
    said: dict[str, str] = {}
    file: str | None = None
    for label, value in _pairs(root):
        name = _field(label)
        if name is None or (name in said and name != "file"):
            continue
        text = clean(value.text(deep=True)[:5000]).removeprefix(label).strip(" :")
        if name == "file":
            file = file or _file_in(value, join)
        elif text:
            said[name] = text
    if len(said) < _FEWEST_LABELS or not ("number" in said or "abstract" in said):
        return None
    file = file or _file_in(root, join)
    document = _document(url, _tidy(said.get("number")), said, file)
    return replace(document, url=url)


def _pairs(root: LexborNode) -> list[tuple[str, LexborNode]]:
    pairs: list[tuple[str, LexborNode]] = []
    for row in root.css("tr")[:400]:
        cells = row.css("td,th")
        # Two pairs may share one row.
        for label, value in zip(cells[0::2], cells[1::2], strict=False):
            if len(cells) in (2, 4):
                pairs.append((clean(label.text(deep=True)[:200]), value))
    for term in root.css("dt")[:200]:
        after = term.next
        while after is not None and not after.is_element_node:
            after = after.next
        if after is not None and after.tag == "dd":
            pairs.append((clean(term.text(deep=True)[:200]), after))
    for item in root.css("li,.row,p,[class*='item'],[class*='field']")[:600]:
        pair = _two_children(item)
        if pair is not None:
            pairs.append(pair)
            continue
        text = item.text(deep=True)[:300]
        before, colon, rest = text.partition(":")
        if colon and rest.strip() and len(before) <= 60:
            pairs.append((clean(before), item))
    return pairs


def _two_children(node: LexborNode) -> tuple[str, LexborNode] | None:
    """Label and value of a row that holds nothing else."""
    children: list[LexborNode] = []
    child: LexborNode | None = node.child
    while child is not None:
        if child.is_element_node:
            children.append(child)
        elif child.is_text_node and (child.text(deep=False) or "").strip(" \t\r\n:"):
            return None
        if len(children) > 2:
            return None
        child = child.next
    return (clean(children[0].text(deep=True)[:200]), children[1]) if len(children) == 2 else None


def _file_in(node: LexborNode, join: Join) -> str | None:
    for anchor in node.css("a[href]"):
        url = join(anchor.attributes.get("href") or "")
        if url is None:
            continue
        target = attachments.behind_viewer(url) or url
        if attachments.purpose_of(target) == "attachment" or "download" in anchor.attributes:
            return target
    return None
