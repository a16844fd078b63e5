"""What an alarm says: the same words for a webhook, a mail and the log."""

from __future__ import annotations

import socket
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from quynhon_crawler.home import Home
from quynhon_crawler.schedule.words import clock
from quynhon_crawler.watch.problems import Problem


@dataclass(frozen=True, slots=True)
class Message:
    """``problems`` are all that there are now, ``new`` those that were not told yet.

    ``recovered`` are the subjects (portals, ``archive``) that were told to be in trouble and are so no more.
    """

    home: Home
    at: datetime
    problems: tuple[Problem, ...]
    new: tuple[Problem, ...]
    recovered: tuple[str, ...]

    @property
    def event(self) -> Literal["failure", "recovery"]:
        return "failure" if self.new else "recovery"

    @property
    def subject(self) -> str:
        """One line."""
        if self.new:
            more = f" and {len(self.new) - 1} more" if len(self.new) > 1 else ""
            return f"{self.home.root.name}: {self.new[0].subject}: {self.new[0].text}{more}"
        return f"{self.home.root.name}: all is well again: {', '.join(self.recovered)}"

    @property
    def text(self) -> str:
        """Some lines."""
        lines = [f"{one.subject}: {one.text}" for one in self.new]
        lines += [f"{name}: all is well again" for name in self.recovered]
        if older := [one for one in self.problems if one not in self.new]:
            lines += ["", "Told before, and still so:", *(f"{one.subject}: {one.text}" for one in older)]
        lines += ["", f"Archive {self.home.root} on {socket.gethostname()}, {clock(self.at)} (+07:00)"]
        return "\n".join([*lines, f"More: quynhon status --archive {self.home.root}", ""])

    def record(self) -> dict[str, Any]:
        """As JSON; ``text`` is what Slack, Mattermost and their like show."""
        return {
            "event": self.event,
            "text": f"{self.subject}\n{self.text}",
            "at": self.at.isoformat(),
            "archive": str(self.home.root),
            "host": socket.gethostname(),
            "new": [asdict(one) for one in self.new],
            "problems": [asdict(one) for one in self.problems],
            "recovered": list(self.recovered),
        }
