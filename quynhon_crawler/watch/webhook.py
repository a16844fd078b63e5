"""A message as JSON, posted to an address."""

from __future__ import annotations

import json
from http.client import HTTPException
from typing import IO
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import HTTPRedirectHandler, Request, build_opener

from quynhon_crawler.config import Watch
from quynhon_crawler.config.secret import Secret, redact
from quynhon_crawler.errors import QuynhonError
from quynhon_crawler.watch.message import Message

_SECONDS = 20.0
_SPOT = "{secret}"


class _NoRedirect(HTTPRedirectHandler):
    """A redirected POST would become a GET without its message, and could carry the secret elsewhere."""

    def redirect_request(self, req: Request, fp: IO[bytes], code: int, *_: object, **__: object) -> None:
        return None


def post(watch: Watch, message: Message) -> None:
    """Send it. Raises ConfigError when the secret is missing, QuynhonError when it does not arrive."""
    secret = Secret.read(watch.webhook_secret).reveal() if watch.webhook_secret else ""
    address = watch.webhook.replace(_SPOT, quote(secret, safe=""))
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "quynhon_crawler"}
    if secret and _SPOT not in watch.webhook:
        headers["Authorization"] = f"Bearer {secret}"
    body = json.dumps(message.record(), ensure_ascii=False).encode()
    try:
        # the address was checked to be http or https when archive.toml was read
        request = Request(address, body, headers, method="POST")  # noqa: S310
        with build_opener(_NoRedirect).open(request, timeout=_SECONDS):
            return
    except HTTPError as error:
        why = f"answered {error.code}"
        error.close()
    except (OSError, HTTPException, ValueError) as error:
        why = str(getattr(error, "reason", error)) or type(error).__name__
    raise QuynhonError(redact(f"{watch.webhook}: {why}", secret, quote(secret, safe="")))
