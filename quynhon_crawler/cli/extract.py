"""`quynhon extract`: what is in one page, as JSON."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Any

import click

from quynhon_crawler.cli.options import NamedPath, print_json
from quynhon_crawler.errors import UsageError
from quynhon_crawler.model import Article, Reading

#: Pages of the portals have 0.1 MB, the largest seen 5 MB. /dev/zero has no end.
LARGEST = 32_000_000
# Pipes that the shell holds open: <(curl URL).
_HANDLES = ("/dev/", "/proc/")


@click.command(
    epilog="""\b
Examples:
  quynhon extract page.html --url https://quynhon.gov.vn/tin-tuc/bai.html
  curl -s URL | quynhon extract - --url URL
"""
)
@click.argument("file", type=NamedPath(exists=True, dir_okay=False, allow_dash=True))
@click.option("--url", required=True, help="The address that the page came from.")
@click.pass_context
def extract(ctx: click.Context, file: str, url: str) -> None:
    """Read one HTML page and print the record as JSON; null where the page does not say.

    FILE - is standard input.
    """
    from quynhon_crawler import portals
    from quynhon_crawler.config import check_address
    from quynhon_crawler.extract.filetypes import not_html
    from quynhon_crawler.model import Page

    check_address(url)
    name = "standard input" if file == "-" else file
    content = _content(file, name)
    other = not_html(content)
    if other:
        raise UsageError(f"{name}: no HTML page: it is {other}")
    reading = portals.read(Page(url, 200, (("Content-Type", "text/html"),), content))
    if reading.article is None:
        click.echo(f"quynhon: {name}: no article: {_why_not(reading)}", err=True)
        ctx.exit(1)
    print_json(article_record(reading.article))


def _content(file: str, name: str) -> bytes:
    """At most ``LARGEST`` bytes of the file. Raises UsageError when there are more, or it cannot be read."""
    try:
        if file == "-":
            content = sys.stdin.buffer.read(LARGEST + 1)
        elif Path(file).is_fifo() and not file.startswith(_HANDLES):
            raise UsageError(f"{name}: a named pipe, which may never end; give it as -: extract - < {name}")
        else:
            with Path(file).open("rb") as handle:
                content = handle.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{name}: cannot be read: {error.strerror}") from error
    if len(content) > LARGEST:
        raise UsageError(f"{name}: larger than {LARGEST // 1_000_000} MB: that is no page")
    return content


def _why_not(reading: Reading) -> str:
    """What the page is instead, in words."""
    if reading.problem:
        return reading.problem
    if reading.listing is not None:
        return f"a list of {len(reading.listing.items):,} items"
    if reading.documents:
        return f"{len(reading.documents):,} legal documents, no article"
    return {
        "home": "the portal's home page, going by --url",
        "listing": "a list of pages",
        "document": "a legal document",
    }.get(reading.kind, "no title with a text was found")


def article_record(article: Article) -> dict[str, Any]:
    """An Article as one JSON object (docs/extraction.md): columns of ``articles``, and what hangs on it."""
    record = dataclasses.asdict(article)
    author = record["author"]
    record["author"] = author and {name: author[name] for name in ("name", "unit_code", "unit_name")}
    sections = record.pop("sections")
    record["section"] = sections[-1] if sections else None
    record["sections"] = list(sections)
    return record
