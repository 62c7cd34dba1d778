# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of results: a class, a pupil, a page for the family. Each read is in the audit."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from encrier_names import downloads, zone
from encrier_names.access import rights
from encrier_names.audit.models import Action
from encrier_names.audit.record import record, record_pupil
from encrier_names.restitution import results
from encrier_names.restitution.closing import until_closing
from encrier_names.restitution.pupil_sheet import pupil_pdf
from encrier_names.schools.models import Role, Staff

READERS = (Role.TEACHER, Role.HEAD, Role.MINISTRY)


@require_safe
@until_closing
@rights.for_staff(*READERS)
def class_results(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """The class table: pupils by domains, in groups; `?tri=DOMAIN` puts needs first."""
    division = rights.division(staff, wanted)
    domains = results.domains_of(division.pupils.all())
    by = request.GET.get("tri", "")
    rows = results.of_class(division, by=by if by in {d.id for d in domains} else "")
    record(Action.CLASS_RESULTS, staff.id, n_pupils=len(rows), division=division.id)
    context = {
        "staff": staff,
        "division": division,
        "domains": domains,
        "rows": rows,
        "counts": results.counts(rows, domains),
        "by": by,
        "tab": "results",
    }
    return render(request, "class-results.html", context)


@require_safe
@until_closing
@rights.for_staff(*READERS)
def pupil_results(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """The results of one pupil, and what to do next."""
    pupil = rights.pupil(staff, wanted)
    found = results.of_pupil(pupil)
    record_pupil(Action.PUPIL_RESULTS, staff, pupil)
    context = {
        "staff": staff,
        "division": pupil.division,
        "pupil": pupil,
        "results": found,
        "tab": "results",
    }
    return render(request, "pupil-results.html", context)


@require_safe
@until_closing
@rights.for_staff(*READERS)
def pupil_sheet(_request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """The page for the family, as a PDF whose file name names nobody."""
    pupil = rights.pupil(staff, wanted)
    content = pupil_pdf(results.of_pupil(pupil), pupil.division, zone.current().manifest)
    record_pupil(Action.PUPIL_SHEET, staff, pupil)
    return downloads.pdf(content, "resultats")
