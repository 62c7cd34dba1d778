# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of all that a school prints, and each document.

A document that names a pupil is in the audit before its first byte leaves.
"""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Count
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.views.decorators.http import require_safe

from encrier import clock
from encrier_names import downloads, zone
from encrier_names.access import rights
from encrier_names.audit.models import Action
from encrier_names.audit.record import record
from encrier_names.codesheets.sheet import n_pages_of
from encrier_names.codesheets.views import LARGE
from encrier_names.documents import ends, letter, whole_school
from encrier_names.documents.class_list import class_list_pdf
from encrier_names.documents.models import Printing
from encrier_names.documents.whole_school import Made, Paper
from encrier_names.followup import tallies
from encrier_names.keying import levels
from encrier_names.schools.models import Division, Role, Staff


@require_safe
@rights.for_staff(Role.HEAD)
def documents(request: HttpRequest, staff: Staff) -> HttpResponse:
    """All that can be printed: for the school, by class, by language."""
    school = rights.school(staff)
    counted = rights.divisions_of(staff).annotate(n_pupils=Count("pupils")).order_by("label")
    keyed = levels.whole_among(counted)
    lines = [(one, one.n_pupils, one.id in keyed) for one in counted]
    ready = [one for one, n, is_keyed in lines if one.validated_at and n and not is_keyed]
    context = {
        "staff": staff,
        "school": school,
        "lines": lines,
        "has_keyed": bool(keyed),
        "n_ready": len(ready),
        "n_pages": sum(n_pages_of(ready).values()),
        "letters": [(code, letter.words(code)) for code in letter.LANGUAGES],
        "printing": Printing.objects.filter(school=school).first(),
        "has_opened": clock.now() >= zone.current().manifest.opens_at,
    }
    return render(request, "documents.html", context)


@require_safe
@rights.for_staff(Role.HEAD)
def school_documents(request: HttpRequest, staff: Staff) -> HttpResponseBase:
    """Every paper of the school as a ZIP that leaves while it is made."""
    school, now = rights.school(staff), clock.now()
    large = request.GET.get("caracteres") == LARGE
    papers = whole_school.papers_of(school, zone.current().manifest, large=large)
    printing, _ = Printing.objects.update_or_create(
        school=school,
        defaults={"started_at": now, "n_papers": len(papers), "n_done": 0, "ended_at": None},
    )
    watched = _watched(whole_school.made(papers), staff, printing)
    response = StreamingHttpResponse(
        whole_school.zipped(watched, now), content_type="application/zip"
    )
    return downloads.kept_as(response, "documents.zip")


@require_safe
@rights.for_staff(Role.HEAD)
def family_letter(_request: HttpRequest, staff: Staff, language: str) -> HttpResponse:
    """The letter to families in one language."""
    if language not in letter.LANGUAGES:
        raise Http404
    content = letter.letter_pdf(rights.school(staff), language, zone.current().manifest)
    return downloads.pdf(content, f"lettre-{language}")


@require_safe
@rights.for_staff(Role.HEAD)
def incident_form(_request: HttpRequest, staff: Staff) -> HttpResponse:
    """A form for an incident in a room."""
    return downloads.pdf(
        ends.incident_pdf(rights.school(staff), zone.current().manifest), "incident"
    )


@require_safe
@rights.for_staff(Role.HEAD)
def end_declaration(_request: HttpRequest, staff: Staff) -> HttpResponse:
    """The declaration of the end of the sittings, which names nobody."""
    divisions = rights.divisions_of(staff).order_by("label")
    content = ends.declaration_pdf(rights.school(staff), divisions, zone.current().manifest)
    return downloads.pdf(content, "declaration")


@require_safe
@rights.for_staff(Role.HEAD)
def school_absentees(_request: HttpRequest, staff: Staff) -> HttpResponse:
    """Whom to let catch up, of the whole school; a row in the audit for each class."""
    divisions = rights.divisions_of(staff).order_by("label")
    by_class = {division: ends.absentees([division]) for division in divisions}
    for division, rows in by_class.items():
        if rows:
            record(Action.CLASS_ABSENTEES, staff.id, n_pupils=len(rows), division=division.id)
    everybody = [row for rows in by_class.values() for row in rows]
    content = ends.absentees_pdf(rights.school(staff), everybody, zone.current().manifest)
    return downloads.pdf(content, "a-rattraper")


@require_safe
@rights.for_staff(Role.HEAD)
def class_absentees(_request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Whom to let catch up, of one class."""
    division = rights.division(staff, wanted)
    rows = ends.absentees([division])
    record(Action.CLASS_ABSENTEES, staff.id, n_pupils=len(rows), division=division.id)
    manifest = zone.current().manifest
    content = ends.absentees_pdf(division.school, rows, manifest, division=division.label)
    return downloads.pdf(content, "a-rattraper")


@require_safe
@rights.for_staff(Role.HEAD, Role.TEACHER)
def class_list_paper(_request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """The list of a class to check with its teacher."""
    division = rights.division(staff, wanted)
    content = class_list_pdf(division, zone.current().manifest)
    _record_class(Action.CLASS_LIST_PDF, staff, division)
    return downloads.pdf(content, "liste")


def _watched(documents: Iterator[Made], staff: Staff, printing: Printing) -> Iterator[Made]:
    """Write each document in the audit before it leaves, and how far the school has come."""
    row = Printing.objects.filter(school=printing.school)
    left: list[UUID] = []
    try:
        for n_done, document in enumerate(documents, start=1):
            _record_paper(document.paper, staff, refused=bool(document.refused))
            yield document
            left += document.codes_of
            row.update(n_done=min(n_done, printing.n_papers))  # a text on what is missing is none
        row.update(ended_at=clock.now())
    finally:  # the browser may give up half-way
        tallies.printed(*left)


def _record_paper(paper: Paper, staff: Staff, *, refused: bool) -> None:
    if paper.action is not None and paper.division is not None and not refused:
        _record_class(paper.action, staff, paper.division)


def _record_class(action: Action, staff: Staff, division: Division) -> None:
    record(action, staff.id, n_pupils=division.pupils.count(), division=division.id)
