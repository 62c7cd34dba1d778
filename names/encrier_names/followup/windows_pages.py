# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page on which an académie or the ministry lets a school's window end later."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from encrier import clock
from encrier.errors import EncrierError
from encrier_names import zone
from encrier_names.audit.models import Action
from encrier_names.audit.record import record
from encrier_names.dates import day as written
from encrier_names.followup import windows
from encrier_names.followup.models import Extension
from encrier_names.followup.views import FOLLOWERS
from encrier_names.schools import rights
from encrier_names.schools.models import Pupil, School, Staff
from encrier_names.sittings import supervision


class NotYours(EncrierError):
    what = "Dans cette campagne, ce n’est pas à vous de prolonger une fenêtre."
    next_step = "Adressez-vous au ministère, qui en décide."
    status = 409


class ExtensionForm(forms.Form):
    """A day, among those that the campaign allows, and why."""

    day = forms.ChoiceField(label=gettext_lazy("Dernier jour de passation"))
    reason = forms.CharField(
        label=gettext_lazy("Raison"),
        min_length=10,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Elle est gardée, et montrée à l’établissement. Aucun élève."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(*FOLLOWERS)
def extend(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Choose the last day, say why; every sitting of the school is told at once."""
    school = get_object_or_404(rights.schools_of(staff), id=wanted)
    running, now = zone.current(), clock.now()
    if staff.role not in running.campaign.decides.extend_window:
        raise NotYours
    days = windows.days_of(
        running.manifest, days=running.campaign.rules.extension_days_at_most, now=now
    )
    if not days:
        raise windows.TooLate
    form = ExtensionForm(request.POST if request.method == "POST" else None)
    choices = [(one.isoformat(), written(one)) for one in days]
    form.fields["day"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField's
    if request.method == "POST" and form.is_valid():
        chosen = next(one for one in days if one.isoformat() == form.cleaned_data["day"])
        ends_at = windows.end_of(running.manifest, chosen)
        windows.extend(school, staff, ends_at=ends_at, reason=form.cleaned_data["reason"])
        record(Action.WINDOW_EXTENDED, staff.id, n_pupils=_told(school))
        return redirect("followed", school.id)
    context = {
        "staff": staff,
        "school": school,
        "form": form,
        "ends_at": windows.ends_at(school, running.manifest),
        "known": Extension.objects.filter(school=school).order_by("-at"),
        "tab": "board",
    }
    return render(request, "extend.html", context)


def _told(school: School) -> int:
    """Tell answers the end of every sitting of a school; give how many there are."""
    pupils = list(Pupil.objects.filter(division__school=school).values_list("id", flat=True))
    return supervision.send_again(pupils)
