"""`quynhon serve`: the site, and beside it the replay of archived pages on a port of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys

import click

from quynhon_crawler.cli.options import archive_option, existing_database, existing_home
from quynhon_crawler.errors import UsageError
from quynhon_crawler.home import Home
from quynhon_crawler.store import Store


@click.command(epilog="Example: quynhon serve --port 8001")
@archive_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at; 0.0.0.0 for all.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535))
@click.option("--replay-port", type=click.IntRange(1, 65535), help="Port of the replay; else the next one.")
@click.option("--no-replay", is_flag=True, help="The site alone.")
@click.pass_context
def serve(
    ctx: click.Context, archive: str | None, host: str, port: int, replay_port: int | None, no_replay: bool
) -> None:
    """The public site of the archive, until Ctrl-C. `datasette DIR` serves the same.

    Archived pages are replayed on another port, because their scripts run there (docs/replay.md).
    """
    home = existing_database(existing_home(archive))
    with Store.open(home.database, readonly=True):
        pass  # what cannot be served is told of here, in one line
    check_port(host, port)
    replay = None if no_replay else _replay_port(host, port, replay_port)
    click.echo(f"Serving {home.root} at {address(host, port)} (Ctrl-C ends it)")
    command = serve_command(home, host, port)
    if replay is None:
        sys.stdout.flush()
        os.execv(command[0], command)  # noqa: S606 - our own interpreter, arguments checked above
    click.echo(f"Replaying archived pages at {address(host, replay)}")
    sys.stdout.flush()
    ctx.exit(_both(command, replay_command(home, host, replay, port), replay))


def serve_command(home: Home, host: str, port: int) -> list[str]:
    """Datasette on the archive folder, as its own process."""
    return [sys.executable, "-m", "datasette", "serve", str(home.root), "--host", host, "--port", str(port)]


def replay_command(home: Home, host: str, port: int, site_port: int) -> list[str]:
    """The replay of the archive, as its own process."""
    options = [
        "--archive",
        str(home.root),
        "--host",
        host,
        "--port",
        str(port),
        "--site-port",
        str(site_port),
    ]
    return [sys.executable, "-m", "quynhon_crawler.cli", "replay", "web", *options]


def address(host: str, port: int) -> str:
    """The web address of what listens there."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def check_port(host: str, port: int) -> None:
    """UsageError unless the address can be listened at."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UsageError(
                f"cannot listen at {host}:{port}: {error.strerror}; choose another with --host and --port"
            ) from error


def _replay_port(host: str, port: int, wanted: int | None) -> int | None:
    """Where to replay; None, told in one line, where that cannot be. A port that was named must be free."""
    from quynhon_crawler.replay import player

    try:
        player.find()
        chosen = wanted or (port + 1 if port < 65535 else port - 1)
        check_port(host, chosen)
    except player.PlayerMissing as error:
        click.echo(f"quynhon: {error}", err=True)
        return None
    except UsageError as error:
        if wanted:
            raise
        click.echo(f"quynhon: no replay: {str(error).partition(';')[0]}; choose --replay-port", err=True)
        return None
    if chosen == port:
        raise UsageError(f"--replay-port {chosen}: the site's own port; the replay needs another")
    return chosen


def _both(site_command: list[str], replay_command: list[str], replay_port: int) -> int:
    """Site and replay until the site ends or we are told to; the site's exit status."""
    from quynhon_crawler.publish.replay import ENVIRONMENT

    # Told to end, it ends like Ctrl-C: both with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    environment = {**os.environ, ENVIRONMENT: str(replay_port)}
    # Ctrl-C is for this process, which ends them: one that is just starting would show a traceback.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    site = subprocess.Popen(site_command, env=environment)  # noqa: S603 - our own interpreter
    replay = subprocess.Popen(replay_command)  # noqa: S603 - our own interpreter
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return site.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        for process in (site, replay):
            process.terminate()
        for process in (site, replay):
            process.wait()
