"""``/-/databases``: what Datasette tells of the files that it serves, without their place on the disk."""

from __future__ import annotations

from pathlib import Path

from datasette import Response, __version__

from quynhon_crawler.publish.site import Visit


async def show(visit: Visit) -> Response:
    found = [
        {
            "name": database.name,
            "route": database.route,
            "path": Path(database.path).name if database.path else None,
            "size": database.size,
            "is_mutable": database.is_mutable,
            "is_memory": database.is_memory,
            "hash": database.hash,
        }
        for name, database in visit.site.datasette.databases.items()
        if name != "_internal"
    ]
    told = found if __version__.startswith("0.") else {"ok": True, "databases": found}
    return Response.json(told, headers={"Access-Control-Allow-Origin": "*"})
