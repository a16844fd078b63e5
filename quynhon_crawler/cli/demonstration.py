"""`quynhon demo`: the sample portal, a crawl of it, and the site, all on this machine's loopback."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import click

from quynhon_crawler.cli.crawling import crawl_with_progress
from quynhon_crawler.cli.serving import check_port, serve_command
from quynhon_crawler.config import Portal
from quynhon_crawler.crawl.choose import make_archive
from quynhon_crawler.errors import QuynhonError, UsageError
from quynhon_crawler.home import Home
from quynhon_crawler.sample import SamplePortal

# What the check asks the site for, typed without marks as a reader would.
_WORDS = "ket nap dang vien"
_PORT = 8001
# Not the site's: `quynhon serve` shall find its own free while the portal runs.
_PORTAL_PORT = 8000
_START_SECONDS = 60


def serve_portal(port: int | None) -> None:
    """The sample portal alone, until Ctrl-C."""
    port = _usual_port(_PORTAL_PORT) if port is None else port
    check_port("127.0.0.1", port)
    with SamplePortal(port=port) as portal:
        click.echo(f"Sample portal at {portal.url} (Ctrl-C ends it)")
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            click.echo()


def demonstrate(port: int | None, *, check: bool, archive: str | None) -> None:
    """Crawl the sample portal, then serve the site; with ``check``, ask it for a page and end."""
    if port is None:
        port = _usual_port()
    if not check:
        check_port("127.0.0.1", port)
    _heed_term()
    with tempfile.TemporaryDirectory(prefix="quynhon-demo-") as temporary:
        home = Home(Path(archive).absolute() if archive else Path(temporary) / "archive")
        with SamplePortal() as portal:
            click.echo(f"Sample portal at {portal.url}, archive in {home.root}")
            if not home.config.exists():
                make_archive(home, Portal(name="cong-mau", url=portal.url, title="Cổng thông tin mẫu"))
            outcome = crawl_with_progress(home, portal.url, delay=0, concurrency=8)
            _heed_term()  # Scrapy leaves it ignored, for the processes that are started from here on too
            if outcome.columns["outcome"] == "interrupted":  # Ctrl-C means the demo, not its crawl alone
                raise KeyboardInterrupt
            columns = outcome.columns
            click.echo(
                f"Crawl {columns['outcome']}: {columns['requests']:,} requests, "
                f"{columns['bytes'] / 1e6:,.1f} MB, {columns.get('articles_new', 0):,} articles"
            )
            for url, why in (*outcome.problems.files, *outcome.problems.told):
                click.echo(f"  failed: {url}: {why}")
            _a_day_later(home, portal)
        click.echo(f"The sample portal has ended: {portal.url} lives on in the archive alone")
        _serve(home, port, check=check)


def _heed_term() -> None:
    """Told to end, we end as with Ctrl-C: what was started, and the temporary folder, with us."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def _a_day_later(home: Home, portal: SamplePortal) -> None:
    """Some articles edited, removed and added, and a second crawl: so that there is a history to look at."""
    articles = [one for one in portal.truth.articles if one.kind == "article"]
    for one in articles[4:7]:
        portal.edit(one, append="Đoạn này được thêm vào sau khi bài đã lưu lần đầu.")
    for one in articles[8:10]:
        portal.remove(one)
    portal.add_article()
    # A process of its own: Scrapy's reactor runs once in a process.
    command = [sys.executable, "-m", "quynhon_crawler.cli", "crawl", portal.url, "--archive", str(home.root)]
    # All of it: an update so soon would not ask again for articles that were just read.
    again = [*command, "--delay", "0", "--concurrency", "8", "--full"]
    pipe = subprocess.PIPE
    crawl = subprocess.Popen(again, stdout=pipe, stderr=pipe, text=True)  # noqa: S603 - our own interpreter
    try:
        told, complained = crawl.communicate()
    except KeyboardInterrupt:
        crawl.terminate()  # an orderly end, as for the first
        crawl.communicate()
        raise
    click.echo("Later: " + (told.splitlines() or complained.splitlines() or ["nothing said"])[0])


def _serve(home: Home, port: int, *, check: bool) -> None:
    if check:
        port = _free_port()
    address = f"http://127.0.0.1:{port}/"
    output = subprocess.DEVNULL if check else None
    command = serve_command(home, "127.0.0.1", port)
    if not check:  # as a user would, with the replay of archived pages beside it
        command = [sys.executable, "-m", "quynhon_crawler.cli", "serve"]
        command += ["--archive", str(home.root), "--port", str(port)]
    site = subprocess.Popen(command, stdout=output, stderr=output)  # noqa: S603 - our own interpreter
    try:
        _wait_for(address, site)
        if check:
            _check(address)
        else:
            click.echo(f"\n  The site: {address}   (Ctrl-C ends it)\n")
            sys.stdout.flush()
            site.wait()
    except KeyboardInterrupt:
        click.echo()
    finally:
        site.terminate()
        site.wait()


def _check(address: str) -> None:
    """The home page, a search without marks, and Datasette's own API answer. Raises QuynhonError."""
    for path, wanted in (
        ("", "<title"),
        (f"tim?q={quote(_WORDS)}", "<mark>đảng</mark>"),
        (f"quynhon/articles.json?_shape=array&_search={quote(_WORDS)}", "Linh_VPTU"),
    ):
        with urlopen(address + path, timeout=30) as answer:  # noqa: S310 - the loopback address made above
            text = answer.read().decode("utf-8")
        if wanted not in text:
            raise QuynhonError(f"{address}{path}: answers, but without {wanted!r}")
        click.echo(f"  ok: /{path}")


def _wait_for(address: str, site: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        if site.poll() is not None:
            raise QuynhonError(f"the site ended at once with status {site.returncode}; try: quynhon serve")
        try:
            with urlopen(address, timeout=5):  # noqa: S310 - the loopback address made above
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise QuynhonError(f"{address} did not answer within {_START_SECONDS} seconds")


def _usual_port(usual: int = _PORT) -> int:
    try:
        check_port("127.0.0.1", usual)
    except UsageError:
        return _free_port()
    return usual


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
