# SPDX-License-Identifier: AGPL-3.0-or-later
"""The log of this zone: one line, one event, `key=value`; nobody is in it.

A page is known by its name in `urls.py`, never by its address, which holds ids. A value that is
not a short plain word is not written at all: what a person typed cannot reach a line.
"""

import logging
import re
import time
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

_log = logging.getLogger("encrier.names")
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_FAILED: Final = 500
_QUIET: Final = {"health"}  # asked every few seconds by a load balancer


def note(event: str, /, *, level: int = logging.INFO, **fields: object) -> None:
    """Write one event."""
    written = (f"{name}={_plain(value)}" for name, value in {"event": event, **fields}.items())
    _log.log(level, " ".join(written))


class Pages:
    """Notes each page that was asked for: its name, how it ended, how long it took."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = self._get_response(request)
        page = (request.resolver_match and request.resolver_match.url_name) or "none"
        if page not in _QUIET:
            note(
                "page",
                level=logging.ERROR if response.status_code >= _FAILED else logging.INFO,
                name=page,
                method=request.method,
                status=response.status_code,
                ms=round((time.perf_counter() - begun) * 1000),
            )
        return response


def _plain(value: object) -> str:
    written = str(value)
    return written if _PLAIN.fullmatch(written) else "hidden"
