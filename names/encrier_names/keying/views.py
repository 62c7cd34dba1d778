# SPDX-License-Identifier: AGPL-3.0-or-later
"""The addresses under `/saisie/`: the page, its files, the ring, the manifest, the kits.

The page and its files hold nobody. The ring is journalled before it leaves, closed. What a teacher
keys goes from her browser to the answers zone and never comes here.
"""

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from encrier_names import zone
from encrier_names.access import rights
from encrier_names.audit.models import Action
from encrier_names.audit.record import record
from encrier_names.headers import IMMUTABLE
from encrier_names.keying import levels, ring
from encrier_names.keying.offers import KEYERS, READERS
from encrier_names.keying.page import Built, KeyingPage
from encrier_names.restitution.closing import until_closing
from encrier_names.schools.models import Division, Staff

SCOPE: Final = "/saisie/"
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'{answers}; worker-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_INTEGRITY: Final = "blocked-destinations=(script)"  # no script whose digest the page does not give
_WORKER_POLICY: Final = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"


@require_safe
@until_closing
@rights.for_staff(*KEYERS)
def keying(_request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """The page on which a class is keyed; it holds nobody, and the secret is not in its address."""
    page, division = _page(), keyed_division(staff, wanted)
    content = page.of_class(division.id, back=reverse("class-list", args=[division.id]))
    response = HttpResponse(content)
    answers = f" {page.answers}" if page.answers else ""
    response["Content-Security-Policy"] = _POLICY.format(answers=answers)
    response["Integrity-Policy"] = _INTEGRITY
    return response


@require_safe
@until_closing
@rights.for_staff(*KEYERS)
def keying_ring(_request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """The closed ring of a class."""
    if zone.current().keying.page is None:
        raise Http404
    division = keyed_division(staff, wanted)
    made = ring.ring_of(division)
    record(Action.KEYING_RING, staff.id, n_pupils=len(made.pupils), division=division.id)
    return HttpResponse(ring.closed(made), content_type="application/octet-stream")


@require_safe
def keying_file(request: HttpRequest, name: str) -> HttpResponse:
    """A built file of the page, which is the same for everybody and is kept for a year."""
    built = _page().files.get(name)
    if built is None:
        raise Http404
    response = _given(built, request)
    response["Cache-Control"] = IMMUTABLE
    return response


@require_safe
def keying_worker(request: HttpRequest) -> HttpResponse:
    """What keeps the page on a teacher's computer for a day without network."""
    response = _given(_page().worker, request)
    response["Service-Worker-Allowed"] = SCOPE
    response["Content-Security-Policy"] = _WORKER_POLICY
    return response


@require_safe
def keying_manifest(_request: HttpRequest) -> HttpResponse:
    """The manifest as the ministry signed it: public, and believed for its signature alone."""
    return HttpResponse(zone.current().manifest_signed, content_type="application/json")


@require_safe
@rights.for_staff(*READERS)
def keying_kit(_request: HttpRequest, _staff: Staff, bundle: str, file: str) -> HttpResponse:
    """A file of a kit. It holds the key to the items: it is for staff."""
    kit = zone.current().keying.kits.get(bundle)
    found = kit.files.get(file) if kit else None
    if found is None:
        raise Http404
    return HttpResponse(found.content(), content_type=found.kind)


def keyed_division(staff: Staff, wanted: UUID) -> Division:
    """The class asked for, if one may see it and some of its pupils are keyed; else 404."""
    division = rights.division(staff, wanted)
    taught = levels.levels_of([division.id]).get(division.id, frozenset())
    if not any(map(levels.is_keyed, taught)):
        raise Http404
    return division


def _page() -> KeyingPage:
    page = zone.current().keying.page
    if page is None:
        raise Http404
    return page


def _given(built: Built, request: HttpRequest) -> HttpResponse:
    """A built file, packed for a browser that says it can unpack."""
    accepted = request.headers.get("Accept-Encoding", "")
    if built.packed is None:
        return HttpResponse(built.plain, content_type=built.kind)
    is_packed = "gzip" in accepted
    response = HttpResponse(built.packed if is_packed else built.plain, content_type=built.kind)
    response["Vary"] = "Accept-Encoding"
    if is_packed:
        response["Content-Encoding"] = "gzip"
    return response
