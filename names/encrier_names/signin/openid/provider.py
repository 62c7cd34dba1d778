# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calls the provider of OpenID Connect: where its pages are, its keys, a token for a code.

Goes where the settings say and follows no redirection. What it learns of the provider is kept for
an hour; a key that is not known is asked for anew, once a minute at most.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from http.client import HTTPException
from typing import Final, TypeVar
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from encrier import clock
from encrier.errors import EncrierError
from encrier.records import Record
from encrier_names.settings import Settings
from encrier_names.signin.openid.tokens import OpenIdRefused, UnknownKey

TIMEOUT_S: Final = 8
MOST_BYTES: Final = 256 * 1024
KEPT: Final = timedelta(hours=1)
SOONEST: Final = timedelta(minutes=1)
T = TypeVar("T")


class ProviderUnreachable(EncrierError):
    what = "Le fournisseur d’identité ne répond pas\u00a0: vous n’êtes pas connecté."
    next_step = "Réessayez dans quelques minutes, ou connectez-vous par un autre moyen."
    status = 503


class Places(msgspec.Struct, frozen=True):
    """The addresses that the provider publishes (OpenID Connect Discovery 1.0, section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    end_session_endpoint: str = ""
    # RFC 9207: the answer then names its issuer, always.
    authorization_response_iss_parameter_supported: bool = False


class Tokens(msgspec.Struct, frozen=True):
    """What a code is exchanged for."""

    access_token: str
    id_token: str


class _Known(Record, frozen=True):
    places: Places
    keys: KeySet
    at: datetime


_known: dict[str, _Known] = {}
_lock = threading.Lock()


def places(settings: Settings) -> Places:
    """Where the provider's pages are."""
    return _knowledge(settings, younger_than=KEPT).places


def with_keys(settings: Settings, verify: Callable[[KeySet], T]) -> T:
    """Verify with the keys we know; if the signing key is not among them, with those of now."""
    known = _knowledge(settings, younger_than=KEPT)
    try:
        return verify(known.keys)
    except UnknownKey:
        newer = _knowledge(settings, younger_than=SOONEST)
        if newer is known:
            raise
        return verify(newer.keys)


def exchange(settings: Settings, *, code: str, verifier: str, back: str) -> Tokens:
    """Exchange a code for tokens; only who has the verifier of its question can."""
    secret = settings.openid_secret.words() if settings.openid_secret else ""
    asked = {
        "grant_type": "authorization_code",
        "code": code,
        "code_verifier": verifier,
        "redirect_uri": back,
        "client_id": settings.openid_client,
        "client_secret": secret,
    }
    return _typed(_call(places(settings).token_endpoint, body=urlencode(asked).encode()), Tokens)


def user_info(settings: Settings, access_token: str) -> str:
    """The user information, as the JWT that the provider signed."""
    answer = _call(places(settings).userinfo_endpoint, token=access_token)
    return answer.decode("ascii", "replace").strip()


def forget() -> None:
    """Forget what was learnt of providers; for tests."""
    _known.clear()


def _knowledge(settings: Settings, *, younger_than: timedelta) -> _Known:
    issuer = settings.openid_issuer
    with _lock:
        known = _known.get(issuer)
        if known is None or clock.now() - known.at >= younger_than:
            known = _known[issuer] = _learn(issuer)
        return known


def _learn(issuer: str) -> _Known:
    where = issuer.rstrip("/") + "/.well-known/openid-configuration"
    found = _typed(_call(where), Places)
    if found.issuer != issuer:
        raise OpenIdRefused
    try:
        keys = KeySet.import_key_set(msgspec.json.decode(_call(found.jwks_uri)))
    except (JoseError, msgspec.MsgspecError, KeyError, TypeError, ValueError) as error:
        raise OpenIdRefused from error
    return _Known(found, keys, clock.now())


def _typed(content: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.MsgspecError as error:
        raise OpenIdRefused from error


class _NoRedirect(HTTPRedirectHandler):
    """A secret goes to the address it is meant for and nowhere else."""

    def redirect_request(self, *_args: object) -> None:
        return None


def _call(url: str, *, body: bytes | None = None, token: str = "") -> bytes:
    if urlsplit(url).scheme not in {"https", "http"}:
        raise OpenIdRefused
    request = Request(url, data=body, headers={"Accept": "application/json, application/jwt"})  # noqa: S310 checked above
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with build_opener(_NoRedirect).open(request, timeout=TIMEOUT_S) as reply:
            content: bytes = reply.read(MOST_BYTES + 1)
    except HTTPError as error:
        error.close()
        ours = error.code < HTTPStatus.INTERNAL_SERVER_ERROR  # we asked wrongly; else it fails
        raise (OpenIdRefused if ours else ProviderUnreachable) from error
    except (HTTPException, OSError) as error:
        raise ProviderUnreachable from error
    if len(content) > MOST_BYTES:
        raise OpenIdRefused
    return content
