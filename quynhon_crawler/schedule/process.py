"""One crawl as a process of its own: its lines into the log, its outcome as JSON, an orderly end in time."""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

# A stopped crawl waits for the answers under way; then it is killed, which loses nothing that was written.
GRACE_SECONDS = 100.0
_GLANCE_SECONDS = 0.3
_LAST_LINES = 20


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended. ``said`` is the JSON object that it printed, else empty; ``lines`` the last."""

    status: int
    said: dict[str, Any]
    lines: tuple[str, ...]
    was_over: bool

    def last_words(self) -> str:
        """Why it told no outcome, in one line."""
        if self.status < 0:
            name = signal.Signals(-self.status).name
            return f"the crawl was killed ({name}); the next run mends what it left"
        words = next((line for line in reversed(self.lines) if line.startswith("quynhon: ")), "")
        return (
            words.removeprefix("quynhon: ") or f"the crawl ended with status {self.status} and said nothing"
        )


def run(
    command: list[str], log: logging.Logger, *, is_over: Callable[[], bool], is_told: Callable[[], bool]
) -> Ended:
    """Run a crawl to its end. ``is_over`` says that its time is, ``is_told`` that this program is to end."""
    lines: list[str] = []
    with tempfile.TemporaryFile() as output:
        crawl = subprocess.Popen(  # noqa: S603 - our own program, and names of a checked archive.toml
            command, stdout=output, stderr=subprocess.PIPE, start_new_session=True
        )
        assert crawl.stderr is not None
        reader = threading.Thread(target=_read, args=(crawl.stderr, lines, log), daemon=True)
        reader.start()
        was_over = _watch(crawl, reader, is_over, is_told)
        reader.join()
        output.seek(0)
        return Ended(crawl.wait(), _object(output.read()), tuple(lines), was_over)


def _watch(
    crawl: subprocess.Popen[bytes],
    reader: threading.Thread,
    is_over: Callable[[], bool],
    is_told: Callable[[], bool],
) -> bool:
    """Until the crawl is over; True when it was stopped because its time was."""
    kill_at: float | None = None
    was_over = False
    while crawl.poll() is None:
        reader.join(_GLANCE_SECONDS)
        if not reader.is_alive():
            crawl.wait()
        elif kill_at is None and (is_told() or is_over()):
            was_over = not is_told()
            crawl.send_signal(signal.SIGTERM)
            kill_at = time.monotonic() + GRACE_SECONDS
        elif kill_at is not None and time.monotonic() >= kill_at:
            crawl.kill()
    return was_over


def _read(stream: IO[bytes], lines: list[str], log: logging.Logger) -> None:
    with stream:
        for raw in stream:
            line = raw.decode("utf-8", "replace").rstrip()
            log.info("%s", line)
            lines.append(line)
            del lines[:-_LAST_LINES]


def _object(said: bytes) -> dict[str, Any]:
    try:
        found = json.loads(said)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
