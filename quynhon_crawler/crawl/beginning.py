"""The beginning of a crawl: what was interrupted goes on, else a new one starts at the portal's address."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from quynhon_crawler.model import Fetch
from quynhon_crawler.store import completeness
from quynhon_crawler.warc.writer import utc_now

if TYPE_CHECKING:
    from quynhon_crawler.crawl.session import Session


def survey(session: Session, started_at: str | None) -> None:
    """What the crawl that began then need not ask for; also told before recovery, which follows links too."""
    walked = session.frontier.fact(f"walked {session.conduct.host}")
    session.conduct.territory.begin(
        full=session.mode == "full",
        walked_at=float(walked) if walked else None,
        started=datetime.fromisoformat(started_at or utc_now()).timestamp(),
    )


def begin(session: Session) -> None:
    """Sets the session's ``crawl_id``, ``started_at``, ``resumed`` and counts, and its row in ``crawls``."""
    frontier, portal = session.frontier, session.portal
    unfinished = frontier.fact("crawl_id")
    session.resumed = bool(unfinished and frontier.fact("portal") == portal.name and frontier.goes_on())
    if session.resumed and unfinished:
        session.crawl_id = unfinished
        session.counts.update(json.loads(frontier.fact("counts") or "{}"))
        session.counts.update(session.recovered.unknown[session.crawl_id])
        session.started_at = frontier.fact("started_at") or utc_now()
    else:
        session.started_at = utc_now()
        session.crawl_id = f"{portal.name}-{session.started_at[:19].replace(':', '').replace('-', '')}Z"
        if frontier.worker:
            session.crawl_id += f"-{frontier.worker}"
        frontier.forget_fetches()
        frontier.set_fact("crawl_id", session.crawl_id)
        frontier.set_fact("portal", portal.name)
        frontier.set_fact("started_at", session.started_at)
        frontier.add([Fetch(portal.url, "seed")])
    survey(session, session.started_at)
    territory = session.conduct.territory
    if not session.resumed:
        frontier.add(territory.due())
    session.store.start_crawl(
        id=session.crawl_id,
        portal_id=session.portal_id,
        mode=session.mode,
        started_at=session.started_at,
    )
    session.store.flush()
    lists = completeness(session.store.connection, session.portal_id)
    territory.incomplete = {row["url"] for row in lists if row["captured"] < row["listed_total"]}
