"""How fast an archive is made again, and files of others taken in: python -m bench.rebuild [--pages 4000]

Pages a CPU second (all processes), the gain of two workers, the largest memory, import as a ratio of rebuild.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bench.foreign import measured, sample_pages, write_pages
from quynhon_crawler.home import Home
from quynhon_crawler.manifest import record_missing

_REBUILD = """
from quynhon_crawler.rebuild import rebuild
from quynhon_crawler.spread import over_processes
rebuild(Home(Path(sys.argv[1])), spread=over_processes({workers}))
"""
_IMPORT = """
from quynhon_crawler.imports import import_files
import_files(Home(Path(sys.argv[1])), (sys.argv[2],))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=4000)
    wanted = parser.parse_args().pages
    pages = sample_pages(200)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "archive"
        write_pages(root / "warc", pages, wanted, files=8)
        (root / "archive.toml").write_text("")
        # As in an archive that has lived: each file's sum is known, and compared in every rebuild.
        record_missing(Home(root), by="bench")
        print(f"{wanted:,} pages of {sum(map(len, pages)) / len(pages) / 1000:.0f} kB in 8 files")
        one = measured(_REBUILD.format(workers=1), str(root))
        two = measured(_REBUILD.format(workers=2), str(root))
        other = Path(folder) / "other"
        other.mkdir()
        (other / "archive.toml").write_text("")
        taken = measured(_IMPORT, str(other), str(root / "warc"))
        small = Path(folder) / "small"
        write_pages(small / "warc", pages, wanted // 10, files=8)
        (small / "archive.toml").write_text("")
        less = measured(_REBUILD.format(workers=1), str(small))
    print(f"rebuild, 1 worker:  {wanted / one['cpu']:6.0f} pages a CPU second, {one['own']:.0f} MB")
    print(f"rebuild, 2 workers: {wanted / two['cpu']:6.0f} pages a CPU second, ", end="")
    print(f"{two['own'] + 2 * two['others']:.0f} MB (writer and two readers)")
    print(f"two workers against one: {one['wall'] / two['wall']:.2f} times as fast (wall)")
    print(f"import against rebuild:  {taken['cpu'] / one['cpu']:.2f} times the CPU, {taken['own']:.0f} MB")
    print(f"memory for a tenth of the pages: {less['own']:.0f} MB; for all: {one['own']:.0f} MB")


if __name__ == "__main__":
    main()
