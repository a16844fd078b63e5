"""How far a takedown reaches: the addresses, files and captures that go with the items taken down.

One rule, as SQL, for whatever leaves the archive: the site's tables, open data, WACZ and replay. What goes:

- the addresses taken down, and every address that showed a hidden article;
- its pictures and attachments, and the file of a document, unless a public article or document has them too;
- the portal's own smaller copies of such a picture, which lists and the article's head point to;
- every capture of these, unchanged answers (304) and errors too, but for one that showed a public article.

The texts are to be formatted with questions for ids of hidden articles (``hidden``), and for ids (``taken``),
addresses (``urls``) and their keys (``keys``) of what is taken down itself; ``mine`` begins the names of
their own steps. ``teach`` the connection first.
"""

from __future__ import annotations

import re
import sqlite3

from quynhon_crawler import urls
from quynhon_crawler.model import stable_id

# Both are ``images.full_size`` backwards, for keys: /publish/thumbnail/SITE/SIZE, and /assets/ for /uploads/.
_SIZE = re.compile(r"[^/]*\)/publish/thumbnail/[0-9]+/[^/]+(?=/)")
_UPLOADS = re.compile(r"(.*)/uploads/((?:news|album|photos)/.*)", re.DOTALL)

_FILES = """select file_id from (
        select file_id from main.images where article_id in ({hidden})
        union select file_id from main.attachments where article_id in ({hidden})
        union select attachment_id from main.documents where url_id in ({taken})) as used
    where not exists (select 1 from main.images as other
            where other.file_id = used.file_id and other.article_id not in ({hidden}))
        and not exists (select 1 from main.attachments as other
            where other.file_id = used.file_id and other.article_id not in ({hidden}))
        and file_id not in (select attachment_id from main.documents where attachment_id is not null
            and url_id not in ({taken}) and url_id not in ({hidden}))
    union {taken}"""
# Sizes of thumbnails are few and found by leaping from one to the next in the index of keys; in each size a
# picture's copy is one step in that index. A parameter behind it ("?") is for the portal's caches.
KEYS = f"""with recursive
    {{mine}}files(id) as ({_FILES}),
    {{mine}}own(key) as (
        {{keys}}
        union select _url_key(url) from main.articles where id in ({{hidden}})
        union select seen.url_key from main.sightings join main.captures as seen on seen.id = capture_id
            where article_id in ({{hidden}})
        union select _url_key(url) from main.images where file_id in (select id from {{mine}}files)
        union select _url_key(url) from main.attachments where file_id in (select id from {{mine}}files)
        union select _url_key(attachment_url) from main.documents
            where attachment_id in (select id from {{mine}}files)),
    {{mine}}pictures(host, path) as (
        select substr(key, 1, instr(key, ')')), substr(key, instr(key, ')') + 1)
            from {{mine}}own where key like '%)/upload/%'),
    {{mine}}sizes(host, key) as (
        select host, (select min(url_key) from main.captures
                where url_key >= host || '/publish/thumbnail/' and url_key < host || '/publish/thumbnail0')
            from (select distinct host from {{mine}}pictures)
        union all
        select host, (select min(url_key) from main.captures
                where url_key >= coalesce(_size(key) || '0', key || '!')
                    and url_key < host || '/publish/thumbnail0')
            from {{mine}}sizes where key is not null),
    {{mine}}heads(host, head) as materialized (
        select host, _size(key) from {{mine}}sizes where _size(key) is not null),
    {{mine}}wanted(key) as (
        select head || path from {{mine}}heads join {{mine}}pictures using (host)
        union select _assets(key) from {{mine}}own where key like '%/uploads/%'),
    {{mine}}copies(key) as (
        select url_key from {{mine}}wanted as wanted cross join main.captures
            where url_key >= wanted.key and url_key < wanted.key || '@'
                and substr(url_key, length(wanted.key) + 1, 1) in ('', '?'))
    select key from {{mine}}own where key is not null union select key from {{mine}}copies"""
FILES = f"select _url_id(key) from ({KEYS})"
CAPTURES = f"""select id from main.captures where url_key in ({KEYS})
    and not exists (select 1 from main.sightings
        where capture_id = captures.id and article_id not in ({{hidden}}))"""
ADDRESSES = f"{{taken}} union {{hidden}} union {FILES}"
URLS = f"""{{urls}} union select url from main.captures where id in ({CAPTURES})
    union select url from main.images where file_id in ({_FILES})
    union select url from main.attachments where file_id in ({_FILES})
    union select attachment_url from main.documents where attachment_id in ({_FILES})"""


def teach(connection: sqlite3.Connection) -> None:
    """The functions that the questions need; pure ones, which strangers may call too."""
    for name, function in (
        ("_url_key", _url_key),
        ("_url_id", _url_id),
        ("_size", _size),
        ("_assets", _assets),
    ):
        connection.create_function(name, 1, function, deterministic=True)


def _url_key(url: object) -> str | None:
    # Longer ones are no addresses: SQLite cannot interrupt what takes long here.
    if not isinstance(url, str) or len(url) > 8_192:
        return None
    try:
        return urls.url_key(url)
    except (ValueError, UnicodeError):
        return None


def _url_id(key: object) -> int | None:
    return stable_id(key) if isinstance(key, str) else None


def _size(key: object) -> str | None:
    found = _SIZE.match(key) if isinstance(key, str) else None
    return found[0] if found else None


def _assets(key: object) -> str | None:
    found = _UPLOADS.fullmatch(key) if isinstance(key, str) else None
    return f"{found[1]}/assets/{found[2]}" if found else None
