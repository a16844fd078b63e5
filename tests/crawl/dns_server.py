"""A DNS server on loopback that answers A and AAAA as it is told to."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from ipaddress import ip_address


class DnsServer:
    """``names`` maps a host to the addresses of each successive question; the last ones stay."""

    def __init__(self, names: dict[str, list[list[str]]]) -> None:
        self._names = names
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.1)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.asked: list[str] = []

    def __enter__(self) -> DnsServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while not self._stop.is_set():
            with suppress(TimeoutError):
                question, client = self._socket.recvfrom(4096)
                self._socket.sendto(self._answer(question), client)

    def _answer(self, question: bytes) -> bytes:
        labels, at = [], 12
        while question[at]:
            labels.append(question[at + 1 : at + 1 + question[at]].decode())
            at += 1 + question[at]
        kind = struct.unpack(">H", question[at + 1 : at + 3])[0]
        name = ".".join(labels).lower()
        rounds = self._names.get(name)
        found: list[bytes] = []
        if rounds:
            if kind == 1:
                self.asked.append(name)
            chosen = rounds[min(max(self.asked.count(name), 1), len(rounds)) - 1]
            found = [a.packed for a in map(ip_address, chosen) if a.version == (4 if kind == 1 else 6)]
        flags = 0x8180 if rounds else 0x8183  # 0x..3: no such name
        head = question[:2] + struct.pack(">HHHHH", flags, 1, len(found), 0, 0)
        records = (b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 0, len(packed)) + packed for packed in found)
        return head + question[12 : at + 5] + b"".join(records)
