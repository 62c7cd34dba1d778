# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page on which a school asks to key again, and the one on which it is decided. No name."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from encrier import clock
from encrier_names import dates, zone
from encrier_names.access import rights
from encrier_names.audit.models import Action
from encrier_names.audit.record import record
from encrier_names.campaign.windows import refuse_undecided, shown
from encrier_names.followup.views import FOLLOWERS
from encrier_names.keying import reopening, windows
from encrier_names.keying.models import Reopening
from encrier_names.keying.offers import KEYERS
from encrier_names.keying.views import keyed_division
from encrier_names.restitution.closing import until_closing
from encrier_names.schools.models import Division, Staff

SHORTEST: Final = 10  # characters of a reason
LONGEST: Final = 500
_SEES_NOBODY: Final = 0  # or the journal of a pupil would say that she was seen


class AskForm(forms.Form):
    """Why the keying is to be opened again."""

    reason = forms.CharField(
        label=gettext_lazy("Raison"),
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Elle est gardée, et montrée à qui décide. N’y nommez aucun élève."),
    )

    def __init__(self, given: Any, *, division: Division) -> None:  # Any: a POST
        super().__init__(given)
        self._division = division

    def clean_reason(self) -> str:
        """Refuse a reason that names a pupil: who decides may not know her."""
        reason: str = self.cleaned_data["reason"]
        pupils = self._division.pupils.all()
        if reopening.names_somebody(reason, (pupil.identity for pupil in pupils)):
            raise ValidationError(gettext("Cette raison nomme un élève\u00a0: retirez son nom."))
        return reason


class DecisionForm(forms.Form):
    """Until when the keying is open again, or why it is not."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Décision"),
        choices=[("grant", gettext_lazy("Rouvrir")), ("refuse", gettext_lazy("Refuser"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez une décision.")},
    )
    day = forms.ChoiceField(label=gettext_lazy("Si vous rouvrez, dernier jour"), required=False)
    answer = forms.CharField(
        label=gettext_lazy("Si vous refusez, votre réponse"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Elle est gardée, et montrée à l’établissement. Aucun élève."),
    )

    def __init__(self, given: Any, *, ends: Sequence[datetime]) -> None:  # Any: a POST
        super().__init__(given)
        self._ends = {end.date().isoformat(): end for end in ends}
        choices = [(key, dates.day(end.date())) for key, end in self._ends.items()]
        self.fields["day"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField's

    def clean(self) -> dict[str, Any]:  # Any: Django's
        """Ask for the day of what is granted, and for the answer of a refusal."""
        given = super().clean() or {}
        answer: str = given.get("answer", "")
        if given.get("decision") == "grant" and not given.get("day"):
            self.add_error("day", gettext("Choisissez le dernier jour."))
        if given.get("decision") == "refuse" and len(answer) < SHORTEST:
            self.add_error("answer", gettext("Dites pourquoi, en une phrase."))
        return given

    @property
    def ends_at(self) -> datetime:
        """The end that was chosen."""
        return self._ends[self.cleaned_data["day"]]


@require_http_methods(["GET", "HEAD", "POST"])
@until_closing
@rights.for_staff(*KEYERS)
def ask_reopening(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Ask, with a reason, that a class may be keyed again."""
    division = keyed_division(staff, wanted)
    reopening.refuse_senseless(division)
    form = AskForm(request.POST if request.method == "POST" else None, division=division)
    if request.method == "POST" and form.is_valid():
        reopening.ask(division, staff, reason=form.cleaned_data["reason"])
        record(Action.REOPENING_ASKED, staff.id, n_pupils=_SEES_NOBODY, division=division.id)
        return redirect("class-list", division.id)
    context = {
        "staff": staff,
        "division": division,
        "form": form,
        "window": windows.window_of(division),
        "who": shown(zone.current().campaign.decides.reopen_keying),
        "tab": "list",
    }
    return render(request, "reopening-ask.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@until_closing
@rights.for_staff(*FOLLOWERS)
def decide_reopening(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Grant a request until a day, or refuse it with a sentence."""
    asked = get_object_or_404(reopening.of_schools(rights.schools_of(staff)), id=wanted)
    refuse_undecided(staff.role, "reopen_keying")
    if asked.decided_at is not None:
        raise reopening.AlreadyDecided
    ends = reopening.ends(clock.now())
    form = DecisionForm(request.POST if request.method == "POST" else None, ends=ends)
    if request.method == "POST" and form.is_valid():
        _decide(form, asked, staff)
        return redirect("followed", asked.division.school_id)
    context = {
        "staff": staff,
        "asked": asked,
        "school": asked.division.school,
        "form": form,
        "ends": ends,
        "window": windows.window_of(asked.division),
        "tab": "board",
    }
    return render(request, "reopening-decide.html", context)


def _decide(form: DecisionForm, asked: Reopening, staff: Staff) -> None:
    if form.cleaned_data["decision"] == "grant":
        reopening.grant(asked.id, staff, ends_at=form.ends_at)
        action = Action.REOPENING_GRANTED
    else:
        reopening.refuse(asked.id, staff, answer=form.cleaned_data["answer"])
        action = Action.REOPENING_REFUSED
    record(action, staff.id, n_pupils=_SEES_NOBODY, division=asked.division_id)
