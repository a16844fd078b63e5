"""Where an archived page is replayed: on another origin than the site, because its scripts run there.

The address is ``replay`` of the plugin's configuration (``https://replay.example.vn``), for sites behind a
proxy; else the port that ``quynhon serve`` started the replay on, at the host that the reader used.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

if TYPE_CHECKING:
    from quynhon_crawler.publish.lookup import Row
    from quynhon_crawler.publish.site import Visit

# Set by ``quynhon serve`` for the site that it starts.
ENVIRONMENT = "QUYNHON_REPLAY_PORT"
# The page of the site that the reader comes from, and may want to go back to.
ARTICLE = re.compile(r"/bai/[0-9A-Za-z]{11}")
_PAGES = ("text/html", "application/xhtml+xml", None)


def replay_link(visit: Visit, capture: Row, *, url: str) -> str | None:
    """The address that replays a capture of ``url``; None where nothing replays, or it is no page.

    ``capture`` has captured_at, warc_file, status and media_type. What lies in a file that is still being
    written cannot be replayed yet; an unchanged answer (304) has nothing of its own to show.
    """
    origin = _origin(visit)
    if origin is None or not capture["warc_file"] or capture["media_type"] not in _PAGES:
        return None
    if capture["status"] not in (200, 203) or not (visit.site.home.warc / capture["warc_file"]).exists():
        return None
    timestamp = "".join(letter for letter in capture["captured_at"] if letter.isdigit())[:14]
    asked = {"ts": timestamp, "url": url} | ({"lang": visit.words.code} if visit.words.prefix else {})
    if ARTICLE.fullmatch(visit.rest):
        asked["tu"] = visit.rest
    return f"{origin}/xem?{urlencode(asked)}"


def _origin(visit: Visit) -> str | None:
    if visit.site.replay:
        return visit.site.replay
    port = os.environ.get(ENVIRONMENT, "")
    here = urlsplit(visit.origin)
    if not port.isdigit() or visit.site.address or not here.hostname:
        return None
    host = f"[{here.hostname}]" if ":" in here.hostname else here.hostname
    return f"{here.scheme}://{host}:{port}"
