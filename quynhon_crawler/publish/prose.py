"""An article's body, written again from an allow-list: nothing of the portal's markup passes as it came.

Elements and attributes outside the list vanish, text is escaped, pictures become figures of archived
copies in the place where they stood. Safe for any input, in time linear to its length.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import unquote, urlsplit

from markupsafe import Markup, escape
from selectolax.lexbor import LexborHTMLParser, LexborNode

from quynhon_crawler.publish.lookup import Picture
from quynhon_crawler.urls import url_key

_INLINE = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "u": "u", "sub": "sub", "sup": "sup"}
_BLOCK = {"ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"}
_TABLE = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"})
# h1 and h2 are the page's own; h3 keeps the outline whole.
_HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
_DROPPED = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "form",
    "template",
    "noscript",
    "svg",
    "math",
    "head",
}
_PARAGRAPH = {
    "p",
    "div",
    "section",
    "article",
    "figure",
    "figcaption",
    "dl",
    "dt",
    "dd",
    "center",
    "pre",
    "hr",
}
# Word and CMS markup nests some dozen deep; past this only the text is kept.
_DEEPEST = 60

Figure = Callable[[Picture], Markup]


def render(
    body_html: str, pictures: Sequence[Picture], figure: Figure, *, byline: str | None = None
) -> tuple[Markup, set[int]]:
    """The body as safe HTML, and the positions of the pictures that stand in it.

    ``figure`` writes the HTML of one picture. A picture is found by its address or its file's name, in order
    of appearance. Paragraphs that only repeat a caption or the ``byline`` are left out.
    """
    writer = _Writer(pictures, figure, byline)
    body = LexborHTMLParser(body_html).body
    if body is not None:
        writer.children(body, 0)
    writer.flush()
    # Every piece was written by this module: names from its lists, all else escaped.
    return Markup("".join(writer.out)), writer.used  # noqa: S704


def paragraphs(text: str) -> Markup:
    """Plain text with empty lines between paragraphs, as paragraphs."""
    parts = (escape(part.strip()).replace("\n", Markup("<br>")) for part in text.split("\n\n"))
    return Markup("").join(Markup("<p>{}</p>\n").format(part) for part in parts if part)


def safe_link(address: str | None) -> str | None:
    """An address that may stand in ``href``: http, https or mailto; None for everything else."""
    cleaned = "".join(letter for letter in (address or "") if letter.isprintable()).strip()
    try:
        parts = urlsplit(cleaned)
    except ValueError:
        return None
    if parts.scheme.lower() in ("http", "https") and parts.netloc:
        return cleaned
    return cleaned if parts.scheme.lower() == "mailto" and "@" in parts.path else None


class _Writer:
    def __init__(self, pictures: Sequence[Picture], figure: Figure, byline: str | None) -> None:
        self.out: list[str] = []
        self.used: set[int] = set()
        self._figure = figure
        self._line: list[str] = []
        self._open: list[tuple[str, str]] = []
        self._wrap = "p"
        self._frames = 0
        self._has_text = False
        self._waiting: dict[str, list[Picture]] = {}
        for picture in pictures:
            for name in _names(picture.url):
                self._waiting.setdefault(name, []).append(picture)
        self._said = ({_plain(picture.caption) for picture in pictures} | {_plain(byline)}) - {""}

    def children(self, node: LexborNode, depth: int) -> None:
        child = node.child
        while child is not None:
            self._node(child, depth + 1)
            child = child.next

    def flush(self) -> None:
        """End the paragraph that is being written; open inline elements go on in the next one."""
        if self._has_text:
            while self._line and self._line[-1] == "<br>":
                self._line.pop()
            ends = "".join(f"</{name}>" for name, _ in reversed(self._open))
            self.out.append(f"<{self._wrap}>{''.join(self._line).strip()}{ends}</{self._wrap}>\n")
        self._line = [start for _, start in self._open]
        self._has_text = False

    def _node(self, node: LexborNode, depth: int) -> None:
        name = node.tag or ""
        if name == "-text":
            self._text(node.text_content or "")
        elif name.startswith("-") or name in _DROPPED:
            return
        elif depth > _DEEPEST:
            self._text(node.text(deep=True, separator=" "))
        elif name == "img":
            self._picture(node)
        elif name == "br":
            self._break()
        elif name in _INLINE:
            self._inline(node, depth, _INLINE[name], f"<{_INLINE[name]}>")
        elif name == "a":
            target = safe_link(node.attributes.get("href"))
            if target is None:
                self.children(node, depth)
            else:
                self._inline(node, depth, "a", f'<a href="{escape(target)}" rel="nofollow noopener">')
        else:
            self._block(node, name, depth)

    def _block(self, node: LexborNode, name: str, depth: int) -> None:
        if name == "table" and _is_frame(node):
            self._frames += 1
            self.children(node, depth)
            self._frames -= 1
            self.flush()
        elif (
            name in ("figcaption", "p", "caption", "td", "div") and _plain(node.text(deep=True)) in self._said
        ):
            self._pictures_only(node)
        elif name in _BLOCK and not (self._frames and name in _TABLE):
            self.flush()
            self.out.append(f"<{name}{_spans(node) if name in ('td', 'th') else ''}>")
            self.children(node, depth)
            self.flush()
            self.out.append(f"</{name}>")
        elif name in _HEADINGS or name in _PARAGRAPH or name in _TABLE:
            self.flush()
            before, self._wrap = self._wrap, _HEADINGS.get(name, "p")
            self.children(node, depth)
            self.flush()
            self._wrap = before
        else:
            self.children(node, depth)

    def _inline(self, node: LexborNode, depth: int, name: str, start: str) -> None:
        if any(open_name == name for open_name, _ in self._open):
            self.children(node, depth)
            return
        self._open.append((name, start))
        self._line.append(start)
        self.children(node, depth)
        self._open.pop()
        if self._line and self._line[-1] == start:
            self._line.pop()
        else:
            self._line.append(f"</{name}>")

    def _text(self, text: str) -> None:
        if text.strip():
            self._has_text = True
        elif not self._has_text:
            return
        self._line.append(str(escape(text)))

    def _break(self) -> None:
        if self._line and self._line[-1] == "<br>":
            self._line.pop()
            self.flush()
        elif self._has_text:
            self._line.append("<br>")

    def _picture(self, node: LexborNode) -> None:
        address = (node.attributes.get("src") or "").strip()
        known = (picture for name in _names(address) for picture in self._waiting.get(name, ()))
        picture = next((picture for picture in known if picture.position not in self.used), None)
        if picture is None:
            return
        self.flush()
        self.used.add(picture.position)
        self.out.append(str(self._figure(picture)))

    def _pictures_only(self, node: LexborNode) -> None:
        for image in node.css("img"):
            self._picture(image)


def _is_frame(table: LexborNode) -> bool:
    """A table of one column around a picture: how editors set a caption under it (seen on VHV pages)."""
    if not table.css_first("img"):
        return False
    return all(len(row.css("td, th")) <= 1 for row in table.css("tr"))


def _names(address: str) -> tuple[str, ...]:
    """What a picture may be known by: its address, and its file name, which thumbnails of it share (VHV)."""
    if not address:
        return ()
    return url_key(address), unquote(address.split("?")[0].rpartition("/")[2]).casefold()


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())


def _spans(node: LexborNode) -> str:
    spans = ""
    for name in ("colspan", "rowspan"):
        value = node.attributes.get(name) or ""
        if value.isascii() and value.isdigit() and 1 < int(value[:4]) <= 50:
            spans += f' {name}="{int(value[:4])}"'
    return spans
