"""Answers with status 200 that are no page: gone, behind a firewall, closed for maintenance, a login form.

Only short pages and headings are looked at: an article may well quote "404" or tell of a maintenance.
"""

from __future__ import annotations

import re

from quynhon_crawler.extract.text import clean
from quynhon_crawler.model import PageKind
from quynhon_crawler.portals.sheet import Sheet

_COOKIE_PAGE = re.compile(rb"document\.cookie\s{0,9}=[^;]{0,300}", re.IGNORECASE)
_RELOAD = re.compile(rb"location\.(?:reload|href|replace)|location\s{0,9}=", re.IGNORECASE)
_TO_ROOT = re.compile(
    rb"location(?:\.href)?\s{0,9}=\s{0,9}[\"'](?:https?://[^/\"']{1,200})?/?[\"']", re.IGNORECASE
)
_REFRESH_TO_ROOT = re.compile(
    rb"http-equiv\s{0,9}=\s{0,9}[\"']?refresh[\"']?[^<>]{0,100}?url\s{0,9}=\s{0,9}[\"']?(?:https?://[^/\"'<>]{1,200})?/?[\"'>\s]",
    re.IGNORECASE,
)
_SHORT = 700

_GONE = re.compile(
    r"không tìm thấy (?:trang|nội dung|bài viết|đường dẫn|dữ liệu|tài nguyên)|"
    r"(?:trang|nội dung|bài viết|đường dẫn|tin bài)(?: \w+){0,5} "
    r"không (?:còn )?(?:tồn tại|có thực|được tìm thấy)|"
    r"(?:trang|bài viết|nội dung)(?: \w+){0,3} (?:đã bị|đã được|không còn hoặc đã được) (?:xóa|xoá|gỡ)|"
    r"\b404\b.{0,20}(?:not found|error|lỗi|không)|(?:lỗi|error|http) 404\b|page not found|not found|^404$|"
    r"(?:could not be|cannot be|can't be) found",
    re.IGNORECASE,
)
_OBSTACLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("maintenance", re.compile(
        r"bảo trì|đang (?:được )?nâng cấp|tạm (?:ngừng|dừng) (?:hoạt động|phục vụ)|"
        r"under maintenance|maintenance mode|site is down|coming soon|"
        r"account (?:has been )?suspended|suspended page",
        re.IGNORECASE,
    )),
    ("firewall", re.compile(
        r"request rejected|support id|attack id|web page blocked|access denied|"
        r"truy cập bị (?:từ chối|chặn)|từ chối truy cập|"
        r"attention required|just a moment|checking your browser|enable (?:javascript|cookies)|"
        r"bật javascript|captcha|"
        r"ddos protection|cloudrity|incident id|blocked by|forbidden|bị chặn|truy cập bất thường|mã sự cố|"
        r"bạn không có quyền truy cập|xác (?:minh|thực) (?:bạn|trình duyệt)|too many requests",
        re.IGNORECASE,
    )),
)  # fmt: skip
_EXPIRED = re.compile(
    r"phiên (?:làm việc|đăng nhập)(?: \w+){0,3} hết hạn|session (?:has )?expired", re.IGNORECASE
)
_LOGIN = re.compile(r"đăng nhập|log ?in|sign ?in", re.IGNORECASE)
_ERROR = re.compile(
    r"server error in|lỗi hệ thống|có lỗi xảy ra|đã xảy ra lỗi|runtime error|fatal error|"
    r"database error|lỗi kết nối|mysql|stack trace|"
    r"bad gateway|service unavailable|gateway time-?out",
    re.IGNORECASE,
)


def verdict_on_bytes(content: bytes) -> tuple[PageKind, str] | None:
    """What bytes alone show: nothing, a firewall's cookie page, a refused download, a script to the root."""
    stripped = content.strip(b"\xef\xbb\xbf \t\r\n\x00")
    if not stripped:
        return "obstacle", "empty answer"
    if len(stripped) > 3000:
        return None
    if stripped == b"Wrong URL":
        # NukeViet: a download without the record page's session and Referer.
        return "obstacle", "refused download: Wrong URL"
    if _COOKIE_PAGE.search(stripped) and _RELOAD.search(stripped):
        return "obstacle", "firewall: a page that sets a cookie and reloads"
    if len(stripped) < 600 and (_TO_ROOT.search(stripped) or _REFRESH_TO_ROOT.search(stripped)):
        return "not-a-page", "soft 404: sends to the home page"
    return None


def verdict(sheet: Sheet, *, dated: bool = False) -> tuple[PageKind, str] | None:
    """What headings and short texts show; None for a page that is one.

    ``dated`` says that an article with its day was found: then a short text may tell of repairs or a
    captcha, and the heading alone decides whether it is an obstacle.
    """
    title = sheet.head.title or ""
    heading = sheet.text("h1", "h2", ".error-title", ".title-error") or ""
    body = sheet.tree.body
    short = ""
    if body is not None and len(sheet.html) < 200_000 and len(sheet.tree.css("p")) < 12:
        text = clean(_visible(sheet))
        short = text if len(text) <= _SHORT else ""
    for said in (title, heading, short):
        line = said[:_SHORT]
        if len(line) > 120 and said is not short:
            continue
        if _GONE.search(line):
            return "not-a-page", f"soft 404: {line[:80]}"
    if dated:
        short = ""
    for name, pattern in _OBSTACLES:
        if (len(title) < 80 and pattern.search(title)) or (short and pattern.search(short)):
            return "obstacle", f"{name}: {(title or short)[:80]}"
    if sheet.tree.css_first('input[type="password"]') is not None and (
        _LOGIN.search(title) or _LOGIN.search(heading[:60]) or (short and _LOGIN.search(short))
    ):
        return "obstacle", f"login form: {(title or heading)[:80]}"
    if _EXPIRED.search(title) or (short and _EXPIRED.search(short[:200])):
        return "obstacle", f"login form: {(title or heading)[:80]}"
    if _ERROR.search(title) or (short and _ERROR.search(short[:200])):
        return "obstacle", f"server error: {(title or short)[:80]}"
    return None


def _visible(sheet: Sheet) -> str:
    """Text of the body without scripts, menus and foot; cheap, because it is asked of every page."""
    body = sheet.tree.body
    if body is None:
        return ""
    pieces: list[str] = []
    length = 0
    for node in body.css("h1,h2,h3,h4,p,div,span,td,li,a,center,b,strong,font,label"):
        own = node.text(deep=False)
        if own and not own.isspace():
            pieces.append(own)
            length += len(own)
            if length > 4 * _SHORT:
                break
    own = body.text(deep=False)
    return " ".join([own or "", *pieces])
