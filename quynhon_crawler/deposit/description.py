"""The description of an index that stands alone: what it obeys has no place in a CDXJ file.

OutbackCDX refuses fields that it does not know (nla/outbackcdx #106), in a first line ``!meta`` as well.
"""

from __future__ import annotations

import json
from pathlib import Path

from quynhon_crawler.deposit.output import fresh
from quynhon_crawler.manifest import sum_of
from quynhon_crawler.store.obeyed import DESCRIPTION, property_of


def describe(index: Path, state: str | None) -> None:
    """Beside ``index``, a datapackage.json (Frictionless) of it; none where nothing is withdrawn."""
    beside = index.with_name(index.name + DESCRIPTION)
    beside.unlink(missing_ok=True)
    if state is None:
        return
    size, sha256 = sum_of(index)
    resource = {"name": "index", "path": index.name, "format": "cdxj", "bytes": size}
    package = {
        "name": "quynhon-index",
        "profile": "data-package",
        "resources": [resource | {"mediatype": "text/x-cdxj", "hash": f"sha256:{sha256}"}],
    }
    with fresh(beside) as working:
        working.write_text(json.dumps(package | property_of(state), ensure_ascii=False, indent=2) + "\n")
