"""Search finds Vietnamese however it is typed, ranks the exact spelling first, and never fails."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from datasette.app import Datasette
from hypothesis import given, settings
from hypothesis import strategies as st

from quynhon_crawler.model import Author, Section
from quynhon_crawler.store import Store, fulltext, spellings
from quynhon_crawler.store.search import search
from quynhon_crawler.store.words import other_placement
from tests.store.conftest import Archive
from tests.store.world import HOME, article, capture, reading

TEXT = "Các đảng viên của phường Đống Đa cùng hòa giải, giữ thủy lợi và chúc sức khỏe đồng bào. " * 2
FORMS = {
    "with marks": "đảng viên",
    "without marks": "dang vien",
    "without marks but đ": "đang vien",
    "NFD": unicodedata.normalize("NFD", "đảng viên"),
    "capitals": "ĐẢNG VIÊN",
    "Đ as D": "Dong Da",
    "Đ": "Đống Đa",
    "old tone placement": "hòa giải",
    "new tone placement": "hoà giải",
    "new tone placement, uy": "thuỷ lợi",
    "new tone placement, oe": "sức khoẻ",
    "phrase with marks": '"đảng viên"',
    "phrase without marks": '"dang vien"',
    "phrase as phones type it": "“đảng viên”",
    "phrase between other quotes": "«đảng viên»",
    "phrase between low and high quotes": "„đảng viên“",
    "phrase between strokes": "″đảng viên″",
    "beginning": "đản*",
    "beginning without marks": "dan*",
    "phrase and a beginning": '"đảng vi"*',
    "words in another order": "vien dang",
}
# What FTS5 takes for its own language, and what is no word at all.
NO_WORDS = ('"', '""', "", " ", "*", "(", "^", "\x00")
ODD = ("AND", "NOT đảng", "NEAR(", "title:", "C++", "o'clock", "12/QĐ-UBND")


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "quynhon.db"
    with Store.open(path, create=True) as store:
        portal_id = store.put_portal(name="Quy Nhơn", home_url=HOME, system=None, rights=None)
        for number, body in enumerate((TEXT, "Chuyện thời tiết: mưa to ở nhiều nơi. " * 4)):
            url = f"{HOME}bai-{number}"
            page = reading(url, title=f"Bài {number}", lead=None, body=body)
            store.add_reading(capture(url), page, portal_id=portal_id)
    return path


@pytest.mark.parametrize("typed", FORMS.values(), ids=FORMS.keys())
def test_every_form_is_found_by_us(stored: Path, typed: str) -> None:
    with Store.open(stored, readonly=True) as store:
        found = store.search(typed)
    assert (found.total, [hit.title for hit in found.hits]) == (1, ["Bài 0"])


@pytest.mark.parametrize("typed", FORMS.values(), ids=FORMS.keys())
def test_every_form_is_found_by_plain_sqlite(stored: Path, typed: str) -> None:
    connection = sqlite3.connect(stored)
    sql = "SELECT a.title FROM articles_fts f JOIN articles a ON a.id = f.rowid WHERE articles_fts MATCH ?"
    found = connection.execute(sql, (typed,)).fetchall()
    connection.close()
    assert found == [("Bài 0",)]


@pytest.mark.parametrize("typed", FORMS.values(), ids=FORMS.keys())
def test_every_form_is_found_by_sqlite_utils(stored: Path, typed: str) -> None:
    command = [sys.executable, "-m", "sqlite_utils", "search", str(stored), "articles", typed, "-c", "title"]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(said.stdout) == [{"title": "Bài 0"}]


async def asked(path: Path, **search: str) -> list[str]:
    """Titles that Datasette's page of the table shows."""
    datasette = Datasette([str(path)], pdb=False)
    answer = await datasette.client.get("/quynhon/articles.json", params={**search, "_shape": "array"})
    for database in datasette.databases.values():
        database.close()
    assert answer.status_code == 200, answer.text
    return sorted(row["title"] for row in answer.json())


@pytest.mark.parametrize("typed", FORMS.values(), ids=FORMS.keys())
async def test_every_form_is_found_by_datasette(stored: Path, typed: str) -> None:
    assert await asked(stored, _search=typed) == ["Bài 0"]


@pytest.mark.parametrize("typed", ODD)
async def test_words_of_fts5_are_words_in_datasette(stored: Path, typed: str) -> None:
    assert await asked(stored, _search=typed) == []


