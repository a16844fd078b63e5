"""All that a file gave, on its way between processes or machines, as few bytes."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from typing import Any

from isal import isal_zlib

_LEVEL = 1


def pack(parts: Iterable[Any]) -> list[bytes]:
    """Part by part, so that no more than one is ever unpacked."""
    return [isal_zlib.compress(pickle.dumps(part, pickle.HIGHEST_PROTOCOL), _LEVEL) for part in parts]


def unpack(packed: list[bytes]) -> Iterator[Any]:
    """Lets go of each part that it has given."""
    packed.reverse()
    while packed:
        # Our own, made a moment ago by workers that are trusted to run our code.
        yield pickle.loads(isal_zlib.decompress(packed.pop()))  # noqa: S301
