"""The pages as HTML: templates filled, and padded with scripts to the size that the real ones have."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .assets import BANNERS, banner_path
from .bodies import body_html
from .desk import Desk
from .laws import SHELVES, Law
from .listings import PER_PAGE, Module
from .moments import weekday
from .sections import ALL_BRANCHES, PORTAL_NAME, Branch
from .seed_article import furniture
from .stories import Story
from .words import phrases, slugged

_PADDING = "__PADDING__"
# seen on VHV pages of 2026: 90-100 KB each
_SMALLEST, _SPREAD = 92_000, 5_500


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
        return shown(self.story.title, self.story.nfd)

    @property
    def listed_author(self) -> str:
        return self.story.sign.plain if self.story.sign.in_list else ""

    @property
    def thumbnail(self) -> str:
        photos = self.story.photos
        return photos[0].thumbnail if photos else "/App/images/no-image-news.png"


def shown(text: str, nfd: bool) -> str:
    return unicodedata.normalize("NFD", text) if nfd else text


class Pages:
    """Renders every kind of page. ``origin`` is ``http://HOST`` of the request: canonical links carry it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._env = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True, undefined=StrictUndefined, trim_blocks=False,
        )  # fmt: skip
        self._env.globals["portal_name"] = PORTAL_NAME

    def article(self, story: Story, origin: str) -> bytes:
        sign = story.sign
        day = f"{weekday(story.printed)}, {story.printed:%d/%m/%Y}"
        printed = Markup(f'{day}<span class="drash"> | </span>{story.printed:%H:%M}')  # noqa: S704
        related = [Shown(other) for other in self._related(story)]
        image = origin + story.photos[0].thumbnail if story.photos else None
        return self._page(
            "article.html", origin + story.path, shown(story.title, story.nfd), story.lead or story.title,
            item_id=story.id, keywords=", ".join(story.tags), body_class="page-detail",
            lead=shown(story.lead, story.nfd) if story.lead else None,
            trail=story.branch.trail, layout=story.layout, printed=printed, views=story.views, image=image,
            meta_time=f"{story.meta:%Y-%m-%dT%H:%M:%S%z}", dc_date=f"{story.meta:%Y-%m-%d}+07{story.meta:%H:%M:%S}",
            creator=sign.plain if sign.in_meta else "", tags=story.tags, related=related,
            body=body_html(story.blocks, story.style, sign.printed if sign.in_body else None),
        )  # fmt: skip

    def printing(self, story: Story) -> bytes:
        """The print view (``?page=Article.Print.detail``): short, and not the article's own address."""
        body = body_html(story.blocks, story.style, story.sign.printed if story.sign.in_body else None)
        return self._env.get_template("printing.html").render(story=Shown(story), body=body).encode()

    def listing(self, branch: Branch, origin: str) -> bytes:
        stories = self._desk.in_branch(branch)
        module = self.module(branch)
        return self._page(
            "listing.html", origin + branch.path, branch.title, f"{branch.title} - {PORTAL_NAME}",
            trail=branch.trail, module=module.number, items=Markup(self.items(stories[:PER_PAGE], module.number)),  # noqa: S704
            calls=self._calls(module),
        )  # fmt: skip

    def module(self, branch: Branch) -> Module:
        return Module(branch.module, branch.category, branch.path, len(self._desk.in_branch(branch)))

    def shelf(self, module: Module, title: str, laws: Sequence[Law], origin: str) -> bytes:
        return self._page(
            "shelf.html", origin + module.path, title, f"{title} - {PORTAL_NAME}",
            module=module.number, path=module.path, rows=Markup(self.rows(laws[:PER_PAGE])),  # noqa: S704
            calls=self._calls(module),
        )  # fmt: skip

    def law(self, law: Law, origin: str) -> bytes:
        title = f"{law.kind} {law.number}"
        return self._page("law.html", origin + law.path, title, law.abstract, law=law, item_id=law.id)

    def items(self, stories: Sequence[Story], module: int) -> str:
        """The list items alone: what a redraw answers."""
        template = self._env.get_template("items.html")
        return template.render(stories=[Shown(story) for story in stories], module=module)

    def rows(self, laws: Sequence[Law]) -> str:
        return self._env.get_template("rows.html").render(laws=laws)

    def home(self, origin: str) -> bytes:
        blocks = []
        for branch in (
            branch for branch in ALL_BRANCHES if branch.parent is None and branch.kind == "article"
        ):
            items = self.items(self._desk.in_branch(branch)[:5], branch.module)
            blocks.append(
                {"module": branch.module, "path": branch.path, "title": branch.title, "items": Markup(items)}
            )
        return self._page(
            "home.html",
            f"{origin}/",
            PORTAL_NAME,
            PORTAL_NAME,
            blocks=blocks,
            calls=self._calls(None),
            body_class="home",
        )

    def tag(self, tag: str, origin: str) -> bytes:
        items = Markup(self.items(self._desk.tagged(tag), 60))  # noqa: S704
        return self._page(
            "plain.html",
            f"{origin}/tag/{tag}",
            tag,
            f"Từ khóa: {tag}",
            heading=f"Từ khóa: {tag}",
            inner=items,
        )

    def plain(self, path: str, title: str, paragraphs: Sequence[str], origin: str) -> bytes:
        """A page that is no article: about the portal, site map, an error in the portal's dress."""
        inner = Markup("").join(Markup("<p>{}</p>\n").format(text) for text in paragraphs)
        return self._page("plain.html", origin + path, title, title, heading=title, inner=inner)

    def _related(self, story: Story) -> list[Story]:
        same = [other for other in self._desk.first_edition if other.branch.trail[0] == story.branch.trail[0]]
        older = [other for other in same if other.printed <= story.printed and other.path != story.path]
        return (older + [other for other in same if other.path != story.path])[:12]

    def _calls(self, main: Module | None) -> Markup:
        side = [
            Module(70 + step, "", path, 0, main=False, per_page=6, position="31")
            for step, path in enumerate(self._side)
        ]
        calls = [module.call() for module in ([main] if main else []) + side]
        return Markup("\n".join(calls))  # noqa: S704

    @cached_property
    def _side(self) -> dict[str, tuple[str, list[Story]]]:
        """The five side-bar lists: address of the section, heading, stories."""
        newest = [story for story in self._desk.first_edition if story.kind == "article"]
        read = sorted(newest, key=lambda story: -story.views)
        films, photos = furniture()[:2]
        by_kind = {
            kind: [s for s in self._desk.first_edition if s.kind == kind]
            for kind in ("video", "album", "notice")
        }
        return {
            "/tin-tuc-su-kien": ("Tin nổi bật", newest[:6]),
            "/hoat-dong-cua-lanh-dao": ("Tin xem nhiều", read[:6]),
            "/video-tp-quy-nhon": (films, by_kind["video"][:4]),
            "/quy-nhon-qua-anh": (photos, by_kind["album"][:5]),
            "/thong-bao": ("Thông báo", by_kind["notice"][:6]),
        }

    @cached_property
    def _sidebar(self) -> Markup:
        blocks = [
            {"module": 70 + step, "title": title, "stories": [Shown(story) for story in stories]}
            for step, (title, stories) in enumerate(self._side.values())
        ]
        banners = [{"alt": alt, "src": banner_path(alt), "href": href} for alt, href in BANNERS.items()]
        html = self._env.get_template("sidebar.html").render(
            blocks=blocks, banners=banners, link_block=furniture()[2]
        )
        return Markup(html)  # noqa: S704

    @cached_property
    def _frame(self) -> dict[str, Markup]:
        words = phrases()["words"]
        places = [f"Phường {name}" for name in words["ward"]] + [f"Xã {name}" for name in words["commune"]]
        wards = [{"title": title, "host": slugged(title).replace("-", "")} for title in places]
        menu = self._env.get_template("menu.html")
        menu_html = menu.render(branches=ALL_BRANCHES, shelves=SHELVES, wards=wards, offices=words["dept"])
        footer_html = self._env.get_template("footer.html").render(wards=wards)
        return {"menu": Markup(menu_html), "footer": Markup(footer_html), "sidebar": self._sidebar}  # noqa: S704

    def _page(self, template: str, canonical: str, title: str, description: str, **values: object) -> bytes:
        values = {"item_id": "", "keywords": "", "body_class": "page-list", **self._frame, **values}
        html = self._env.get_template(template).render(
            canonical=canonical, title=title, description=description, **values
        )
        size = int.from_bytes(
            hashlib.sha256(canonical.partition("//")[2].partition("/")[2].encode()).digest()[:4], "big"
        )
        return padded(html, _SMALLEST + size % _SPREAD)


