# SPDX-License-Identifier: AGPL-3.0-or-later
"""One's own account: how one signs in, until when this session lasts, out of every computer.

What changes a means asks for a fresh session. Knows no pupil.
"""

from uuid import UUID

from django import forms
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from encrier import clock
from encrier.records import Record
from encrier_names import zone
from encrier_names.access import rights
from encrier_names.audit.models import Action
from encrier_names.audit.record import record_staff
from encrier_names.people import accounts, letters
from encrier_names.people.models import Account, OutsideIdentity
from encrier_names.schools.models import Role, Staff
from encrier_names.signin import bearers, links, passkeys, sessions, throttle


class PasswordForm(forms.Form):
    """The password one has, and the one to have."""

    known = forms.CharField(
        label=gettext_lazy("Mot de passe actuel"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    wanted = forms.CharField(
        label=gettext_lazy("Nouveau mot de passe"),
        max_length=200,
        help_text=gettext_lazy(
            "Douze caractères au moins\u00a0; trois mots sans lien sont faciles à retenir."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_wanted(self) -> str:
        """Refuse a password that is guessed."""
        wanted: str = self.cleaned_data["wanted"]
        validate_password(wanted)
        return wanted


class AddressForm(forms.Form):
    """Where links may be sent."""

    address = forms.EmailField(
        label=gettext_lazy("Adresse électronique"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": gettext_lazy("Cette adresse n’est pas complète.")},
    )


class Means(Record, frozen=True):
    """What an account may be signed in to with, besides its passkeys."""

    password: bool
    address: str | None
    n: int


@require_safe
@rights.for_staff(*Role)
def account(request: HttpRequest, staff: Staff) -> HttpResponse:
    """My account."""
    known = Account.objects.filter(staff=staff).first()
    address = known.person.address if known and known.address_index else None
    terms = sessions.terms_of(request.session, now=clock.now())
    context = {
        "staff": staff,
        "shown": accounts.person_of(staff).shown,
        "means": Means(staff.user.has_usable_password(), address, accounts.n_means(staff)),
        "keys": passkeys.keys_of(staff),
        "identities": staff.identities.order_by("linked_at"),
        "terms": terms,
        "fresh": bearers.fresh(request),
        "openid": zone.current().settings.openid_shown,
        "passkeys": passkeys.possible(request),
        "by_mail": letters.configured(),
    }
    return render(request, "account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(*Role)
def change_password(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Change one's password; every other session ends."""
    if not staff.user.has_usable_password():
        raise Http404
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _is_hers(request, staff, form):
        staff.user.set_password(form.cleaned_data["wanted"])
        staff.user.save(update_fields=["password"])
        update_session_auth_hash(request, staff.user)
        record_staff(Action.PASSWORD_CHANGED, staff.id)
        return redirect("account")
    return render(request, "password-change.html", {"staff": staff, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(*Role)
def change_address(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Ask for a letter that proves a new address; until then the old one serves."""
    if not letters.configured():
        raise Http404
    bearers.bearer(request)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        letters.send(links.confirm(request, staff, form.cleaned_data["address"]))
        return render(request, "address-asked.html", {"staff": staff})
    return render(request, "address-change.html", {"staff": staff, "form": form})


@require_POST
@rights.for_staff(*Role)
def remove_identity(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Unlink an identity of the provider."""
    bearers.bearer(request)
    found = OutsideIdentity.objects.filter(id=wanted, staff=staff)
    if not found.exists():
        raise Http404
    accounts.refuse_last(staff)
    found.delete()
    record_staff(Action.IDENTITY_REMOVED, staff.id)
    return redirect("account")


@require_POST
@rights.for_staff(*Role)
def whose_computer(request: HttpRequest, _staff: Staff) -> HttpResponse:
    """Say whether this computer is shared, which is what we take it for."""
    now = clock.now()
    terms = sessions.terms_of(request.session, now=now)
    own = request.POST.get("own") == "yes"
    sessions.write(request.session, sessions.Terms(terms.began_at, now, own))
    return redirect("account")


@require_POST
@rights.for_staff(*Role)
def sign_out_everywhere(request: HttpRequest, staff: Staff) -> HttpResponse:
    """End every session of one's account, this one included."""
    record_staff(Action.SIGNED_OUT_EVERYWHERE, staff.id)
    logout(request)
    accounts.end_sessions(staff)
    return redirect(reverse("sign-in") + "?fin=partout")


def _is_hers(request: HttpRequest, staff: Staff, form: PasswordForm) -> bool:
    """Whether the password that she gives is hers; guesses are slowed as at the door."""
    counted = throttle.limits("password", staff.user.username, throttle.place_of(request))
    now = clock.now()
    if throttle.waits(counted, now=now):
        form.add_error("known", _("Trop d’essais ont échoué. Attendez un quart d’heure."))
        return False
    if staff.user.check_password(form.cleaned_data["known"]):
        return True
    throttle.count(counted, now=now)
    form.add_error("known", _("Ce n’est pas votre mot de passe actuel."))
    return False
