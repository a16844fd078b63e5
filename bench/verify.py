"""How fast an archive is checked: python -m bench.verify [--pages 4000]

Megabytes of WARC records (unpacked, as they are digested) a CPU second without reading articles again; the
same for the files as they lie on the disk; then articles read again a CPU second.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bench.foreign import measured, sample_pages, write_pages

_REBUILD = """
from quynhon_crawler.rebuild import rebuild
from quynhon_crawler.spread import over_processes
rebuild(Home(Path(sys.argv[1])), spread=over_processes(2))
"""
_VERIFY = """
from quynhon_crawler.audit import verify
assert verify(Home(Path(sys.argv[1])), articles={articles}).ok
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=4000)
    wanted = parser.parse_args().pages
    pages = sample_pages(200)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "archive"
        write_pages(root / "warc", pages, wanted, files=4)
        (root / "archive.toml").write_text("")
        packed = sum(path.stat().st_size for path in (root / "warc").iterdir())
        measured(_REBUILD, str(root))
        quick = measured(_VERIFY.format(articles=False), str(root))
        whole = measured(_VERIFY.format(articles=True), str(root))
    plain = sum(map(len, pages)) / len(pages) * wanted
    print(f"{wanted:,} pages, {plain / 1e6:.0f} MB unpacked, {packed / 1e6:.0f} MB on disk")
    print(
        f"files, records, digests, rows: {plain / quick['cpu'] / 1e6:.0f} MB a CPU second unpacked, ", end=""
    )
    print(f"{packed / quick['cpu'] / 1e6:.0f} packed; {quick['own']:.0f} MB of memory")
    print(f"articles read again: {wanted / (whole['cpu'] - quick['cpu']):.0f} a CPU second")


if __name__ == "__main__":
    main()
