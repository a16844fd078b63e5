"""The files of the archive folder that make ``datasette archive/`` work."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import yaml

from quynhon_crawler.home import Home
from quynhon_crawler.publish import configuration


def files(root: Path) -> tuple[dict, dict, dict]:  # type: ignore[type-arg]
    configuration.write(Home(root), title="Ký ức", contact="luutru@quynhon.test", address="https://kho.test")
    old = yaml.safe_load((root / "metadata.yaml").read_text("utf-8"))
    settings = json.loads((root / "settings.json").read_text("utf-8"))
    new = yaml.safe_load((root / "datasette.yaml").read_text("utf-8"))
    return old, settings, new


def test_both_datasettes_are_told_the_same(tmp_path: Path) -> None:
    old, settings, new = files(tmp_path)
    assert settings == new["settings"]
    assert old["plugins"] == new["plugins"]
    described = ("title", "description", "columns")  # both read these from metadata.yaml
    told = {
        name: {key: value for key, value in table.items() if key not in described}
        for name, table in old["databases"]["quynhon"]["tables"].items()
    }
    assert {name: table for name, table in told.items() if table} == new["databases"]["quynhon"]["tables"]


def test_every_private_table_is_closed(tmp_path: Path) -> None:
    old, _, _ = files(tmp_path)
    tables = old["databases"]["quynhon"]["tables"]
    assert all(tables[name]["allow"] is False for name in configuration.PRIVATE)


def test_the_keepers_own_files_stay(tmp_path: Path) -> None:
    (tmp_path / "metadata.yaml").write_text("title: Của tôi\n", "utf-8")
    written = configuration.write(Home(tmp_path), title="x")
    assert [path.name for path in written] == ["settings.json", "datasette.yaml"]
    assert (tmp_path / "metadata.yaml").read_text("utf-8") == "title: Của tôi\n"


def test_writing_them_does_not_load_datasette() -> None:
    code = "import sys, quynhon_crawler.publish.configuration; sys.exit('datasette' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
