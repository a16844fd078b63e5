"""Pages made to cost a parser as much as they can: each took seconds once, or is the neighbour of one."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import islice, product
from string import ascii_lowercase

from quynhon_crawler.model import Page

_VHV = (
    '<html><head><meta name="DC.Creator" content=""></head><body><div class="ModuleWrapper" moduleRootId="1">'
    '<article><h1 class="title-detail">Tiêu đề</h1><div class="article-content common-content">'
)
_ASPNET = '<html><body><input id="__VIEWSTATE"><h1 class="x_title">Tiêu đề bài viết</h1>'
_SENTENCE = "<p>Hội nghị hôm nay bàn nhiều việc quan trọng của phường trong tuần để dân biết, dân làm.</p>"
_WORDPRESS = '<html><head><meta name="generator" content="WordPress 6"></head><body class="archive">'
_NUKEVIET = '<html><head><meta name="generator" content="NukeViet v4"></head><body>'


def page(content: str | bytes, media: str = "text/html; charset=utf-8") -> Page:
    """As if a portal had sent it."""
    sent = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    return Page("https://a.gov.vn/tin/x.html", 200, (("Content-Type", media),), sent)


def _in_article(markup: str) -> str:
    return f"{_VHV}{markup}</div></article></div></body></html>"


def _names(count: int) -> list[str]:
    return ["".join(letters) for letters in islice(product(ascii_lowercase, repeat=4), count)]


def _chopped(quoted: str, count: int) -> str:
    """One tag with very many attributes, cut by brackets that are no markup every 200."""
    names = _names(count)
    parts = [" ".join(names[at : at + 200]) + " " + quoted for at in range(0, count, 200)]
    return "<p " + " ".join(parts) + ">x"


def _fonts(count: int, attributes: int) -> str:
    names = _names(count * attributes)
    return "<p>" + "".join(
        f"<font {' '.join(names[at : at + attributes])}>" for at in range(0, count * attributes, attributes)
    )


def _filled(piece: str, size: int) -> Callable[[], str]:
    """An article of one piece again and again."""
    return lambda: _in_article(piece * (size // len(piece.encode())))


def _numbered(pattern: str, size: int) -> Callable[[], str]:
    """An article of pieces that are all different."""
    return lambda: _in_article("".join(pattern.format(n=number) for number in range(size // len(pattern))))


def pages(size: int) -> Iterator[tuple[str, Page]]:
    """Every attack with its name, about ``size`` bytes each where size is what hurts."""
    for name, piece in {
        "nested-div": "<div>", "nested-span": "<span>", "nested-b": "<b>", "nested-b-p": "<b><p>",
        "nested-table": "<table><tr><td>", "nested-list": "<ul><li>", "nested-svg": "<svg><a>",
        "nested-template": "<template>", "nested-select": "<select><option>", "nested-frameset": "<frameset>",
        "only-less-than": "<", "only-ampersand": "&", "only-quotes": "<\"'", "only-comments": "<!--",
        "only-cdata": "<![CDATA[", "breaks": "a<br>", "pictures": "<img src=a.jpg>", "dates": "1/1/",
        "listing-calls": "<script>VHV.using ($.extend(\n$.parseJSON(decode64('", "site-paths": "/upload/1",
        "style-pointers": "<style>url(", "style-comments": "<style>/*", "words": "Hội nghị ",
        "refresh": "<meta http-equiv=refresh content=url=>", "labels": "<li>Trích yếu: x</li>",
        "laws": "<tr><td>12/QĐ-UBND</td><td>1/1/2019</td><td>Về việc abc</td></tr>",
        "bylines": "<p>./. Tin: A; Ảnh: B</p>",
        "hard-spaces": "\u00a0x", "signs": "¶·", "ranges": "từ ngày 3 - 5/9 và ", "old-font": "Qu¶ng Ng·i ",
    }.items():  # fmt: skip
        yield name, page(_filled(piece, size)())
    for name, pattern in {
        "links": '<a href="/x{n}">y</a>',
        "captions": "<p><img src=a{n}.jpg></p><p align=center><em>c</em></p>",
        "one-tag-many-attributes": "<p a{n}=1", "open-fonts": "<p><font a{n}>x</p>",
        "bodies": "<body k{n} l{n} m{n}>", "sections": "<div id=a{n}_content><p>x</p></div>",
    }.items():  # fmt: skip
        yield name, page(_numbered(pattern, size)())
    for name, text in {
        "one-attribute": '<p style="' + "text-align:" * (size // 11) + '">x', "one-word": "<p>" + "a" * size,
        "one-line": "<p>" + "Hội nghị. " * (size // 14), "spaces": "<p>" + " " * size,
        "one-link": f'<a href="//{"x/" * (size // 2)}">', "one-comment": "<!--" + "-" * size,
        "attributes": "<p " + " ".join(f"a{n}=1" for n in range(size // 8)) + ">x",
        "attributes-of-end-tag": "</p " + " ".join(_names(60_000)) + ">x",
        "attributes-behind-quotes": _chopped('z="<b>"', 58_000),
        "attributes-behind-single": _chopped("z='<b>'", 58_000),
        "attributes-behind-bracket": _chopped("z=<b", 58_000),
        "attributes-behind-odd": _chopped('a=x" z=">" y="<b"', 58_000),
        "fonts-many-paragraphs": _fonts(249, 1) + "<p>x" * 39_000,
        "fonts-many-attributes": _fonts(30, 280) + "<p>x" * 3_900,
        "fonts-closed-in-cells": _fonts(200, 1) + "<table><tr><td>" + "</font>" * 200 + "</table>"
        + "<p>x" * 3_000,
        "fonts-closed-in-comment": _fonts(200, 1) + "<!--" + "</font>" * 200 + "-->" + "<p>x" * 3_000,
        "fonts-closed-in-quotes": _fonts(200, 1) + f'<p title="{"</font>" * 200}">' + "<p>x" * 3_000,
    }.items():  # fmt: skip
        yield name, page(_in_article(text))
    for name, whole in {
        "json-ld-brackets": '<script type="application/ld+json">' + "[" * size + "</script><p>a",
        "json-ld-objects": '<script type="application/ld+json">' + '{"a":' * (size // 5) + "</script>",
        "title": "<title>" + "không tìm thấy " * (size // 20),
        "crumbs": "<ol class=breadcrumb>" + "<li><a href=/a>x</a>" * (size // 20),
        "generic-text": "<h1>Tiêu đề bài viết</h1>" + _SENTENCE * (size // len(_SENTENCE.encode())),
        "generic-deep": "<h1>Tiêu đề bài viết</h1>" + "<div>" * 390 + _SENTENCE * 3_000,
        "aspnet-deep": _ASPNET + f'<div class="content">{_SENTENCE}' * 380,
        "aspnet-text-deep": _ASPNET
        + '<div class="content">' * 390
        + _SENTENCE * (size // len(_SENTENCE.encode())),
        "aspnet-text-deep-small": _ASPNET + '<div class="content">' * 390 + "Hội nghị. " * 18_000,
        "wordpress-deep": _WORDPRESS
        + '<article class="post"><h2 class="entry-title"><a href="/a">b</a></h2>' * 390,
        "nukeviet-list": _NUKEVIET
        + '<div class="news_column"><div class="item"><h3><a href="/a">b</a></h3></div>' * (size // 80),
        "list-parameters": _VHV + "<script>VHV.using ($.extend($.parseJSON(decode64('" + "A" * size,
        "surrogates": "<p>" + "\ud800" * (size // 3),
    }.items():  # fmt: skip
        yield name, page(whole)
    dice = random.Random(1)
    yield "random-bytes", page(dice.randbytes(size))
    yield "nuls", page(b"\x00" * size)
    yield "latin-letters", page(b"\xe9\x20" * (size // 2))
    yield "style-sheet", page("url(" * (size // 4), "text/css")
