# SPDX-License-Identifier: AGPL-3.0-or-later
"""Validation by the head, and the code sheet to print. Codes leave this zone on paper only."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from encrier.errors import EncrierError
from encrier_names import downloads, zone
from encrier_names.access import rights
from encrier_names.audit.models import Action
from encrier_names.audit.record import record
from encrier_names.campaign.windows import refuse_outside_lists
from encrier_names.codesheets.sheet import n_large, n_pages, sheet_pdf
from encrier_names.codesheets.validation import ListChanged, validate
from encrier_names.followup import tallies
from encrier_names.keying import levels
from encrier_names.pseudonyms import links
from encrier_names.schools.models import Role, Staff
from encrier_names.sittings import board
from encrier_names.validation import declarations, reserves

LARGE = "grands"  # the value of `caracteres` that asks for large print
REFRESH_S = 10  # while keys are derived elsewhere


class NotOnPaper(EncrierError):
    what = "Les codes de cette classe ne s’impriment pas\u00a0: ses élèves passent sur cahier."
    next_step = "Ouvrez la page de la classe pour saisir leurs cahiers."
    status = 409


class NotDeclared(EncrierError):
    what = "La déclaration n’est pas cochée\u00a0: la liste n’est pas validée."
    next_step = "Revenez à la liste, vérifiez-la, cochez la déclaration, puis validez."
    status = 400


@require_POST
@rights.for_staff(Role.HEAD)
def validate_class(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Validate a class list, with what the head declares."""
    division = rights.division(staff, wanted)
    if request.POST.get("declaration") != "yes":
        raise NotDeclared
    late = bool(board.numbered(division.pupils.values_list("id", flat=True)))
    refuse_outside_lists(is_late_arrival=late)
    shown = request.POST.get("n_pupils", "")
    if shown and shown != str(division.pupils.count()):
        raise ListChanged  # the sentence that was read is about another list
    done = validate(division)
    declarations.keep(division.id, staff, n_pupils=done.pupils)
    record(Action.VALIDATION, staff.id, n_pupils=done.pupils, division=division.id)
    return redirect("class-codes", division.id)


@require_safe
@rights.for_staff(Role.HEAD)
def class_codes(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """What to do with the code sheet, and the link to it.

    While keys are awaited the page asks for itself again, unless `?fixe` is asked for.
    """
    division = rights.division(staff, wanted)
    context: dict[str, object] = {
        "staff": staff,
        "division": division,
        "is_keyed": levels.is_whole(division),
        "declared": declarations.last(division.id),
        "tab": "codes",
    }
    if context["is_keyed"]:
        return render(request, "class-codes.html", context)
    pupils = list(division.pupils.values_list("id", flat=True))
    held, n_in_large = reserves.ranks(division), n_large(division)
    context |= {
        "n_pupils": len(pupils),
        "n_reserves": len(held),
        "n_large": n_in_large,
        "n_pages": n_pages(len(pupils), n_in_large, n_reserves=len(held)),
    }
    if division.validated_at is None:
        return render(request, "class-codes.html", context)
    ready = links.readiness(pupils, reserves=held)
    is_still = "fixe" in request.GET
    context |= {"ready": ready, "is_still": is_still}
    response = render(request, "class-codes.html", context)
    if not (ready.is_ready or is_still):
        response["Refresh"] = str(REFRESH_S)
    return response


@require_safe
@rights.for_staff(Role.HEAD)
def code_sheet(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """The code sheet as a PDF; `?caracteres=grands`: all of it in large print."""
    division = rights.division(staff, wanted)
    if levels.is_whole(division):
        raise NotOnPaper
    large = request.GET.get("caracteres") == LARGE
    content = sheet_pdf(division, zone.current().manifest, large=large)
    record(Action.CODE_SHEET, staff.id, n_pupils=division.pupils.count(), division=division.id)
    tallies.printed(division.id)
    return downloads.pdf(content, "codes")
