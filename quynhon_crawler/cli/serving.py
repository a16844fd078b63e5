"""`quynhon serve`."""

from __future__ import annotations

import os
import socket
import sys

import click

from quynhon_crawler.cli.options import archive_option, existing_database, existing_home
from quynhon_crawler.errors import UsageError
from quynhon_crawler.home import Home


@click.command(epilog="Example: quynhon serve --port 8001")
@archive_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at; 0.0.0.0 for all.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535))
def serve(archive: str | None, host: str, port: int) -> None:
    """The public site of the archive, until Ctrl-C. `datasette DIR` serves the same."""
    home = existing_database(existing_home(archive))
    check_port(host, port)
    click.echo(f"Serving {home.root} at http://{host}:{port}/ (Ctrl-C ends it)")
    sys.stdout.flush()
    command = serve_command(home, host, port)
    os.execv(command[0], command)  # noqa: S606 - our own interpreter, arguments checked above


def serve_command(home: Home, host: str, port: int) -> list[str]:
    """Datasette on the archive folder, as its own process."""
    return [sys.executable, "-m", "datasette", "serve", str(home.root), "--host", host, "--port", str(port)]


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
