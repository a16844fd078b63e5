"""A portal that asked for a rest is not due before it is over."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from quynhon_crawler.config import Crawl, parse
from quynhon_crawler.crawl.frontier import Frontier
from quynhon_crawler.crawl.pace import Pace
from quynhon_crawler.home import Home
from quynhon_crawler.schedule.service import due_turns

CONFIG = '[schedule]\nevery = "daily 02:30"\n[[portals]]\nname = "a"\nurl = "http://a.vn/"\n'


def test_what_rests_is_due_when_the_rest_is_over(tmp_path: Path) -> None:
    home, config = Home(tmp_path), parse(CONFIG)
    home.state.mkdir()
    assert [turn.due for turn in due_turns(home, config)] == [True]
    frontier = Frontier(home.frontier)
    pace = Pace(frontier.ledger, "a.vn", Crawl())
    pace.answered(503, 0.1, "7200")
    pace.save()
    frontier.close()
    (turn,) = due_turns(home, config)
    assert (turn.due, turn.why) == (False, "rest")
    assert 7100 < turn.at.timestamp() - time.time() <= 7200
    (turn,) = due_turns(home, config, datetime.now(UTC) + timedelta(hours=3))
    assert turn.due
