"""Files for download: small, valid PDF, docx, xlsx and zip, the same bytes for the same text."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

from .words import slugged

MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FORMAT = "application/vnd.openxmlformats-officedocument"


def paper_bytes(suffix: str, text: str) -> bytes:
    """A file of the kind ``suffix`` (``.pdf``, ``.docx``, ``.xlsx``, ``.zip``) that says ``text``."""
    return {".pdf": pdf, ".docx": docx, ".xlsx": xlsx}.get(suffix, archive)(text)


def pdf(text: str) -> bytes:
    """A PDF of one page. Its built-in font has no Vietnamese letters: the text is shown without marks."""
    line = slugged(text).replace("-", " ").upper()[:90]
    content = f"BT /F1 14 Tf 60 770 Td (CONG THONG TIN DIEN TU) Tj 0 -28 Td /F1 10 Tf ({line}) Tj ET".encode(
        "ascii"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _zip(members: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, (2024, 1, 2, 8, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, content)
    return out.getvalue()


def _office(main: str, kind: str, content: str, more: dict[str, str], overrides: str = "") -> bytes:
    types = (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/{main}" '
        f'ContentType="{_FORMAT}.{kind}.main+xml"/>{overrides}</Types>'
    )
    relations = (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="{main}"/></Relationships>'
    )
    return _zip({"[Content_Types].xml": types, "_rels/.rels": relations, main: content, **more})


def docx(text: str) -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"
    content = f'{_XML}<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
    return _office("word/document.xml", "wordprocessingml.document", content, {})


def xlsx(text: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    book = (
        f'{_XML}<workbook xmlns="{space}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Danh sách" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    cell = f'<c r="A1" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
    sheet = f'{_XML}<worksheet xmlns="{space}"><sheetData><row r="1">{cell}</row></sheetData></worksheet>'
    relations = (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    )
    override = (
        '<Override PartName="/xl/worksheets/sheet1.xml" '
        f'ContentType="{_FORMAT}.spreadsheetml.worksheet+xml"/>'
    )
    more = {"xl/_rels/workbook.xml.rels": relations, "xl/worksheets/sheet1.xml": sheet}
    return _office("xl/workbook.xml", "spreadsheetml.sheet", book, more, override)


def archive(text: str) -> bytes:
    return _zip({"doc/thong-tin.txt": text + "\n"})
