"""`quynhon extract`: the record of a page, or one line that says why there is none."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from quynhon_crawler.cli import main
from tests.pages.cases import FOLDER

URL = "https://quynhon.gov.vn/tin-tuc/bai.html"
SEED = FOLDER / "vhv" / "seed.html"


def run(*arguments: str, stdin: bytes | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["extract", *arguments, "--url", URL], input=stdin)
    return result.exit_code, result.stdout, result.stderr


def test_the_seed_article() -> None:
    status, out, _ = run(str(SEED))
    record = json.loads(out)
    assert status == 0
    assert record["byline"] == "Linh_VPTU"
    assert record["author"] == {"name": "Linh", "unit_code": "VPTU", "unit_name": "Văn phòng Thành ủy"}
    assert record["event_date"] == "2019-08-27"
    assert [(image["code"], image["caption"]) for image in record["images"]] == [
        ("HNBCH082019001", "Quang cảnh Hội nghị")
    ]
    assert record["body"].endswith("./.")


def test_standard_input() -> None:
    assert run("-", stdin=SEED.read_bytes())[1] == run(str(SEED))[1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (b" \n\n", "it is blank"),
        (b"%PDF-1.7\n...", "it is a PDF document"),
        (b"\x89PNG\r\n\x1a\n\x00", "it is a PNG picture"),
        (b"\xff\xd8\xff\xe0\x00", "it is a JPEG picture"),
        (b"PK\x03\x04....word/document.xml", "it is a Word document"),
        (b"PK\x03\x04....archive/data.warc.gz", "quynhon import"),
        (b"\xd0\xcf\x11\xe0", "it is an Office document of before 2007"),
        (gzip.compress(b"<html><p>x"), "compressed with gzip"),
        (b"WARC/1.1\r\nWARC-Type: warcinfo\r\n", "it is a WARC file; `quynhon import`"),
        (gzip.compress(b"WARC/1.0\r\n"), "it is a WARC file; `quynhon import`"),
        (b'{"title": "<p>x</p>"}', "it is JSON"),
        (b"<?xml version='1.0'?><rss><channel/></rss>", "it is an RSS feed"),
        (b"<?xml version='1.0'?><urlset/>", "it is a site map"),
        ("Hội nghị hôm nay, 3 < 5".encode(), "it is plain text without any HTML"),
        (b"\x01\x02\x00\x03" * 9, "it is binary data"),
        (b"From: <Saved by Blink>\r\n<html>", "MHTML"),
    ],
)
def test_what_is_no_page(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(content)
    status, out, err = run(str(file))
    assert (status, out) == (2, "")
    assert err.startswith(f"quynhon: {file}: no HTML page: it is ")
    assert said in err
    assert err.count("\n") == 1


def test_a_file_without_end_is_refused() -> None:
    status, out, err = run("/dev/zero")
    assert (status, out) == (2, "")
    assert err == "quynhon: /dev/zero: larger than 32 MB: that is no page\n"


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("not-a-page/d1n-cookie", "firewall"),
        ("not-a-page/soft-404", "soft 404"),
        ("vhv/law-list-other-words", "a list of 2 items"),
        ("vhv/law-detail-divs", "1 legal document"),
    ],
)
def test_pages_without_an_article_say_what_they_are(case: str, said: str) -> None:
    status, out, err = run(str(FOLDER / f"{case}.html"))
    assert (status, out) == (1, "")
    assert said in err


@pytest.mark.parametrize("page", ["utf-16", "utf-8-sig"])
def test_a_page_with_a_byte_order_mark_is_a_page(tmp_path: Path, page: str) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(SEED.read_text("utf-8").encode(page))
    assert json.loads(run(str(file))[1])["byline"] == "Linh_VPTU"
