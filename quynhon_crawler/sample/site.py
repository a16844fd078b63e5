"""The routes: which address answers what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from .answers import Answer, Request, page, redirect
from .cabinet import Cabinet
from .desk import Desk
from .laws import ISSUER, SHELVES, Shelf
from .moments import MIGRATION
from .pages import Pages
from .redraw import Redraw
from .sections import ALL_BRANCHES, PORTAL_NAME, Branch

FORBIDDEN = ("/data/", "/lib/", "/packages/", "/portals/", "/pages/", "/1/", "/content/download/")
ROBOTS = "User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in FORBIDDEN)
# old addresses that earlier portals had, and where they lead now
MOVED = {
    "/Default.aspx": "/",
    "/index.php": "/",
    "/trang-chu": "/",
    "/tin-tuc": "/tin-tuc-su-kien",
    "/van-ban": "/van-ban-chi-dao-dieu-hanh",
}
SOFT_404 = "/tin-cu/"
CALENDAR = "/lich-cong-tac"
NOT_FOUND = "Không tìm thấy trang"
_STATIC: dict[str, tuple[str, tuple[str, ...]]] = {
    "/gioi-thieu": ("Giới thiệu", (f"{PORTAL_NAME} (bản mẫu).", f"Cơ quan chủ quản: {ISSUER}.")),
    "/quan-he-quy-nhon-yongsan": (
        "Quan hệ Quy Nhơn - Yongsan",
        ("Trang này giới thiệu hoạt động hợp tác giữa hai địa phương.",),
    ),
    "/tim-kiem": ("Tìm kiếm", ("Nhập từ khóa vào ô tìm kiếm.",)),
}
_SITE_MAP = "/so-do-cong"
_LISTS: tuple[Branch | Shelf, ...] = (*ALL_BRANCHES, *SHELVES)


class Site:
    """Answers requests. Not for several threads at once: the server's loop alone calls it."""

    def __init__(self, desk: Desk, *, api_open: bool, validators: bool, traps: bool, feeds: bool) -> None:
        self._desk = desk
        self._pages = Pages(desk)
        self._cabinet = Cabinet(desk, validators=validators)
        self._redraw = Redraw(desk, self._pages, api_open=api_open)
        self._traps, self._feeds = traps, feeds

    def answer(self, request: Request) -> Answer:
        if request.method == "POST":
            if request.path == "/" and request.query.get("module") == "Content.Listing":
                return self._redraw.fragment(request)
            if request.path == "/api/Content/Article/selectAll":
                return self._redraw.api(request)
            return self._missing(request)
        if request.method not in ("GET", "HEAD"):
            return page("<html><body>405 Not Allowed</body></html>", 405, Allow="GET, HEAD, POST")
        return self._cabinet.conditional(request, self._got(request))

    def _got(self, request: Request) -> Answer:
        path = request.path
        if path == "/robots.txt":
            text = ROBOTS + (f"Sitemap: {request.origin}/sitemap.xml\n" if self._feeds else "")
            return Answer(200, [("Content-Type", "text/plain")], text.encode())
        if path in MOVED:
            return redirect(request.origin + MOVED[path])
        if len(path) > 1 and path.endswith("/") and self._is_list(path[:-1]):
            return redirect(request.origin + path[:-1])
        if path == "/":
            return self._root(request)
        return self._listed(request) or self._cabinet.file(path) or self._other(request)

    def _is_list(self, path: str) -> bool:
        return path in (_SITE_MAP, *_STATIC) or any(one.path == path for one in _LISTS)

    def _html(
        self, request: Request, key: tuple[object, ...], changed: datetime, make: Callable[[str], bytes]
    ) -> Answer:
        return self._cabinet.html(request, (request.path, *key), changed, make)

    def _root(self, request: Request) -> Answer:
        query, item = request.query, request.query.get("id", "")
        if query.get("page") == "Article.Print.detail":
            story = self._desk.story_by_id(item)
            return page(self._pages.printing(story)) if story else self._missing(request)
        if query.get("page") == "Article.Download":
            law = self._desk.law_by_id(item)
            found = self._cabinet.file(law.file) if law else None
            if found is None or law is None:
                return self._missing(request)
            name = law.file.rpartition("/")[2].encode("ascii", "replace").decode()
            found.headers.append(("Content-Disposition", f'attachment; filename="{name}"'))
            return found
        # any other query, ?page=2 among them, is the home page again
        return self._html(request, (self._desk.generation,), self._desk.newest, self._pages.home)

    def _listed(self, request: Request) -> Answer | None:
        """A section, an article, a shelf of documents, a document; None when it is none of them."""
        path, edition, pages = request.path, self._desk.generation, self._pages
        if branch := self._desk.branch(path):
            return self._html(request, (edition,), self._desk.newest, partial(pages.listing, branch))
        if story := self._desk.story(path):
            return self._html(request, (story.revision,), story.changed, partial(pages.article, story))
        for shelf, laws in self._desk.shelves.items():
            if path == shelf.path:
                return self._html(request, (), MIGRATION, partial(pages.shelf, shelf, laws))
        if law := self._desk.law(path):
            return self._html(request, (), MIGRATION, partial(pages.law, law))
        if self._desk.story(f"{path}.html"):
            # the address that the articles had before the rewrite rules came
            return redirect(f"{request.origin}{request.target.split('?')[0]}.html")
        return None

    def _other(self, request: Request) -> Answer:
        path, pages = request.path, self._pages
        if path.startswith("/tag/") and self._desk.tagged(path[5:]):
            return self._html(
                request, (self._desk.generation,), self._desk.newest, partial(pages.tag, path[5:])
            )
        if path in _STATIC:
            return self._html(request, (), MIGRATION, partial(pages.plain, path, *_STATIC[path]))
        if path == _SITE_MAP:
            return self._html(request, (), MIGRATION, partial(pages.links, path, "Sơ đồ cổng", self._map()))
        if path == "/App/pdfjs/web/viewer.html":
            return page(
                '<!DOCTYPE html><html><head><title>PDF.js</title></head><body id="viewer"></body></html>'
            )
        if path == CALENDAR and self._traps:
            return page(
                pages.links(path, "Lịch công tác", _weeks(request.query.get("tu-ngay", "")), request.origin)
            )
        if path == "/sitemap.xml" and self._feeds:
            rows = "".join(
                f"<url><loc>{request.origin}{story.path}</loc><lastmod>{story.changed.isoformat()}</lastmod></url>\n"
                for story in self._desk.stories()
            )
            space = "http://www.sitemaps.org/schemas/sitemap/0.9"
            xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{space}">\n{rows}</urlset>\n'
            return Answer(200, [("Content-Type", "application/xml")], xml.encode())
        if path.startswith(FORBIDDEN):
            return page(
                "<html><head><title>Nội bộ</title></head><body>robots.txt không cho lấy.</body></html>"
            )
        return self._missing(request, 200 if path.startswith(SOFT_404) else 404)

    def _map(self) -> list[tuple[str, str]]:
        """The site map: every list, and the dead, moved and forbidden addresses that old portals collect."""
        links = [(one.path, one.title) for one in _LISTS]
        links += [(path, "Trang cũ") for path in MOVED]
        links += [
            (f"{SOFT_404}ban-tin-nam-2012.html", "Bản tin năm 2012"),
            ("/hoi-dap/2015.html", "Hỏi đáp 2015"),
        ]
        links += [
            ("/data/so-lieu.html", "Số liệu"),
            ("/gioi-thieu/", "Giới thiệu"),
            ("/?utm_source=so-do", "Về đầu"),
        ]
        return [*links, (CALENDAR, "Lịch công tác")] if self._traps else links

    def _missing(self, request: Request, status: int = 404) -> Answer:
        text = ("Trang bạn tìm không tồn tại hoặc đã bị xóa.", "Mời bạn quay lại trang chủ.")
        return page(self._pages.plain("/404", NOT_FOUND, text, request.origin), status)


def _weeks(first: str) -> list[tuple[str, str]]:
    """The trap of a calendar: every week links the weeks around it, for ever."""
    try:
        day = date.fromisoformat(first)
        days = [day - timedelta(days=7), day + timedelta(days=7), day + timedelta(days=1)]
    except (ValueError, OverflowError):
        days = [date(2025, 6, 23)]
    return [(f"{CALENDAR}?tu-ngay={day}", f"Tuần từ {day:%d/%m/%Y}") for day in days]
