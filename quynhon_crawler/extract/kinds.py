"""What an article is: a text, an album of pictures, a video, or a notice of an office."""

from __future__ import annotations

import re
from collections.abc import Iterable

from quynhon_crawler.extract.text import fold
from quynhon_crawler.model import ArticleKind

_ALBUM = re.compile(
    r"\bqua anh\b|\bchum anh\b|\balbum\b|thu vien (?:hinh )?anh|phong su anh|\bhinh anh\b|anh dep"
)
_VIDEO = re.compile(r"\bvideo\b|truyen hinh|\bclip\b|phim tu lieu|thu vien phim")
# The notice sections that the side bar of 2019 names (land prices, reception calendar, complaint results,
# recruitment), and the announcements beside them.
_NOTICE = re.compile(
    r"^thong bao|\bgia dat\b|lich tiep|tiep cong dan|khieu nai|to cao|\bkntc\b|"
    r"tuyen dung|tuyen sinh|"
    r"dau gia|moi thau|dau thau|niem yet|^thong tin (?:dau|quy hoach)|"
    r"lich cong tac|lich lam viec|cat dien|cat nuoc"
)


def kind_of(
    *, sections: Iterable[str], title: str | None, words: int, pictures: int, player: bool
) -> ArticleKind:
    """``sections`` from the top down; ``words`` of the body; ``player`` says that a video stands on the page.

    An album has pictures and little else; a video page has a player and little text, or stands in a section
    of videos; a notice is told by its section alone, because any article may be titled an announcement.
    """
    folded = [fold(section) for section in sections]
    named = [*folded, fold(title or "")]
    if player and (words < 150 or any(_VIDEO.search(name) for name in named)):
        return "video"
    if pictures >= 2 and words < 60 * pictures and any(_ALBUM.search(name) for name in named):
        return "album"
    if pictures >= 6 and words < 15 * pictures:
        return "album"
    if any(_NOTICE.search(name) for name in folded):
        return "notice"
    return "article"
