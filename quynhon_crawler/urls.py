"""Addresses: one spelling of a URL, its sort key, and which of them belong to one site.

The portals serve one page under http and https, with and without ``www``, with a trailing slash and with
tracking or session parameters added (seen on VHV and NukeViet sites of 2019-2026).
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

import surt as _surt
from w3lib.url import canonicalize_url, safe_url_string

_NOISE = re.compile(
    r"(?:utm_[a-z]+|fbclid|gclid|zarsrc|_gl|mc_[ce]id|phpsessid|jsessionid|aspsessionid\w*|sid|nv_?session\w*)",
    re.IGNORECASE,
)
_SESSION_PATH = re.compile(r";jsessionid=[^/?#]*|/\(S\([a-z0-9]{24}\)\)", re.IGNORECASE)

# Addresses that need no canonicalising: a host with a name (no IP address), no port, no query, no escapes, no
# ``..``, no empty step. A crawl makes a key of every link; theirs takes 1 instead of 77 microseconds.
_PLAIN = re.compile(
    r"https?://(?:www\d*\.)?(?P<host>(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})"
    r"(?P<path>(?:/(?=[A-Za-z0-9_-])[A-Za-z0-9_.-]+)*)/?"
)


def absolute(base: str, reference: str) -> str | None:
    """``reference`` as seen on the page ``base``, absolute and safe to request; None unless http or https.

    Spaces and letters with marks, raw in the markup of these portals, come out percent-encoded as UTF-8;
    what is encoded already stays as it is.
    """
    reference = reference.strip()
    if not reference or reference.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
        return None
    try:
        url = urljoin(base, reference)
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        _ = parts.port
        return safe_url_string(url).split("#", 1)[0]
    except ValueError:
        return None


@lru_cache(maxsize=4_096)
def canonical(url: str) -> str:
    """One spelling for the addresses that serve one page: no fragment, no tracking or session parameters.

    The scheme and ``www`` stay as they are, so that the result can be asked for; ``url_key`` drops them.
    """
    url = _SESSION_PATH.sub("", safe_url_string(url.strip()))
    parts = urlsplit(url)
    if parts.query:
        kept = [pair for pair in parts.query.split("&") if not _NOISE.fullmatch(pair.partition("=")[0])]
        url = parts._replace(query="&".join(kept)).geturl()
    return str(canonicalize_url(url, keep_blank_values=True))


@lru_cache(maxsize=4_096)
def url_key(url: str) -> str:
    """The SURT of the canonical address: ``vn,gov,gialai)/tin-tuc``.

    The same for http and https, with and without ``www`` and a trailing slash.
    """
    return _plain_surt(url) or str(_surt.surt(canonical(url)))


def surt(url: str) -> str:
    """The key of an address in an index (CDXJ), parameters and all, as other archives' tools make it."""
    if key := _plain_surt(url):
        return key
    try:
        key = str(_surt.surt(url))
    except (ValueError, UnicodeError):
        key = url
    if key and key.isprintable() and " " not in key:
        return key
    # A key ends at a space and a line at its break, whatever a form held.
    return "".join(letter if letter.isprintable() and letter != " " else "%20" for letter in key) or "-"


def _plain_surt(url: str) -> str | None:
    plain = _PLAIN.fullmatch(url)
    if plain is None:
        return None
    path = plain["path"].lower() or "/"
    return f"{','.join(reversed(plain['host'].lower().split('.')))}){path}"


def host_name(url: str) -> str:
    """The host in lower case as it is written, without port and brackets; "" without one."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def without_password(url: str) -> str:
    """An address that may be shown: without user name and password."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


@lru_cache(maxsize=4_096)
def host_of(url: str) -> str:
    """Host in lower case without ``www.``, with the port unless it is the scheme's own; "" without a host."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return ""
    if port and port != {"http": 80, "https": 443}.get(parts.scheme):
        return f"{host}:{port}"
    return host
