"""The last crawl of each portal as one HTML file with charts, and as text for a mail."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2

from quynhon_crawler.config.hours import VIETNAM
from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.model import stable_id
from quynhon_crawler.plural import plural
from quynhon_crawler.schedule.words import clock, span, tell_turn
from quynhon_crawler.store import Store
from quynhon_crawler.store.crawled import KINDS, answers_over_time, articles_of, crawls_of
from quynhon_crawler.urls import url_key
from quynhon_crawler.watch.charts import Bar, bars, shares
from quynhon_crawler.watch.problems import Problem
from quynhon_crawler.watch.state import PortalState, State
from quynhon_crawler.watch.summary import MANY, shorter, sums

_LISTED = 40


@dataclass(slots=True)
class PortalReport:
    """One portal: its state, what its last crawl found, the charts. ``length`` is the crawl's, in words."""

    state: PortalState
    next: str | None
    begun: str = ""
    length: str = ""
    articles: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    charts: list[str] = field(default_factory=list)


def report(state: State, problems: list[Problem]) -> tuple[str, str]:
    """HTML and text. Raises SchemaError and ArchiveError when the database cannot be read."""
    full, rows = _chosen(state, problems)
    portals = _portals(state, full)
    values = {
        "state": state,
        "problems": problems,
        "portals": portals,
        "rows": rows,
        "sums": sums(state.portals) if rows else [],
        "wrong": shorter(problems),
        "kinds": KINDS,
        "crawled": any(one.last for one in state.portals) or state.disk.warc_files,
        "now": clock(state.at),
    }
    templates = jinja2.Environment(
        loader=jinja2.FunctionLoader(_template),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["plural"] = plural
    values |= {"listed": _LISTED, "growth": state.disk.growth, "left": state.disk.days_left()}
    html, text = (templates.get_template(f"report.{ending}").render(values) for ending in ("html", "txt"))
    return html, text


def write_report(state: State, problems: list[Problem], folder: Path) -> tuple[list[Path], str]:
    """``report.html`` and ``report.txt`` into a folder; the files, and the text. Raises ArchiveError."""
    html, text = report(state, problems)
    made = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in (("report.html", html), ("report.txt", text)):
            path = folder / name
            temporary = path.with_name(f".{name}.new")
            temporary.write_text(content, "utf-8")
            made.append(temporary.replace(path))
    except OSError as error:
        raise ArchiveError(f"{error.filename or folder}: cannot be written: {error.strerror}") from error
    return made, text


def _template(name: str) -> str:
    return (files("quynhon_crawler.watch") / "templates" / name).read_text("utf-8")


def _chosen(state: State, problems: list[Problem]) -> tuple[list[PortalState], list[PortalState]]:
    """The portals that are shown with charts, and those of a table: of many only those with problems."""
    if len(state.portals) <= MANY:
        return state.portals, []
    wrong = {problem.subject for problem in problems}
    return [one for one in state.portals if one.name in wrong][:MANY], state.portals


def _portals(state: State, chosen: list[PortalState]) -> list[PortalReport]:
    reports = []
    for one in chosen:
        following = tell_turn(one.next, state.at).partition(": ")[2] if one.next else None
        reports.append(PortalReport(one, following))
    if state.home.database.exists() and not state.database_error:
        with closing(Store.open(state.home.database, readonly=True).connection) as connection:
            for each in reports:
                _look(connection, each)
    return reports


def _look(connection: Any, one: PortalReport) -> None:
    last = one.state.last
    if last is None:
        return
    begun = datetime.fromisoformat(last["started_at"])
    one.begun = clock(begun)
    if last["finished_at"]:
        one.length = span(datetime.fromisoformat(last["finished_at"]) - begun)
    for kind in KINDS:
        one.articles[kind] = articles_of(connection, last["id"], kind, limit=_LISTED + 1)
    answers = answers_over_time(connection, last["id"])
    if answers:
        one.charts.append(
            bars(
                "Answers of this crawl",
                ("good", "others"),
                [Bar(_hour(at), (good, bad)) for at, good, bad, _ in answers],
            )
        )
    crawls = crawls_of(connection, stable_id(url_key(one.state.url)))
    if len(crawls) > 1:
        found = [
            Bar(_day(row["started_at"]), tuple(float(row[f"articles_{kind}"] or 0) for kind in KINDS))
            for row in crawls
        ]
        one.charts.append(bars(f"Articles of the last {len(crawls)} crawls", KINDS, found))
        asked = [
            Bar(
                _day(row["started_at"]),
                (float((row["requests"] or 0) - (row["failures"] or 0)), float(row["failures"] or 0)),
            )
            for row in crawls
        ]
        one.charts.append(bars(f"Requests of the last {len(crawls)} crawls", ("done", "failed"), asked))
    if one.state.short:
        rows = [
            (row["title"] or row["url"], row["captured"], row["listed_total"]) for row in one.state.short[:20]
        ]
        one.charts.append(shares("Lists with items missing", rows))


def _hour(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(VIETNAM):%H:%M:%S}"


def _day(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(VIETNAM):%d/%m}"
