"""Bodies as HTML, in the hands that wrote them: editor, Word, ``div``, ``br`` and the portal of 2019.

Every style keeps the words of the blocks; only the markup around them differs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup, escape

from .blocks import Block, Bullets, Clip, File, Gap, Grid, Heading, Hidden, Missing, Paragraph, Picture
from .pictorial import centred, picture


@dataclass(frozen=True, slots=True)
class Hand:
    """One way to write. ``paragraph`` wraps inline HTML, ``table`` is the opening tag of a data table."""

    paragraph: Callable[[str], str]
    gap: str
    table: str = '<table border="1" cellpadding="0" cellspacing="0" style="width:100%;">'
    before: str = ""
    after: str = ""
    inline: Callable[[str], str] = str


def _plain(inner: str) -> str:
    return f'<p style="text-align:justify;">{inner}</p>\n\n'


def _spans(inner: str) -> str:
    return (
        '<p style="text-align:justify;"><span style="font-size:14pt;">'
        f'<span style="font-family:times new roman,times,serif;">{inner}</span></span></p>\n\n'
    )


def _word(inner: str) -> str:
    return (
        '<p class="MsoNormal" style="margin-bottom:6.0pt;text-align:justify;text-indent:36.0pt">'
        f'<span lang="VI" style="font-size:14.0pt">{inner}<o:p></o:p></span></p>\n\n'
    )


def _div(inner: str) -> str:
    return f'<div style="text-align:justify;">{inner}</div>\n'


def _br(inner: str) -> str:
    return f"{inner}<br />\n<br />\n"


def _font(inner: str) -> str:
    return f'<P align=justify><FONT size=2 face="Times New Roman">{inner}</FONT></P>\n'


def _two_runs(inner: str) -> str:
    # Word splits a sentence into runs wherever the cursor once stood
    if "<" in inner or inner.count(" ") < 12:
        return inner
    words = inner.split(" ")
    half = len(words) // 2
    return f'{" ".join(words[:half])}</span>\n<span style="font-size:14.0pt"> {" ".join(words[half:])}'


_WORD_BEFORE = (
    "<!--[if gte mso 9]><xml>\n <w:WordDocument>\n  <w:View>Normal</w:View>\n  <w:Zoom>0</w:Zoom>\n"
    ' </w:WordDocument>\n</xml><![endif]--><style type="text/css">\n<!--\n'
    " p.MsoNormal {margin:0cm; font-size:14pt;}\n"
    "-->\n</style>\n"
)

HANDS = {
    "plain": Hand(_plain, "<p>&nbsp;</p>\n\n"),
    "spans": Hand(_spans, '<p style="text-align:justify;"><span>&nbsp;</span></p>\n\n'),
    "word": Hand(
        _word,
        '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n\n',
        '<table class="MsoTableGrid" border="1" cellspacing="0" cellpadding="0">',
        before=_WORD_BEFORE,
        inline=_two_runs,
    ),
    "div": Hand(_div, "<div>&nbsp;</div>\n", before='<div class="clearfix">', after="</div>"),
    "br": Hand(_br, "&nbsp;<br />\n"),
    "font": Hand(_font, "<P align=justify>&nbsp;</P>\n"),
}


def body_html(blocks: tuple[Block, ...], style: str, byline: str | None) -> Markup:
    """The inner HTML of ``.article-content``; ``byline`` is its last line when it stands there."""
    hand = HANDS[style]
    parts = [_block(block, style, hand) for block in blocks]
    if byline:
        signed = f"<strong>{escape(byline)}</strong>"
        if style == "br":
            parts.append(f'<div style="text-align:right;">{signed}</div>')
        elif style == "font":
            parts.append(
                f'<P align=right><FONT size=2 face="Times New Roman"><B>{escape(byline)}</B></FONT></P>'
            )
        elif style == "div":
            parts.append(f'<div style="text-align:right;">{signed}</div>')
        else:
            parts.append(f'<p style="text-align:right;"><em>{signed}</em></p>\n')
    return Markup(hand.before + "".join(parts) + hand.after)  # noqa: S704  built from escaped parts


def _block(block: Block, style: str, hand: Hand) -> str:
    match block:
        case Paragraph():
            return hand.paragraph(hand.inline(_inline(block)))
        case Heading(text=text):
            return hand.paragraph(f"<strong>{escape(text)}</strong>")
        case Bullets(items=items):
            return "<ul>\n" + "".join(f"\t<li>{escape(item)}</li>\n" for item in items) + "</ul>\n"
        case Grid(rows=rows):
            return hand.table + "<tbody>" + "".join(_row(row) for row in rows) + "</tbody></table>\n"
        case Picture(photo=photo):
            return picture(photo, style)
        case File():
            return _file(block, hand)
        case Hidden(text=text):
            return f'<p style="display:none">{escape(text)}</p>\n'
        case Gap():
            return hand.gap
        case Missing():
            return centred('<img alt="" src="/App/images/no-image-news.png" />', style)
        case Clip(address=address):
            frame = f'<iframe allowfullscreen="" height="400" src="{address}" width="640"></iframe>'
            return centred(frame, style)


def _inline(block: Paragraph) -> str:
    text = str(escape(block.text))
    if block.strong:
        strong = str(escape(block.strong))
        text = text.replace(strong, f"<strong>{strong}</strong>", 1)
    if block.link:
        words, href = str(escape(block.link[0])), block.link[1]
        text = text.replace(words, f'<a href="{href}">{words}</a>', 1)
    # a no-break space after the title word, as typed by half of the desk
    return text.replace("đồng chí ", "đồng chí&nbsp;", 1)


def _row(cells: tuple[str, ...]) -> str:
    return "<tr>" + "".join(f"<td><p>{escape(cell)}</p></td>" for cell in cells) + "</tr>\n"


def _file(block: File, hand: Hand) -> str:
    href = escape(block.paper.href)
    if block.paper.title is None:
        return f'<iframe src="{href}" width="100%" height="900" class="pdf-viewer"></iframe>\n'
    link = f'<a href="{href}" target="_blank">{escape(block.paper.title)}</a>'
    return hand.paragraph(f"{escape(block.before)}{link}.")
