"""Imports go downward only (design.md); the map in quynhon_crawler/__init__.py is the rule."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "quynhon_crawler"
LEVELS = {
    **dict.fromkeys(("__init__", "model", "errors", "urls", "home", "plural"), 0),
    **dict.fromkeys(("config", "lock", "manifest", "extract", "spread", "warc", "sample"), 1),
    **dict.fromkeys(("losses", "portals", "store"), 2),
    **dict.fromkeys(("ingest", "schedule"), 3),
    "publish.configuration": 3,  # writes Datasette's files without importing it
    **dict.fromkeys(("rebuild", "watch", "withdraw"), 4),
    **dict.fromkeys(("audit", "crawl", "imports", "deposit", "publish"), 5),
    "replay": 6,
    "cli": 7,
    "start": 8,
}
FILES = sorted(ROOT.rglob("*.py"))


def room(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:2]) if ".".join(parts[:2]) in LEVELS else parts[0]


def imported(path: Path) -> set[str]:
    """Full names of the modules that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_downward(path: Path) -> None:
    here = room(path)
    assert here in LEVELS, f"{here} is not on the map in quynhon_crawler/__init__.py"
    for name in imported(path):
        parts = name.split(".")
        if parts[0] != "quynhon_crawler" or len(parts) < 2:
            continue
        there = ".".join(parts[1:3]) if ".".join(parts[1:3]) in LEVELS else parts[1]
        if there.split(".")[0] == here.split(".")[0]:
            continue
        if there in LEVELS:
            assert LEVELS[there] < LEVELS[here], f"{path.name} in {here} imports {there}"


@pytest.mark.parametrize(
    ("package", "only"), [("scrapy", "crawl"), ("twisted", "crawl"), ("datasette", "publish")]
)
def test_one_room_imports_it(package: str, only: str) -> None:
    users = {room(path) for path in FILES if any(name.split(".")[0] == package for name in imported(path))}
    assert users <= {only}


@pytest.mark.parametrize("module", ["ingest", "rebuild", "store", "portals", "cli"])
def test_reading_the_archive_loads_no_scrapy(module: str) -> None:
    code = (
        f"import sys, quynhon_crawler.{module}; print([m for m in ('scrapy', 'twisted') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_drawer_for_everything() -> None:
    assert not {path.stem for path in FILES} & {"utils", "helpers", "common", "misc"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300, "past 250 lines a file holds two nouns"
