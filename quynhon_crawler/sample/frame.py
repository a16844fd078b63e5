"""The dress that every page wears: menu, side bar, footer, and scripts as heavy as the real ones."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .assets import BANNERS, banner_path
from .desk import Desk
from .laws import SHELVES
from .listings import Module
from .sections import ALL_BRANCHES, PORTAL_NAME
from .seed_article import furniture
from .stories import Story
from .words import phrases, slugged

_PADDING = "__PADDING__"
# seen on VHV pages of 2026: 90-100 KB each
_SMALLEST, _SPREAD = 92_000, 5_500
_FIRST_SIDE_MODULE = 70


@dataclass(frozen=True, slots=True)
class Shown:
    """A story as listings and side bars show it."""

    story: Story

    @property
    def path(self) -> str:
        return self.story.path

    @property
    def printed(self) -> object:
        return self.story.printed

    @property
    def lead(self) -> str | None:
        return self.story.lead

    @property
    def shown_title(self) -> str:
        return spelled(self.story.title, self.story)

    @property
    def listed_author(self) -> str:
        return self.story.sign.plain if self.story.sign.in_list else ""

    @property
    def thumbnail(self) -> str:
        photos = self.story.photos
        return photos[0].thumbnail if photos else "/App/images/no-image-news.png"


def spelled(text: str, story: Story) -> str:
    """``text`` in the Unicode form that the story's page has."""
    return unicodedata.normalize("NFD", text) if story.nfd else text


class Frame:
    """Fills a template and dresses it. The side bar is made once: it shows the portal as it started."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._env = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
        )
        self._env.globals["portal_name"] = PORTAL_NAME

    def fill(self, template: str, **values: object) -> Markup:
        """One template alone."""
        return Markup(self._env.get_template(template).render(**values))  # noqa: S704  autoescaped

    def page(self, template: str, canonical: str, title: str, description: str, **values: object) -> bytes:
        """A whole page, as long as the real ones."""
        values = {"item_id": "", "keywords": "", "body_class": "page-list", **self._dress, **values}
        html = self.fill(template, canonical=canonical, title=title, description=description, **values)
        path = canonical.partition("//")[2].partition("/")[2]
        size = int.from_bytes(hashlib.sha256(path.encode()).digest()[:4], "big")
        return _padded(html, _SMALLEST + size % _SPREAD)

    def calls(self, main: Module | None = None) -> Markup:
        """The script calls of a page's lists: the main one, and those of the side bar without a pager."""
        modules = [main] if main else []
        for step, path in enumerate(self._side):
            branch = self._desk.branch(path)
            if branch:
                total = len(self._desk.in_branch(branch))
                modules.append(
                    Module(
                        _FIRST_SIDE_MODULE + step,
                        branch.category,
                        path,
                        total,
                        main=False,
                        per_page=6,
                        position="31",
                    )
                )
        return Markup("\n".join(module.call() for module in modules))  # noqa: S704  JSON and base64

    @cached_property
    def _side(self) -> dict[str, tuple[str, list[Story]]]:
        """The five side-bar lists: address of the section, heading, stories."""
        edition = self._desk.first_edition
        newest = [story for story in edition if story.kind == "article"]
        read = sorted(newest, key=lambda story: -story.views)
        films, photos = furniture()[:2]

        def of_kind(kind: str) -> list[Story]:
            return [story for story in edition if story.kind == kind]

        return {
            "/tin-tuc-su-kien": ("Tin nổi bật", newest[:6]),
            "/hoat-dong-cua-lanh-dao": ("Tin xem nhiều", read[:6]),
            "/video-tp-quy-nhon": (films, of_kind("video")[:4]),
            "/quy-nhon-qua-anh": (photos, of_kind("album")[:5]),
            "/thong-bao": ("Thông báo", of_kind("notice")[:6]),
        }

    @cached_property
    def _dress(self) -> dict[str, Markup]:
        words = phrases()["words"]
        places = [f"Phường {name}" for name in words["ward"]] + [f"Xã {name}" for name in words["commune"]]
        wards = [{"title": title, "host": slugged(title).replace("-", "")} for title in places]
        blocks = [
            {
                "module": _FIRST_SIDE_MODULE + step,
                "title": title,
                "stories": [Shown(story) for story in stories],
            }
            for step, (title, stories) in enumerate(self._side.values())
        ]
        banners = [{"alt": alt, "src": banner_path(alt), "href": href} for alt, href in BANNERS.items()]
        return {
            "menu": self.fill(
                "menu.html", branches=ALL_BRANCHES, shelves=SHELVES, wards=wards, offices=words["dept"]
            ),
            "sidebar": self.fill("sidebar.html", blocks=blocks, banners=banners, link_block=furniture()[2]),
            "footer": self.fill("footer.html", wards=wards),
        }


def _padded(html: str, size: int) -> bytes:
    """``html`` with as many of the CMS's interface words in its script as bring it near ``size`` bytes."""
    before, _, after = html.partition(_PADDING)
    head, tail = before.encode(), after.encode()
    words = _interface_words()
    end = words.rfind(b",", 0, max(0, size - len(head) - len(tail)))
    return head + (words[:end] if end > 0 else b"") + tail


@cache
def _interface_words() -> bytes:
    """About 80 KB of ``"key":"text",`` pairs, as the CMS puts its translations into every page."""
    areas = ("Content.Article", "Content.Listing", "Account.User", "Core.Form", "Core.Upload", "Extra.Survey")
    actions = (
        "Thêm mới",
        "Cập nhật",
        "Xóa bỏ",
        "Tìm kiếm",
        "Sắp xếp",
        "Xuất bản",
        "Gửi duyệt",
        "Trả lại",
        "Tải về",
        "In",
    )
    things = (
        "tin bài",
        "chuyên mục",
        "văn bản",
        "hình ảnh",
        "tệp đính kèm",
        "ý kiến góp ý",
        "tài khoản",
        "bình luận",
        "lịch công tác",
        "thủ tục hành chính",
        "câu hỏi",
        "khảo sát",
        "liên kết",
        "bản ghi",
        "đường dẫn",
        "quảng cáo",
    )
    texts = [f"{action} {thing}" for action in actions for thing in things]
    pairs = [
        f'"{area}.{slugged(text)}":{json.dumps(text, ensure_ascii=False)}' for area in areas for text in texts
    ]
    return ",\n".join([*pairs, ""]).encode()
