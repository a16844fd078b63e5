"""Exports: whole, checked, without what was taken down, and the same bytes for the same input."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet
import pytest

from quynhon_crawler.errors import ArchiveError, UsageError
from quynhon_crawler.model import Author, Image, Listing, ListingItem, Reading
from quynhon_crawler.store import Store, fulltext
from quynhon_crawler.store.content import public_tables
from quynhon_crawler.store.export import Exported, export_csv, export_dump, export_jsonl, export_parquet
from tests.deposit.conftest import FIELD
from tests.store.world import HOME, capture, reading

Export = Callable[[Path, Path], Exported]
EXPORTS = {"dump": export_dump, "csv": export_csv, "jsonl": export_jsonl, "parquet": export_parquet}
FORMULA = '=HYPERLINK("http://xau.example";"Bấm")'
SECRET = "bimat"
ONLY_HERE = {
    "author": Author(SECRET, SECRET),
    "byline": SECRET,
    "tags": (SECRET, "hội nghị"),
    "images": (Image(0, f"{HOME}{SECRET}.jpg", caption=SECRET), Image(1, f"{HOME}upload/a.jpg")),
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "quynhon.db"
    with Store.open(path, create=True) as store:
        portal_id = store.put_portal(name="Quy Nhơn", home_url=HOME, system=None, rights="© thành phố")
        for number, title in enumerate((FORMULA, "Bài thường", SECRET)):
            url = f"{HOME}bai-{number}"
            hidden = title == SECRET
            body = f"{SECRET} " * 40 if hidden else "Chuyện, có phẩy\nvà xuống dòng. " * 9
            page = reading(
                url, title=title, body=body, lead=None, body_html="", **(ONLY_HERE if hidden else {})
            )
            store.add_reading(capture(url), page, portal_id=portal_id)
            # Its print view under an address that tells its title, and its picture.
            store.add_reading(
                capture(f"{HOME}in/{title[:9]}", day=1 if hidden else 2), page, portal_id=portal_id
            )
        store.add_file(capture(f"{HOME}{SECRET}.jpg"), width=None, height=None)
        store.add_capture(capture(f"{HOME}in/{SECRET}", day=3, status=404))
        for url in (f"{HOME}in/{SECRET}", f"{HOME}bai-2"):
            seen = capture(url, day=3, status=404 if SECRET in url else 500)
            store.add_capture(seen)
            error = f"{SECRET}: 500"
            at = seen.captured_at
            store.add_failure(url=url, stage="fetch", error=error, seen_at=at, capture_id=seen.id)
        items = (ListingItem(f"{HOME}bai-2", SECRET),)
        listing = Reading("vhv", "listing", listing=Listing(f"{HOME}tin-tuc", "25", 1, items, 3))
        store.add_reading(capture(f"{HOME}tin-tuc", method="POST"), listing, portal_id=portal_id)
        store.add_takedown(f"{HOME}bai-2", reason="theo yêu cầu", at="2026-02-01T00:00:00Z")
    return path


@pytest.fixture(params=EXPORTS.values(), ids=EXPORTS.keys())
def export(request: pytest.FixtureRequest) -> Export:
    chosen: Export = request.param
    return chosen


def test_the_same_input_gives_the_same_bytes(export: Export, database: Path, tmp_path: Path) -> None:
    made = [export(database, tmp_path / name) for name in "ab"]
    contents = [{name: (one.folder / name).read_bytes() for name in one.files} for one in made]
    assert contents[0] == contents[1]
    assert set(contents[0]) >= {"datapackage.json", "README.md", "SHA256SUMS"}


def test_sums_and_package_name_every_file(export: Export, database: Path, tmp_path: Path) -> None:
    made = export(database, tmp_path / "out")
    sums = dict(line.split("  ")[::-1] for line in (made.folder / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == set(made.files) - {"SHA256SUMS"}
    package = json.loads((made.folder / "datapackage.json").read_text("utf-8"))
    explain = {"README.md", "SCHEMA.md", "datapackage.json"}
    assert {resource["path"] for resource in package["resources"]} == set(sums) - explain
    for name, digest in sums.items():
        assert hashlib.sha256((made.folder / name).read_bytes()).hexdigest() == digest
    for resource in package["resources"]:
        assert resource["hash"] == f"sha256:{sums[resource['path']]}"
        assert resource["bytes"] == made.files[resource["path"]]


def test_frictionless_accepts_the_package(export: Export, database: Path, tmp_path: Path) -> None:
    """The real program, with its checks of sums, types, keys and links between tables."""
    program = FIELD / "frictionless"
    if not program.exists():
        pytest.skip(f"no frictionless in {FIELD}: tools/make-venv-field {FIELD.parent} {sys.executable}")
    made = export(database, tmp_path / "out")
    command = [str(program), "validate", "datapackage.json"]
    done = subprocess.run(command, cwd=made.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "INVALID" not in done.stdout
    data = next(
        path for path in made.folder.iterdir() if path.suffix in (".db", ".csv", ".jsonl", ".parquet")
    )
    data.write_bytes(data.read_bytes() + b"\n")
    assert subprocess.run(command, cwd=made.folder, capture_output=True, check=False).returncode == 1


def test_what_was_taken_down_does_not_leave(export: Export, database: Path, tmp_path: Path) -> None:
    made = export(database, tmp_path / "out")
    assert not [name for name in made.files if SECRET.encode() in (made.folder / name).read_bytes()]


def test_what_others_share_with_it_stays_and_no_link_leads_nowhere(database: Path, tmp_path: Path) -> None:
    dump = sqlite3.connect(export_dump(database, tmp_path / "out").folder / "quynhon.db")
    assert dump.execute("PRAGMA foreign_key_check").fetchall() == []
    found = {
        table: dump.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("articles", "tags", "authors", "images", "takedowns", "sections", "failures")
    }
    dump.close()
    wanted = {
        "articles": 2,
        "tags": 1,
        "authors": 1,
        "images": 2,
        "takedowns": 0,
        "sections": 2,
        "failures": 0,
    }
    assert found == wanted


def test_a_folder_in_use_is_refused(export: Export, database: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="exists already"):
        export(database, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_that_cannot_be_made(export: Export, database: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveError, match="cannot be written"):
        export(database, tmp_path / "file" / "out")


def test_a_database_that_is_not_there_leaves_nothing(export: Export, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="there is no database"):
        export(tmp_path / "quynhon.db", tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_the_dump_is_one_whole_database(database: Path, tmp_path: Path) -> None:
    made = export_dump(database, tmp_path / "out")
    assert sorted(made.files) == ["README.md", "SCHEMA.md", "SHA256SUMS", "datapackage.json", "quynhon.db"]
    dump = sqlite3.connect(made.folder / "quynhon.db")
    assert dump.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert dump.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert not dump.execute("SELECT name FROM sqlite_master WHERE name GLOB '_*'").fetchall()
    for index in fulltext.NAMES:
        dump.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")
    sql = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?"
    assert dump.execute(sql, ("chuyen",)).fetchone() == (2,)
    dump.execute("UPDATE articles SET title = 'Tên mới' WHERE title = 'Bài thường'")
    assert dump.execute(sql, ("ten moi",)).fetchone() == (1,)
    dump.close()


def test_a_dump_does_not_wait_for_a_writer(database: Path, tmp_path: Path) -> None:
    with Store.open(database) as store:
        portal_id = store.put_portal(name="Quy Nhơn", home_url=HOME, system=None, rights="© thành phố")
        store.add_reading(capture(f"{HOME}them"), reading(f"{HOME}them"), portal_id=portal_id)
        store.flush()
        made = export_dump(database, tmp_path / "out")
        store.connection.execute("ROLLBACK")
    dump = sqlite3.connect(made.folder / "quynhon.db")
    assert dump.execute("SELECT count(*) FROM articles").fetchone() == (2,)
    dump.close()


def test_the_ten_queries_of_the_readme_run_as_they_stand(database: Path, tmp_path: Path) -> None:
    made = export_dump(database, tmp_path / "out")
    text = (made.folder / "README.md").read_text("utf-8")
    assert "| `articles` | 2 |" in text
    queries = re.findall(r"^## (.+?)\n.+?```sql\n(.+?)```", text, re.DOTALL | re.MULTILINE)
    assert len(queries) == 10
    dump = sqlite3.connect(made.folder / "quynhon.db")
    found = {title: len(dump.execute(query).fetchall()) for title, query in queries}
    dump.close()
    assert found["Everything from one WARC file"] > 2
    assert found["Where the bytes of an article lie, every capture of it"] == 2


def test_the_schema_beside_the_data_is_of_that_data(export: Export, database: Path, tmp_path: Path) -> None:
    made = export(database, tmp_path / "out")
    text = (made.folder / "SCHEMA.md").read_text("utf-8")
    assert "| `title` | text |" in text
    assert "field_stamps" not in text
    assert ("## article_history" in text) == ("quynhon.db" in made.files)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_formulas_are_harmless_in_csv_and_raw_elsewhere(database: Path, tmp_path: Path) -> None:
    export_csv(database, tmp_path / "csv")
    titles = {row["title"] for row in rows_of(tmp_path / "csv" / "articles.csv")}
    assert titles == {f"'{FORMULA}", "Bài thường"}
    export_jsonl(database, tmp_path / "jsonl")
    lines = (tmp_path / "jsonl" / "articles.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["title"] for line in lines} == {FORMULA, "Bài thường"}
    export_parquet(database, tmp_path / "parquet")
    table = pyarrow.parquet.read_table(tmp_path / "parquet" / "articles.parquet")
    assert set(table.column("title").to_pylist()) == {FORMULA, "Bài thường"}


def test_every_sign_that_begins_a_formula_is_made_harmless(database: Path, tmp_path: Path) -> None:
    cells = [f"{sign}1+cmd|' /C calc'!A0" for sign in "=+-@\t\r\n＝＋－＠"]
    own = Path(shutil.copy(database, tmp_path))
    with Store.open(own) as store:
        store.connection.executemany("INSERT INTO tags VALUES (?, ?)", enumerate(cells))
        store.connection.executemany("INSERT INTO tags VALUES (?, ?)", [(98, "cảng = biển"), (99, "")])
    export_csv(own, tmp_path / "csv")
    made = {int(row["id"]): row["name"] for row in rows_of(tmp_path / "csv" / "tags.csv")}
    assert [made[number] for number in range(len(cells))] == [f"'{cell}" for cell in cells]
    assert (made[98], made[99]) == ("cảng = biển", "")


def test_every_public_table_is_in_every_form(database: Path, tmp_path: Path) -> None:
    with Store.open(database, readonly=True) as store:
        wanted = set(public_tables(store.connection))
    for form in ("csv", "jsonl", "parquet"):
        made = EXPORTS[form](database, tmp_path / form)
        assert {Path(name).stem for name in made.files if name.endswith(form)} == wanted


def test_the_package_describes_columns_and_links(database: Path, tmp_path: Path) -> None:
    made = export_csv(database, tmp_path / "out")
    package = json.loads((made.folder / "datapackage.json").read_text("utf-8"))
    images = next(resource for resource in package["resources"] if resource["name"] == "images")["schema"]
    assert images["primaryKey"] == ["id"]
    assert {"fields": ["article_id"], "reference": {"resource": "articles", "fields": ["id"]}} in images[
        "foreignKeys"
    ]
    assert all(field["description"] for field in images["fields"])
