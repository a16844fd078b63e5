"""The report: self-contained, safe, legible on phones, and silent of what was taken down."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from quynhon_crawler.home import Home
from quynhon_crawler.store import Store
from quynhon_crawler.watch.charts import Bar, bars, shares
from quynhon_crawler.watch.problems import Problem, problems_of
from quynhon_crawler.watch.report import report, write_report
from quynhon_crawler.watch.state import State, state_of
from tests.crawl.run_crawl import quynhon
from tests.publish import archive

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CHROMIUM = shutil.which("chromium")
EVIL = "<script>alert(1)</script>"


def test_before_the_first_crawl_nothing_is_called_well(tmp_path: Path) -> None:
    assert quynhon("init", tmp_path / "a").returncode == 0
    done = quynhon("report", "--archive", tmp_path / "a")
    assert "Nothing crawled yet." in done.stdout
    assert "All is well" not in done.stdout


@pytest.fixture
def state(tmp_path: Path) -> State:
    """The archive of the site's tests, with a crawl that had trouble."""
    home = archive.small(tmp_path / "archive").done()
    with Store.open(home.database) as store:
        crawl, portal, begun = store.connection.execute(
            "SELECT id, portal_id, started_at FROM crawls"
        ).fetchone()
        store.finish_crawl(
            crawl,
            finished_at=begun[:11] + "23:59:00Z",
            outcome="finished",
            requests=40,
            failures=2,
            bytes=1_000_000,
        )
        for number in range(2):
            url = f"http://a.example/{EVIL if number else 'x'}"
            store.add_failure(url=url, stage="fetch", error="no answer", seen_at=begun, capture_id=None)
        store.start_crawl(id="older", portal_id=portal, mode="full", started_at="2020-01-01T00:00:00Z")
    return state_of(home, NOW)


def test_it_tells_what_the_crawl_found(state: State) -> None:
    html, text = report(state, problems_of(state))
    for said in (html, text):
        assert "finished" in said
        assert "http://a.example/x: no answer" in said
        assert "kết nạp đảng viên" in said
    assert text.count("\n\n\n") == 0
    assert "<svg" in html


def test_nothing_in_it_is_taken_for_markup_and_nothing_comes_from_elsewhere(state: State) -> None:
    html, _ = report(state, [Problem("a", "x", EVIL)])
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 2
    assert not re.search(r"(?:src|srcset|action|poster)=|url\(|@import|<link", html)
    assert "default-src 'none'" in html


def test_what_was_taken_down_is_not_named(state: State) -> None:
    with Store.open(state.home.database) as store:
        store.add_takedown(archive.conference().url, reason="theo yêu cầu")
    html, text = report(state, [])
    assert "kết nạp đảng viên" not in html + text


def test_files_are_whole_and_replaced(state: State, tmp_path: Path) -> None:
    for _ in range(2):
        files, text = write_report(state, [], tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["report.html", "report.txt"]
    assert files[1].read_text("utf-8") == text


def test_the_command_writes_it_and_prints_the_text(state: State, tmp_path: Path) -> None:
    (state.home.root / "archive.toml").write_text("[crawl]\nmin_free = 0\n")
    done = quynhon("report", "--archive", state.home.root)
    assert done.returncode == 1, done.stderr  # the home page is not in the small archive
    assert "PROBLEM Trang thử nghiệm: the portal did not answer" in done.stdout
    assert (state.home.state / "reports" / "report.html").is_file()
    assert quynhon("report", "--archive", tmp_path / "none").returncode == 2


def test_an_archive_without_a_crawl_has_a_report(tmp_path: Path) -> None:
    (tmp_path / "archive.toml").write_text('[[portals]]\nname = "a"\nurl = "http://a.example/"\n')
    html, text = report(state_of(Home(tmp_path), NOW), [])
    assert "Never crawled." in html
    assert "never crawled" in text


@pytest.mark.parametrize("values", [[], [0.0], [1.0], [3.0, 0.0], [1e9] * 60, [0.4], [7.0, 12345.0]])
def test_bars_of_any_number_and_size_stay_inside(values: list[float]) -> None:
    drawn = bars("x", ("a",), [Bar(str(number), (value,)) for number, value in enumerate(values)])
    assert "nan" not in drawn
    for y, height in re.findall(r'<rect[^>]* y="([-\d.]+)"[^>]* height="([-\d.]+)"', drawn):
        assert 0 <= float(y) <= float(y) + float(height) <= 190


def test_shares_are_never_more_than_whole() -> None:
    drawn = shares("x", [("a", 5, 3), ("b", 0, 0), ("c", 1, 4)])
    assert [float(width) for width in re.findall(r'class="s1"[^>]*width="([\d.]+)"', drawn)] == [
        720,
        720,
        180,
    ]


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: as root, apt-get install chromium")
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_the_screen(state: State, tmp_path: Path, width: int) -> None:
    files, _ = write_report(state, problems_of(state), tmp_path / "out")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": width, "height": 900})
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.goto(files[0].as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("svg").first.bounding_box() is not None
        browser.close()
    assert asked == [files[0].as_uri()]
    assert said == []
