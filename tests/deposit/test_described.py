"""What an export says of the takedowns that it obeys, read by a tool of the field."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from quynhon_crawler.deposit.index import export_cdxj
from quynhon_crawler.store import Store
from quynhon_crawler.store.export import export_csv
from tests.deposit.conftest import FIELD
from tests.publish import archive


def test_frictionless_accepts_it(tmp_path: Path) -> None:
    program = FIELD / "frictionless"
    if not program.exists():
        pytest.skip(f"no frictionless in {FIELD}: tools/make-venv-field {FIELD.parent} {sys.executable}")
    home = archive.small(tmp_path / "archive").done()
    (home.root / "archive.toml").write_text("")
    with Store.open(home.database) as store:
        store.add_takedown(archive.conference().url, reason="theo yêu cầu")
    export_csv(home.database, tmp_path / "csv")
    export_cdxj(home, tmp_path / "kho.cdxj")
    for package in ("csv/datapackage.json", "kho.cdxj.datapackage.json"):
        command = [str(program), "validate", package]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
