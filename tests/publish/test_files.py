"""Pictures and documents out of the WARC files."""

from __future__ import annotations

import gzip
import hashlib
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from datasette.app import Datasette
from PIL import Image as Picture

from quynhon_crawler.home import Home
from quynhon_crawler.publish import site
from quynhon_crawler.publish.naming import file_name
from quynhon_crawler.publish.short import shorten
from tests.publish.archive import HOST, PDF, Archive, jpeg
from tests.publish.conftest import serve, stop, value


def picture(home: Home) -> str:
    capture = value(home, "select id from captures where url like '%HNTK092026001.jpg'")
    return f"/tep/{shorten(capture)}/HNTK092026001.jpg"


async def test_a_picture_is_the_captured_bytes(web: httpx.AsyncClient, home: Home) -> None:
    answer = await web.get(picture(home))
    assert answer.content == jpeg(99)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-length"] == str(len(jpeg(99)))


async def test_a_picture_is_kept_for_ever_by_its_reader_and_a_minute_by_caches_of_many(
    web: httpx.AsyncClient, home: Home
) -> None:
    answer = await web.get(picture(home))
    assert answer.headers["cache-control"] == "public, max-age=31536000, s-maxage=60, immutable"
    again = await web.get(picture(home), headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_an_archived_record_is_not_sent_to_who_has_it(web: httpx.AsyncClient, home: Home) -> None:
    path = f"/ban-luu/{picture(home).split('/')[2]}/record.warc.gz"
    answer = await web.get(path)
    again = await web.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (answer.status_code, again.status_code, again.content) == (200, 304, b"")


@pytest.mark.parametrize(
    ("asked", "start", "end"), [("bytes=0-99", 0, 100), ("bytes=100-", 100, None), ("bytes=-50", -50, None)]
)
async def test_a_part_of_a_picture(
    web: httpx.AsyncClient, home: Home, asked: str, start: int, end: int | None
) -> None:
    answer = await web.get(picture(home), headers={"Range": asked})
    assert (answer.status_code, answer.content) == (206, jpeg(99)[start:end])
    first = start % len(jpeg(99))
    assert answer.headers["content-range"].startswith(f"bytes {first}-")


async def test_a_part_past_the_end_is_refused(web: httpx.AsyncClient, home: Home) -> None:
    answer = await web.get(picture(home), headers={"Range": "bytes=99999999-"})
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(jpeg(99))}")


async def test_a_part_of_an_older_version_gives_the_whole(web: httpx.AsyncClient, home: Home) -> None:
    answer = await web.get(picture(home), headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert (answer.status_code, len(answer.content)) == (200, len(jpeg(99)))


async def test_head_tells_the_length_without_the_bytes(web: httpx.AsyncClient, home: Home) -> None:
    answer = await web.head(picture(home))
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(jpeg(99)))


async def test_a_small_copy_is_made_once(web: httpx.AsyncClient, home: Home, datasette: Datasette) -> None:
    answer = await web.get(f"{picture(home)}?rong=320")
    assert Picture.open(BytesIO(answer.content)).size == (320, 213)
    (kept,) = home.state.glob(f"thumbnails/*/*{hashlib.sha256(jpeg(99)).hexdigest()}-320.webp")
    kept.write_bytes(answer.content[:-1])
    own = site.of(datasette)
    assert own is not None
    own.pictures.clear()
    assert (await web.get(f"{picture(home)}?rong=320")).content == answer.content[:-1]
    kept.unlink()


@pytest.mark.parametrize("width", ["0", "-1", "321", "x", "999999999"])
async def test_other_widths_give_the_picture_itself(web: httpx.AsyncClient, home: Home, width: str) -> None:
    assert (await web.get(f"{picture(home)}?rong={width}")).content == jpeg(99)


async def test_a_pdf_is_shown_in_place(web: httpx.AsyncClient, home: Home) -> None:
    capture = shorten(value(home, "select id from captures where url like '%ke-hoach.pdf'"))
    answer = await web.get(f"/tep/{capture}/Kế hoạch.pdf")
    assert answer.content == PDF
    assert answer.headers["content-disposition"].startswith("inline; filename*=UTF-8''K%E1%BA%BF")


async def test_a_page_of_the_portal_is_only_a_download(web: httpx.AsyncClient, home: Home) -> None:
    capture = shorten(value(home, "select capture_id from articles where url like '%hop-dang-vien.html'"))
    answer = await web.get(f"/tep/{capture}/trang.html")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_the_archived_record_can_be_downloaded(web: httpx.AsyncClient, home: Home) -> None:
    capture = shorten(value(home, "select id from captures where url like '%ke-hoach.pdf'"))
    answer = await web.get(f"/ban-luu/{capture}/record.warc.gz")
    record = gzip.decompress(answer.content)
    assert record.startswith(b"WARC/1.1\r\n")
    assert record.endswith(PDF + b"\r\n\r\n")


