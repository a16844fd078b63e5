"""Faults that put another answer in the place of the right one."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import lru_cache
from random import Random

from .answers import Answer, Request, page, redirect
from .faults import COOKIE, Fault
from .site import NOT_FOUND, Site

Replacement = Callable[[Fault, Request, Site], Answer]


def replace(fault: Fault, request: Request, site: Site) -> Answer | None:
    """The answer that ``fault`` gives instead; None when it leaves the answer as it is."""
    made = _REPLACEMENTS.get(fault.kind)
    return made(fault, request, site) if made else None


def _short(text: str) -> bytes:
    return f"<html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>".encode()


def _status(fault: Fault, request: Request, site: Site) -> Answer:
    headers = [("Content-Type", "text/html; charset=utf-8")]
    if fault.kind in ("429", "503"):
        headers.append(("Retry-After", str(max(1, round(fault.seconds)))))
    return Answer(int(fault.kind), headers, _short(fault.kind))


def _text(text: str) -> Replacement:
    return lambda fault, request, site: page(_short(text))


def _to(where: Callable[[Request], str]) -> Replacement:
    return lambda fault, request, site: redirect(where(request), 302)


def _same_page(fault: Fault, request: Request, site: Site) -> Answer:
    home = Request("GET", "/", {"host": request.host}, b"", b"", request.version, request.scheme)
    return site.answer(home)


def _cookie(fault: Fault, request: Request, site: Site) -> Answer:
    # the firewall's page, as in portal-facts: no doctype, about 160 bytes
    script = f'document.cookie="{COOKIE}"+"; expires=Fri, 31 Dec 2099 23:59:59 GMT; path=/";'
    script += "window.location.reload(true);"
    return Answer(
        200, [("Content-Type", "text/html")], f"<html><body><script>{script}</script></body></html>".encode()
    )


def _empty(fault: Fault, request: Request, site: Site) -> Answer:
    return Answer(200, [("Content-Type", "text/html; charset=utf-8")])


def _binary(fault: Fault, request: Request, site: Site) -> Answer:
    return Answer(
        200, [("Content-Type", "text/html; charset=utf-8")], Random(7).randbytes(fault.size or 40_000)
    )


@lru_cache(maxsize=4)
def _huge_html(size: int) -> bytes:
    line = b"<p>" + "Dòng chữ này lặp lại nhiều lần. ".encode() * 4 + b"</p>\n"
    head, tail = b"<!DOCTYPE html><html><head><title>To</title></head><body>\n", b"</body></html>"
    return head + line * ((size - len(head) - len(tail)) // len(line)) + tail


def _huge(fault: Fault, request: Request, site: Site) -> Answer:
    return page(_huge_html(fault.size or 20_000_000))


def _deep(fault: Fault, request: Request, site: Site) -> Answer:
    depth = fault.size or 10_000
    return page("<html><body>" + "<div>" * depth + "sâu" + "</div>" * depth + "</body></html>")


def _oversized(fault: Fault, request: Request, site: Site) -> Answer:
    return Answer(200, [("Content-Type", "application/octet-stream")], bytes(fault.size or 60_000_000))


@lru_cache(maxsize=2)
def _bomb_bytes(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [packer.compress(bytes(min(1_000_000, size - start))) for start in range(0, size, 1_000_000)]
    return b"".join([*parts, packer.flush()])


def _bomb(fault: Fault, request: Request, site: Site) -> Answer:
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip")]
    return Answer(200, headers, _bomb_bytes(fault.size or 200_000_000))


def _header_flood(fault: Fault, request: Request, site: Site) -> Answer:
    answer = site.answer(request)
    answer.headers += [(f"X-Flood-{number}", "x" * 60) for number in range(fault.size or 2_000)]
    return answer


def _robots(fault: Fault, request: Request, site: Site) -> Answer:
    return Answer(200, [("Content-Type", "text/plain")], b"User-agent: *\nDisallow: /\n")


_REPLACEMENTS: dict[str, Replacement] = {
    **dict.fromkeys(("500", "403", "404", "410", "429", "503"), _status),
    "soft-404": _text(NOT_FOUND),
    "maintenance": _text("Hệ thống đang bảo trì, vui lòng quay lại sau"),
    "redirect-home": _to(lambda request: f"{request.origin}/"),
    "redirect-loop": _to(lambda request: request.url),
    "redirect-away": _to(lambda request: "http://quynhon.example/"),
    "same-page": _same_page,
    "cookie": _cookie,
    "empty": _empty,
    "binary": _binary,
    "huge": _huge,
    "deep": _deep,
    "oversized": _oversized,
    "bomb": _bomb,
    "header-flood": _header_flood,
    "robots-disallow": _robots,
}
