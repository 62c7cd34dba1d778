# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the bearer of an invitation does: give its code, choose a first means, come in.

Guesses of codes are slowed by place. Knows no pupil.
"""

from django import forms
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from encrier import clock
from encrier.errors import EncrierError
from encrier_names import zone
from encrier_names.audit.models import Action
from encrier_names.people import accounts, invitations
from encrier_names.people.invitations import NoInvitation
from encrier_names.people.models import Invitation
from encrier_names.signin import bearers, passkeys, throttle

FREE = 20  # wrong codes from one place, in a quarter of an hour


class TooManyCodes(EncrierError):
    what = "Trop de codes faux ont été donnés d’ici. Celui-ci n’a pas été lu."
    next_step = "Attendez un quart d’heure, puis recommencez avec votre invitation sous les yeux."
    status = 429


class CodeForm(forms.Form):
    """The code of an invitation."""

    code = forms.CharField(
        label=gettext_lazy("Code d’invitation"),
        max_length=40,
        help_text=gettext_lazy("Seize lettres, avec ou sans tirets."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class FirstPasswordForm(forms.Form):
    """A user name of one's own and a first password."""

    username = forms.CharField(
        label=gettext_lazy("Identifiant"),
        max_length=60,
        help_text=gettext_lazy("Le vôtre, pour vous connecter\u00a0: par exemple h.duprat."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        validators=[User.username_validator],
        error_messages={"invalid": gettext_lazy("Des lettres, des chiffres, et . - _ @ +")},
    )
    password = forms.CharField(
        label=gettext_lazy("Mot de passe"),
        max_length=200,
        help_text=gettext_lazy(
            "Douze caractères au moins\u00a0; trois mots sans lien sont faciles à retenir."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_username(self) -> str:
        """Refuse a name that somebody has."""
        name: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(_("Cet identifiant est déjà pris\u00a0: choisissez-en un autre."))
        return name

    def clean_password(self) -> str:
        """Refuse a password that is guessed."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


@require_http_methods(["GET", "HEAD", "POST"])
def give_code(request: HttpRequest) -> HttpResponse:
    """The page where a code on paper is typed."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return _opened(request, form.cleaned_data["code"])
    return render(request, "invitation.html", {"form": form})


@require_safe
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """The address that a mail gives; looked at by a mail server, it does nothing."""
    return _opened(request, code)


@require_safe
def means(request: HttpRequest) -> HttpResponse:
    """Choose how one will sign in."""
    who = bearers.bearer(request)
    if who.invitation is None:
        return redirect("account")
    return render(request, "invitation-means.html", _means(request, who.invitation))


@require_http_methods(["GET", "HEAD", "POST"])
def first_password(request: HttpRequest) -> HttpResponse:
    """Choose a user name and a password."""
    who = bearers.bearer(request)
    if who.invitation is None:
        return redirect("password-change")
    form = FirstPasswordForm(request.POST if request.method == "POST" else None)
    if not (form.is_bound and form.is_valid()):
        return render(request, "invitation-password.html", {"form": form})
    user = who.staff.user
    user.username = form.cleaned_data["username"]
    user.set_password(form.cleaned_data["password"])
    with transaction.atomic():
        bearers.use(who, Action.PASSWORD_CHANGED)
        user.save(update_fields=["username", "password"])
    return bearers.attached(request, who)


@require_http_methods(["POST"])
def by_mail_alone(request: HttpRequest) -> HttpResponse:
    """Keep the address that the invitation came to as the only means."""
    who = bearers.bearer(request)
    if who.invitation is None or not who.invitation.by_mail:
        raise Http404
    with transaction.atomic():
        bearers.use(who, Action.ADDRESS_CHANGED)
    return bearers.attached(request, who)


def _opened(request: HttpRequest, code: str) -> HttpResponse:
    """Let the bearer of a code choose; count a wrong one."""
    counted = throttle.by_place("invitation", throttle.place_of(request), free=FREE)
    now = clock.now()
    if throttle.waits(counted, now=now):
        raise TooManyCodes
    try:
        invitation = invitations.find(code)
    except NoInvitation:
        throttle.count(counted, now=now)
        raise
    bearers.keep(request, invitation)
    return redirect("invitation-means")


def _means(request: HttpRequest, invitation: Invitation) -> dict[str, object]:
    staff = invitation.staff
    return {
        "staff": staff,
        "shown": accounts.person_of(staff).shown,
        "divisions": staff.divisions.order_by("label"),
        "openid": zone.current().settings.openid_shown,
        "passkeys": passkeys.possible(request),
        "by_mail": invitation.by_mail,
    }