@pytest.mark.parametrize("typed", NO_WORDS)
async def test_a_search_for_nothing_shows_the_table_in_datasette(stored: Path, typed: str) -> None:
    assert await asked(stored, _search=typed) == ["Bài 0", "Bài 1"]


@pytest.mark.parametrize("typed", ["dang", "đảng", "ĐẢNG"])
async def test_one_column_is_searched_with_and_without_marks(stored: Path, typed: str) -> None:
    assert await asked(stored, _search_body=typed) == ["Bài 0"]
    assert await asked(stored, _search_title=typed) == []


async def test_who_asks_datasette_for_fts5_itself_gets_it(stored: Path) -> None:
    assert await asked(stored, _search="title:bai NOT viên", _searchmode="raw") == ["Bài 1"]


@pytest.mark.parametrize("typed", ODD)
def test_quoted_words_are_no_error_in_sqlite_utils(stored: Path, typed: str) -> None:
    command = [sys.executable, "-m", "sqlite_utils", "search", str(stored), "articles", typed, "--quote"]
    assert json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout) == []


def ranked(archive: Archive, typed: str, bodies: list[str]) -> list[str]:
    for number, body in enumerate(bodies):
        url = f"{HOME}bai-{number}"
        page = reading(url, title="Bài viết", lead=None, body=f"{body} {'và nhiều chuyện khác ' * 8}")
        archive.store.add_reading(capture(url), page, portal_id=archive.portal_id)
    archive.store.commit()
    return [bodies[int(hit.url[-1])] for hit in archive.store.search(typed).hits]


def test_the_spelling_as_typed_comes_first(archive: Archive) -> None:
    bodies = ["bán bàn bạn bạn bạn bạn", "bản đồ", "bạn bạn bạn bạn"]
    assert ranked(archive, "bản", bodies)[0] == "bản đồ"


def test_either_tone_placement_counts_as_spelt(archive: Archive) -> None:
    assert ranked(archive, "hoà", ["hoa hoa hoa hoa", "hòa"])[0] == "hòa"


def test_typed_without_marks_every_spelling_is_as_good(archive: Archive) -> None:
    assert ranked(archive, "ban", ["ban", "bạn bạn bạn bạn bạn"])[0] == "bạn bạn bạn bạn bạn"


def test_a_title_weighs_more_than_a_body(archive: Archive) -> None:
    for number, (title, body) in enumerate([("Khác", "cảng biển " * 5), ("Cảng biển", "khác " * 20)]):
        url = f"{HOME}bai-{number}"
        archive.see(capture(url), reading(url, title=title, lead=None, body=body))
    assert archive.store.search("cảng biển").hits[0].title == "Cảng biển"


def test_a_phrase_wants_its_words_in_a_row(archive: Archive) -> None:
    assert ranked(archive, '"ban chấp hành"', ["ban hành chấp thuận", "Ban Chấp hành"]) == ["Ban Chấp hành"]


@pytest.mark.parametrize(
    ("narrow", "titles"),
    [
        ({"section": "tin tuc"}, {"A", "B"}),
        ({"section": "Đảng"}, {"B"}),
        ({"year": 2019}, {"A"}),
        ({"author": "VPTU"}, {"A"}),
        ({"author": "phi hung"}, {"B"}),
        ({"kind": "video"}, {"B"}),
        ({"kind": "article"}, {"A"}),
        ({"section": "không có"}, set()),
    ],
)
def test_filters_narrow(archive: Archive, narrow: dict[str, object], titles: set[str]) -> None:
    top, below = Section("Tin tức", f"{HOME}tin-tuc"), Section("Đảng", f"{HOME}tin-tuc/dang")
    archive.see(capture(f"{HOME}a"), reading(f"{HOME}a", title="A", sections=(top,)))
    hung = Author("Phi Hùng", "Phi Hùng")
    page = {"title": "B", "sections": (top, below), "author": hung, "byline": "Phi Hùng", "kind": "video"}
    archive.see(capture(f"{HOME}b"), reading(f"{HOME}b", published_at="2020-01-01T00:00:00+07:00", **page))
    found = archive.store.search("đảng viên", **narrow)
    assert {hit.title for hit in found.hits} == titles
    assert found.total == len(titles)


def test_pages_follow_one_another(archive: Archive) -> None:
    for number in range(5):
        archive.see(capture(f"{HOME}{number}"), reading(f"{HOME}{number}"))
    pages = [archive.store.search("đảng viên", limit=2, offset=offset) for offset in (0, 2, 4)]
    assert [page.total for page in pages] == [5, 5, 5]
    assert len({hit.id for page in pages for hit in page.hits}) == 5


