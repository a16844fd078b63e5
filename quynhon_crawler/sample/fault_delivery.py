"""Faults on the wire: the right answer, sent wrongly."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
from collections.abc import Awaitable, Callable

from .answers import Wire
from .faults import Fault

Send = Callable[[bytes], Awaitable[None]]
_LENGTH = re.compile(rb"(?im)^(?:Content-Length|Transfer-Encoding): [^\r\n]*\r\n")
_CHUNK = 65_536
# kinds after which the client holds less than the server had, or a lie
INCOMPLETE = frozenset(("cut", "reset", "silent", "hang", "length-long", "length-short", "broken-chunk"))


def alter(fault: Fault, wire: Wire) -> Wire:
    """The wire with the lie that ``fault`` tells; the same when it tells none."""
    if fault.kind in ("length-long", "length-short"):
        body = _plain_body(wire)
        # fewer than the body has, but never fewer than none
        off = min(fault.size or 100, len(body)) if fault.kind == "length-short" else -(fault.size or 100)
        head = _LENGTH.sub(b"", wire.head)
        return Wire(head[:-2] + b"Content-Length: %d\r\n\r\n" % (len(body) - off), [body], close=True)
    if fault.kind == "broken-chunk":
        body = _plain_body(wire)
        half = len(body) // 2
        head = _LENGTH.sub(b"", wire.head)[:-2] + b"Transfer-Encoding: chunked\r\n\r\n"
        return Wire(head, [b"%x\r\n%b\r\n" % (half, body[:half]), b"xyz\r\n", body[half:]], close=True)
    return wire


def _plain_body(wire: Wire) -> bytes:
    """The body without its chunk lines."""
    body = b"".join(wire.pieces)
    if b"transfer-encoding: chunked" not in wire.head.lower():
        return body
    parts, rest = [], body
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        parts.append(rest[: int(size, 16)])
        rest = rest[int(size, 16) + 2 :]
    return b"".join(parts)


async def deliver(fault: Fault, wire: Wire, send: Send, transport: asyncio.WriteTransport) -> bool:
    """Send ``wire`` as ``fault`` has it; True when the connection stays open."""
    body = b"".join(wire.pieces)
    kept = body[: int(len(body) * min(1.0, max(0.0, fault.share)))]
    match fault.kind:
        case "cut":
            await send(wire.head + kept)
            return False
        case "reset":
            await send(wire.head + kept)
            _reset(transport)
            return False
        case "silent":
            return False
        case "hang":
            await asyncio.sleep(fault.seconds)
            return False
        case "raw":
            await send(fault.raw)
            return False
        case "slow":
            await asyncio.sleep(fault.seconds)
        case "trickle":
            await send(wire.head)
            step = fault.size or 10
            for start in range(0, len(body), step):
                await asyncio.sleep(fault.seconds)
                await send(body[start : start + step])
            return not wire.close
        case _:
            pass
    await send(wire.head)
    for start in range(0, len(body), _CHUNK):
        await send(body[start : start + _CHUNK])
    return not wire.close


def _reset(transport: asyncio.WriteTransport) -> None:
    """Close with a TCP reset instead of a farewell."""
    sock = transport.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
