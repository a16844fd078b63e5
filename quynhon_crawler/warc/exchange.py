"""One question and its answer, as bytes: what the wiretap hands to the writer and the reader gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Truncation = Literal["length", "time", "disconnect", "unspecified"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """Bytes on the wire, head and body, in both directions, before any decoding.

    ``sent`` and ``received`` are whole HTTP messages; ``interim`` holds 1xx answers that came before the
    final one. ``removed`` names header lines that were taken out of ``sent``. ``started_at`` is when the
    request was sent (UTC, ISO 8601 with microseconds and ``Z``). ``truncated`` is the value of WARC-Truncated
    (WARC 1.1, 5.13), None when all came. ``tls`` is a remark on the connection's security, None as a rule.
    """

    url: str
    method: str
    sent: bytes
    received: bytes
    started_at: str
    ip: str | None = None
    interim: bytes = b""
    truncated: Truncation | None = None
    removed: tuple[str, ...] = ()
    tls: str | None = None


Withheld = Literal["nothing", "credentials", "cookies"]
# What a webmaster or an archivist configured is theirs, not the portal's. Session cookies are the portal's
# own and stay as a rule, since the answer cannot be understood without them.
_CREDENTIALS = frozenset({b"authorization", b"proxy-authorization"})
_WITHHELD: dict[Withheld, frozenset[bytes]] = {
    "nothing": frozenset(),
    "credentials": _CREDENTIALS,
    "cookies": _CREDENTIALS | {b"cookie"},
}


def without_secrets(sent: bytes, policy: Withheld = "credentials") -> tuple[bytes, tuple[str, ...]]:
    """A request without the lines that ``policy`` keeps out, and their names; unchanged as a rule."""
    head, gap, body = sent.partition(b"\r\n\r\n")
    lines, names = head.split(b"\r\n"), _WITHHELD[policy]
    secret = [line for line in lines[1:] if line.partition(b":")[0].strip().lower() in names]
    if not secret:
        return sent, ()
    kept = b"\r\n".join(line for line in lines if line not in secret)
    return kept + gap + body, tuple(line.partition(b":")[0].decode("latin-1") for line in secret)
