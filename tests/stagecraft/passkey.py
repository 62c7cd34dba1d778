# SPDX-License-Identifier: AGPL-3.0-or-later
"""A device with passkeys, in software: what a phone does, and what a hostile one could do."""

import base64
import hashlib
import html
import json
import re
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

ENTER, ADD = "/connexion/cle/", "/compte/cles/"
UNLOCKED, PRESENT, NEW_KEY = 0x04, 0x01, 0x40


def text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class Device:
    """One key for one site."""

    def __init__(self, *, site: str = "localhost", origin: str = "http://localhost") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.site, self.origin = site, origin
        self.count = 0
        self.flags = PRESENT | UNLOCKED

    def create(self, options: dict[str, Any]) -> str:
        """What it answers to the page that creates a key."""
        client = self._client("webauthn.create", options)
        numbers = self.key.public_key().public_numbers()
        x, y = (n.to_bytes(32, "big") for n in (numbers.x, numbers.y))
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        made = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose
        statement = {"fmt": "none", "attStmt": {}, "authData": self._data(NEW_KEY) + made}
        return self._answer(
            {"clientDataJSON": text(client), "attestationObject": text(cbor2.dumps(statement))}
        )

    def get(self, options: dict[str, Any]) -> str:
        """What it answers to the page that asks who is there."""
        client = self._client("webauthn.get", options)
        self.count += 1
        signed = self._data(0) + hashlib.sha256(client).digest()
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": text(client),
                "authenticatorData": text(self._data(0)),
                "signature": text(signature),
            }
        )

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        asked = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(asked | {"crossOrigin": False}).encode()

    def _data(self, more: int) -> bytes:
        flags = bytes([self.flags | more])
        return hashlib.sha256(self.site.encode()).digest() + flags + self.count.to_bytes(4, "big")

    def _answer(self, response: dict[str, str]) -> str:
        shown = text(self.id)
        whole = {"id": shown, "rawId": shown, "type": "public-key", "response": response}
        return json.dumps(whole | {"clientExtensionResults": {}})


def options_on(client: Any, page: str) -> Any:
    """What a page asks of the device."""
    found = re.search(r'data-options="([^"]+)"', client.get(page).content.decode())
    assert found is not None
    return json.loads(html.unescape(found.group(1)))


def attach(client: Any, device: Device, label: str = "Mon téléphone") -> Any:
    """Attach a device to the account that is signed in."""
    return client.post(ADD, {"answer": device.create(options_on(client, ADD)), "label": label})


def enter(client: Any, device: Device) -> Any:
    """Sign in with a device."""
    return client.post(ENTER, {"answer": device.get(options_on(client, ENTER))})