def padded(html: str, size: int) -> bytes:
    """``html`` with as many of the CMS's interface words in its script as bring it near ``size`` bytes."""
    before, _, after = html.partition(_PADDING)
    head, tail = before.encode(), after.encode()
    words = _interface_words()
    room = max(0, size - len(head) - len(tail))
    end = words.rfind(b",", 0, room)
    return head + (words[:end] if end > 0 else b"") + tail


@cache
def _interface_words() -> bytes:
    """About 100 KB of ``"key":"text",`` pairs, as the CMS puts its translations into every page."""
    areas = (
        "Content.Article",
        "Content.Listing",
        "Account.User",
        "Core.Form",
        "Core.Upload",
        "Extra.Survey",
        "Law.Feedback",
    )
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
    things = ("tin bài", "chuyên mục", "văn bản", "hình ảnh", "tệp đính kèm", "ý kiến góp ý", "tài khoản", "bình luận",
              "lịch công tác", "thủ tục hành chính", "câu hỏi", "khảo sát", "liên kết", "bản ghi")  # fmt: skip
    pairs = [
        f'"{area}.{slugged(action + " " + thing)}":{json.dumps(action + " " + thing, ensure_ascii=False)}'
        for area in areas
        for action in actions
        for thing in things
    ]
    return ",\n".join([*pairs, ""]).encode()
