"""Scores of the saved pages, pinned. ``python -m tests.pages.score`` checks them; see ``--help``."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from quynhon_crawler.portals import read
from tests.pages.cases import cases, checks

PINNED = Path(__file__).with_name("scores.json")


def count() -> dict[str, dict[str, int]]:
    """Fields right, fields in all, and pages, for each profile."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    pages: Counter[str] = Counter()
    for case in cases():
        pages[case.profile] += 1
        for check in checks(case, read(case.page)):
            total[case.profile] += 1
            right[case.profile] += check.right
    return {
        name: {"pages": pages[name], "fields": total[name], "right": right[name]} for name in sorted(pages)
    }


def lowered(now: dict[str, dict[str, int]], pinned: dict[str, dict[str, int]]) -> list[str]:
    """What is worse than what was pinned: fewer pages, fewer fields, or fewer right."""
    return [
        f"{profile}: {key} {now.get(profile, {}).get(key, 0)}, pinned {value}"
        for profile, values in pinned.items()
        for key, value in values.items()
        if now.get(profile, {}).get(key, 0) < value
    ]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.pages.score", description=__doc__)
    parser.add_argument("--pin", action="store_true", help="write the scores of now, if none is lower")
    parser.add_argument("--lower", metavar="REASON", help="with --pin: allow lower ones, and write down why")
    options = parser.parse_args(arguments)
    record = json.loads(PINNED.read_text("utf-8")) if PINNED.exists() else {"scores": {}, "lowered": []}
    now = count()
    worse = lowered(now, record["scores"])
    for line in worse:
        print(f"lower: {line}")  # noqa: T201
    if worse and not (options.pin and options.lower):
        print("Lower scores are refused. With a reason: --pin --lower REASON")  # noqa: T201
        return 1
    if options.pin:
        if worse:
            record["lowered"].append({"why": options.lower, "what": worse})
        record["scores"] = now
        PINNED.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
