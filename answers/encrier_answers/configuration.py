# SPDX-License-Identifier: AGPL-3.0-or-later
"""The settings of the answers zone, and what must be true of them before it starts.

Knows where things are and two keys (store, receipts). It is never given a key that opens an
envelope, nor the address of the names zone.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal, Protocol

from msgspec import Meta

from encrier import manifest as manifests
from encrier import settings, signing
from encrier.errors import BadSetting
from encrier.records import Record
from encrier.secret import Secret, SecretText

PREFIX: Final = "ENCRIER_ANSWERS_"
KEY_SIZE: Final = 32
# granian counts connections, not requests: its defaults hang the 1,025th browser without an error.
BACKLOG: Final = 65_535
MAX_CONNECTIONS: Final = 60_000
NODE_SIZE: Final = 4


class Settings(Record, frozen=True):
    """Read from ENCRIER_ANSWERS_…; each may come from a file named by …_FILE."""

    folder: Path  # where the encrypted store is
    store_key: Secret  # 32 bytes: encrypts the store
    receipt_key: Secret  # 32 bytes: signs receipts
    node: bytes  # 4 bytes: this machine in the manifest
    manifest_file: Path  # the signed manifest of the campaign
    root_key: bytes  # 32 bytes: the ministry's public key
    bundles: Path  # one folder a booklet, named by its id
    player: Path | None = None  # the player's files; none where the ministry serves the page
    address: str = "127.0.0.1"
    port: int = 8002
    tls_cert_file: Path | None = None
    tls_key_file: Path | None = None
    proxy: Literal["trusted"] | None = None  # a proxy on a private network does TLS
    workers: int = 1  # processes that take connections
    starts_per_s: float = 500.0  # pupils who may start; others wait at a place
    database: SecretText | None = None  # postgresql://role:password@host/database, not SQLite
    metrics_port: Annotated[int, Meta(gt=0, lt=65536)] | None = None  # on this machine only


class Zone(Record, frozen=True):
    """Settings that were checked, with the manifest they lead to."""

    settings: Settings
    manifest: manifests.Manifest
    manifest_bytes: bytes

    @property
    def is_encrypted(self) -> bool:
        """Whether browsers reach this zone over TLS."""
        return self.settings.tls_cert_file is not None or self.settings.proxy is not None


def load(environ: Mapping[str, str]) -> Zone:
    """Read and check all settings; raises BadSetting or ManifestRefused."""
    return check(settings.load(Settings, prefix=PREFIX, environ=environ))


def check(given: Settings) -> Zone:
    """Refuse settings with which this zone could not keep its word."""
    _check_sizes(given)
    check_listening(given, prefix=PREFIX)
    if not 0 < given.starts_per_s < math.inf:
        raise BadSetting(f"{PREFIX}STARTS_PER_S is not a number above 0.")
    manifest, content = manifests.read(
        given.manifest_file, root_key=given.root_key, setting=f"{PREFIX}MANIFEST_FILE"
    )
    node = next((n for n in manifest.nodes if n.node == given.node), None)
    if node is None or node.receipt_key != signing.public_of(given.receipt_key):
        raise BadSetting(
            "The manifest does not name this node with this receipt key.",
            "Send the public half printed by `encrier answers draw-key` to the ministry.",
        )
    if (given.player is None) != (manifest.page_url is not None):
        raise BadSetting(
            f"{PREFIX}PLAYER is given where the ministry serves the page, or missing where it does"
            " not.",
            "Follow the manifest: with a page_url a node serves no page.",
        )
    return Zone(given, manifest, content)


def _check_sizes(given: Settings) -> None:
    sizes = {
        "STORE_KEY": (given.store_key.reveal(), KEY_SIZE),
        "RECEIPT_KEY": (given.receipt_key.reveal(), KEY_SIZE),
        "ROOT_KEY": (given.root_key, KEY_SIZE),
        "NODE": (given.node, NODE_SIZE),
    }
    wrong = [f"{PREFIX}{n} is not {size} bytes" for n, (v, size) in sizes.items() if len(v) != size]
    if wrong:
        raise BadSetting("; ".join(wrong) + ".")


class Listening(Protocol):
    """What a server listens on."""

    @property
    def address(self) -> str: ...
    @property
    def tls_cert_file(self) -> Path | None: ...
    @property
    def tls_key_file(self) -> Path | None: ...
    @property
    def proxy(self) -> str | None: ...


def check_listening(given: Listening, *, prefix: str) -> None:
    """Refuse to listen beyond this machine without TLS."""
    if (given.tls_cert_file is None) != (given.tls_key_file is None):
        raise BadSetting(f"{prefix}TLS_CERT_FILE and {prefix}TLS_KEY_FILE go together.")
    if given.tls_cert_file is not None and given.proxy is not None:
        raise BadSetting(f"{prefix}PROXY says that a proxy does TLS, yet a certificate is given.")
    if (
        given.tls_cert_file is None
        and given.proxy is None
        and not settings.is_loopback(given.address)
    ):
        raise BadSetting(
            "This zone does not listen beyond this machine without TLS.",
            f"Give {prefix}TLS_CERT_FILE and {prefix}TLS_KEY_FILE, or {prefix}PROXY=trusted.",
        )
