"""``python -m bench.fuzz --minutes 10``: made-up bytes into the extraction, steered by coverage (atheris).

Needs ``pip install 'quynhon-crawler[fuzz]'`` (Linux, x86-64). An input is a finding when reading it raises,
is given back as "could not be read", or takes over a second. libFuzzer writes it to ``--findings`` and stops.
``--hostile`` reads the attack pages of the tests at 5 MB instead and prints the slowest.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.pages.cases import cases
from tests.portals import hostile
from tests.portals.pieces import PIECES

SECONDS = 1.0
MEDIA = (
    "text/html",
    "text/html; charset=utf-8",
    "text/html; charset=windows-1258",
    "text/css",
    "",
    "application/xml",
)
URLS = (
    "https://a.gov.vn/x.html",
    "https://a.gov.vn/",
    "https://a.gov.vn/?cmd=redraw&page=2",
    "http://[::1]/a",
)


def one_input(data: bytes) -> None:
    """The first two bytes choose type and address; the rest is the page."""
    from quynhon_crawler.model import Page
    from quynhon_crawler.portals import read

    media, url = (
        MEDIA[data[0] % len(MEDIA)] if data else "",
        URLS[data[1] % len(URLS)] if data[1:] else URLS[0],
    )
    method = "POST" if "redraw" in url else "GET"
    start = time.process_time()
    reading = read(Page(url, 200, (("Content-Type", media),), data[2:], method, data[2:200]))
    taken = time.process_time() - start
    if "could not be read" in (reading.problem or ""):
        raise AssertionError(reading.problem)
    if taken > SECONDS:
        raise AssertionError(f"{len(data):,} bytes took {taken:.1f} s")


def fuzz(minutes: float, findings: Path) -> None:
    import atheris

    with atheris.instrument_imports(include=["quynhon_crawler.extract", "quynhon_crawler.portals"]):
        import quynhon_crawler.portals  # noqa: F401  instrumented here
    findings.mkdir(parents=True, exist_ok=True)
    corpus = Path(tempfile.mkdtemp(prefix="quynhon-corpus-"))
    for number, case in enumerate(cases()):
        (corpus / f"{number}").write_bytes(bytes((1, 0)) + case.page.content)
    words = corpus.with_suffix(".dict")
    words.write_text("".join('"' + "".join(f"\\x{byte:02x}" for byte in piece) + '"\n' for piece in PIECES))
    options = [
        *(f"-dict={words}", f"-max_total_time={int(minutes * 60)}", "-max_len=40000", "-rss_limit_mb=2048"),
        *("-timeout=10", f"-artifact_prefix={findings}/", "-print_final_stats=1", str(corpus)),
    ]
    atheris.Setup([sys.argv[0], *options], one_input)
    atheris.Fuzz()


def attacks() -> None:
    from quynhon_crawler.portals import read

    times: list[tuple[float, str]] = []
    for name, page in hostile.pages(5_000_000):
        start = time.process_time()
        read(page)
        times.append((time.process_time() - start, name))
    times.sort(reverse=True)
    print(f"{len(times)} attack pages of up to 5 MB; slowest:")
    for seconds, name in times[:5]:
        print(f"{seconds:6.2f} s  {name}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--findings", type=Path, default=Path(tempfile.gettempdir()) / "quynhon-fuzz")
    parser.add_argument("--hostile", action="store_true", help="time the attack pages instead")
    options = parser.parse_args()
    if options.hostile:
        attacks()
        return
    try:
        fuzz(options.minutes, options.findings)
    except ImportError:
        parser.error("atheris is not installed: pip install 'quynhon-crawler[fuzz]'")


if __name__ == "__main__":
    main()
