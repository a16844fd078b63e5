"""A small archive to publish, made as the crawler makes one: WARC files by the writer, rows by the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image as Picture
from PIL import ImageDraw

from quynhon_crawler.home import Home
from quynhon_crawler.model import (
    Article,
    Attachment,
    Author,
    Capture,
    Document,
    Image,
    Listing,
    ListingItem,
    Reading,
    Section,
    stable_id,
)
from quynhon_crawler.publish import configuration
from quynhon_crawler.publish.short import shorten
from quynhon_crawler.store import Store
from quynhon_crawler.urls import url_key
from quynhon_crawler.warc.exchange import Exchange
from quynhon_crawler.warc.http import parse
from quynhon_crawler.warc.writer import WarcWriter

HOST = "http://cong.quynhon.test"
NEWS = Section("Tin tức - Sự kiện", f"{HOST}/tin-tuc")
PARTY = Section("Xây dựng Đảng", f"{HOST}/tin-tuc/xay-dung-dang")


def jpeg(number: int = 0, size: tuple[int, int] = (900, 600)) -> bytes:
    """A picture that differs by its number."""
    picture = Picture.new("RGB", size, (20 + number * 37 % 200, 120, 150))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, size[1] * 2 // 3, *size), fill=(236, 214, 160))
    draw.ellipse((size[0] * 0.7, size[1] * 0.1, size[0] * 0.8, size[1] * 0.25), fill=(255, 240, 200))
    draw.polygon([(0, 400), (200 + number * 13 % 300, 180), (600, 400)], fill=(30, 80, 70))
    out = BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


@dataclass
class Archive:
    """Puts answers of a portal into an archive folder; every capture is a second later than the last."""

    root: Path
    second: int = 0
    home: Home = field(init=False)

    def __post_init__(self) -> None:
        self.home = Home(self.root)
        for folder in (self.home.warc, self.home.state):
            folder.mkdir(parents=True, exist_ok=True)
        self.writer = WarcWriter(self.home.warc, prefix="TEST", info={"software": "tests"}, crawl_id="dot-1")
        self.store = Store.open(self.home.database, create=True)
        self.portal = self.store.put_portal(
            name="Trang thử nghiệm", home_url=f"{HOST}/", system="vhv", rights="Dữ liệu thử"
        )
        self.store.start_crawl(
            id="dot-1", portal_id=self.portal, mode="full", started_at="2026-11-24T00:00:00Z"
        )
        configuration.write(self.home)

    def capture(
        self,
        url: str,
        body: bytes,
        media_type: str = "text/html; charset=utf-8",
        *,
        status: int = 200,
        same_as: Capture | None = None,
    ) -> Capture:
        """One exchange, written to WARC. ``same_as`` makes it a revisit."""
        self.second += 1
        hours, minutes = divmod(self.second // 60, 60)
        head = f"HTTP/1.1 {status} X\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
        exchange = Exchange(
            url=url,
            method="GET",
            sent=b"GET / HTTP/1.1\r\nHost: cong.quynhon.test\r\n\r\n",
            received=head.encode() + body,
            started_at=f"2026-11-24T{hours:02d}:{minutes:02d}:{self.second % 60:02d}Z",
            ip="127.0.0.1",
        )
        held = (same_as.url, same_as.captured_at) if same_as else None
        return self.writer.write_exchange(exchange, parse(exchange.received), same_as=held)

    def article(self, article: Article) -> Capture:
        """An article page, as read from it."""
        page = f"<html><body><h1>{article.title}</h1><p>{article.body}</p></body></html>"
        capture = self.capture(article.url, page.encode())
        reading = Reading("vhv", "article", article=article)
        self.store.add_reading(capture, reading, portal_id=self.portal)
        return capture

    def gone(self, url: str) -> Capture:
        """The portal answers 404 where it had a page."""
        capture = self.capture(url, b"gone", status=404)
        self.store.add_capture(capture)
        return capture

    def file(self, url: str, body: bytes, media_type: str, size: tuple[int, int] | None = None) -> Capture:
        """A picture or document of a page."""
        capture = self.capture(url, body, media_type)
        self.store.add_file(capture, width=size and size[0], height=size and size[1])
        return capture

    def done(self) -> Home:
        """Everything on disk."""
        self.store.finish_crawl("dot-1", finished_at="2026-11-24T01:00:00Z", outcome="finished")
        self.store.close()
        self.writer.close()
        return self.home


def article(number: int, **more: object) -> Article:
    """An article of our own text; ``more`` replaces any field."""
    fields: dict[str, object] = {
        "url": f"{HOST}/tin-tuc/bai-{number}.html",
        "title": f"Phường Ghềnh Ráng dọn vệ sinh bãi biển lần thứ {number}",
        "lead": "Sáng nay, hơn hai trăm người dân cùng dọn rác dọc bờ biển.",
        "body": "Bà con chia thành bốn tổ.\n\nRác được phân loại ngay tại chỗ.",
        "body_html": "<p>Bà con chia thành bốn tổ.</p><p>Rác được phân loại ngay tại chỗ.</p>",
        "byline": "Phi Hùng",
        "author": Author("Phi Hùng", name="Phi Hùng"),
        "published_at": f"2026-09-{number % 28 + 1:02d}T08:30:00+07:00",
        "published_meta": f"2026-09-{number % 28 + 1:02d}T08:31:00+07:00",
        "language": "vi",
        "word_count": 14,
        "sections": (NEWS,),
    }
    return Article(**{**fields, **more})  # type: ignore[arg-type]


def conference() -> Article:
    """The article that tests look for: marks, codes, two pictures, attachments, a byline with unit."""
    pictures = (
        Image(0, f"{HOST}/upload/HNTK092026001.jpg", caption="Quang cảnh buổi họp", alt="HNTK092026001",
              code="HNTK092026001", code_event="HNTK", code_month="2026-09", code_number=1,
              original_name="HNTK092026001.jpg", width=900, height=600),
        Image(1, f"{HOST}/upload/chua-luu.jpg", caption="Đại biểu thảo luận", original_name="chua-luu.jpg"),
    )  # fmt: skip
    return article(
        0,
        url=f"{HOST}/tin-tuc/xay-dung-dang/hop-dang-vien.html",
        title="Họp bàn công tác kết nạp đảng viên ở khu dân cư",
        lead="Chiều 3/9/2026, khu phố họp bàn việc kết nạp đảng viên mới.",
        body="Buổi họp ghi nhận nhiều ý kiến.\n\nKhu phố sẽ họp lại vào tháng sau./.",
        body_html=f"""<p>Buổi họp ghi nhận <strong>nhiều ý kiến</strong>.</p>
            <p style="text-align:center"><img src="{HOST}/upload/HNTK092026001.jpg" alt=""></p>
            <p><img src="{HOST}/upload/chua-luu.jpg"></p><p>Khu phố sẽ họp lại vào tháng sau./.</p>""",
        byline="Linh_VPTU",
        author=Author("Linh_VPTU", name="Linh", unit_code="VPTU", unit_name="Văn phòng Thành ủy"),
        published_at="2026-09-30T19:09:00+07:00",
        published_meta="2026-09-30T19:13:34+07:00",
        event_date="2026-09-03",
        sections=(NEWS, PARTY),
        images=pictures,
        attachments=(
            Attachment(f"{HOST}/upload/ke-hoach.pdf", "Kế hoạch họp"),
            Attachment(f"{HOST}/upload/chua-co.docx", "Biên bản"),
        ),
        tags=("kết nạp đảng viên",),
    )


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def small(root: Path) -> Archive:
    """25 articles in two sections, one of them ``conference``; not closed yet."""
    made = Archive(root)
    for number in range(1, 25):
        url = f"{HOST}/upload/bien-{number}.jpg"
        made.article(article(number, images=(Image(0, url, original_name=f"bien-{number}.jpg"),)))
        if number % 3:
            made.file(url, jpeg(number), "image/jpeg", (900, 600))
    made.article(conference())
    made.file(f"{HOST}/upload/HNTK092026001.jpg", jpeg(99), "image/jpeg", (900, 600))
    made.file(f"{HOST}/upload/ke-hoach.pdf", PDF, "application/pdf")
    return made


def with_changes(made: Archive) -> None:
    """Article 1 was changed once, article 2 removed, article 3 removed and put back; two documents."""
    for number in (1, 2, 3):
        made.article(article(number))
    body = "Bà con chia thành năm tổ.\n\nRác được phân loại ngay tại chỗ."
    made.article(article(1, title="Tiêu đề đã sửa", body=body))
    made.gone(article(2).url)
    made.gone(article(3).url)
    made.article(article(3))
    listing = made.capture(f"{HOST}/van-ban", b"<html></html>")
    documents = (
        Document(
            f"{HOST}/van-ban/1",
            "12/QĐ-UBND",
            "Quyết định",
            "2026-08-05",
            "UBND thành phố",
            "Trần Văn A",
            "Về việc đặt tên đường",
            f"{HOST}/upload/12.pdf",
        ),
        Document(
            f"{HOST}/van-ban/2",
            "7/CT-UBND",
            "Chỉ thị",
            "2026-07-01",
            "UBND thành phố",
            None,
            "Về phòng chống bão",
            f"{HOST}/upload/7.pdf",
        ),
    )
    made.store.add_reading(listing, Reading("vhv", "document", documents=documents), portal_id=made.portal)
    made.store.add_failure(
        url=f"{HOST}/hong.html",
        stage="fetch",
        error="trả lời 500",
        seen_at="2026-11-24T00:50:00Z",
        capture_id=None,
    )
    made.file(f"{HOST}/upload/12.pdf", PDF, "application/pdf")


def ward(number: int) -> str:
    """The home page of a portal of ``with_wards``."""
    return f"http://phuong-{number}.test/"


def page_of(home_url: str) -> str:
    """The page of a portal."""
    return "/cong/" + shorten(stable_id(url_key(home_url)))


def with_wards(made: Archive, count: int) -> None:
    """Portals beside the first, each with an article and a crawl; number 7 lacks 8 of its 9 items."""
    city = made.portal
    for number in range(count):
        made.portal = made.store.put_portal(
            name=f"Phường Đống Đa {number}", home_url=ward(number), system="vhv", rights=None
        )
        crawl, begun = f"phuong-{number}", f"2026-11-23T00:{number % 60:02}:00Z"
        made.store.start_crawl(id=crawl, portal_id=made.portal, mode="update", started_at=begun)
        section = Section("Tin phường", f"{ward(number)}tin")
        url = f"{ward(number)}tin/bai.html"
        made.article(article(number, url=url, title=f"Phường {number} họp dân", sections=(section,)))
        total = 9 if number == 7 else 1
        listing = Listing(f"{ward(number)}tin", "25", 1, (ListingItem(url, "Bài"),), total)
        seen = made.capture(f"{ward(number)}tin", b"<html></html>")
        made.store.add_reading(seen, Reading("vhv", "listing", listing=listing), portal_id=made.portal)
        ended = {"finished_at": "2026-11-23T02:00:00Z", "outcome": "finished"}
        made.store.finish_crawl(crawl, **ended, listed_total=total, listed_captured=1)
    made.portal = city
