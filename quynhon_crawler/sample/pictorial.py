"""Pictures in a body: the image, and its caption in each of the forms that editors use."""

from __future__ import annotations

from markupsafe import escape

from .photos import Photo

_CENTRED = {
    "div": '<div style="text-align:center;">{}</div>\n',
    "br": '<div align="center">{}</div>\n',
    "font": "<P align=center>{}</P>\n",
    "word": '<p class="MsoNormal" align="center" style="text-align:center">{}<o:p></o:p></p>\n\n',
}


def centred(inner: str, style: str) -> str:
    """``inner`` in a centred line of the body's style."""
    return _CENTRED.get(style, '<p style="text-align:center;">{}</p>\n\n').replace("{}", inner)


def image_tag(photo: Photo) -> str:
    """The ``img``. A lazy one holds the placeholder; a raw one may end with the stray quote."""
    alt = str(escape(photo.alt))
    size = f'width="{photo.width}" height="{photo.height}"'
    src = str(escape(photo.src))
    if photo.source == "lazy":
        return (
            f'<img class="lazy" alt="{alt}" {size} src="/App/images/bg_trans.png;" data-original="{src}" />'
        )
    if photo.source == "thumbnail":
        return f'<img alt="{alt}" src="{src}" style="width:{photo.width}px;height:{photo.height}px" />'
    if photo.form == "2026":
        # a stray quote after alt, as the CMS sends it
        return f'<img {size} src="{src}" alt="{alt}"" />'
    return f'<img alt="{alt}" {size} src="{src}" />'


def picture(photo: Photo, style: str) -> str:
    """The picture with its caption, as HTML of a body written in ``style``."""
    image = image_tag(photo)
    caption = str(escape(photo.caption)) if photo.caption else ""
    if not caption:
        return centred(image, style)
    match photo.form:
        case "2022":
            return centred(image, style) + centred(f"<em>{caption}</em>", style)
        case "2022-nested":
            words = (
                f'<span style="font-size:13px;"><span style="color:#0000ff;"><em>{caption}</em></span></span>'
            )
            return centred(image, style) + centred(words, style)
        case "2026":
            words = f'<p style="text-align:center;"><em>{caption}</em></p>'
            return f"{centred(image, style)}<figure><figcaption>{words}</figcaption></figure>\n"
        case "figure":
            return f'<figure class="image">{image}<figcaption>{caption}</figcaption></figure>\n'
        case "table":
            return (
                '<table align="center" border="0" cellpadding="1" style="width:600px;"><tbody>'
                f"<tr><td>{image}</td></tr>\n"
                f'<tr><td style="text-align: center;"><em>{caption}</em></td></tr></tbody></table>\n'
            )
        case _:
            return centred(f"{image}<br />\n<em>{caption}</em>", style)
