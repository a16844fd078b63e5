"""Addresses without end are bounded and told; portals that moved or answer everything alike are noticed."""

from __future__ import annotations

import pytest

from quynhon_crawler.config import Crawl
from quynhon_crawler.crawl.traps import Traps, pattern
from quynhon_crawler.sample import SamplePortal
from tests.crawl.archives import archive, ask, missing
from tests.crawl.run_crawl import quynhon
from tests.crawl.web import Web, page


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.vn/lich-cong-tac?tu-ngay=2025-06-23", "/lich-cong-tac?tu-ngay"),
        ("https://a.vn/tin/bai-viet-123.html", "/tin/*.html"),
        ("https://a.vn/lich/2025/06/", "/lich/#/#/"),
        ("https://a.vn/s/8f3a9c0d1e2b4f5a6b7c/trang?b=1&a=2", "/s/*/trang?a&b"),
        ("https://a.vn/news/page-12/", "/news/page-#/"),
        ("https://a.vn/", "/"),
    ],
)
def test_patterns(url: str, expected: str) -> None:
    assert pattern(url) == expected


@pytest.mark.parametrize(
    ("path", "refused"),
    [
        ("/a/b/a/b/a/b/a/b", True),
        ("/anh/anh/anh/anh/anh/x.html", True),
        ("/tin-tuc/2025/06/24/xay-dung/dang/bai.html", False),
        ("/" + "a" * 2000, True),
        ("/a/b/c/d/e/f/g/h/i/j", False),
    ],
)
def test_shapes(path: str, refused: bool) -> None:
    assert Traps(Crawl()).refuses(f"https://a.vn{path}", 1) is refused


def test_the_sample_portals_calendar_is_bounded_and_told(tmp_path) -> None:
    folder = archive(tmp_path, "min_free = 0\ntrap_budget = 30\n")
    with SamplePortal(articles=3, traps=True) as portal:
        done = quynhon("crawl", portal.url, "--archive", folder)
        weeks = [one for one in portal.exchanges if one.target.startswith("/lich-cong-tac")]
        assert missing(folder, portal) == set()
    assert done.returncode == 0, done.stderr
    assert 30 <= len(weeks) <= 40
    assert "/lich-cong-tac?tu-ngay: 30 pages brought next to nothing new" in done.stdout


def test_a_pager_without_end_is_bounded_and_what_it_lists_is_found(tmp_path) -> None:
    """Ten pages of articles, then page after page of the last ten again."""

    def answer(target: str) -> bytes | None:
        if target.startswith("/tin/"):
            return page(f"Bài {target}", f"<p>{target} " + "nội dung " * 80 + "</p>", article=True)
        number = int(target.partition("=")[2] or 1) if target in ("/", "/t") or "?trang=" in target else 0
        first = (min(number, 10) - 1) * 5
        links = "".join(
            f'<li><h3><a href="/tin/bai-{n}.html">Bài {n}</a></h3></li>' for n in range(first, first + 5)
        )
        return (
            page(f"Trang {number}", f'<ul>{links}</ul><a href="/t?trang={number + 1}">Sau</a>')
            if number
            else None
        )

    with Web(answer) as web:
        done = quynhon("crawl", web.url, "--archive", archive(tmp_path, "min_free = 0\ntrap_budget = 30\n"))
        asked = web.asked
    assert done.returncode == 0, done.stderr
    assert len({target for target in asked if target.startswith("/tin/")}) == 50
    assert 30 <= len([target for target in asked if "trang=" in target]) <= 250
    assert "/t?trang: " in done.stdout


def test_a_session_id_in_every_link_does_not_multiply_pages(tmp_path) -> None:
    """Each answer hands out a new id; the texts are five all the same."""
    count = iter(range(10_000_000))

    def answer(target: str) -> bytes | None:
        if target == "/robots.txt":
            return None
        links = "".join(f'<a href="/bai-{n}?phien=x{next(count)}">Bài</a> ' for n in range(5))
        return page(target.partition("?")[0], "<p>" + "nội dung " * 90 + f"</p>{links}", article=True)

    with Web(answer) as web:
        done = quynhon("crawl", web.url, "--archive", archive(tmp_path, "min_free = 0\ntrap_budget = 20\n"))
    assert done.returncode == 0, done.stderr
    assert len(web.asked) <= 5 * 25 + 2
    assert "left out (trap_budget)" in done.stdout


