"""The hooks that Datasette calls. Found by the entry point ``datasette``: no flags, no plugins folder."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click
import jinja2
from datasette import Forbidden
from datasette import hookimpl as _hookimpl

from quynhon_crawler.errors import QuynhonError
from quynhon_crawler.publish import (
    assets,
    compress,
    errors,
    failed_csv,
    folding,
    freshness,
    limits,
    loader,
    refusal,
    routes,
    safety,
    site,
    tables,
    typed,
    validators,
    veil,
)
from quynhon_crawler.store import reach
from quynhon_crawler.store.decided import catch_up

if TYPE_CHECKING:
    from datasette.app import Datasette

F = TypeVar("F", bound=Callable[..., Any])


def hook(function: F) -> F:
    """Datasette's marker, which has no types of its own."""
    marked: F = _hookimpl(function)
    return marked


@hook
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    """Our screens come before Datasette's pages; without an archive there are none."""
    return [] if site.of(datasette) is None else routes.ROUTES


@hook
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Every connection that answers readers is limited."""
    limits.limit(conn)
    typed.forgive(conn)
    reach.teach(conn)
    veil.draw(conn)


@hook
def prepare_jinja2_environment(env: jinja2.Environment) -> None:
    """Datasette's own pages obey the content security policy too, and show the way to the archive."""
    if env.loader is not None and not isinstance(env.loader, loader.Loader):
        ours = jinja2.PackageLoader("quynhon_crawler.publish", "templates/datasette")
        env.loader = loader.Loader(jinja2.ChoiceLoader([ours, env.loader]))
        env.filters["folded"] = folding.columns


@hook
def extra_css_urls(datasette: Datasette) -> list[str]:
    """Datasette's own pages in the colours of the archive."""
    return [] if site.of(datasette) is None else [assets.address("datasette.css")]


@hook
def extra_template_vars(datasette: Datasette) -> dict[str, Any]:
    """What ``templates/base.html`` says on Datasette's own pages."""
    own = site.of(datasette)
    return {"quynhon": None if own is None else own.signpost}


@hook
def asgi_wrapper(datasette: Datasette) -> Callable[[safety.App], safety.App]:
    """Safety headers and compression around everything."""
    own = site.of(datasette)
    base = str(datasette.setting("base_url"))

    def wrapped(app: safety.App) -> safety.App:
        mended = failed_csv.told(typed.mend(app))
        followed = mended if own is None else freshness.follow(mended, own)
        return compress.gzip(safety.headers(validators.etags(refusal.unfit(followed, base))))

    return wrapped


@hook
def startup(datasette: Datasette) -> None:
    """From here on failures are answered by ``errors``, and tables describe themselves.

    A database that was put back from an older copy shows first what was decided since.
    """
    errors.replace()
    if (own := site.of(datasette)) is not None:
        try:
            catch_up(own.home.database)
        except QuynhonError as error:
            raise click.ClickException(str(error)) from error
        tables.describe_plainly(datasette.databases[own.database])


@hook
def forbidden(datasette: Datasette, request: Any, message: str) -> Any:
    """A closed table: JSON for machines, as for any other failure."""
    return errors.answer(datasette, request, Forbidden(message))


@hook
def handle_exception(datasette: Datasette, request: Any, exception: Exception) -> Any:
    """In words, and without printing every variable of every frame."""
    return errors.answer(datasette, request, exception)
