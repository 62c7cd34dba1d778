# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the provider signs, checked: the ID token and the user information. Pure: no clock, no net.

Sources: OpenID Connect Core 1.0, sections 3.1.3.7 and 5.3.2; RFC 9207 for the issuer in the
answer. Claims are those of ProConnect: `sub` is one identity provider's, so that an identity is
(issuer, idp_id, sub).
"""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from encrier.errors import EncrierError
from encrier.records import Record

ALGORITHMS: Final = ("RS256", "PS256", "ES256")  # never none, never a shared secret
SKEW: Final = timedelta(seconds=60)  # between two clocks
OLDEST: Final = timedelta(minutes=10)  # an ID token is for now


class OpenIdRefused(EncrierError):
    what = "La réponse du fournisseur d’identité n’est pas valable\u00a0: vous n’êtes pas connecté."
    next_step = (
        "Recommencez depuis la page de connexion. Si cela se répète, connectez-vous autrement et "
        "signalez l’heure à l’assistance."
    )
    status = 400


class UnknownKey(OpenIdRefused):
    """Signed by a key that the provider did not publish, or not yet when we last looked."""


class LevelTooLow(OpenIdRefused):
    what = "Votre fournisseur d’identité ne vous a pas assez reconnu pour entrer ici."
    next_step = "Choisissez-y un moyen plus sûr, avec un second facteur, et recommencez."


class Expected(Record, frozen=True):
    """What an ID token must say to be an answer to our question."""

    issuer: str
    client: str
    nonce: str
    now: datetime
    acr: tuple[str, ...] = ()  # any of them; none: any level will do
    access_token: str = ""


class OutsideUser(Record, frozen=True):
    """Who the provider says this is."""

    issuer: str
    idp: str  # which identity provider behind it; empty where there is only one
    sub: str
    shown: str  # given and usual name


def id_token(written: str, keys: KeySet, expected: Expected) -> str:
    """Check an ID token and give its `sub`; OpenIdRefused, or UnknownKey to fetch keys anew."""
    claims = _signed(written, keys)
    if claims.get("iss") != expected.issuer or claims.get("nonce") != expected.nonce:
        raise OpenIdRefused
    _for_us(claims, expected.client)
    issued, expires = _moment(claims, "iat"), _moment(claims, "exp")
    now = expected.now.timestamp()
    skew, oldest = SKEW.total_seconds(), OLDEST.total_seconds()
    if not (now < expires + skew and issued - skew <= now <= issued + oldest):
        raise OpenIdRefused
    if expected.acr and claims.get("acr") not in expected.acr:
        raise LevelTooLow
    if "at_hash" in claims and claims["at_hash"] != _half_hash(expected.access_token):
        raise OpenIdRefused
    return _text(claims, "sub")


def user_info(written: str, keys: KeySet, *, expected: Expected, sub: str) -> OutsideUser:
    """Check the user information, a signed JWT, and give who it is about."""
    claims = _signed(written, keys)
    if claims.get("iss") != expected.issuer or _text(claims, "sub") != sub:
        raise OpenIdRefused
    _for_us(claims, expected.client)
    if "exp" in claims and expected.now.timestamp() >= _moment(claims, "exp") + SKEW.seconds:
        raise OpenIdRefused
    names = (str(claims.get(name) or "") for name in ("given_name", "usual_name"))
    idp = claims.get("idp_id", "")
    if not isinstance(idp, str):
        raise OpenIdRefused
    return OutsideUser(expected.issuer, idp, sub, " ".join(n for n in names if n)[:80])


def _signed(written: str, keys: KeySet) -> Mapping[str, object]:
    try:
        token = jwt.decode(written, keys, algorithms=ALGORITHMS)
    except ValueError as error:  # no key of the set has this id
        raise UnknownKey from error
    except JoseError as error:
        raise (UnknownKey if _unknown(error) else OpenIdRefused) from error
    return token.claims


def _unknown(error: JoseError) -> bool:
    return type(error).__name__ in {"InvalidKeyIdError", "BadSignatureError", "MissingKeyError"}


def _for_us(claims: Mapping[str, object], client: str) -> None:
    """Refuse what was made out to another client, or to several without naming us."""
    audience = claims.get("aud")
    listed = audience if isinstance(audience, list) else [audience]
    if client not in listed:
        raise OpenIdRefused
    if (len(listed) > 1 or "azp" in claims) and claims.get("azp") != client:
        raise OpenIdRefused


def _moment(claims: Mapping[str, object], name: str) -> float:
    moment = claims.get(name)
    if isinstance(moment, bool) or not isinstance(moment, int | float):
        raise OpenIdRefused
    return float(moment)


def _text(claims: Mapping[str, object], name: str) -> str:
    text = claims.get(name)
    if not isinstance(text, str) or not text:
        raise OpenIdRefused
    return text


def _half_hash(access_token: str) -> str:
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()
