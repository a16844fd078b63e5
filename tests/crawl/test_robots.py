"""Redirects of robots.txt, RFC 9309, 2.3.1.2; asked through a proxy, which serves any host."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crawl.archives import archive
from tests.crawl.run_crawl import quynhon
from tests.crawl.web import Web, page

CLOSED = b"User-agent: *\nDisallow: /kin\n"


def leads_to(url: str) -> bytes:
    return f"HTTP/1.1 301 Moved Permanently\r\nLocation: {url}\r\nContent-Length: 0\r\n\r\n".encode()


def crawl(folder: Path, answers: dict[str, bytes]) -> tuple[int, str, list[str]]:
    """Crawl http://cong.test/; status, what was said, and which targets were asked for."""
    links = "".join(f'<a href="/{name}">{name}</a>' for name in ("kin", "mo"))
    pages = {f"http://cong.test/{name}": page(name or "Đầu", links) for name in ("", "kin", "mo")}
    with Web(lambda target: (pages | answers).get(target)) as proxy:
        more = 'min_free = 0\n[archive]\nemail = "a@example.vn"\n[[portals]]\nname = "p"\n'
        more += f'url = "http://cong.test/"\nproxy = "{proxy.url}"\n'
        done = quynhon("crawl", "p", "--archive", archive(folder, more))
    return done.returncode, done.stdout + done.stderr, proxy.asked


@pytest.mark.parametrize("other", ["http://www.cong.test/robots.txt", "http://khac.test/r.txt"])
def test_the_rules_of_another_host_hold_for_the_one_that_was_asked(other: str, tmp_path: Path) -> None:
    status, said, asked = crawl(tmp_path, {"http://cong.test/robots.txt": leads_to(other), other: CLOSED})
    assert (status, asked.count(other)) == (0, 1), said
    assert "http://cong.test/mo" in asked
    assert "http://cong.test/kin" not in asked
    assert "finished: 2 requests," in said  # what was not asked is no request
    assert "1 forbidden by robots.txt" in said


def test_another_host_that_fails_forbids_everything(tmp_path: Path) -> None:
    other = "http://www.cong.test/robots.txt"
    broken = b"HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n"
    answers = {"http://cong.test/robots.txt": leads_to(other), other: broken}
    status, said, asked = crawl(tmp_path, answers)
    assert status == 1
    assert "robots.txt answers 500" in said
    assert set(asked) == set(answers)


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/robots.txt", "file:///etc/passwd", "http://cong.test/robots.txt", ""]
)
def test_where_no_request_may_go_there_are_no_rules(target: str, tmp_path: Path) -> None:
    status, said, asked = crawl(tmp_path, {"http://cong.test/robots.txt": leads_to(target)})
    assert status == 0, said
    assert {"http://cong.test/kin", "http://cong.test/mo"} <= set(asked)
    assert not [url for url in asked if "169.254" in url or "passwd" in url]
    assert asked.count("http://cong.test/robots.txt") == (6 if target.startswith("http://cong") else 1)
