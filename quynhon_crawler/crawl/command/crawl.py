"""`scrapy crawl portal -a url=URL -a archive=DIR`, also as scrapyd calls it.

Scrapy's own command ends with status 0 whatever came of the crawl, says nothing of it, and answers a wrong
argument with a traceback.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from scrapy.commands import BaseRunSpiderCommand
from scrapy.exceptions import UsageError as ScrapyUsageError
from scrapy.settings import Settings

from quynhon_crawler.errors import QuynhonError, UsageError
from quynhon_crawler.home import Home, find_home
from quynhon_crawler.plural import plural, tell_files

if TYPE_CHECKING:
    from quynhon_crawler.crawl.run import Outcome

_SPIDER = "portal"
_KNOWN = ("url", "portal", "archive", "delay", "concurrency", "limit", "full")
# scrapyd names its job, and hands that on to the spider.
_IGNORED = ("_job", "_version")
_YES, _NO = ("1", "true", "yes"), ("0", "false", "no", "")


class Command(BaseRunSpiderCommand):
    """Exit status 0 done, 1 problems, 2 wrong use, as `quynhon crawl` has them."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[options] portal -a url=URL [-a archive=DIR]"

    def short_desc(self) -> str:
        return "Crawl a portal into an archive"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        # Scrapy imports this file for every command of its own, too.
        from quynhon_crawler.crawl.run import run

        if args != [_SPIDER]:
            raise ScrapyUsageError(f"the spider is named {_SPIDER!r}: scrapy crawl portal -a url=URL")
        assert isinstance(self.settings, Settings)
        try:
            given = _checked(opts.spargs)
            home = find_home(given.pop("archive", None))
            wanted = given.pop("url", "") or given.pop("portal", "")
            outcome = run(home, wanted, settings=self.settings, **given)
        except QuynhonError as error:
            print(f"quynhon: {error}", file=sys.stderr)  # noqa: T201 - a command's answer
            self.exitcode = 2 if isinstance(error, UsageError) else 1
            return
        _tell(outcome, home)
        bad = outcome.problems or outcome.trouble or outcome.columns["outcome"] == "interrupted"
        self.exitcode = 1 if bad else 0


def _checked(arguments: dict[str, str]) -> dict[str, Any]:
    """The spider's arguments. Raises UsageError for one that is not known or says nothing clear."""
    given = {name: value for name, value in arguments.items() if name not in _IGNORED}
    if unknown := sorted(set(given) - set(_KNOWN)):
        raise UsageError(f"-a {unknown[0]}=: not an argument of this spider; it knows {', '.join(_KNOWN)}")
    if given.get("url") and given.get("portal"):
        raise UsageError("-a url= and -a portal= say the same; give one of them")
    if (full := given.get("full", "").lower()) not in (*_YES, *_NO):
        raise UsageError(f"-a full={given['full']}: say yes or no")
    given["full"] = "true" if full in _YES else ""
    return {name: value for name, value in given.items() if value}


def _tell(outcome: Outcome, home: Home) -> None:
    columns = outcome.columns
    lines = [
        f"Crawl {outcome.crawl_id} {columns['outcome']}: {plural(columns['requests'], 'request')}, "
        f"{plural(columns.get('articles_new') or 0, 'new article')}, "
        f"{plural(columns['failures'], 'address')} failed; archive {home.root}"
    ]
    lines += [f"Stopped: {outcome.trouble}"] if outcome.trouble else []
    lines += tell_files(outcome.problems.files, outcome.problems.file_count)
    lines += [f"  {url}: {why}" for url, why in outcome.problems.told[:10]]
    print("\n".join(lines))  # noqa: T201 - a command's answer
