# SPDX-License-Identifier: AGPL-3.0-or-later
"""A provider of OpenID Connect for tests, with ProConnect's ways: its keys, its sign-in page.

Runs in a process of its own (`python tests/stagecraft/provider.py PORT`) or in a thread. What it
does wrong is set in `mischief`, one at a time, for a client that must notice.
"""

import base64
import hashlib
import json
import secrets
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

CLIENT: Final = "encrier-names"
SECRET: Final = "the secret of the client"
# Who has an account there: login -> sub, given name, usual name.
PEOPLE: Final = {
    "helene": ("s-helene", "Hélène", "Duprat"),
    "yann": ("s-yann", "Yann", "Le Goff"),
    "inconnue": ("s-inconnue", "Ève", "Inconnue"),
    "teacher": ("s-1", "Paule", "Professeur"),
    "supervisor": ("s-2", "Sami", "Surveillant"),
    "head": ("s-3", "Chloé", "Cheffe"),
    "academy": ("s-4", "Aya", "Correspondante"),
    "ministry": ("s-5", "Marc", "Agent"),
    "auditor": ("s-6", "Aude", "Auditrice"),
}
IDP: Final = "71144ab3-ee1a-4401-b7b3-79b44f7daeeb"
Key = RSAKey | ECKey


class Provider:
    """What the provider knows; one a process."""

    def __init__(self) -> None:
        self.issuer = ""
        self.mischief = ""  # what it does wrong just now
        self.idp = IDP
        self.acr = "eidas1"
        self.key: Key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"})
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, dict[str, str]] = {}
        self.ended: list[str] = []  # the ID tokens of the sessions that were ended here

    @property
    def algorithm(self) -> str:
        return "ES256" if isinstance(self.key, ECKey) else "RS256"

    def change_key(self) -> None:
        """From now on everything is signed with another key, of another kind."""
        self.key = ECKey.generate_key("P-256", {"kid": "second", "use": "sig", "alg": "ES256"})

    def configuration(self) -> dict[str, object]:
        place = self.issuer
        return {
            "issuer": place,
            "authorization_endpoint": f"{place}/authorize",
            "token_endpoint": f"{place}/token",
            "userinfo_endpoint": f"{place}/userinfo",
            "jwks_uri": f"{place}/jwks",
            "end_session_endpoint": f"{place}/session/end",
            "authorization_response_iss_parameter_supported": True,
        }

    def keys(self) -> dict[str, object]:
        return {"keys": [self.key.as_dict(private=False)]}

    def authorize(self, asked: dict[str, str], login: str) -> str:
        """The address that the browser is sent back to."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked | {"login": login}
        issuer = "https://autre.exemple" if self.mischief == "other issuer answers" else self.issuer
        answer = {"code": code, "state": asked["state"], "iss": issuer}
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def exchange(self, given: dict[str, str]) -> dict[str, object] | None:
        """Tokens for a code, once, to who can prove that it asked."""
        asked = self.codes.pop(given.get("code", ""), None)
        proof = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
        known = given.get("client_id") == CLIENT and given.get("client_secret") == SECRET
        if asked is None or not known or asked["code_challenge"] != challenge:
            return None
        if asked["redirect_uri"] != given.get("redirect_uri"):
            return None
        access = secrets.token_urlsafe(16)
        self.tokens[access] = asked
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": 60,
            "id_token": self._id_token(asked, access),
        }

    def userinfo(self, access: str) -> str | None:
        """Who signed in, as a signed JWT."""
        asked = self.tokens.get(access)
        if asked is None:
            return None
        sub, given, usual = PEOPLE[asked["login"]]
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "s-yann" if self.mischief == "user information of another" else sub,
            "given_name": given,
            "usual_name": usual,
            "email": f"{asked['login']}@exemple.fr",
            "uid": asked["login"],
            "siret": "11004301500012",
            "idp_id": self.idp,
        }
        if self.mischief == "user information for another client":
            claims["aud"] = "another-client"
        return self._signed(claims)

    def _id_token(self, asked: dict[str, str], access: str) -> str:
        now = int(time.time())
        half = hashlib.sha256(access.encode()).digest()[:16]
        claims: dict[str, object] = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": PEOPLE[asked["login"]][0],
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"],
            "acr": self.acr,
            "amr": ["pwd"],
            "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
        }
        wrong: dict[str, dict[str, object]] = {
            "wrong nonce": {"nonce": "another"},
            "no nonce": {"nonce": None},
            "other audience": {"aud": "another-client"},
            "two audiences": {"aud": [CLIENT, "another-client"]},
            "expired": {"iat": now - 300, "exp": now - 240},
            "old": {"iat": now - 3600, "exp": now + 3600},
            "from the future": {"iat": now + 3600, "exp": now + 7200},
            "other issuer": {"iss": "https://autre.exemple"},
            "wrong access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
            "no subject": {"sub": ""},
        }
        return self._signed(claims | wrong.get(self.mischief, {}))

    def _signed(self, claims: dict[str, object] | dict[str, str]) -> str:
        body = {name: value for name, value in claims.items() if value is not None}
        if self.mischief == "no signature":
            parts = ({"alg": "none"}, body)
            encoded = (base64.urlsafe_b64encode(json.dumps(p).encode()) for p in parts)
            return ".".join(part.rstrip(b"=").decode() for part in encoded) + "."
        if self.mischief == "signed with the client secret":
            content = json.dumps(body).encode()
            secret = OctKey.import_key(SECRET + " made long enough for HS256")
            return jws.serialize_compact({"alg": "HS256"}, content, secret, algorithms=["HS256"])
        key: Key = self.key
        if self.mischief == "another key":
            key = RSAKey.generate_key(2048, {"kid": "first"})
            return jwt.encode({"alg": "RS256", "kid": "first"}, body, key)
        return jwt.encode({"alg": self.algorithm, "kid": key.kid}, body, key)


class _Desk(BaseHTTPRequestHandler):
    """Its pages."""

    provider: Provider

    def log_message(self, *_args: object) -> None: ...

    def do_GET(self) -> None:
        path, asked = self._asked()
        provider = self.provider
        if path == "/.well-known/openid-configuration":
            self._json(provider.configuration())
        elif path == "/jwks":
            self._json(provider.keys())
        elif path == "/authorize":
            self._page(_sign_in_page(asked))
        elif path == "/userinfo":
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            self._jwt(provider.userinfo(token))
        elif path == "/session/end":
            provider.ended.append(asked["id_token_hint"])
            self._send_to(asked["post_logout_redirect_uri"])
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        path, asked = self._asked()
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        given = dict(parse_qsl(body))
        if path == "/token":
            self._json(self.provider.exchange(given))
        elif path == "/authorize" and given.get("login") in PEOPLE:
            self._send_to(self.provider.authorize(asked, given["login"]))
        else:
            self.send_error(400)

    def _asked(self) -> tuple[str, dict[str, str]]:
        address = urlsplit(self.path)
        return address.path, dict(parse_qsl(address.query))

    def _json(self, content: object) -> None:
        self._answer(400 if content is None else 200, "application/json", json.dumps(content))

    def _jwt(self, content: str | None) -> None:
        self._answer(401 if content is None else 200, "application/jwt", content or "")

    def _page(self, content: str) -> None:
        self._answer(200, "text/html; charset=utf-8", content)

    def _send_to(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", address)
        self.end_headers()

    def _answer(self, status: int, kind: str, content: str) -> None:
        body = content.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _sign_in_page(asked: dict[str, str]) -> str:
    level = asked.get("acr_values", "")
    return (
        '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Fournisseur d’essai</title>'
        f'<h1>Fournisseur d’essai</h1><p>{level}</p><form method="post">'
        '<label>Compte <input name="login"></label><button>Continuer</button></form></html>'
    )


def _server(provider: Provider, port: int) -> ThreadingHTTPServer:
    desk = type("Desk", (_Desk,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", port), desk)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    return server


@contextmanager
def running() -> Iterator[Provider]:
    """The provider in a thread of this process, for tests that make it misbehave."""
    provider = Provider()
    server = _server(provider, 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


if __name__ == "__main__":
    _server(Provider(), int(sys.argv[1])).serve_forever()
