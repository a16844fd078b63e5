"""`quynhon takedown`."""

from __future__ import annotations

import getpass
import re
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from quynhon_crawler.cli.options import (
    archive_option,
    existing_database,
    existing_home,
    json_option,
    print_json,
)
from quynhon_crawler.errors import UsageError
from quynhon_crawler.home import Home
from quynhon_crawler.plural import are, plural

if TYPE_CHECKING:
    from quynhon_crawler.store import Store


# What a complainant sends is mostly the address of this archive, not the portal's.
_LASTING = re.compile(r"/(?:bai|tep|ban-luu)/(?P<code>[0-9A-Za-z]{11})(?=[/?#]|$)")
_CODE = re.compile(r"(?P<code>[0-9A-Za-z]{11})")


@click.command(epilog='Example: quynhon takedown https://quynhon.gov.vn/bai-1.html --reason "theo yêu cầu"')
@click.argument("url", required=False)
@archive_option
@click.option("--reason", help="Why; readers see it on the tombstone.")
@click.option("--by", help="Who decides; your login name if not given. Not shown to readers.")
@click.option("--lift", is_flag=True, help="Show it again.")
@click.option("--anyway", is_flag=True, help="Also when the archive has nothing of this address yet.")
@click.option("--list", "listing", is_flag=True, help="All decisions, of URL alone when given.")
@json_option
def takedown(
    url: str | None,
    archive: str | None,
    reason: str | None,
    by: str | None,
    lift: bool,
    anyway: bool,
    listing: bool,
    as_json: bool,
) -> None:
    """Hide an item everywhere, leaving a tombstone. A running site obeys at once.

    URL is the portal's address, or this archive's own (/bai/...): with http or https, www or not. The
    copies of other portals are hidden too. What was archived stays in the WARC files. Decisions are written
    into takedowns.jsonl and hold after a rebuild.
    """
    from quynhon_crawler import withdraw
    from quynhon_crawler.config import check_address
    from quynhon_crawler.store import Store

    home = existing_home(archive)
    if url is not None:
        url = _meant(home, url)
        check_address(url)
    if listing:
        if lift or reason or anyway:
            raise UsageError("--list only shows; leave --lift, --reason and --anyway out")
        if home.database.exists():  # which may know of decisions that the file has lost
            existing_database(home)
        _list(home, url, as_json=as_json)
        return
    reason = " ".join((reason or "").split())
    if url is None or not reason:
        raise UsageError("name the address and why: quynhon takedown URL --reason TEXT; or --list")
    with closing(Store.open(existing_database(home).database)) as store:
        if lift:
            done = withdraw.lift(store, home, url, reason=reason, by=_who(by))
            said = f"Shown again: {url}"
            hidden = []
        else:
            if not anyway and not _is_known(store, url):
                raise UsageError(
                    f"{url}: nothing here has this address; check it, or hide what may come: --anyway"
                )
            if _is_down(home, url):
                raise UsageError(f"{url}: is taken down already; quynhon takedown {url} --list shows why")
            done = withdraw.take_down(store, home, url, reason=reason, by=_who(by))
            hidden = done.rows
            number = f"{plural(len(hidden), 'row')} hidden from now on" if hidden else ""
            said = f"Taken down: {url}; {number or _only_captures(store, url)}"
    for line in done.unread:
        click.echo(f"{line}; what only this capture showed is not known", err=True)
    if as_json:
        action = "lift" if lift else "takedown"
        rows = [asdict(row) for row in hidden]
        print_json({"url": url, "action": action, "hidden": rows, "earlier": done.earlier, "left": done.left})
        return
    click.echo(said)
    for row in hidden:
        click.echo(f"  {row.table}: {row.title or row.url}" + (f" ({row.url})" if row.title else ""))
    if done.earlier:
        count, verb = plural(len(done.earlier), "file"), "shown" if lift else "taken down"
        click.echo(f"{count} that only earlier versions showed {are(len(done.earlier))} {verb} with it:")
        for earlier in done.earlier:
            click.echo(f"  {earlier}")
    for line in done.left:
        click.echo(line)
    if not lift:
        click.echo("Exports made before still hold it: make them again. To show it again: --lift")


def _meant(home: Home, typed: str) -> str:
    """The portal's address of what the site calls ``/bai/…``, ``/tep/…``, ``/ban-luu/…`` or 11 letters."""
    from quynhon_crawler.publish.short import lengthen
    from quynhon_crawler.store import Store

    found = _LASTING.search(typed) or _CODE.fullmatch(typed)
    number = lengthen(found["code"]) if found else None
    if number is None or not home.database.exists():
        return typed
    with closing(Store.open(existing_database(home).database, readonly=True)) as store:
        if typed.startswith(("http://", "https://")) and _is_known(store, typed):
            return typed
        sql = "SELECT url FROM articles WHERE id = :id UNION ALL SELECT url FROM captures WHERE id = :id"
        row = store.connection.execute(sql, {"id": number}).fetchone()
    return typed if row is None else str(row[0])


def _only_captures(store: Store, url: str) -> str:
    """What a takedown does that hides no article, file or document: of a home page, or of what may come."""
    from quynhon_crawler.urls import url_key

    sql = "SELECT count(*) FROM captures WHERE url_key = ?"
    count = store.connection.execute(sql, (url_key(url),)).fetchone()[0]
    if not count:
        return "nothing of it is here now; what may come is hidden"
    gone = f"its {plural(count, 'capture')} {are(count)} left out of replay and WACZ from now on"
    return f"{gone}; no article, file or document is hidden that was not before"


def _list(home: Home, url: str | None, *, as_json: bool) -> None:
    """The decisions, oldest first; which of them hold now."""
    from quynhon_crawler.store.takedowns import decisions, in_force
    from quynhon_crawler.urls import url_key

    found = [one for one in decisions(home.takedowns) if url is None or url_key(one.url) == url_key(url)]
    holding = in_force(home.takedowns)
    if as_json:
        print_json([asdict(one) | {"holds": one in holding} for one in found])
        return
    for one in found:
        holds = " (holds now)" if one in holding else ""
        click.echo(
            f"{one.at} {one.action} {one.url}{holds}: {one.reason}" + (f" [{one.by}]" if one.by else "")
        )
    if not found:
        click.echo("No decisions" + (f" about {url}" if url else ""))


def _is_down(home: Home, url: str) -> bool:
    from quynhon_crawler.store.takedowns import in_force
    from quynhon_crawler.urls import url_key

    return any(url_key(one.url) == url_key(url) for one in in_force(home.takedowns))


def _who(by: str | None) -> str:
    if by is not None:
        return " ".join(by.split())
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return ""


def _is_known(store: Store, url: str) -> bool:
    """Whether a capture or a row has this address."""
    from quynhon_crawler.store.rows import url_id
    from quynhon_crawler.urls import url_key

    sql = """SELECT 1 FROM captures WHERE url_key = :key UNION ALL SELECT 1 FROM articles WHERE id = :id
        UNION ALL SELECT 1 FROM files WHERE id = :id UNION ALL SELECT 1 FROM documents WHERE url_id = :id
        UNION ALL SELECT 1 FROM images WHERE file_id = :id
        UNION ALL SELECT 1 FROM attachments WHERE file_id = :id LIMIT 1"""
    values = {"key": url_key(url), "id": url_id(url)}
    return store.connection.execute(sql, values).fetchone() is not None
