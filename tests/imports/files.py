"""WARC, ARC and WACZ files as others write them, good and broken, made byte by byte."""

from __future__ import annotations

import gzip
import hashlib
import zipfile
from base64 import b32encode
from pathlib import Path

PAGE = (
    '<html lang="vi"><head><title>{0}</title></head><body><div id="module25" class="ModuleWrapper">'
    '<article id="article25" class="article-new"><header><span class="post-date left">Thứ 3, 27/08/2019'
    '<span class="drash"> | </span>09:09</span></header><div class="article-content">'
    '<h1 class="article-title common-title-detail title-detail">{0}</h1></div>'
    '<div class="article-content font-size-text clearfix common-content"><p>Sáng ngày 27/8/2019, hội nghị '
    "bàn về {0} được tổ chức tại thành phố, với nhiều đại biểu tham dự và phát biểu.</p></div></article>"
    '</div><script>VHV.using()</script><script src="/App/x.js"></script></body></html>'
)


def sha1(content: bytes) -> str:
    return "sha1:" + b32encode(hashlib.sha1(content).digest()).decode()


def answer(body: bytes, *head: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html; charset=utf-8", *head]
    return "\r\n".join([*lines, "", ""]).encode() + body


def record(kind: str, url: str, block: bytes, number: int, *more: str, date: str = "") -> bytes:
    """One record, uncompressed, without digests as many writers leave them."""
    http = kind in ("response", "request", "revisit")
    lines = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>",
        f"WARC-Date: {date or f'2019-08-27T08:00:{number % 60:02d}Z'}",
        f"WARC-Target-URI: {url}",
        f"Content-Type: application/http; msgtype={kind}" if http else "Content-Type: text/plain",
        *more,
        f"Content-Length: {len(block)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + block + b"\r\n\r\n"


def page(number: int, host: str = "cu.quynhon.vn") -> bytes:
    body = PAGE.format(f"việc số {number}").encode()
    block = answer(body, f"Content-Length: {len(body)}")
    more = (f"WARC-Block-Digest: {sha1(block)}", f"WARC-Payload-Digest: {sha1(body)}")
    return record("response", f"http://{host}/tin/{number}.html", block, number, *more)


def packed(*records: bytes) -> bytes:
    """A gzip member each."""
    return b"".join(gzip.compress(each, 6, mtime=0) for each in records)


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def arc(*pages: tuple[str, bytes]) -> bytes:
    about = b"1 0 Tests\nURL IP-address Archive-date Content-type Archive-length\n"
    out = [b"filedesc://x.arc 0.0.0.0 20080101000000 text/plain %d\n" % len(about) + about + b"\n"]
    for url, block in pages:
        out.append(f"{url} 10.0.0.1 20080102030405 text/html {len(block)}\n".encode() + block + b"\n")
    return packed(*out)


def wacz(path: Path, entries: dict[str, bytes], *, method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path
