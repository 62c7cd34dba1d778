# SPDX-License-Identifier: AGPL-3.0-or-later
"""What changes for one pupil beside her name: her class, and whether she is awaited."""

from uuid import UUID

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from encrier import clock
from encrier.errors import EncrierError
from encrier_names.access import rights
from encrier_names.audit.models import Action
from encrier_names.audit.record import record, record_pupil
from encrier_names.campaign.windows import refuse_undecided
from encrier_names.rooms.way_back import way_back
from encrier_names.schools import lists
from encrier_names.schools.models import Closure, Division, Reason, Role, Staff
from encrier_names.sittings import board


class NoSuchClass(EncrierError):
    what = (
        "Cette classe n’est pas une autre classe de l’établissement\u00a0: l’élève n’a pas bougé."
    )
    next_step = "Revenez à la fiche de l’élève et choisissez une classe de la liste."
    status = 400


class ReasonForm(forms.Form):
    """Why a pupil is not awaited."""

    reason = forms.ChoiceField(
        label=_("Raison"),
        choices=Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une raison.")},
    )


@require_POST
@rights.for_staff(Role.HEAD)
def move_pupil(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Put a pupil in another class of the school."""
    pupil = rights.pupil(staff, wanted)
    asked = request.POST.get("division")
    target = next((one for one in others(pupil.division) if str(one.id) == asked), None)
    if target is None:
        raise NoSuchClass
    record_pupil(Action.PUPIL_MOVED, staff, pupil)  # names the class that she leaves
    with transaction.atomic():
        lists.hold(target.school)
        reopened = not board.numbered([pupil.id]) and lists.reopen(target)
        lists.move(pupil, target)
    if reopened:
        n_pupils = target.pupils.count()
        record(Action.LIST_REOPENED, staff.id, n_pupils=n_pupils, division=target.id)
    return redirect("class-list", target.id)


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(Role.SUPERVISOR, Role.TEACHER, Role.HEAD)
def pupil_absence(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Close the row of a pupil with a reason, or await her again."""
    pupil = rights.sitting_pupil(staff, wanted)
    back = way_back(request, staff, pupil)
    refuse_undecided(staff.role, "close_row")
    known = pupil.closure
    sent = request.method == "POST"
    form = ReasonForm(
        request.POST if sent else None, initial={"reason": known.reason if known else None}
    )
    awaited = sent and request.POST.get("awaited") == "yes"
    if awaited or (sent and form.is_valid()):
        closure = (
            None if awaited else Closure(Reason(form.cleaned_data["reason"]), clock.now(), staff.id)
        )
        pupil.close(closure)
        pupil.save(update_fields=["closure_box"])
        record_pupil(Action.PUPIL_REOPENED if awaited else Action.PUPIL_CLOSED, staff, pupil)
        return redirect(back.address)
    record_pupil(Action.PUPIL_IDENTITY, staff, pupil)
    context = {
        "staff": staff,
        "division": pupil.division,
        "pupil": pupil,
        "form": form,
        "closure": known,
        "back": back,
        "tab": "progress",
    }
    return render(request, "pupil-absence.html", context)


def others(division: Division) -> QuerySet[Division]:
    """The other classes of a class's school, by label."""
    found = Division.objects.filter(school=division.school).exclude(id=division.id)
    return found.order_by("label")