def test_the_snippet_marks_the_words_as_printed(archive: Archive) -> None:
    body = "Mở đầu dài dòng. " * 40 + "Mọi đảng viên của Thành phố đều dự."
    archive.see(capture(), reading(body=body))
    (hit,) = archive.store.search('dang vien "thanh pho"').hits
    assert [piece.text for piece in hit.snippet if piece.found] == ["đảng", "viên", "Thành phố"]
    assert "".join(piece.text for piece in hit.snippet).startswith("… ")


def test_what_was_taken_down_is_not_found_under_any_address(archive: Archive) -> None:
    old = f"{HOME}cu/bai-1"
    archive.see(capture(old, day=1), reading(old))
    archive.see(capture(day=2), reading())
    assert archive.store.search("đảng viên").total == 2
    archive.store.add_takedown(
        f"http://www.{HOME[8:]}cu/bai-1", reason="theo yêu cầu", at="2026-02-01T00:00:00Z"
    )
    archive.store.commit()
    assert archive.store.search("đảng viên").total == 0


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet=st.sampled_from(list("đảngAN O*\"()-^:+{}[]'\\,.;%_\x00\ud800 0à\u0301")), max_size=30)
)
def test_nothing_typed_is_an_error(tmp_path_factory: pytest.TempPathFactory, typed: str) -> None:
    path = tmp_path_factory.getbasetemp() / "typed.db"
    with Store.open(path, create=True) as store:
        assert store.search(typed).total == 0


@pytest.mark.parametrize(("one", "other"), [("hòa", "hoà"), ("khỏe", "khoẻ"), ("thủy", "thuỷ"), ("úy", "uý")])
def test_tone_placements_pair(one: str, other: str) -> None:
    assert (other_placement(one), other_placement(other)) == (other, one)


@pytest.mark.parametrize("word", ["hoa", "toàn", "quý", "quả", "bản", "mùa"])
def test_other_words_have_one_placement(word: str) -> None:
    assert other_placement(word) == word


def check(connection: sqlite3.Connection) -> None:
    for index in fulltext.NAMES:
        connection.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")


@pytest.mark.parametrize("disturb", ["VACUUM", "REINDEX", "ANALYZE"])
def test_the_index_stays_right_after(stored: Path, disturb: str) -> None:
    connection = sqlite3.connect(stored, isolation_level=None)
    connection.execute(disturb)
    check(connection)
    connection.close()
    test_every_form_is_found_by_plain_sqlite(stored, "dang vien")


def test_the_index_stays_right_after_thousands_of_updates(archive: Archive) -> None:
    for day in range(1, 21):
        for number in range(150):
            url = f"{HOME}bai-{number}"
            page = reading(url, title=f"lần {day}", body=f"{article().body} ngày thứ {day * 37 % 11}")
            archive.store.add_reading(capture(url, day=day), page, portal_id=archive.portal_id)
        archive.store.commit()
    check(archive.store.connection)
    assert archive.store.search("lần 20").total == 150
    assert archive.store.search('"lần 19"').total == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda db: db.execute("UPDATE articles SET title = 'Tên đặt lại' WHERE title = 'Bài 0'"),
        lambda db: db.execute("DELETE FROM articles WHERE title = 'Bài 0'"),
    ],
)
def test_the_index_follows_other_writers(
    stored: Path, change: Callable[[sqlite3.Connection], object]
) -> None:
    connection = sqlite3.connect(stored)
    change(connection)
    connection.commit()
    check(connection)
    found = connection.execute(
        "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'title:bai'"
    ).fetchone()
    connection.close()
    assert found == (1,)


