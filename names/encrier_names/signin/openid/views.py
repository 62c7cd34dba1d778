# SPDX-License-Identifier: AGPL-3.0-or-later
"""Off to the provider and back; who comes back unknown is told what to do, and is not let in.

An identity is linked to an account by an invitation or from an open session, never because an
address is the same on both sides.
"""

import base64
import hashlib
import hmac
import secrets
from typing import Final

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from encrier import clock
from encrier.errors import EncrierError
from encrier_names import zone
from encrier_names.audit.models import Action
from encrier_names.people import lookup
from encrier_names.people.models import OutsideIdentity
from encrier_names.settings import Settings
from encrier_names.signin import bearers, sessions
from encrier_names.signin.openid import provider, tokens
from encrier_names.signin.openid.tokens import OpenIdRefused, OutsideUser

SCOPES: Final = "openid given_name usual_name email uid siret idp_id"
_ASKED: Final = "openid-asked"  # in the session: what the answer must fit
ID_TOKEN: Final = "openid-token"  # noqa: S105 in the session: a hint for the way out


class TakenIdentity(EncrierError):
    what = "Cette identité est déjà liée à un autre compte\u00a0: rien n’a été changé."
    next_step = "Connectez-vous avec elle à ce compte, ou retirez-la là-bas d’abord."
    status = 409


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Send to the provider; `but=lier` to attach the identity to one's account."""
    settings = _settings()
    link = request.POST.get("but") == "lier"
    if link:
        bearers.bearer(request)
    where = provider.places(settings).authorization_endpoint
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    own = request.POST.get("own_computer") == "on"
    request.session[_ASKED] = {
        "state": state, "nonce": nonce, "verifier": verifier, "link": link, "own": own
    }  # fmt: skip
    challenge = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": settings.openid_client,
        "redirect_uri": _back(request),
        "scope": SCOPES,
        "state": state,
        "nonce": nonce,
        "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    if settings.openid_acr:
        asked["acr_values"] = settings.openid_acr
    return redirect(_with(where, asked))


@require_safe
def come_back(request: HttpRequest) -> HttpResponse:
    """Take the provider's answer: once, in the browser that was sent there."""
    settings = _settings()
    asked = request.session.pop(_ASKED, None)
    if not isinstance(asked, dict):
        raise OpenIdRefused
    if not hmac.compare_digest(request.GET.get("state", ""), str(asked["state"])):
        raise OpenIdRefused
    issuer = request.GET.get("iss")
    named = provider.places(settings).authorization_response_iss_parameter_supported
    if issuer != settings.openid_issuer and (issuer is not None or named):
        raise OpenIdRefused
    code = request.GET.get("code")
    if not code:  # refused or given up over there
        return redirect("invitation-means" if asked["link"] else "sign-in")
    user, hint = _who(request, settings, code, asked)
    if asked["link"]:
        return _linked(request, user, hint)
    return _entered(request, user, hint, own=bool(asked["own"]))


def way_out(request: HttpRequest, hint: object) -> str | None:
    """Where the provider ends its own session, for who came in through it."""
    settings = zone.current().settings
    if not settings.openid_issuer or not isinstance(hint, str):
        return None
    try:
        where = provider.places(settings).end_session_endpoint
    except EncrierError:
        return None  # our own session is over all the same
    back = request.build_absolute_uri(reverse("sign-in"))
    asked = {"id_token_hint": hint, "post_logout_redirect_uri": back}
    asked["state"] = secrets.token_urlsafe(16)
    return _with(where, asked) if where else None


def _with(where: str, asked: dict[str, str]) -> str:
    """An address of the provider, which may hold a question already, and what we ask there."""
    return f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}"


def _who(
    request: HttpRequest, settings: Settings, code: str, asked: dict[str, object]
) -> tuple[OutsideUser, str]:
    """Who the provider says this is, and the ID token that says so."""
    given = provider.exchange(
        settings, code=code, verifier=str(asked["verifier"]), back=_back(request)
    )
    expected = tokens.Expected(
        issuer=settings.openid_issuer,
        client=settings.openid_client,
        nonce=str(asked["nonce"]),
        now=clock.now(),
        acr=tuple(settings.openid_acr.split()),
        access_token=given.access_token,
    )
    sub = provider.with_keys(settings, lambda keys: tokens.id_token(given.id_token, keys, expected))
    written = provider.user_info(settings, given.access_token)
    user = provider.with_keys(
        settings, lambda keys: tokens.user_info(written, keys, expected=expected, sub=sub)
    )
    return user, given.id_token


def _entered(request: HttpRequest, user: OutsideUser, hint: str, *, own: bool) -> HttpResponse:
    """Sign in who is known; tell the others what to do."""
    known = OutsideIdentity.objects.select_related("staff__user").filter(who=_hash(user)).first()
    if known is None or not known.staff.user.is_active:
        context = {"shown": user.shown, "openid": zone.current().settings.openid_label}
        out = way_out(request, hint)
        return render(request, "openid-unknown.html", context | {"out": out}, status=403)
    OutsideIdentity.objects.filter(id=known.id).update(used_at=clock.now())
    sessions.begin(request, known.staff, own=own)
    request.session[ID_TOKEN] = hint
    return redirect("home")


def _linked(request: HttpRequest, user: OutsideUser, hint: str) -> HttpResponse:
    """Attach the identity to the account of who is signed in or invited."""
    who = bearers.bearer(request)
    hashed = _hash(user)
    with transaction.atomic():
        if OutsideIdentity.objects.filter(who=hashed).exclude(staff=who.staff).exists():
            raise TakenIdentity
        OutsideIdentity.objects.get_or_create(
            who=hashed, defaults={"staff": who.staff, "linked_at": clock.now()}
        )
        bearers.use(who, Action.IDENTITY_LINKED)
    response = bearers.attached(request, who)
    request.session[ID_TOKEN] = hint
    return response


def _settings() -> Settings:
    settings = zone.current().settings
    if not settings.openid_issuer:
        raise Http404
    return settings


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("openid-return"))


def _hash(user: OutsideUser) -> str:
    return lookup.hashed("identity", user.issuer, user.idp, user.sub)
