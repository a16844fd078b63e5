"""The routes: which address answers what."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from .answers import Answer, Request, etag, gzipped, page, redirect
from .assets import asset
from .desk import Desk
from .laws import ISSUER, SHELVES, Law, Shelf
from .listings import Module, asked, cut
from .moments import MIGRATION
from .pages import Pages
from .sections import BRANCHES, PORTAL_NAME
from .vault import Vault

ROBOTS = "User-agent: *\n" + "".join(
    f"Disallow: {path}\n"
    for path in ("/data/", "/lib/", "/packages/", "/portals/", "/pages/", "/1/", "/content/download/")
)
_FORBIDDEN = tuple(line.partition(": ")[2] for line in ROBOTS.splitlines()[1:])
# old addresses that earlier portals had, and where they lead now
MOVED = {
    "/Default.aspx": "/",
    "/index.php": "/",
    "/trang-chu": "/",
    "/tin-tuc": "/tin-tuc-su-kien",
    "/van-ban": "/van-ban-chi-dao-dieu-hanh",
}
SOFT_404 = "/tin-cu/"
NOT_FOUND = "Không tìm thấy trang"
_CACHED = 8_000


class Site:
    """Answers requests. Not for several threads at once: the server's loop alone calls it."""

    def __init__(self, desk: Desk, *, api_open: bool = False, validators: bool = True) -> None:
        self._desk = desk
        self._pages = Pages(desk)
        self._vault = Vault(desk)
        self._api_open = api_open
        self._validators = validators
        self._cache: OrderedDict[tuple[object, ...], Answer] = OrderedDict()

    def answer(self, request: Request) -> Answer:
        if request.method == "POST":
            return self._posted(request)
        if request.method not in ("GET", "HEAD"):
            return page("<html><body>405 Not Allowed</body></html>", 405, Allow="GET, HEAD, POST")
        return self._conditional(request, self._got(request))

    def _got(self, request: Request) -> Answer:
        path, query = request.path, request.query
        if path == "/robots.txt":
            return Answer(200, [("Content-Type", "text/plain")], ROBOTS.encode())
        if path in MOVED:
            return redirect(request.origin + MOVED[path])
        if len(path) > 1 and path.endswith("/") and self._known(path.rstrip("/")):
            return redirect(request.origin + path.rstrip("/"))
        if path == "/":
            return self._root(request, query)
        return self._article_or_list(request) or self._file(path) or self._other(request)

    def _known(self, path: str) -> bool:
        return (
            bool(self._desk.branch(path)) or any(shelf.path == path for shelf in SHELVES) or path in _STATIC
        )

    def _root(self, request: Request, query: dict[str, str]) -> Answer:
        if query.get("page") == "Article.Print.detail":
            story = self._desk.story_by_id(query.get("id", ""))
            return page(self._pages.printing(story)) if story else self._missing(request)
        if query.get("page") == "Article.Download":
            laws = [
                law for shelf in SHELVES for law in self._desk.shelves[shelf] if law.id == query.get("id")
            ]
            return self._download(laws[0]) if laws else self._missing(request)
        return self._html(("home", self._desk.generation), request, self._newest(), self._pages.home)

    def _download(self, law: Law) -> Answer:
        found = self._file(law.file)
        if found is None:
            raise LookupError(law.file)
        name = law.file.rpartition("/")[2].encode("ascii", "replace").decode()
        found.headers.append(("Content-Disposition", f'attachment; filename="{name}"'))
        return found

    def _article_or_list(self, request: Request) -> Answer | None:
        path, edition = request.path, self._desk.generation
        if branch := self._desk.branch(path):
            return self._html(
                (path, edition), request, self._newest(), lambda origin: self._pages.listing(branch, origin)
            )
        if story := self._desk.story(path):
            key = (path, story.revision)
            return self._html(key, request, story.changed, lambda origin: self._pages.article(story, origin))
        for shelf in SHELVES:
            laws, module = self._desk.shelves[shelf], self._shelf_module(shelf)
            if path == shelf.path:
                title = shelf.title
                return self._html(
                    (path,), request, MIGRATION, lambda origin: self._pages.shelf(module, title, laws, origin)
                )
            for law in laws:
                if path == law.path:
                    return self._html(
                        (path,), request, MIGRATION, lambda origin: self._pages.law(law, origin)
                    )
        if self._desk.story(f"{path}.html"):
            # the address that the articles had before the rewrite rules came
            return redirect(f"{request.origin}{request.target.split('?')[0]}.html")
        return None

    def _html(
        self, key: tuple[object, ...], request: Request, changed: datetime, make: Callable[[str], bytes]
    ) -> Answer:
        """A page out of the cache, kept in gzip; framed as nginx does: most in chunks, some with a length."""
        full = (*key, request.origin)
        found = self._cache.get(full)
        if found is None:
            body = make(request.origin)
            found = page(body, Last_Modified=format_datetime(changed.astimezone(UTC), usegmt=True))
            found.headers.append(("ETag", etag(body)))
            found.body, found.packed = b"", gzipped(body)
            found.framing = "length" if body[-100] % 4 == 0 or len(request.path) % 5 == 0 else "chunked"
            self._cache[full] = found
            if len(self._cache) > _CACHED:
                self._cache.popitem(last=False)
        return Answer(found.status, list(found.headers), b"", found.packed, found.framing)

    def _file(self, path: str) -> Answer | None:
        key = ("file", path)
        if key in self._cache:
            found = self._cache[key]
            return Answer(200, list(found.headers), found.body, found.packed)
        made = asset(path) or self._vault.find(path)
        if made is None:
            return None
        kind, body = made
        headers = [
            ("Content-Type", kind),
            ("Last-Modified", format_datetime(MIGRATION.astimezone(UTC), usegmt=True)),
        ]
        headers += [("ETag", etag(body)), ("Cache-Control", "max-age=2592000")]
        packed = gzipped(body) if kind.startswith(("text/", "application/javascript")) else None
        self._cache[key] = Answer(200, headers, body, packed)
        return Answer(200, list(headers), body, packed)

    def _other(self, request: Request) -> Answer:
        path = request.path
        if path.startswith("/tag/"):
            tag = path.removeprefix("/tag/")
            if self._desk.tagged(tag):
                key = ("tag", tag, self._desk.generation)
                return self._html(key, request, self._newest(), lambda origin: self._pages.tag(tag, origin))
        if path in _STATIC:
            title, texts = _STATIC[path]
            return self._html(
                (path,), request, MIGRATION, lambda origin: self._pages.plain(path, title, texts, origin)
            )
        if path == "/App/pdfjs/web/viewer.html":
            return page(
                '<!DOCTYPE html><html><head><title>PDF.js viewer</title></head><body><div id="viewer"></div></body></html>'
            )
        if path.startswith(SOFT_404):
            return self._missing(request, status=200)
        if path.startswith(_FORBIDDEN):
            return page(
                "<html><head><title>Nội bộ</title></head><body>Nội dung này robots.txt không cho lấy.</body></html>"
            )
        return self._missing(request)

    def _missing(self, request: Request, status: int = 404) -> Answer:
        text = ("Trang bạn tìm không tồn tại hoặc đã bị xóa.", "Mời bạn quay lại trang chủ.")
        return page(self._pages.plain("/404", NOT_FOUND, text, request.origin), status)

    def _newest(self) -> datetime:
        return max(story.changed for story in self._desk.stories())

    def _shelf_module(self, shelf: Shelf) -> Module:
        total = len(self._desk.shelves[shelf])
        return Module(shelf.module, shelf.category, shelf.path, total, type="Article.LegalDocument")

    def _posted(self, request: Request) -> Answer:
        if request.path == "/" and request.query.get("module") == "Content.Listing":
            return self._redraw(request)
        if request.path == "/api/Content/Article/selectAll":
            return self._api(request)
        return self._missing(request)

    def _redraw(self, request: Request) -> Answer:
        """The fragment of one page of a list. Without a readable form: page 1 of the module's list, silently."""
        form = request.form
        page_no, per_page = asked(form)
        modules = {str(shelf.module): shelf for shelf in SHELVES}
        number = request.query.get("moduleId", "")
        for shelf in SHELVES:
            if form.get("categoryId") == shelf.category or (not form and modules.get(number) == shelf):
                return page(self._pages.rows(cut(self._desk.shelves[shelf], page_no, per_page)))
        stories = self._desk.stories()
        for branch in (branch for branch in map(self._desk.branch, self._paths()) if branch):
            if form.get("categoryId") == branch.category or (not form and number == str(branch.module)):
                stories = self._desk.in_branch(branch)
                break
        else:
            if form.get("categoryId"):
                stories = ()
        return page(
            self._pages.items(cut(stories, page_no, per_page), int(number) if number.isdigit() else 0)
        )

    def _paths(self) -> list[str]:
        return sorted({step.path for story in self._desk.stories() for step in story.branch.trail})

    def _api(self, request: Request) -> Answer:
        """The JSON listing: closed (403) unless the portal was opened."""
        if not self._api_open:
            return Answer(
                403, [("Content-Type", "application/json")], b'{"status":"FAIL","message":"Access denied"}'
            )
        form = request.form
        page_no, per_page = asked(form)
        wanted = [story for story in self._desk.stories()
                  if any(step.category == form.get("categoryId") for step in story.branch.trail)]  # fmt: skip
        items = {
            story.id: {
                "title": story.title,
                "rewriteURL": story.path.lstrip("/"),
                "publishTime": int(story.printed.timestamp()),
            }
            for story in cut(wanted, page_no, per_page)
        }
        body = json.dumps({"items": items, "totalItems": len(wanted)}, ensure_ascii=False).encode()
        return Answer(200, [("Content-Type", "application/json; charset=utf-8")], body)

    def _conditional(self, request: Request, answer: Answer) -> Answer:
        """304 when the client holds these bytes already."""
        tag, changed = answer.header("ETag"), answer.header("Last-Modified")
        if not self._validators:
            answer.headers = [pair for pair in answer.headers if pair[0] not in ("ETag", "Last-Modified")]
            return answer
        if answer.status != 200 or not tag or not changed:
            return answer
        known = request.headers.get("if-none-match")
        if known is not None:
            same = tag in known or known.strip() == "*"
        else:
            same = _not_since(changed, request.headers.get("if-modified-since"))
        if same:
            return Answer(304, [("ETag", tag), ("Last-Modified", changed)])
        return answer


def _not_since(changed: str, since: str | None) -> bool:
    try:
        return since is not None and parsedate_to_datetime(changed) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False


_STATIC: dict[str, tuple[str, tuple[str, ...]]] = {
    "/gioi-thieu": ("Giới thiệu", (f"{PORTAL_NAME} (bản mẫu).", f"Cơ quan chủ quản: {ISSUER}.")),
    "/quan-he-quy-nhon-yongsan": (
        "Quan hệ Quy Nhơn - Yongsan",
        ("Trang này giới thiệu hoạt động hợp tác giữa hai địa phương.",),
    ),
    "/so-do-cong": ("Sơ đồ cổng", tuple(branch.title for branch in BRANCHES)),
    "/tim-kiem": ("Tìm kiếm", ("Nhập từ khóa vào ô tìm kiếm.",)),
}
