"""What an alarm says: the same words for a webhook, a mail and the log."""

from __future__ import annotations

import socket
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from quynhon_crawler.home import Home
from quynhon_crawler.plural import plural
from quynhon_crawler.schedule.words import clock
from quynhon_crawler.watch.problems import Problem
from quynhon_crawler.watch.summary import MANY, shorter


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
        names = ", ".join(self.recovered[:3])
        more = f" and {len(self.recovered) - 3} more" if len(self.recovered) > 3 else ""
        return f"{self.home.root.name}: all is well again: {names}{more}"

    @property
    def text(self) -> str:
        """Some lines."""
        lines = [f"{subject}: {text}" for subject, text in shorter(self.new)]
        lines += [f"{name}: all is well again" for name in self.recovered[:MANY]]
        if len(self.recovered) > MANY:
            lines.append(f"{plural(len(self.recovered) - MANY, 'more portal')}: all is well again")
        new = set(self.new)
        if older := [one for one in self.problems if one not in new]:
            lines += ["", "Told before, and still so:"]
            lines += [f"{subject}: {text}" for subject, text in shorter(older)]
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
