# SPDX-License-Identifier: AGPL-3.0-or-later
"""« Personnes »: whom the head lets in, to what, since when. Never a pupil.

The code of an invitation is shown once, when it is drawn; afterwards nobody can read it again.
"""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from encrier import clock
from encrier_names.access import rights
from encrier_names.audit.sentences import sentences
from encrier_names.dates import day
from encrier_names.people import accounts, delegation, invitations, letters
from encrier_names.people.forms import DELEGATED, ClassesForm, InviteForm
from encrier_names.people.letters import Letter
from encrier_names.people.models import Invitation
from encrier_names.schools.models import Role, School, Staff

SHOWN_CHANGES = 50


@require_safe
@rights.for_staff(Role.HEAD)
def people(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Who has an account of the school."""
    school = rights.school(staff)
    context = {"staff": staff, "school": school, "lines": delegation.lines(school)}
    return render(request, "people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(Role.HEAD)
def invite(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Invite a teacher or a supervisor."""
    school = rights.school(staff)
    form = InviteForm(
        request.POST if request.method == "POST" else None, of=school.divisions.order_by("label")
    )
    by_mail = letters.configured()
    if not (form.is_bound and form.is_valid()):
        context = {"staff": staff, "form": form, "by_mail": by_mail}
        return render(request, "people-invite.html", context)
    person = form.person()
    made, code = delegation.invite(
        staff, school, person, Role(form.cleaned_data["role"]), wanted=form.cleaned_data["once"]
    )
    delegation.set_classes(staff, made.staff, form.chosen())
    return _handed_over(request, staff, made, code)


@require_safe
@rights.for_staff(Role.HEAD)
def person(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """One account: its classes, its state, and all that was changed of it."""
    her = _person(staff, wanted)
    divisions = list(rights.school(staff).divisions.order_by("label"))
    hers = [str(one.id) for one in her.divisions.all()]
    changes = list(delegation.changes_about(her)[:SHOWN_CHANGES])
    called = accounts.person_of(her)
    context = {
        "staff": staff,
        "her": her,
        "shown": called.shown,
        "state": delegation.state(her, now=clock.now()),
        "delegated": her.role in DELEGATED,
        "form": ClassesForm(of=divisions, initial={"divisions": hers}),
        "changes": sentences(changes, pupils={}),
        "address": called.address if letters.configured() else None,
    }
    return render(request, "person.html", context)


@require_POST
@rights.for_staff(Role.HEAD)
def set_classes(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Give and take back classes."""
    her = _delegated(staff, wanted)
    form = ClassesForm(request.POST, of=rights.school(staff).divisions.all())
    if form.is_valid():
        delegation.set_classes(staff, her, form.chosen())
    return redirect("person", her.id)


@require_POST
@rights.for_staff(Role.HEAD)
def close(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Close an account, or open it again."""
    her = _delegated(staff, wanted)
    change: Callable[[Staff, Staff], None] = (
        delegation.reopen if request.POST.get("act") == "reopen" else delegation.close
    )
    change(staff, her)
    return redirect("person", her.id)


@require_POST
@rights.for_staff(Role.HEAD)
def invite_again(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Another invitation, for who lost her means or let the first one lapse."""
    her = _delegated(staff, wanted)
    if not her.user.is_active:
        raise Http404
    address = accounts.person_of(her).address
    by_mail = bool(address) and letters.configured() and request.POST.get("by") == "mail"
    made, code = delegation.invite_again(staff, her, by_mail=by_mail)
    return _handed_over(request, staff, made, code)


def _handed_over(request: HttpRequest, staff: Staff, made: Invitation, code: str) -> HttpResponse:
    """Send the invitation, or show it to be printed; if no mail leaves, it is shown as well."""
    person = accounts.person_of(made.staff)
    url = request.build_absolute_uri(reverse("invitation-open", args=[code]))
    context = {
        "staff": staff,
        "shown": person.shown,
        "role": made.staff.role_shown,
        "divisions": made.staff.divisions.order_by("label"),
        "school": rights.school(staff),
        "until": made.expires_at,
        "where": request.build_absolute_uri(reverse("invitation")),
        "person": made.staff.id,
    }
    if made.by_mail and person.address and letters.configured():
        try:
            letters.send(_letter(person.address, person.shown, rights.school(staff), url, made))
        except letters.MailNotSent as error:
            context["not_sent"] = error
        else:
            return render(request, "people-invited.html", context | {"address": person.address})
    if made.by_mail:  # on paper after all: the address is not proved by it
        Invitation.objects.filter(id=made.id).update(by_mail=False)
    return render(request, "people-invited.html", context | {"code": invitations.shown(code)})


def _letter(to: str, shown: str, school: School, url: str, made: Invitation) -> Letter:
    body = _(
        "Bonjour {name},\n\n{school} vous ouvre un compte sur encrier, pour les évaluations "
        "nationales. Choisissez comment vous vous connecterez\u00a0:\n\n{url}\n\nCette invitation "
        "sert une fois, jusqu’au {day}. Ne la transmettez à personne\u00a0: qui l’ouvre entre à "
        "votre place."
    ).format(name=shown, school=school.name, url=url, day=day(made.expires_at))
    return Letter(to, _("Votre invitation"), body)


def _person(staff: Staff, wanted: UUID) -> Staff:
    return get_object_or_404(delegation.people_of(rights.school(staff)), id=wanted)


def _delegated(staff: Staff, wanted: UUID) -> Staff:
    """The person asked for, if her access is the head's to give: not another head's, nor his."""
    her = _person(staff, wanted)
    if her.role not in DELEGATED:
        raise Http404
    return her
