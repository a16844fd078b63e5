"""Parquet of the public tables; needs pyarrow (pip install 'quynhon-crawler[parquet]')."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

from quynhon_crawler.errors import UsageError
from quynhon_crawler.store.content import columns_of
from quynhon_crawler.store.export.package import (
    Exported,
    exported,
    finish,
    fresh_folder,
    table_schema,
    tables,
)
from quynhon_crawler.store.export.tabular import snapshot, visible_rows
from quynhon_crawler.store.obeyed import obeyed

# Rows held in memory at once: about 30 MB of articles of 6 KB.
_GROUP = 2000


def export_parquet(database: Path, output: Path) -> Exported:
    """Columns of int64 and string as the tables have them. Raises UsageError without pyarrow."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise UsageError("Parquet needs pyarrow: pip install 'quynhon-crawler[parquet]'") from error
    with fresh_folder(output, database) as folder, snapshot(database) as connection:
        resources: list[dict[str, Any]] = []
        for table in tables(connection):
            described = table_schema(connection, table)
            types = {"integer": pyarrow.int64(), "string": pyarrow.string()}
            schema = pyarrow.schema(
                [
                    pyarrow.field(
                        item["name"], types[item["type"]], metadata={"description": item["description"]}
                    )
                    for item in described["fields"]
                ]
            )
            path = folder / f"{table}.parquet"
            rows = visible_rows(connection, table)
            # Our own file: pyarrow keeps its open after a failure.
            with (
                path.open("wb") as file,
                pyarrow.parquet.ParquetWriter(file, schema, compression="zstd") as writer,
            ):
                while group := list(islice(rows, _GROUP)):
                    columns = dict(zip(columns_of(connection, table), zip(*group, strict=True), strict=True))
                    writer.write_table(pyarrow.table(columns, schema=schema))
            # The file holds its own schema, and Frictionless reads Parquet with whole numbers as floats.
            resource = {"name": table, "path": path.name, "type": "file", "format": "parquet"}
            resources.append(resource | {"mediatype": "application/vnd.apache.parquet"})
        finish(folder, connection, resources, form="parquet", state=obeyed(connection))
    return exported(output)
