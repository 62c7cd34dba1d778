# SPDX-License-Identifier: AGPL-3.0-or-later
"""A campaign that nobody sits: its keys, its manifest, its certificate, in a folder of its own.

The only place of this zone where the private half of a sealing key is drawn: it opens nothing but
what the rehearsal itself sealed. The names and results zones are played from here.
"""

import base64
import hashlib
import os
import secrets
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from encrier import booklets, manifest, signing
from encrier.keyfiles import read_secret, write_secret
from encrier.records import to_bytes
from encrier.secret import Secret
from encrier_answers.configuration import PREFIX

HOST: Final = "localhost"
NODE: Final = b"reh1"
KEYS: Final = ("root", "names", "results", "receipt", "store", "sealing", "booklet")
_INDEX: Final = (
    b'<!doctype html><html lang="fr"><head><meta charset="utf-8">'
    b'<meta name="encrier-root-key" content=""><meta name="encrier-answers" content=""></head>'
    b"<body></body></html>"
)


class Campaign:
    """The campaign of a folder, drawn there the first time."""

    def __init__(self, folder: Path) -> None:
        """Draw it, or read the one that an earlier rehearsal left."""
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.is_in(folder):
            self._draw()
        self._keys = {name: read_secret(self._key_file(name)) for name in KEYS}
        content = (folder / "manifest.json").read_bytes()
        self.manifest = manifest.check(content, root_key=signing.public_of(self.key("root")))

    @staticmethod
    def is_in(folder: Path) -> bool:
        """Whether a campaign was drawn in this folder."""
        return (folder / "manifest.json").exists()

    def key(self, name: str) -> Secret:
        """One of KEYS."""
        return self._keys[name]

    @property
    def authority(self) -> Path:
        """What clients believe: the server's own certificate."""
        return self.folder / "certificate.pem"

    def environ(self, *, port: int, tls: bool, **more: object) -> dict[str, str]:
        """The settings of the server, without those of anybody else's campaign.

        more: other settings, by their names; None: as it is not said.
        """
        said: dict[str, object] = {
            "FOLDER": self.folder / "data",
            "STORE_KEY": _b64(self.key("store").reveal()),
            "RECEIPT_KEY": _b64(self.key("receipt").reveal()),
            "NODE": _b64(NODE),
            "MANIFEST_FILE": self.folder / "manifest.json",
            "ROOT_KEY": _b64(signing.public_of(self.key("root"))),
            "BUNDLES": self.folder / "bundles",
            "PLAYER": self.folder / "player",
            "PORT": port,
        }
        if tls:
            said |= {"TLS_CERT_FILE": self.authority, "TLS_KEY_FILE": self.folder / "tls.key"}
        said |= {name.upper(): value for name, value in more.items() if value is not None}
        others = {name: v for name, v in os.environ.items() if not name.startswith(PREFIX)}
        return others | {f"{PREFIX}{name}": str(value) for name, value in said.items()}

    def _key_file(self, name: str) -> Path:
        return self.folder / "keys" / f"{name}.key"

    def _draw(self) -> None:
        keys = {name: signing.draw_key() for name in KEYS}  # each is 32 random bytes
        for name, key in keys.items():
            write_secret(self._key_file(name), key)
        index = to_bytes({"v": 1, "title": "Répétition", "items": {}, "files": {}})
        booklet = booklets.close(index, {}, title="Répétition", key=keys["booklet"])
        booklets.write(booklet, self.folder / "bundles" / booklet.entry.id.hex())
        (self.folder / "player").mkdir()
        (self.folder / "player" / "index.html").write_bytes(_INDEX)
        _write_certificate(self.folder)
        now = datetime.now(tz=UTC)
        made = manifest.Manifest(
            v=1,
            campaign=secrets.token_bytes(16),
            label="Répétition",
            level="6e",
            suite=1,
            sealing_key=_public_of(keys["sealing"]),
            kdf_iterations=1000,
            opens_at=now - timedelta(days=1),
            closes_at=now + timedelta(days=7),
            grace_h=1,
            results_close_at=now + timedelta(days=30),
            bundles=[booklet.entry],
            nodes=[manifest.Node(NODE, f"https://{HOST}/", signing.public_of(keys["receipt"]))],
            names_key=signing.public_of(keys["names"]),
            results_key=signing.public_of(keys["results"]),
        )
        (self.folder / "manifest.json").write_bytes(manifest.sign(made, key=keys["root"]))


def _public_of(seed: Secret) -> bytes:
    """The public half of an X-Wing seed, 1,216 bytes (draft-connolly-cfrg-xwing-kem, 5.2)."""
    wide = hashlib.shake_256(seed.reveal()).digest(96)
    kem = MLKEM768PrivateKey.from_seed_bytes(wide[:64]).public_key()
    dh = X25519PrivateKey.from_private_bytes(wide[64:]).public_key()
    return kem.public_bytes_raw() + dh.public_bytes_raw()


def _write_certificate(folder: Path) -> None:
    """A certificate that signs for itself, ECDSA P-256: its handshakes cost a third of RSA's."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    names = [x509.DNSName(HOST), x509.IPAddress(IPv4Address("127.0.0.1"))]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with os.fdopen(os.open(folder / "tls.key", os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        file.write(pem)
    (folder / "certificate.pem").write_bytes(made.public_bytes(Encoding.PEM))


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()
