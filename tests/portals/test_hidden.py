"""What readers of the portal do not see is neither in the text nor in the markup that is shown again."""

from __future__ import annotations

import pytest

from quynhon_crawler.model import Page
from quynhon_crawler.portals import read

_PAGE = """<html lang="vi"><head><meta name="DC.Date" content="2026-09-30+0719:13:34"></head><body>
<div id="module25" class="ModuleWrapper" moduleRootId="1"><article id="article25" class="article-new">
<div class="article-content"><h1 class="article-title title-detail">Khai mạc hội chợ</h1></div>
<div class="article-content font-size-text clearfix common-content"><p>Sáng nay, hội chợ mở cửa đón khách.</p>
{hidden}<p>Hội chợ kéo dài ba ngày.</p></div></article></div></body></html>"""


@pytest.mark.parametrize(
    "hidden",
    [
        '<p style="display:none">Không ai thấy</p>',
        '<p style="color: red; DISPLAY : none">Không <b style="display:none">ai</b> thấy</p>',
        "<div hidden><p>Không ai thấy</p></div>",
        '<p style="visibility: hidden">Không ai thấy</p>',
        '<p><span style="mso-hide:all">Không ai thấy</span></p>',
    ],
)
def test_hidden_text_is_not_shown(hidden: str) -> None:
    content = _PAGE.format(hidden=hidden).encode()
    page = Page(
        "https://a.gov.vn/tin-tuc/x.html", 200, (("Content-Type", "text/html; charset=utf-8"),), content
    )
    article = read(page).article
    assert article is not None
    assert article.body == "Sáng nay, hội chợ mở cửa đón khách.\n\nHội chợ kéo dài ba ngày."
    assert "thấy" not in article.body_html
    assert "kéo dài" in article.body_html
