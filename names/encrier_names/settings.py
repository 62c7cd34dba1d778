# SPDX-License-Identifier: AGPL-3.0-or-later
"""The settings of the names zone, typed, and what it takes to listen safely.

Knows where keys and databases are; never logs or prints a key.
"""

from pathlib import Path
from typing import Final, Literal

from encrier.errors import BadSetting
from encrier.records import Record
from encrier.secret import Secret, SecretText
from encrier.settings import is_loopback

PREFIX: Final = "ENCRIER_NAMES_"
KEY_SIZE: Final = 32
Variable = Literal["sex", "birth_quarter"]
VARIABLES: Final[tuple[Variable, ...]] = ("sex", "birth_quarter")


class Settings(Record, frozen=True):
    """All that the operator of the names zone decides."""

    folder: Path  # holds names.sqlite3 and links.sqlite3, unless PostgreSQL does
    secret_key: Secret  # signs sessions, at least 32 bytes
    field_key: Secret  # 32 bytes, seals the personal columns
    link_key_file: Path  # 32 bytes in base64; a file because it is destroyed at closing
    door_key: Secret  # 32 bytes, Ed25519 seed: signs calls to answers
    manifest_file: Path  # the campaign manifest as the ministry signed it
    booklet_keys: Path  # a folder: ID.key, as the results zone wrote them
    root_key: bytes  # 32 bytes: the public key that signed it
    campaign_file: Path | None = None  # as the ministry signed it; None: the manifest's dates alone
    host: str = "127.0.0.1"  # the name people type in the address bar
    address: str = "127.0.0.1"
    port: int = 8001
    tls_cert_file: Path | None = None
    tls_key_file: Path | None = None
    proxy: Literal["none", "trusted"] = "none"  # trusted: a proxy of ours in front does TLS
    # On PostgreSQL: where each schema is and who serves it; the owners only migrate.
    database: SecretText | None = None  # postgresql://role:password@host/database
    links_database: SecretText | None = None
    database_owner: SecretText | None = None
    links_database_owner: SecretText | None = None
    background: str = ""  # variables that the campaign declares, "sex,birth_quarter" at most

    @property
    def tls(self) -> bool:
        """Whether this process itself speaks TLS."""
        return self.tls_cert_file is not None and self.tls_key_file is not None

    @property
    def secure(self) -> bool:
        """Whether browsers reach us by HTTPS."""
        return self.tls or self.proxy == "trusted"

    @property
    def declared(self) -> tuple[Variable, ...]:
        """The background variables that the register may hold."""
        asked = {v.strip() for v in self.background.split(",") if v.strip()}
        return tuple(v for v in VARIABLES if v in asked)


def refuse_unsafe(settings: Settings) -> None:
    """Refuse keys of the wrong size, and to listen to a network without TLS."""
    keys = (settings.field_key, settings.door_key)
    if any(len(key.reveal()) != KEY_SIZE for key in keys):
        raise BadSetting(
            "A key of the names zone is not 32 bytes long.",
            "Draw one: encrier names draw-key --kind secret --out FILE.",
        )
    if len(settings.secret_key.reveal()) < KEY_SIZE:
        raise BadSetting(
            "The key that signs sessions is shorter than 32 bytes.",
            "Draw one: encrier names draw-key --kind secret --out FILE.",
        )
    unknown = {v.strip() for v in settings.background.split(",") if v.strip()} - set(VARIABLES)
    if unknown:
        raise BadSetting(
            f"{PREFIX}BACKGROUND names a variable that does not exist.",
            f"It may name: {', '.join(VARIABLES)}.",
        )
    if not (settings.secure or is_loopback(settings.address)):
        raise BadSetting(
            "The names zone listens to a network without TLS.",
            f"Give {PREFIX}TLS_CERT_FILE and {PREFIX}TLS_KEY_FILE, or put a proxy that does TLS"
            f" in front and set {PREFIX}PROXY=trusted.",
        )