class TestOddFiles:
    """Files put on a portal to hurt its readers, and files that are not what they seem."""

    @pytest.mark.parametrize(
        ("declared", "body"),
        [
            ("image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
            ("image/jpeg", b"<html><script>alert(1)</script></html>"),
            ("text/html", b"<script>alert(1)</script>"),
            ("application/javascript", b"alert(1)"),
            ("text/xml", b"<?xml version='1.0'?><x/>"),
            ("", b"<b>no type</b>"),
        ],
    )
    async def test_never_run_on_our_address(self, tmp_path: Path, declared: str, body: bytes) -> None:
        made = Archive(tmp_path / "archive")
        capture = made.file(f"{HOST}/upload/x", body, declared)
        datasette = serve(made.done())
        answer = await datasette.client.get(f"/tep/{shorten(capture.id)}/x.html")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment")
        stop(datasette)

    async def test_a_revisit_gives_the_body_it_repeats(self, tmp_path: Path) -> None:
        made = Archive(tmp_path / "archive")
        first = made.file(f"{HOST}/a.jpg", jpeg(1), "image/jpeg")
        again = made.capture(f"{HOST}/a.jpg", jpeg(1), "image/jpeg", same_as=first)
        made.store.add_capture(again)
        datasette = serve(made.done())
        answer = await datasette.client.get(f"/tep/{shorten(again.id)}/a.jpg")
        assert (again.record_type, answer.content) == ("revisit", jpeg(1))
        stop(datasette)

    async def test_a_lost_warc_file_is_said_not_shown(self, tmp_path: Path) -> None:
        made = Archive(tmp_path / "archive")
        capture = made.file(f"{HOST}/a.jpg", jpeg(1), "image/jpeg")
        home = made.done()
        for path in home.warc.iterdir():
            path.unlink()
        datasette = serve(home)
        answer = await datasette.client.get(f"/tep/{shorten(capture.id)}/a.jpg")
        assert answer.status_code == 502
        assert "Bản lưu này hiện không đọc được" in answer.text
        assert str(home.root) not in answer.text
        stop(datasette)

    async def test_a_picture_that_lies_about_its_size_is_sent_as_it_is(self, tmp_path: Path) -> None:
        made = Archive(tmp_path / "archive")
        bomb = BytesIO()
        Picture.new("1", (20_000, 20_000)).save(bomb, "PNG")
        capture = made.file(f"{HOST}/a.png", bomb.getvalue(), "image/png")
        datasette = serve(made.done())
        answer = await datasette.client.get(f"/tep/{shorten(capture.id)}/a.png?rong=320")
        assert answer.content == bomb.getvalue()
        stop(datasette)


@pytest.mark.parametrize(
    ("url", "called", "media_type", "name"),
    [
        ("/?page=Article.Download&id=7a92", "2821/QĐ-UBND", "application/pdf", "2821-QĐ-UBND.pdf"),
        ("/?page=Article.Download&id=7a92", None, "application/pdf", "tep.pdf"),
        ("/tai/download.aspx?id=3", "Kế hoạch số 5", "application/msword", "Kế hoạch số 5.doc"),
        ("/upload/105285/20240906/3423-CV-UBND_44f2d.pdf", "x", "application/pdf", "3423-CV-UBND.pdf"),
        ("/upload/105285/fck/files/Danh%20s%C3%A1ch_637590261094871909.pdf", None, None, "Danh sách.pdf"),
        ("/upload/anh.JPEG", None, "image/jpeg", "anh.JPEG"),
        ("/upload/anh.jpg", None, "image/webp", "anh.jpg.webp"),
        ("/upload/..%2F..%2Fetc.pdf", None, "application/pdf", "etc.pdf"),
    ],
)
def test_a_file_is_called_as_its_reader_would_call_it(
    url: str, called: str | None, media_type: str | None, name: str
) -> None:
    assert file_name(HOST + url, called, media_type) == name


async def test_a_file_is_saved_with_the_ending_of_what_it_is(web: httpx.AsyncClient, home: Home) -> None:
    small = await web.get(picture(home).replace("HNTK092026001.jpg", "anh") + "?rong=160")
    capture = shorten(value(home, "select id from captures where url like '%ke-hoach.pdf'"))
    pdf = await web.get(f"/tep/{capture}/%3Fpage%3DArticle.Download%26id%3D7")
    names = [answer.headers["content-disposition"].partition("''")[2] for answer in (small, pdf)]
    assert names == ["anh.webp", "%3Fpage%3DArticle.Download%26id%3D7.pdf"]
