"""The pinned scores hold, and the gate refuses to lower one without a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.pages import score


def test_no_score_is_below_the_pinned_one() -> None:
    pinned = json.loads(score.PINNED.read_text("utf-8"))["scores"]
    assert score.lowered(score.count(), pinned) == []


def test_there_are_at_least_sixty_pages() -> None:
    assert sum(values["pages"] for values in score.count().values()) >= 60


@pytest.fixture
def a_higher_pin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pin that asks for one field more of VHV than there is."""
    record = json.loads(score.PINNED.read_text("utf-8"))
    record["scores"]["vhv"]["right"] += 1
    path = tmp_path / "scores.json"
    path.write_text(json.dumps(record), "utf-8")
    monkeypatch.setattr(score, "PINNED", path)
    return path


def test_a_lower_score_is_refused(a_higher_pin: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = a_higher_pin.read_bytes()
    assert score.main([]) == 1
    assert score.main(["--pin"]) == 1
    assert a_higher_pin.read_bytes() == before
    assert "lower: vhv: right" in capsys.readouterr().out


def test_a_lower_score_is_pinned_with_its_reason(a_higher_pin: Path) -> None:
    assert score.main(["--pin", "--lower", "the field was wrong"]) == 0
    record = json.loads(a_higher_pin.read_text("utf-8"))
    assert record["lowered"][-1]["why"] == "the field was wrong"
    assert score.main([]) == 0
