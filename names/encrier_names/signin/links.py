# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing in by a link in the mail: a quarter of an hour, once, in the browser that asked.

The answer is the same, in words and in time, whether or not the address is known. A link is
opened by a button and not by the address itself, for mail servers open addresses too.
"""

import secrets
from datetime import timedelta
from typing import Final

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from encrier import clock
from encrier.errors import EncrierError
from encrier_names.audit.models import Action
from encrier_names.audit.record import record_staff
from encrier_names.people import accounts, letters, lookup
from encrier_names.people.letters import Letter
from encrier_names.people.models import Account, MailLink
from encrier_names.schools.models import Staff
from encrier_names.signin import sessions, throttle

LASTS: Final = timedelta(minutes=15)
FREE: Final = 3  # links to one address, asked from one place, in a quarter of an hour
_BROWSER: Final = "link-browser"  # in the session: what only the browser that asked has


class LinkRefused(EncrierError):
    what = (
        "Ce lien ne peut pas être ouvert\u00a0: il a déjà servi, ou il a plus d’un quart d’heure."
    )
    next_step = "Demandez un autre lien depuis la page de connexion."
    status = 400


class OtherBrowser(EncrierError):
    what = "Ce lien ne s’ouvre que dans le navigateur où vous l’avez demandé."
    next_step = (
        "Copiez l’adresse du lien dans ce navigateur-là, ou demandez-en un autre dans celui-ci."
    )
    status = 400


class AskForm(forms.Form):
    """Where the link goes, and whose computer this is."""

    address = forms.EmailField(
        label=gettext_lazy("Adresse électronique"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": gettext_lazy("Cette adresse n’est pas complète.")},
    )
    own_computer = forms.BooleanField(
        label=gettext_lazy("C’est mon ordinateur\u00a0: personne d’autre ne s’en sert"),
        required=False,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a link."""
    if not letters.configured():
        raise Http404
    form = AskForm(request.POST if request.method == "POST" else None)
    if not (form.is_bound and form.is_valid()):
        return render(request, "link-ask.html", {"form": form})
    address, own = form.cleaned_data["address"], form.cleaned_data["own_computer"]
    counted = throttle.limits("link", address, throttle.place_of(request), free=FREE)
    now = clock.now()
    slow = throttle.waits(counted, now=now)
    if not slow:
        throttle.count(counted, now=now)
    letters.send_aside(_letters(request, address, own=own, known=not slow))
    return render(request, "link-asked.html", {"minutes": int(LASTS / timedelta(minutes=1))})


@require_http_methods(["GET", "HEAD", "POST"])
def use(request: HttpRequest, token: str) -> HttpResponse:
    """Open a link: a page with one button, which signs in."""
    link = _link(request, token)
    if request.method != "POST":
        return render(
            request, "link-use.html", {"token": token, "confirms": link.address_box is not None}
        )
    staff, own = link.staff, link.own_computer
    if staff is None:
        raise LinkRefused
    with transaction.atomic():
        if not MailLink.objects.filter(id=link.id, used_at=None).update(used_at=clock.now()):
            raise LinkRefused
        if link.address_box is not None:
            accounts.prove_address(accounts.account_of(staff), link.address)
            record_staff(Action.ADDRESS_CHANGED, staff.id)
    if link.address_box is not None and request.user == staff.user:
        return redirect("account")
    sessions.begin(request, staff, own=own)
    return redirect("home")


def confirm(request: HttpRequest, staff: Staff, address: str) -> Letter:
    """The letter that proves a new address of somebody who is signed in."""
    link, token = _draw(request, staff)
    link.address = address
    link.save(force_insert=True)
    body = _(
        "Bonjour,\n\nPour confirmer que cette adresse est la vôtre, ouvrez ce lien dans le "
        "navigateur où vous l’avez demandé\u00a0:\n\n{url}\n\nIl sert une fois, pendant un quart "
        "d’heure. Si vous n’avez rien demandé, ne faites rien."
    )
    return Letter(address, _("Confirmer votre adresse"), body.format(url=_url(request, token)))


def _letters(request: HttpRequest, address: str, *, own: bool, known: bool) -> list[Letter]:
    """The letters to an address: one an account, none where it is nobody's. Same work for both."""
    found: list[Staff | None] = []
    if known:
        accounts_there = Account.objects.select_related("staff__user", "staff__school")
        there = accounts_there.filter(
            address_index=lookup.of_address(address), staff__user__is_active=True
        )
        found = [account.staff for account in there]
    sent = []
    for staff in found or [None]:
        link, token = _draw(request, staff, own=own)
        link.save(force_insert=True)
        if staff is not None:
            sent.append(_letter(request, staff, address, token))
    return sent


def _letter(request: HttpRequest, staff: Staff, address: str, token: str) -> Letter:
    body = _(
        "Bonjour {name},\n\nPour vous connecter à encrier{school}, ouvrez ce lien dans le "
        "navigateur où vous l’avez demandé\u00a0:\n\n{url}\n\nIl sert une fois, pendant un quart "
        "d’heure. Si vous n’avez rien demandé, ne faites rien\u00a0: sans ce lien, personne "
        "n’entre."
    )
    school = f" ({staff.school.name})" if staff.school else ""
    name = accounts.person_of(staff).shown
    text = body.format(name=name, school=school, url=_url(request, token))
    return Letter(address, _("Votre lien de connexion"), text)


def _draw(request: HttpRequest, staff: Staff | None, *, own: bool = False) -> tuple[MailLink, str]:
    """A link, not yet kept, and its token; old ones go."""
    now = clock.now()
    MailLink.objects.filter(expires_at__lt=now).delete()
    browser = request.session.setdefault(_BROWSER, secrets.token_urlsafe(24))
    token = secrets.token_urlsafe(24)
    link = MailLink(
        token_hash=lookup.hashed("link", token),
        staff=staff,
        browser_hash=lookup.hashed("browser", browser),
        own_computer=own,
        expires_at=now + LASTS,
    )
    return link, token


def _link(request: HttpRequest, token: str) -> MailLink:
    """The link of a token, if it is still worth something in this browser."""
    found = (
        MailLink.objects.select_related("staff__user")
        .filter(token_hash=lookup.hashed("link", token), used_at=None, expires_at__gt=clock.now())
        .first()
    )
    if found is None or found.staff is None or not found.staff.user.is_active:
        raise LinkRefused
    browser = request.session.get(_BROWSER)
    if not browser or lookup.hashed("browser", browser) != found.browser_hash:
        raise OtherBrowser
    return found


def _url(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("link-use", args=[token]))
