# SPDX-License-Identifier: AGPL-3.0-or-later
"""Passkeys (WebAuthn): signing in with the lock of one's own device, and several keys a person.

The device signs a challenge that this browser was given once; it proves that its owner unlocked
it. We keep a public key. Knows no pupil.
"""

import ipaddress
import json
from collections.abc import Callable, Mapping
from typing import Final, TypeVar
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from encrier import clock
from encrier.errors import EncrierError
from encrier_names.audit.models import Action
from encrier_names.audit.record import record_staff
from encrier_names.headers import also_allow
from encrier_names.people import accounts, lookup
from encrier_names.people.models import Passkey, PasskeyName
from encrier_names.schools.models import Staff
from encrier_names.signin import bearers, sessions

MOST: Final = 10  # keys a person
MAX_ANSWER: Final = 16 * 1024  # characters of what a device answers
_CHALLENGE: Final = "passkey-challenge"
T = TypeVar("T")


class PasskeyRefused(EncrierError):
    what = "Cette clé d’accès n’a pas été reconnue."
    next_step = "Recommencez avec la clé de ce site, ou connectez-vous par un autre moyen."
    status = 400


class TooManyKeys(EncrierError):
    what = "Vous avez déjà dix clés d’accès\u00a0: celle-ci n’a pas été ajoutée."
    next_step = "Retirez une clé dont vous ne vous servez plus, puis recommencez."
    status = 409


class KeyForm(forms.Form):
    """What the device answers, and how its owner calls the key."""

    answer = forms.CharField(widget=forms.HiddenInput, max_length=MAX_ANSWER)
    label = forms.CharField(
        label=gettext_lazy("Nom de la clé"),
        max_length=40,
        help_text=gettext_lazy(
            "Pour la reconnaître plus tard, par exemple «\u00a0Mon téléphone\u00a0»."
        ),
    )


class EnterForm(forms.Form):
    """What the device answers, and whose computer this is."""

    answer = forms.CharField(widget=forms.HiddenInput, max_length=MAX_ANSWER)
    own_computer = forms.BooleanField(
        label=gettext_lazy("C’est mon ordinateur\u00a0: personne d’autre ne s’en sert"),
        required=False,
    )


def site(request: HttpRequest) -> str:
    """The name that keys are bound to: the one in the address bar, without its port."""
    return request.get_host().partition(":")[0]


def possible(request: HttpRequest) -> bool:
    """Whether browsers allow keys here: they do not where the address bar shows a number."""
    try:
        ipaddress.ip_address(request.get_host().strip("[]").partition("]")[0].partition(":")[0])
    except ValueError:
        return True
    return False


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in with a key."""
    if not possible(request):
        raise Http404
    form = EnterForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        key = _verified(request, form)
        sessions.begin(request, key.staff, own=form.cleaned_data["own_computer"])
        return redirect("home")
    options = generate_authentication_options(
        rp_id=site(request), user_verification=UserVerificationRequirement.REQUIRED
    )
    request.session[_CHALLENGE] = bytes_to_base64url(options.challenge)
    context = {"form": form, "options": options_to_json(options), "doing": "get"}
    return _with_script(render(request, "passkey-enter.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Attach a key to one's account."""
    if not possible(request):
        raise Http404
    who = bearers.bearer(request)
    if who.staff.passkeys.count() >= MOST:
        raise TooManyKeys
    form = KeyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        _attach(request, who, form.cleaned_data)
        return bearers.attached(request, who)
    known = who.staff.passkeys.values_list("credential", flat=True)
    options = generate_registration_options(
        rp_id=site(request),
        rp_name="encrier",
        user_id=who.staff.id.bytes,
        user_name=accounts.person_of(who.staff).shown,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=bytes(one)) for one in known],
    )
    request.session[_CHALLENGE] = bytes_to_base64url(options.challenge)
    context = {"form": form, "options": options_to_json(options), "doing": "create"}
    return _with_script(render(request, "passkey-add.html", context))


@require_POST
def remove(request: HttpRequest, wanted: UUID) -> HttpResponse:
    """Take a key away."""
    who = bearers.bearer(request)
    key = Passkey.objects.filter(id=wanted, staff=who.staff).first()
    if key is None or who.invitation is not None:
        raise Http404
    accounts.refuse_last(who.staff)
    key.delete()
    record_staff(Action.PASSKEY_REMOVED, who.staff.id)
    return redirect("account")


def _attach(request: HttpRequest, who: bearers.Bearer, given: Mapping[str, str]) -> None:
    """Keep the public key of a device, if it signed our challenge. PasskeyRefused otherwise."""
    challenge = _challenge(request)
    made = _or_refused(
        lambda: verify_registration_response(
            credential=_parsed(given["answer"]),
            expected_challenge=challenge,
            expected_rp_id=site(request),
            expected_origin=_origin(request),
            require_user_verification=True,
        )
    )
    hashed = lookup.hashed("credential", made.credential_id)
    key = Passkey(
        staff=who.staff,
        credential=made.credential_id,
        credential_hash=hashed,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        added_at=clock.now(),
    )
    key.name = PasskeyName(given["label"])
    with transaction.atomic():
        if Passkey.objects.filter(credential_hash=hashed).exists():
            raise PasskeyRefused
        key.save(force_insert=True)
        bearers.use(who, Action.PASSKEY_ADDED)


def _verified(request: HttpRequest, form: EnterForm) -> Passkey:
    """The key that signed our challenge, if it is that of an open account; PasskeyRefused."""
    challenge = _challenge(request)
    if not form.is_valid():
        raise PasskeyRefused
    answer = _parsed(form.cleaned_data["answer"])
    written = answer.get("rawId")
    hashed = _or_refused(lambda: lookup.hashed("credential", base64url_to_bytes(str(written))))
    key = Passkey.objects.select_related("staff__user").filter(credential_hash=hashed).first()
    if key is None or not key.staff.user.is_active:
        raise PasskeyRefused
    proof = _or_refused(
        lambda: verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site(request),
            expected_origin=_origin(request),
            credential_public_key=bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    )
    key.sign_count, key.used_at = proof.new_sign_count, clock.now()
    key.save(update_fields=["sign_count", "used_at"])
    return key


def _challenge(request: HttpRequest) -> bytes:
    """The challenge that this browser was given, which serves once."""
    written = request.session.pop(_CHALLENGE, None)
    if not isinstance(written, str):
        raise PasskeyRefused
    return base64url_to_bytes(written)


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _parsed(answer: str) -> dict[str, object]:
    try:
        parsed = json.loads(answer)
    except ValueError as error:
        raise PasskeyRefused from error
    if not isinstance(parsed, dict):
        raise PasskeyRefused
    return parsed


def _or_refused(verify: Callable[[], T]) -> T:
    """What a verification gives; whatever a hostile answer breaks in it is a refusal."""
    try:
        return verify()
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyRefused from error


def _with_script(response: HttpResponse) -> HttpResponse:
    return also_allow(response, script_src="'self'")


def keys_of(staff: Staff) -> list[Passkey]:
    """The keys of a member of staff, newest first."""
    return list(staff.passkeys.order_by("-added_at"))
