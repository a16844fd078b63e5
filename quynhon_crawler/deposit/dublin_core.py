"""What the archive is, in the fifteen terms that every library and repository reads (ISO 15836, oai_dc)."""

from __future__ import annotations

import sqlite3
from xml.etree import ElementTree as ET

from quynhon_crawler.config import Config

_DC = "http://purl.org/dc/elements/1.1/"
_OAI = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_COUNTED = (
    ("articles", "articles"),
    ("images", "images"),
    ("documents", "documents"),
    ("captures", "captures"),
)


def dublin_core(connection: sqlite3.Connection, config: Config) -> bytes:
    """An XML document; what is not known is left out."""
    portals = connection.execute("SELECT name, home_url, rights FROM portals ORDER BY home_url").fetchall()
    first, last = connection.execute("SELECT min(captured_at), max(captured_at) FROM captures").fetchone()
    counts = ", ".join(
        f"{connection.execute(f'SELECT count(*) FROM {table}').fetchone()[0]:,} {name}"  # noqa: S608 - names above
        for table, name in _COUNTED
    )
    said: list[tuple[str, str | None]] = [
        ("title", config.archive.name),
        ("creator", config.archive.operator),
    ]
    said += [("publisher", name) for name, _, _ in portals]
    said += [
        ("description", f"Web archive of Vietnamese public portals: {counts}"),
        ("type", "Collection"),
        ("format", "application/warc"),
        ("date", f"{first[:10]}/{last[:10]}" if first else None),
        ("language", "vi"),
        ("coverage", "Việt Nam"),
    ]
    said += [("source", url) for _, url, _ in portals]
    said += [("rights", text) for text in sorted({config.archive.rights, *(row[2] or "" for row in portals)})]
    for prefix, space in (("dc", _DC), ("oai_dc", _OAI)):
        ET.register_namespace(prefix, space)
    root = ET.Element(f"{{{_OAI}}}dc")
    for name, value in said:
        if value:
            ET.SubElement(root, f"{{{_DC}}}{name}").text = _printable(value)
    ET.indent(root)
    return bytes(ET.tostring(root, "utf-8", xml_declaration=True)) + b"\n"


def _printable(text: str) -> str:
    """XML has no place for control characters and halves of surrogate pairs."""
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t")
