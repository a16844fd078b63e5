"""`quynhon search` and `rebuild`: what is in the archive, and the database made again."""

from __future__ import annotations

import dataclasses
from contextlib import closing
from typing import TYPE_CHECKING

import click

from quynhon_crawler.cli.options import (
    archive_option,
    existing_database,
    existing_home,
    json_option,
    print_json,
    print_problems,
)
from quynhon_crawler.cli.progress import progress
from quynhon_crawler.cli.workers import workers_options
from quynhon_crawler.errors import UsageError
from quynhon_crawler.plural import plural

if TYPE_CHECKING:
    from quynhon_crawler.spread import Spread


@click.command(epilog='Example: quynhon search "ket nap dang vien" --year 2019')
@click.argument("words", nargs=-1, required=True)
@archive_option
@click.option("--portal", help="A portal's title or address.")
@click.option("--section", help="A section's title.")
@click.option("--year", type=int, help="Year of publication.")
@click.option("--author", help="A name, a byline or a unit's code (VPTU).")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
@json_option
@click.pass_context
def search(
    ctx: click.Context,
    words: tuple[str, ...],
    archive: str | None,
    portal: str | None,
    section: str | None,
    year: int | None,
    author: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Find articles that hold all the words, typed with or without marks; "words in a row", beginning*.

    A question of its own in quotes: 'đảng -viên' leaves out, 'lễ hội OR hội nghị' finds either.
    """
    from quynhon_crawler import store
    from quynhon_crawler.store import misspelt

    if not any(letter.isalnum() for word in words for letter in word):
        raise UsageError('give the words to look for, as: quynhon search "kết nạp đảng viên"')
    home = existing_database(existing_home(archive))
    with closing(store.Store.open(home.database, readonly=True)) as opened:
        hits = store.search(
            opened.connection,
            " ".join(words),
            portal=portal,
            section=section,
            year=year,
            author=author,
            limit=limit,
        )
        narrowed = any((portal, section, year, author))
        other = None if narrowed else misspelt.corrected(opened.connection, " ".join(words), hits.total)
    if as_json:
        print_json({"total": hits.total, "hits": [dataclasses.asdict(hit) for hit in hits.hits]})
    else:
        for hit in hits.hits:
            click.secho(hit.title or hit.url, bold=True)
            click.echo(f"  {' · '.join(part for part in (hit.published_at, hit.byline, hit.url) if part)}")
            text = "".join(click.style(s.text, underline=True) if s.found else s.text for s in hit.snippet)
            click.echo(f"  {' '.join(text.split())}")
        click.echo(f"{hits.total:,} found" + (f", {len(hits.hits):,} shown" if hits.total > limit else ""))
        if other:
            click.echo(f"Did you mean: {other}", err=True)
    ctx.exit(0 if hits.total else 1)


@click.command(epilog="Example: quynhon rebuild --workers 2")
@archive_option
@workers_options
@click.option("--without-lost", is_flag=True, help="Give up rows whose WARC files are missing or damaged.")
@json_option
@click.pass_context
def rebuild(
    ctx: click.Context, archive: str | None, spread: Spread, without_lost: bool, as_json: bool
) -> None:
    """Make quynhon.db again from the WARC files, and put it in the old one's place at the end.

    Rows of the present database whose bytes can no longer be read are not given up: the command names the
    file and stops, unless --without-lost is given.
    """
    from quynhon_crawler.lock import lock_archive
    from quynhon_crawler.rebuild import rebuild as run

    home = existing_home(archive)
    # A crawl writes to the database that a rebuild replaces: one of them at a time.
    with lock_archive(home, "rebuild"):
        result = run(home, spread=spread, on_file=progress("Reading files:"), without_lost=without_lost)
    if as_json:
        print_json(dataclasses.asdict(result))
    else:
        click.echo(f"Rebuilt from {plural(result.files, 'WARC file')}: {plural(result.captures, 'capture')}")
        click.echo(f"Content digest {result.content_digest}")
        for note in result.notes:
            click.echo(note, err=True)
        print_problems(result.broken)
    ctx.exit(1 if result.broken else 0)
