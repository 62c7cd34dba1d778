# SPDX-License-Identifier: AGPL-3.0-or-later
"""The two doors that results knocks at. A signature instead of a session; nothing in clear text.

No cookie is read or set here; a call that results did not sign gets 403 and no reason.
"""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from encrier import calls, clock
from encrier.errors import BadRecord, BadSignature, EncrierError
from encrier.records import to_bytes
from encrier_names import zone
from encrier_names.doors.register import register
from encrier_names.doors.scores import SerialTaken, take
from encrier_names.pseudonyms.key import LinkDestroyed

_JSON: Final = "application/json"


class DoorClosed(EncrierError):
    what = "The platform of results is closed for this campaign."
    next_step = "Nothing more can be done: the link between names and numbers is to be destroyed."


@csrf_exempt
@require_GET
def register_door(request: HttpRequest) -> HttpResponse:
    """Give the register to results."""
    running = zone.current()
    try:
        _check(request)
        given = register(running.manifest, declared=running.declared)
    except EncrierError as error:
        return _refusal(error)
    return HttpResponse(to_bytes(given), content_type=_JSON)


@csrf_exempt
@require_POST
def scores_door(request: HttpRequest) -> HttpResponse:
    """Take a score sheet from results."""
    try:
        _check(request)
        serial, n_rows = take(request.body, zone.current().manifest)
    except EncrierError as error:
        return _refusal(error)
    return HttpResponse(to_bytes({"serial": serial, "rows": n_rows}), content_type=_JSON)


def _check(request: HttpRequest) -> None:
    manifest, now = zone.current().manifest, clock.now()
    calls.check(
        request.headers.get(calls.HEADER, ""),
        method=request.method or "",
        path=request.get_full_path(),
        body=request.body,
        now=now,
        by=manifest.results_key,
    )
    if now >= manifest.results_close_at:
        raise DoorClosed


def _refusal(error: EncrierError) -> HttpResponse:
    match error:
        case BadSignature():
            status = 403
        case DoorClosed() | LinkDestroyed():
            status = 410
        case SerialTaken():
            status = 409
        case BadRecord():
            status = 400
        case _:
            status = 500
    refusal = {"what": error.what_happened, "next_step": error.what_next}
    return HttpResponse(to_bytes(refusal), content_type=_JSON, status=status)
