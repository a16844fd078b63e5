"""Every hostile answer of tests/crawl/cases.py, case by case: is it in the WARC file as it crossed the wire?

python -m bench.hostile

Over http and https, by the server's own log. A row is exact when request and answer are, byte for byte (where
we stop listening, at a limit: from the first byte on), and when it is flagged as it was cut.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from quynhon_crawler.warc.reader import Record, Stored, exchanges
from tests.crawl.archives import warcs
from tests.crawl.cases import CASES, Case
from tests.crawl.hostile import HostileServer, Logged
from tests.crawl.test_hostile import SETTINGS
from tests.crawl.tls import over_tls

_SCHEMES = ("http", "https")
# warcio 1.8.1 fails on every br record when the package brotli 1.2 is there; without it, it copies the bytes.
_WARCIO = "import sys; sys.modules['brotli'] = None; from warcio.cli import main; main()"
_VALIDATORS = {
    "gzip -t": ["gzip", "-t"],
    "warcio check": [sys.executable, "-W", "ignore", "-c", _WARCIO, "check"],
    "fastwarc check": [
        sys.executable,
        "-W",
        "ignore",
        "-c",
        "from fastwarc.cli import main; main()",
        "check",
    ],
}


def main() -> None:
    tables = [crawl(scheme) for scheme in _SCHEMES]
    print(f"{'case':24}{'bytes':>9}  {'flag':14}" + "".join(f"{scheme:>8}" for scheme in _SCHEMES))
    for case in CASES:
        size, flag = tables[0][case.name][1:]
        verdicts = "".join(f"{table[case.name][0]:>8}" for table in tables)
        print(f"{case.name:24}{size:>9,}  {flag or '-':14}{verdicts}")
    right = sum(all(table[case.name][0] == "exact" for table in tables) for case in CASES)
    print(f"{right} of {len(CASES)} exact and flagged rightly")


def crawl(scheme: str) -> dict[str, tuple[str, int, str | None]]:
    """By the name of the case: the verdict, bytes of the stored answer, its flag."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with HostileServer(wrap=over_tls() if scheme == "https" else None) as server:
            (folder / "archive.toml").write_text(SETTINGS.format(scheme=scheme, port=server.port))
            command = [sys.executable, "-W", "ignore", "-m", "quynhon_crawler.cli", "crawl", "hostile"]
            subprocess.run([*command, "--archive", name], capture_output=True, check=False)
        kept: dict[str, list[Stored]] = {}
        interim: dict[str, bytes] = {}
        for item in (item for path in warcs(folder) for item in exchanges(path)):
            if isinstance(item, Stored):
                kept.setdefault(item.record.url.rpartition("/")[2], []).append(item)
            elif isinstance(item, Record) and item.headers["content-type"].startswith("application/http"):
                interim[item.url.rpartition("/")[2]] = item.block
        for named, validator in _VALIDATORS.items():
            runs = [subprocess.run([*validator, p], capture_output=True, check=False) for p in warcs(folder)]
            faults = sum(run.returncode != 0 for run in runs)
            print(f"{scheme}, {named}: {f'faults in {faults} files' if faults else 'no fault'}")
    return {case.name: row(case, kept.get(case.name, []), interim, server.log) for case in CASES}


def row(
    case: Case, kept: list[Stored], interim: dict[str, bytes], log: list[Logged]
) -> tuple[str, int, str | None]:
    asked = [each for each in log if each.target == f"/{case.name}"]
    if len(kept) != 1 or len(asked) != 1:
        return f"{len(kept)} of {len(asked)}", 0, None
    answer = interim.get(case.name, b"") + kept[0].record.block
    sent, flag = bytes(asked[0].sent), kept[0].record.headers.get("warc-truncated")
    same = answer == sent if case.whole else sent.startswith(answer) and len(answer) > 0
    request = kept[0].request
    exact = same and request is not None and request.block == asked[0].request and flag == case.truncated
    return "exact" if exact else "WRONG", len(answer), flag


if __name__ == "__main__":
    main()
