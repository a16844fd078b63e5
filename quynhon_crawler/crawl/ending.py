"""The end of a crawl: its outcome into the WARC file and the database, the file closed."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

from quynhon_crawler.crawl.unusable import unusable
from quynhon_crawler.errors import QuynhonError
from quynhon_crawler.plural import are, plural
from quynhon_crawler.store import completeness
from quynhon_crawler.warc.info import CRAWL_URL
from quynhon_crawler.warc.writer import utc_now

if TYPE_CHECKING:
    from quynhon_crawler.crawl.session import Session


def end(session: Session, *, interrupted: bool) -> dict[str, Any]:
    """Write down how the crawl ended; the columns of its row in ``crawls``.

    Never raises: what cannot be written stays as the last commit left it, and the WARC file stays open. The
    next run goes on from there.
    """
    counts = session.counts
    columns: dict[str, Any] = {"finished_at": utc_now(), "outcome": "interrupted"}
    try:
        session.intake.settle()
        columns |= {name: counts[name] for name in ("requests", "bytes", "failures")}
        session.commit()
        if not interrupted and session.intake.leases:  # whoever ends without them must not say "finished"
            session.trouble = session.trouble or (
                f"asked for and never came back: {plural(len(session.intake.leases), 'address')}; a fault of "
                "this program; nothing is lost, run it again with --debug and report what it says"
            )
        if not interrupted and not session.trouble:
            columns["outcome"] = "limit" if session.frontier.pending else "finished"
        if session.pause and not session.trouble:
            columns["outcome"] = "paused"
        columns |= session.store.crawl_totals(session.crawl_id, session.portal_id)
        if session.frontier.worker:  # it has a part of what the lists count
            columns |= {"listed_total": None, "listed_captured": None}
        if session.idle and columns["outcome"] != "finished":  # the end that is written down holds
            session.writer.close()
            return columns
        said = {"id": session.crawl_id, "portal": session.portal.url, "started_at": session.started_at}
        said |= {"mode": session.mode} | columns
        session.writer.write_metadata(
            CRAWL_URL + session.crawl_id,
            "application/json",
            json.dumps(said, ensure_ascii=False).encode(),
        )
        session.store.finish_crawl(session.crawl_id, **columns)
        if columns["outcome"] == "finished":
            session.frontier.over()
            _close_the_walk(session)
        session.commit()
        session.writer.close()
    except (QuynhonError, OSError, sqlite3.Error) as error:
        columns["outcome"] = "interrupted"
        told = error if isinstance(error, QuynhonError) else unusable(error, session.home)
        session.trouble = session.trouble or str(told)
    return columns


def _close_the_walk(session: Session) -> None:
    """All lists were walked: the next crawl may stop where it knows what comes. What is missing is told."""
    territory = session.conduct.territory
    if territory.walk and session.counts["requests"] > session.counts["failures"]:
        session.frontier.set_fact(f"walked {session.conduct.host}", str(territory.started))
    # One of many workers has a part of what the lists count: the whole is where the files are collected.
    lists = () if session.frontier.worker else completeness(session.store.connection, session.portal_id)
    for row in lists:
        missing = row["listed_total"] - row["captured"]
        if missing > 0:
            session.problems.add(
                row["url"],
                f"incomplete: {missing:,} of {plural(row['listed_total'], 'listed item')} "
                f"{are(missing)} not here",
            )
    if not (session.frontier.worker or session.problems.count or session.scope.moved_to):
        status = session.store.only_answer(session.crawl_id, session.portal.url)
        if status is not None:
            circle = " and leads back to itself" if 300 <= status < 400 else ""
            session.problems.add(
                session.portal.url,
                f"answers {status}{circle}: nothing of the portal was kept; open it in a browser, and set "
                "the url that it has there",
            )
    if session.scope.moved_to:
        session.problems.add(
            session.portal.url,
            f"leads to {session.scope.moved_to}, another host; if the portal has moved, set its new url",
        )
