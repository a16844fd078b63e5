"""`quynhon extract`, `search` and `status`: what is in a page, and in the archive."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import click

from quynhon_crawler.cli.options import (
    print_json,
)
from quynhon_crawler.errors import UsageError


@click.command(epilog="Example: quynhon extract page.html --url https://quynhon.gov.vn/tin-tuc/bai.html")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--url", required=True, help="The address that the page came from.")
@click.pass_context
def extract(ctx: click.Context, file: Path, url: str) -> None:
    """Read one HTML page and print the record as JSON; null where the page does not say."""
    from quynhon_crawler import portals
    from quynhon_crawler.config import check_address
    from quynhon_crawler.model import Page

    check_address(url)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from error
    reading = portals.read(Page(url, 200, (("Content-Type", "text/html"),), content))
    if reading.article is None:
        click.echo(
            f"quynhon: {file}: no article: {reading.problem or f'a page of kind {reading.kind}'}", err=True
        )
        ctx.exit(1)
    print_json(article_record(reading.article))


def article_record(article: Any) -> dict[str, Any]:
    """An Article as one JSON object (contract.md): columns of ``articles``, and what hangs on it."""
    record = dataclasses.asdict(article)
    author = record["author"]
    record["author"] = author and {name: author[name] for name in ("name", "unit_code", "unit_name")}
    sections = record.pop("sections")
    record["section"] = sections[-1] if sections else None
    record["sections"] = list(sections)
    return record