def test_a_chain_of_new_pages_ends_at_max_depth(tmp_path) -> None:
    def answer(target: str) -> bytes | None:
        number = 0 if target == "/" else int(target.removeprefix("/b")) if target.startswith("/b") else None
        if number is None:
            return None
        return page(
            f"Bài {number}", f"<p>Số {number} " + "chữ " * 90 + f'</p><a href="/b{number + 1}">Sau</a>'
        )

    with Web(answer) as web:
        done = quynhon("crawl", web.url, "--archive", archive(tmp_path, "min_free = 0\nmax_depth = 15\n"))
    assert len(web.asked) == 15 + 2
    assert "1 link left out: more than 15 links deep (max_depth)" in done.stdout


def test_a_portal_that_answers_everything_with_one_page_is_noticed(tmp_path) -> None:
    folder = archive(tmp_path)
    with SamplePortal(articles=12) as portal:
        assert quynhon("crawl", portal.url, "--archive", folder).returncode == 0
        before = ask(folder, "count(*), count(gone_at), max(version)", "articles")
        portal.fault("/", "same-page")
        asked = portal.requests
        done = quynhon("crawl", portal.url, "--archive", folder, "--full")
        assert portal.requests - asked < 30
    assert done.returncode == 1
    assert "12 addresses in a row answer with the same page" in done.stderr
    assert ask(folder, "count(*), count(gone_at), max(version)", "articles") == before


def test_a_portal_that_moved_is_noticed(tmp_path) -> None:
    with SamplePortal(articles=3) as portal:
        portal.fault("/", "redirect-away")
        portal.fault("/robots.txt", "404")
        done = quynhon("crawl", portal.url, "--archive", archive(tmp_path))
        assert portal.requests == 2
    assert done.returncode == 1
    assert (
        "leads to http://quynhon.example/, another host; if the portal has moved, set its new url"
        in done.stderr
    )


@pytest.mark.parametrize("targets", [("/",), ("/a", "/b", "/")])
def test_a_home_page_that_leads_back_to_itself_is_no_success(tmp_path, targets) -> None:
    after = dict(zip(("/", *targets), targets, strict=False))

    def answer(target: str) -> bytes | None:
        if target not in after:
            return None
        return f"HTTP/1.1 302 Found\r\nLocation: {after[target]}\r\nContent-Length: 0\r\n\r\n".encode()

    with Web(answer) as web:
        done = quynhon("crawl", web.url, "--archive", archive(tmp_path))
    assert done.returncode == 1
    assert f"{web.url}: answers 302 and leads back to itself: nothing of the portal was kept" in done.stderr


def test_pages_may_need_other_hosts_within_limits(tmp_path) -> None:
    """Through a proxy, which is a server that is asked in absolute form."""
    pictures = "".join(f'<img src="http://anh.test/anh-{n}.png">' for n in range(9))

    def answer(target: str) -> bytes | None:
        if target == "http://cong.test/":
            return page("Đầu", pictures + '<a href="http://khac.test/tin">Nơi khác</a>')
        return b"\x89PNG" if target == "http://anh.test/anh-1.png" else None

    with Web(answer) as proxy:
        more = f'url = "http://cong.test/"\nproxy = "{proxy.url}"\n'
        own = 'min_free = 0\nother_hosts = 4\n[archive]\nemail = "a@example.vn"\n[[portals]]\nname = "p"\n'
        done = quynhon("crawl", "p", "--archive", archive(tmp_path, own + more))
    # what is not there is another host's affair
    assert done.returncode == 0, done.stderr
    assert sorted(proxy.asked) == [
        *(f"http://anh.test/anh-{n}.png" for n in range(4)),
        *("http://anh.test/robots.txt", "http://cong.test/", "http://cong.test/robots.txt"),
    ]


def test_pages_cannot_lead_into_a_private_network(tmp_path) -> None:
    pictures = "".join(f'<img src="http://127.0.0.2:{{port}}/anh-{n}.png">' for n in range(9))

    def other(target: str) -> bytes | None:
        return b"\x89PNG" if target.startswith("/anh-") else None

    with Web(other, host="127.0.0.2") as cdn:
        shown = pictures.replace("{port}", str(cdn.port))
        with Web(lambda target: page("Đầu", shown) if target == "/" else None) as web:
            done = quynhon(
                "crawl", web.url, "--archive", archive(tmp_path, "min_free = 0\nother_hosts = 4\n")
            )
        assert cdn.asked == []  # a private address that nobody named
    assert done.returncode == 0, done.stderr
    assert "4 addresses lead into a private network" in done.stdout
