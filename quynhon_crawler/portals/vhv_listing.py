"""VHV CMS: the lists whose pager works only by POST.

A listing page holds 12 items of hundreds; its own parameters stand in a script at its end, one call per
module, and only the main list has ``hasPagination`` "1". This file reads that call and asks for the rest.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from quynhon_crawler.model import Fetch, Page

#: The CMS accepts up to 100 items a page (seen 2026): 761 articles are 8 questions instead of 63.
ITEMS_PER_PAGE = 100
#: No list of these portals is longer; a larger number is a broken page.
MOST_ITEMS = 1_000_000

_HEADERS = (
    ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),
    ("X-Requested-With", "XMLHttpRequest"),
)
_CALL = re.compile(
    r"VHV\.using\s{0,20}\(\s{0,20}\$\.extend\s{0,20}\(\s{0,20}\$\.parseJSON\s{0,20}\(\s{0,20}decode64\s{0,20}\("
    r"\s{0,20}['\"]([A-Za-z0-9+/=_-]{4,60000})['\"]\s{0,20}\)\s{0,20}\)\s{0,20},\s{0,20}(\{[^{}]{0,4000}\})\s{0,20}\)"
)
_SITE = re.compile(r"/(?:upload|thumbnail|css/[0-9.]{1,20})/([0-9]{2,12})/|[?&]site=([0-9]{2,12})")
_NO_TIME = "1500000000000"


@dataclass(frozen=True, slots=True)
class ListCall:
    """One ``VHV.using`` call: ``form`` holds the keys of its base64 JSON, the rest names the module."""

    form: tuple[tuple[str, str], ...]
    module: str
    page: str
    module_id: str
    position: str
    parent_id: str

    def get(self, key: str) -> str | None:
        return next((value for name, value in self.form if name == key), None)

    @property
    def is_main(self) -> bool:
        return self.get("hasPagination") == "1"

    @property
    def total(self) -> int | None:
        return _number(self.get("totalItems"))

    @property
    def per_page(self) -> int | None:
        return _number(self.get("itemsPerPage"))


def calls(html: str) -> list[ListCall]:
    """Every readable ``VHV.using($.extend($.parseJSON(decode64(...` of a page."""
    found: list[ListCall] = []
    start = html.find("VHV.using")
    while start >= 0 and len(found) < 200:
        match = _CALL.match(html, start)
        if match:
            call = _call(match[1], match[2])
            if call is not None:
                found.append(call)
        start = html.find("VHV.using", start + 9)
    return found


def _call(encoded: str, extra: str) -> ListCall | None:
    try:
        raw = base64.b64decode(
            encoded + "=" * (-len(encoded) % 4), altchars=b"-_" if "_" in encoded or "-" in encoded else None
        )
        parameters, module = json.loads(raw), json.loads(extra)
    except (ValueError, binascii.Error, RecursionError):
        return None
    if not isinstance(parameters, dict) or not isinstance(module, dict):
        return None
    form = tuple((str(key), _plain(value)) for key, value in parameters.items())
    names = (
        _plain(module.get(key, "")) for key in ("module", "page", "id", "modulePosition", "moduleParentId")
    )
    return ListCall(form, *names)


def _plain(value: object) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _number(text: str | None) -> int | None:
    digits = (text or "").strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        return None
    return min(int(digits), MOST_ITEMS)


def main_list(html: str) -> ListCall | None:
    """The list that the page is about; None when the page has none."""
    return next((call for call in calls(html) if call.is_main), None)


def site_of(html: str) -> str | None:
    """The portal's site id (``105285``), which the CMS puts into the paths of uploads and style sheets."""
    counts: dict[str, int] = {}
    for match in _SITE.finditer(html[:400_000]):
        site = match[1] or match[2]
        counts[site] = counts.get(site, 0) + 1
    return max(counts, key=lambda site: counts[site], default=None)


def questions(call: ListCall, page: Page, section_url: str, site: str, shown: int) -> list[Fetch]:
    """The POSTs for the whole list, all pages at once, so that one that fails costs only its own items.

    Nothing is asked for when the page already shows every item. ``_t`` of the CMS is the clock; here it is
    the midnight before the page's capture, so that the same list found twice in a crawl asks the same
    questions and duplicates are recognised.
    """
    total = call.total
    if total is None or total <= shown:
        return []
    last = -(-total // ITEMS_PER_PAGE)
    return [
        _question(call.form, call, page, section_url, site, number, ITEMS_PER_PAGE)
        for number in range(1, last + 1)
    ]


def _question(
    keys: tuple[tuple[str, str], ...],
    call: ListCall,
    page: Page,
    section_url: str,
    site: str,
    number: int,
    per_page: int,
) -> Fetch:
    query = urlencode(
        (
            *(("module", call.module or "Content.Listing"), ("moduleId", call.module_id), ("cmd", "redraw")),
            *(
                ("site", site),
                ("url_mode", "rewrite"),
                ("submitFormId", call.module_id),
                ("moduleId", call.module_id),
            ),
            *(("page", call.page), ("site", site)),
        )
    )
    parts = urlsplit(section_url)
    form = dict(keys)
    form["itemsPerPage"], form["pageNo"] = str(per_page), str(number)
    form["page"], form["modulePosition"], form["moduleParentId"] = call.page, call.position, call.parent_id
    form.setdefault("_t", _day_in_milliseconds(page))
    return Fetch(
        f"{parts.scheme}://{parts.netloc}/?{query}",
        purpose="listing",
        method="POST",
        form=tuple(form.items()),
        headers=(*_HEADERS, ("Referer", section_url)),
        priority=30,
    )


def _day_in_milliseconds(page: Page) -> str:
    captured = page.capture.captured_at if page.capture else ""
    try:
        day = datetime.strptime(captured[:10], "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return _NO_TIME
    return str(int(day.timestamp()) * 1000)


def is_fragment(page: Page) -> bool:
    """The answer to one of our questions: a POST with ``cmd=redraw``."""
    return page.method == "POST" and "cmd=redraw" in page.url


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that a fragment answers."""

    form: dict[str, str]
    call: ListCall
    site: str
    section_url: str
    page_no: int
    per_page: int
    total: int | None


def asked(page: Page) -> Asked:
    """The form of a POST read back. The section is the Referer; without one, the question's own address."""
    query = dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))
    body = page.request_body[:200_000].decode("utf-8", "replace")
    form = dict(parse_qsl(body, keep_blank_values=True, max_num_fields=None))
    call = ListCall(
        tuple(form.items()),
        query.get("module", "Content.Listing"),
        form.get("page") or query.get("page", ""),
        query.get("moduleId", ""),
        form.get("modulePosition", ""),
        form.get("moduleParentId", ""),
    )
    return Asked(
        form=form,
        call=call,
        site=query.get("site", ""),
        section_url=page.referer or page.url,
        page_no=_number(form.get("pageNo")) or 1,
        per_page=_number(form.get("itemsPerPage")) or ITEMS_PER_PAGE,
        total=_number(form.get("totalItems")),
    )


def next_question(question: Asked, page: Page, received: int) -> list[Fetch]:
    """What to ask after a fragment of ``received`` items.

    Usually the page that the section already asked for, recognised as a duplicate. It matters when articles
    are published during the crawl and push others beyond the last page, and when the server caps a page below
    what was asked: then the first page asks for all others in the server's own size. An empty fragment ends
    it; so does a page number that the total cannot reach: some servers answer page 1 for ever.
    """
    total, number, per_page = question.total, question.page_no, question.per_page
    if received == 0 or total is None:
        return []

    def ask(page_no: int, size: int) -> Fetch:
        return _question(
            question.call.form, question.call, page, question.section_url, question.site, page_no, size
        )

    if received < per_page:
        if number == 1 and received < total:
            return [ask(page_no, received) for page_no in range(2, -(-total // received) + 1)]
        return []
    if number >= -(-total // per_page) + 1:
        return []
    return [ask(number + 1, per_page)]
