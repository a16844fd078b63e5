"""Passwords: archive.toml says where they are, never what they are."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from quynhon_crawler.errors import ConfigError

HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class Secret:
    """``"env:NAME"`` or ``"file:/path"``. Printing it tells where the secret lies, not what it is."""

    kind: str
    place: str

    @classmethod
    def read(cls, text: str) -> Secret:
        """Raises ValueError that does not repeat ``text``: it may be the secret itself."""
        kind, colon, place = text.partition(":")
        if kind not in ("env", "file") or not colon or not place:
            raise ValueError(
                'name the place of the secret, "env:NAME" or "file:/path"; never the secret itself'
            )
        return cls(kind, place)

    def reveal(self) -> str:
        """The secret. Raises ConfigError that names the place when nothing is there."""
        if self.kind == "env":
            if value := os.environ.get(self.place, "").strip():
                return value
            raise ConfigError(f"the environment variable {self.place} is not set; archive.toml names it")
        try:
            value = Path(self.place).expanduser().read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "not UTF-8"
            raise ConfigError(f"{self.place}: cannot be read: {why}; archive.toml names it") from None
        if not value:
            raise ConfigError(f"{self.place}: empty; archive.toml expects a secret in it")
        return value


def redact(text: str, *secrets: str) -> str:
    """``text`` without the secrets, for everything that is printed, logged or sent."""
    for secret in filter(None, secrets):
        text = text.replace(secret, HIDDEN)
    return text
