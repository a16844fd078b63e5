"""What pages are broken with: pieces of markup and text that some parser of ours looks for."""

from __future__ import annotations

PIECES = (
    *(b"<div", b"<p>", b"<table><tr><td>", b"<font a>", b"</p>", b"<!--", b"-->", b"<![CDATA[", b"<script>"),
    *(b"VHV.using ($.extend(\n$.parseJSON(decode64('", b"'))", b'class="article-content common-content"'),
    *(b"<h1 class=title-detail>", b"31/02/2019", b"./. Linh_VPTU", b"<img src=", b"srcset='a 1x, b 2x'"),
    *(b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xc2\xad", b'href="//[::1"', b"http://[", b"url(", b"%zz"),
    *(
        b'"',
        b"'",
        b"&#0;",
        b"&#x110000;",
        b"<base href='http://[']>",
        b"<a download href=",
        b"?file=//[/x.pdf",
    ),
    *(b"<meta name=generator content=NukeViet>", b"__VIEWSTATE", b"/wp-content/", b"wp-json", b"DC.Creator"),
    *(b"ModuleWrapper", b"<div class=bodytext>", b"<ol class=breadcrumb><li>", b"<figure><figcaption>"),
    *(
        b'<script type="application/ld+json">{"@type":"Article","author":[',
        b"ng\xc3\xa0y 3 - 31/9",
        b"HN082019001",
    ),
    *("từ ngày 30 tháng 2 năm 2019".encode(), "Tháng Mười Hai 32, 2020".encode(), b"99999999999999999999"),
    *("Tác giả: ".encode(), b"<link rel=canonical href=http://[>", b"_637027696164871909_74de1.jpg"),
    *("<tr><td>12/QĐ-UBND</td><td>1/1/2019</td><td>Về việc</td>".encode(), b"<svg><style>", b"<template>"),
)
