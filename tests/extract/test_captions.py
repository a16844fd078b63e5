"""Every shape of caption is bound to its picture and leaves the text."""

from __future__ import annotations

import pytest

from quynhon_crawler.extract import body

TEXT = "<p>Hội nghị bàn việc của phường trong tháng tới và phân công từng tổ.</p>"
CENTRED = 'style="text-align:center;"'
PICTURE = f'<p {CENTRED}><img src="/a.jpg"></p>'


@pytest.mark.parametrize(
    "markup",
    [
        f"{PICTURE}<p {CENTRED}><em>Quang cảnh</em></p>",
        f"{PICTURE}<p {CENTRED}><span><span><em>Quang cảnh</em></span></span></p>",
        f"{PICTURE}<figure><figcaption><p><em>Quang cảnh</em></p></figcaption></figure>",
        '<figure><img src="/a.jpg"><figcaption>Quang cảnh</figcaption></figure>',
        '<figure><figcaption>Quang cảnh</figcaption><img src="/a.jpg"></figure>',
        '<table><tr><td><img src="/a.jpg"></td></tr><tr><td>Quang cảnh</td></tr></table>',
        f'<div {CENTRED}><img src="/a.jpg"></div><div {CENTRED}>Quang cảnh</div>',
        f'<p {CENTRED}><img src="/a.jpg"><br><em>Quang cảnh</em></p>',
        '<div class="wp-caption"><img src="/a.jpg"><p class="wp-caption-text">Quang cảnh</p></div>',
        '<center><img src="/a.jpg"></center><center><i>Quang cảnh</i></center>',
    ],
)
def test_shapes(markup: str) -> None:
    found = body.read(body.soup_of(f"<div>{TEXT}{markup}{TEXT}{TEXT}</div>"))
    assert [picture.caption for picture in found.pictures] == ["Quang cảnh"]
    assert "Quang cảnh" not in found.text


def test_a_gallery_row_by_row() -> None:
    row = "".join(f'<td><img src="/{name}.jpg"></td>' for name in "ab")
    captions = "<td>Bên trái</td><td>Bên phải</td>"
    found = body.read(
        body.soup_of(f"<div>{TEXT}<table><tr>{row}</tr><tr>{captions}</tr></table>{TEXT}</div>")
    )
    assert [(one.reference, one.caption) for one in found.pictures] == [
        ("/a.jpg", "Bên trái"),
        ("/b.jpg", "Bên phải"),
    ]


@pytest.mark.parametrize(
    "after",
    [
        "<p>Đoạn văn sau ảnh không nghiêng, không canh giữa.</p>",
        f"<p {CENTRED}>{'Một đoạn dài canh giữa. ' * 20}</p>",
        '<p style="text-align:right;"><em>Linh_VPTU</em></p>',
        f"<p {CENTRED}>Kết thúc hội nghị./.</p>",
    ],
)
def test_what_follows_a_picture_is_not_always_its_caption(after: str) -> None:
    found = body.read(body.soup_of(f"<div>{TEXT}{PICTURE}{after}</div>"))
    assert [picture.caption for picture in found.pictures] == [None]


def test_a_line_that_is_only_a_code_names_the_picture() -> None:
    found = body.read(body.soup_of(f"<div>{TEXT}{PICTURE}<p {CENTRED}>HNBCH082019001</p>{TEXT}</div>"))
    assert [(one.title, one.caption) for one in found.pictures] == [("HNBCH082019001", None)]
    assert "HNBCH" not in found.text
