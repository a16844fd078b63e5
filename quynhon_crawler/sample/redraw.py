"""What lists answer to a POST: the pager's fragment, and the JSON listing where it is open."""

from __future__ import annotations

import json

from .answers import Answer, Request, page
from .desk import Desk
from .laws import SHELVES
from .listings import asked, cut
from .pages import Pages
from .sections import ALL_BRANCHES

# the fragment keeps a little markup when it has no items left
_TAIL = '<div class="clearfix"></div>\n'


class Redraw:
    """Answers ``POST /?module=Content.Listing`` and ``POST /api/Content/Article/selectAll``."""

    def __init__(self, desk: Desk, pages: Pages, *, api_open: bool) -> None:
        self._desk, self._pages, self._api_open = desk, pages, api_open

    def fragment(self, request: Request) -> Answer:
        """One page of a list. Without a readable form: page 1 of the module's own list, silently."""
        form = request.form
        page_no, per_page = asked(form)
        number = request.query.get("moduleId", "")
        category = form.get("categoryId")

        def meant(module: int, its_category: str) -> bool:
            return its_category == category if form else str(module) == number

        for shelf in SHELVES:
            if meant(shelf.module, shelf.category):
                return page(self._pages.rows(cut(self._desk.shelves[shelf], page_no, per_page)) + _TAIL)
        for branch in ALL_BRANCHES:
            if meant(branch.module, branch.category):
                stories = cut(self._desk.in_branch(branch), page_no, per_page)
                return page(self._pages.items(stories, branch.module) + _TAIL)
        return page(_TAIL)

    def api(self, request: Request) -> Answer:
        """The JSON listing: 403 unless the portal was opened."""
        kind = [("Content-Type", "application/json; charset=utf-8")]
        if not self._api_open:
            return Answer(403, kind, b'{"status":"FAIL","message":"Access denied"}')
        form = request.form
        page_no, per_page = asked(form)
        branch = next((one for one in ALL_BRANCHES if one.category == form.get("categoryId")), None)
        stories = self._desk.in_branch(branch) if branch else ()
        items = {
            story.id: {
                "title": story.title,
                "rewriteURL": story.path.lstrip("/"),
                "publishTime": int(story.printed.timestamp()),
            }
            for story in cut(stories, page_no, per_page)
        }
        return Answer(
            200, kind, json.dumps({"items": items, "totalItems": len(stories)}, ensure_ascii=False).encode()
        )
