"""An article taken down with the pictures that only earlier versions showed, and shown again with them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quynhon_crawler.cli import main
from quynhon_crawler.deposit.withdrawn import Withdrawn
from quynhon_crawler.home import Home
from quynhon_crawler.model import Document, Reading, stable_id
from quynhon_crawler.publish.short import shorten
from quynhon_crawler.store import Store
from quynhon_crawler.urls import url_key
from tests.publish.archive import HOST, Archive, jpeg

ARTICLE, OTHER = f"{HOST}/tin-tuc/le-hoi-1.html", f"{HOST}/tin-tuc/giai-dua-2.html"
FIRST, SHARED, LAST = (f"{HOST}/upload/{name}.jpg" for name in ("dau", "chung", "cuoi"))
WHY = ("--reason", "theo yêu cầu của gia đình", "--by", "Lan")


def page(title: str, *pictures: str) -> bytes:
    shown = "".join(f'<p><img src="{picture}"></p>' for picture in pictures)
    text = "<p>Thuyền rồng của mười hai làng chài tranh tài trên đầm Thị Nại trong hai ngày.</p>" * 4
    return f"""<!DOCTYPE html><html lang="vi"><head><meta name="DC.Creator" content="VHV">
        <title>{title}</title></head><body><div class="ModuleWrapper"><h1 class="article-title">{title}</h1>
        <div class="article-content common-content">{text}{shown}</div></div></body></html>""".encode()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Archive(tmp_path / "archive")
    for picture in (FIRST, SHARED, LAST):
        made.capture(picture, jpeg(len(picture)), "image/jpeg")
    made.capture(ARTICLE, page("Lễ hội đua thuyền", FIRST, SHARED))
    made.capture(OTHER, page("Giải đua thuyền năm nay", SHARED))
    made.capture(ARTICLE, page("Lễ hội đua thuyền rồng", LAST))
    home = made.done()
    (home.root / "archive.toml").write_text("")
    assert run(home, "rebuild").exit_code == 0
    return home


def run(home: Home, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--archive", str(home.root)])


def hidden(home: Home) -> list[str]:
    withdrawn = Withdrawn.of(home.database)
    return [url for url in (ARTICLE, OTHER, FIRST, SHARED, LAST) if withdrawn.hides(url)]


def test_it_goes_with_what_only_an_earlier_version_showed_and_comes_back_with_it(home: Home) -> None:
    done = run(home, "takedown", ARTICLE, *WHY)
    told = f"1 file that only earlier versions showed is taken down with it:\n  {FIRST}\n"
    assert (done.exit_code, told in done.output) == (0, True), done.output
    assert hidden(home) == [ARTICLE, FIRST, LAST]
    home.database.unlink()
    assert run(home, "rebuild").exit_code == 0
    assert hidden(home) == [ARTICLE, FIRST, LAST]
    back = run(home, "takedown", ARTICLE, "--lift", "--reason", "toà đã xử", "--json")
    assert json.loads(back.output)["earlier"] == [FIRST]
    assert hidden(home) == []


def test_the_file_of_a_document_stays_with_that(home: Home) -> None:
    with Store.open(home.database) as store:
        portal_id = store.put_portal(name="Thử", home_url=f"{HOST}/", system=None, rights=None)
        document = Document(f"{HOST}/van-ban/1", "1/QĐ-UBND", abstract="Về lễ hội", attachment_url=FIRST)
        (held,) = store.captures_at(OTHER, limit=1)
        store.add_reading(held, Reading("vhv", "document", documents=(document,)), portal_id=portal_id)
    run(home, "takedown", ARTICLE, *WHY)
    assert hidden(home) == [ARTICLE, LAST]


def test_a_picture_that_was_taken_down_for_itself_stays_so(home: Home) -> None:
    run(home, "takedown", FIRST, "--reason", "bản quyền ảnh")
    done = run(home, "takedown", ARTICLE, *WHY)
    assert "earlier versions" not in done.output
    run(home, "takedown", ARTICLE, "--lift", "--reason", "toà đã xử")
    assert hidden(home) == [FIRST]


@pytest.mark.parametrize("form", ["https://kho.quynhon.test/bai/{}", "/en/bai/{}?q=1", "{}"])
def test_the_lasting_address_names_an_article_too(home: Home, form: str) -> None:
    code = shorten(stable_id(url_key(ARTICLE)))
    done = run(home, "takedown", form.format(code), *WHY)
    assert (done.exit_code, done.output.splitlines()[0].split(";")[0]) == (0, f"Taken down: {ARTICLE}")
    assert run(home, "takedown", form.format(code), "--lift", "--reason", "toà đã xử").exit_code == 0
    assert hidden(home) == []
    unknown = run(home, "takedown", form.format("0" * 11), *WHY)
    assert unknown.exit_code == 2


def test_texts_that_tell_of_a_picture_are_named(home: Home) -> None:
    done = run(home, "takedown", SHARED, *WHY)
    assert f"Articles that show it stay, with what their text says of the picture: {OTHER}\n" in done.output


def test_a_version_that_cannot_be_read_is_told(home: Home) -> None:
    (path,) = home.warc.glob("*.warc.gz")
    path.chmod(0o644)
    os.truncate(path, 3_000)
    done = run(home, "takedown", ARTICLE, *WHY)
    assert done.exit_code == 0
    assert f"{path.name}@" in done.stderr
    assert "what only this capture showed is not known" in done.stderr
    assert hidden(home) == [ARTICLE, LAST]
