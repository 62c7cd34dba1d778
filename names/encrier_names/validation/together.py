# SPDX-License-Identifier: AGPL-3.0-or-later
"""Validates the classes of a school at once: one page, one declaration that lists them all."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from encrier import clock
from encrier_names.audit.models import Action
from encrier_names.audit.record import record
from encrier_names.campaign.windows import lists_shut, refuse_outside_lists
from encrier_names.codesheets.validation import ListChanged, validate
from encrier_names.codesheets.views import NotDeclared
from encrier_names.schools import rights
from encrier_names.schools.models import Division, Role, Staff
from encrier_names.validation import declarations


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(Role.HEAD)
def validate_all(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the classes that are not validated; validate them, with what the head declares."""
    classes = to_validate(staff)
    said = declarations.sentence_of_all([(one.label, n) for one, n in classes])
    if request.method == "POST":
        refuse_outside_lists()
        if request.POST.get("declaration") != "yes":
            raise NotDeclared
        if request.POST.get("said") != said:
            raise ListChanged  # the sentence that was read is about other lists
        for division, _ in classes:
            _validate(division, staff, said)
        return redirect("documents")
    context = {
        "staff": staff,
        "school": staff.school,
        "classes": classes,
        "n_pupils": sum(n for _, n in classes),
        "to_declare": said,
        "lists_shut": lists_shut(clock.now()),
    }
    return render(request, "validate-all.html", context)


def to_validate(staff: Staff) -> list[tuple[Division, int]]:
    """The classes of a head that hold pupils and are not validated, and how many pupils each."""
    found = rights.divisions_of(staff).filter(validated_at=None).order_by("label")
    counted = found.annotate(n=Count("pupils")).filter(n__gt=0)
    return [(division, division.n) for division in counted]


def _validate(division: Division, staff: Staff, said: str) -> None:
    """One class, whole: what goes wrong in the next leaves it validated."""
    done = validate(division)
    declarations.keep(division.id, staff, n_pupils=done.pupils, said=said)
    record(Action.VALIDATION, staff.id, n_pupils=done.pupils, division=division.id)
