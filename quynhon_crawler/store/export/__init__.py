"""Open data: the public part of the archive in forms that others can use, the same bytes for the same input.

Every function takes the database's path and a folder to make; it fills one beside it and renames at the end.
"""

from quynhon_crawler.store.export.dump import export_dump
from quynhon_crawler.store.export.package import Exported
from quynhon_crawler.store.export.parquet import export_parquet
from quynhon_crawler.store.export.tabular import export_csv, export_jsonl

__all__ = ["Exported", "export_csv", "export_dump", "export_jsonl", "export_parquet"]