def test_titles_spelt_as_typed_come_before_texts_that_say_it_often(archive: Archive) -> None:
    """The index ranks without marks: hoa in a title would count for hòa."""
    for number, (title, body) in enumerate(
        (
            ("Hoa xuân, hoa đào, hoa mai", "Hoa nở. Nhơn Hòa cũng vui. Hoa và hoa."),
            ("Chợ hoa ngày Tết", "Hoa ở Nhơn Hòa, hoa ở khắp nơi, hoa và hoa."),
            ("Phường Nhơn Hòa họp", "Cuộc họp bàn nhiều việc của phường trong năm tới."),
            ("Phường Nhơn Hoà mở chợ", "Chợ mở từ sáng sớm, người mua kẻ bán đông vui, ai cũng mừng."),
        )
    ):
        url = f"{HOME}hoa-{number}"
        archive.see(capture(url, day=1), reading(url, title=title, body=body))
    found = [hit.title for hit in archive.store.search("hòa").hits]
    assert set(found[:2]) == {"Phường Nhơn Hòa họp", "Phường Nhơn Hoà mở chợ"}
    assert len(found) == 4


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("chợ", {"Chợ Đầm", "Chợ Hòa Bình", "Chợ hoa"}),
        ("chợ -đầm", {"Chợ Hòa Bình", "Chợ hoa"}),
        ("-dam chợ", {"Chợ Hòa Bình", "Chợ hoa"}),
        ('chợ -"hoa binh"', {"Chợ Đầm", "Chợ hoa"}),
        ("chợ -đầm -hoa", set()),
        ("chợ –đầm", {"Chợ Hòa Bình", "Chợ hoa"}),
        ("—dam chợ", {"Chợ Hòa Bình", "Chợ hoa"}),
        ("chợ −đầm", {"Chợ Hòa Bình", "Chợ hoa"}),
        ("chợ –“hoa binh”", {"Chợ Đầm", "Chợ hoa"}),
        ("chợ – đầm", {"Chợ Đầm"}),
        ("chợ–đầm", {"Chợ Đầm"}),
        ("chợ - đầm", {"Chợ Đầm"}),
        ("chợ-đầm", {"Chợ Đầm"}),
        ("-đầm", {"Chợ Đầm"}),
    ],
)
def test_a_minus_leaves_out(archive: Archive, typed: str, found: set[str]) -> None:
    for number, title in enumerate(("Chợ Đầm", "Chợ Hòa Bình", "Chợ hoa")):
        url = f"{HOME}cho-{number}"
        archive.see(capture(url, day=1), reading(url, title=title, body="Sáng nay đông khách."))
    assert {hit.title for hit in archive.store.search(typed).hits} == found
    # Also where so many are found that only titles count.
    most = search(archive.store.connection, typed, most=1).hits
    assert {hit.title for hit in most} <= found


def test_quotes_need_not_pair(stored: Path) -> None:
    with Store.open(stored, readonly=True) as store:
        assert store.search('“đảng viên"').total == store.search("“đảng viên").total == 1


@pytest.mark.parametrize("typed", ["628 m2", "628 m²", '"628 m2"', "m²", "M2", '"rong 628 m2"'])
async def test_powers_are_found_raised_or_not(tmp_path: Path, typed: str) -> None:
    path = tmp_path / "quynhon.db"
    with Store.open(path, create=True) as store:
        portal_id = store.put_portal(name="Quy Nhơn", home_url=HOME, system=None, rights=None)
        for number, body in enumerate(
            ("Thửa đất rộng 628 m² ở phường.", "Đất rộng 628 m2.", "Đường m29, hm22.")
        ):
            page = reading(f"{HOME}{number}", title=f"Bài {number}", lead=None, body=body)
            store.add_reading(capture(f"{HOME}{number}"), page, portal_id=portal_id)
        found = store.search(typed)
        assert {hit.title for hit in found.hits} == {"Bài 0", "Bài 1"}
        assert all(
            any("m" in piece.text.lower() for piece in hit.snippet if piece.found) for hit in found.hits
        )
        assert store.search("rộng -m2").total == 0
        most = search(store.connection, typed, most=1)
        assert most.total == 1
    assert set(await asked(path, _search=typed)) == {"Bài 0", "Bài 1"}


async def test_a_minus_leaves_out_in_datasette(stored: Path) -> None:
    assert len(await asked(stored, _search="bai")) == 2
    assert await asked(stored, _search="bai -mua") == ["Bài 0"]


@pytest.mark.parametrize(
    ("typed", "others"),
    [
        ("qui nhơn", ["quy nhơn"]),
        ("Quý", ["Quí"]),
        ("kỉ niệm", ["kỷ niệm"]),
        ("quình", ["quỳnh"]),
        ("bảy tuổi cây", []),
        ("ly kì", ["ly kỳ", "li kì", "li kỳ"]),
    ],
)
def test_i_and_y_are_two_ways_to_write_a_sound(typed: str, others: list[str]) -> None:
    assert sorted(spellings.others(typed)) == sorted(others)
