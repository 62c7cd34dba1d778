# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every answer of this zone carries, and how a refusal is shown.

Referrer-Policy is `same-origin` and not `no-referrer`: under the latter browsers send
`Origin: null` with our own forms, and the check against forged forms would refuse them all.
"""

import logging
from collections.abc import Callable
from functools import wraps
from traceback import walk_tb
from types import FrameType
from typing import Final, ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render

from encrier.errors import EncrierError
from encrier_names import zone

GetResponse = Callable[[HttpRequest], HttpResponse]
P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)

_POLICY: Final = "Content-Security-Policy"
# What a built file may say of itself: it is named by its digest, and holds nobody.
IMMUTABLE: Final = "public, max-age=31536000, immutable"
HEADERS: Final = {
    _POLICY: "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Frame-Options": "DENY",
}
_log = logging.getLogger("encrier.names")
_YEAR_S: Final = 365 * 24 * 3600


def also_allow(response: R, **sources: str) -> R:
    """Let one page do more than the others: `script_src="'self'"`; give the response."""
    written = response.get(_POLICY, HEADERS[_POLICY])
    policy = dict(part.strip().split(" ", 1) for part in written.split(";"))
    for name, source in sources.items():
        directive = name.replace("_", "-")
        policy[directive] = f"{policy.get(directive, '')} {source}".strip()
    response[_POLICY] = "; ".join(f"{name} {sources}" for name, sources in policy.items())
    return response


class SecurityHeaders:
    """Puts the headers on every answer; nothing but built files is kept by a browser or proxy."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        provider = zone.current().settings.openid_origin
        if provider:  # the forms that lead there, and out from there
            also_allow(response, form_action=provider)
        if response.get("Cache-Control") != IMMUTABLE:
            response["Cache-Control"] = "no-store"
        if zone.current().settings.secure:
            response["Strict-Transport-Security"] = f"max-age={_YEAR_S}"
        return response


def refreshing(view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Let a page run our own script, which asks this zone for the page as it is now."""

    @wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return also_allow(view(*args, **kwargs), script_src="'self'", connect_src="'self'")

    return answered


class Refusals:
    """Turns an error raised on purpose into a page with its two sentences.

    Only an error with a `status` is written for who reads our pages; any other is the operator's.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not request.path.startswith("/doors/"):
            response.content = render(request, "405.html").content
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Http404 | PermissionDenied | SuspiciousOperation):
            return None
        status: int | None = getattr(error, "status", None)
        if not isinstance(error, EncrierError) or status is None:
            _log.error("event=page-failed error=%s at=%s", type(error).__name__, _where(error))
            return None
        return render(request, "refusal.html", {"error": error}, status=status)


def _where(error: Exception) -> str:
    """The last line of ours that the error went through; never its message, which may name."""
    ours = [frame for frame, _line in walk_tb(error.__traceback__) if _ours(frame)]
    last = ours[-1] if ours else None
    return f"{last.f_globals['__name__']}:{last.f_code.co_name}" if last else "elsewhere"


def _ours(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")).startswith("encrier")


def campaign_shown(_request: HttpRequest) -> dict[str, object]:
    """What every page may say of the campaign."""
    return {"campaign": zone.current().manifest}
