"""Listings: what a list says of itself in a page's script, and which items a request asks for."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from .sections import hex_id

Item = TypeVar("Item")

PER_PAGE = 12
MOST_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Module:
    """One list of a page. ``main``: the list with a pager; side-bar lists have none."""

    number: int
    category: str
    path: str
    total: int
    type: str = "Article.News"
    main: bool = True
    per_page: int = PER_PAGE
    position: str = "23"

    @property
    def page(self) -> str:
        return f"{self.type}.list"

    def parameters(self) -> dict[str, object]:
        """What the CMS packs into base64: numbers are strings here and there, as it sends them."""
        settings: dict[str, object] = {
            "layout": f"Content.{self.type}.default",
            "itemsPerPage": str(self.per_page),
            "totalItems": self.total,
            "orderBy": "publishTime DESC",
            "pageNo": 1,
            "service": "Content.Article.selectAll",
            "widgetCode": f"widget{self.number}",
            "parentId": hex_id(f"parent {self.path}"),
            "type": self.type,
            "categoryId": self.category,
            "widgetTemplateId": hex_id(f"template {self.type}"),
            "imageSizeRatio": "3:2",
            "hiddenAuthor": "1",
            "hiddenReadMore": "1",
            "index": "1",
            "path": self.path,
        }
        if self.main:
            settings["hasPagination"] = "1"
        return settings

    def call(self) -> str:
        """The script call that holds the parameters, one a module, as it stands at the end of a page."""
        packed = base64.b64encode(json.dumps(self.parameters(), separators=(",", ":")).encode()).decode()
        place = (
            f'{{"module":"Content.Listing","page":"{self.page}","id":"{self.number}",'
            f'"modulePosition":"{self.position}","moduleParentId":"12"}}'
        )
        size, order = f'itemsPerPage: "{self.per_page}"', 'orderBy: "publishTime DESC"'
        options = f"{{ {size}, pageNo: 1, totalItems: {self.total}, {order} }}"
        return (
            f"VHV.using ($.extend(\n$.parseJSON(decode64('{packed}')),{place}),'Content.Listing', {options});"
        )


def asked(form: dict[str, str]) -> tuple[int, int]:
    """(page number from 1, items a page) that a form asks for; what is no number is page 1 and 12 items."""
    return max(1, _number(form.get("pageNo"), 1)), min(
        max(1, _number(form.get("itemsPerPage"), PER_PAGE)), MOST_PER_PAGE
    )


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else default


def cut(items: Sequence[Item], page_no: int, per_page: int) -> Sequence[Item]:
    """The items of one page; past the end none."""
    return items[(page_no - 1) * per_page : page_no * per_page]
