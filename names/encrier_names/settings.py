# SPDX-License-Identifier: AGPL-3.0-or-later
"""The settings of the names zone, typed, and what it takes to listen safely.

Knows where keys and databases are; never logs or prints a key.
"""

from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

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
    workers: int = 1  # processes that serve pages; more than one on PostgreSQL only
    tls_cert_file: Path | None = None
    tls_key_file: Path | None = None
    proxy: Literal["none", "trusted"] = "none"  # trusted: a proxy of ours in front does TLS
    # While a key rotates: the one before, which still reads; it seals and signs nothing.
    field_key_old: Secret | None = None
    secret_key_old: Secret | None = None
    # On PostgreSQL: where each schema is and who serves it; the owners only migrate.
    database: SecretText | None = None  # postgresql://role:password@host/database
    links_database: SecretText | None = None
    database_owner: SecretText | None = None
    links_database_owner: SecretText | None = None
    background: str = ""  # variables that the campaign declares, "sex,birth_quarter" at most
    mail_host: str = ""  # the SMTP server; no mail is sent where it is not said
    mail_port: int = 587
    mail_tls: Literal["starttls", "tls", "none"] = "starttls"
    mail_user: str = ""
    mail_password: SecretText | None = None
    mail_from: str = ""
    openid_issuer: str = ""  # the provider of OpenID Connect; none where it is not said
    openid_client: str = ""
    openid_secret: SecretText | None = None
    openid_label: str = "ProConnect"  # how people call it
    openid_acr: str = ""  # authentication levels that are accepted, with a space between
    keying: Path | None = None  # the built page on which teachers key; None: it is not served
    kits: Path | None = None  # a folder a booklet: keying.json and its files

    @property
    def openid_shown(self) -> str:
        """How people call the provider that they may sign in by; empty where there is none."""
        return self.openid_label if self.openid_issuer else ""

    @property
    def tls(self) -> bool:
        """Whether this process itself speaks TLS."""
        return self.tls_cert_file is not None and self.tls_key_file is not None

    @property
    def secure(self) -> bool:
        """Whether browsers reach us by HTTPS."""
        return self.tls or self.proxy == "trusted"

    @property
    def field_keys(self) -> list[Secret]:
        """The keys that open a personal column: the one that seals, then the one before."""
        return [key for key in (self.field_key, self.field_key_old) if key is not None]

    @property
    def openid_origin(self) -> str:
        """Scheme, host and port of the provider of OpenID Connect; empty where there is none."""
        return "://".join(urlsplit(self.openid_issuer)[:2]) if self.openid_issuer else ""

    @property
    def declared(self) -> tuple[Variable, ...]:
        """The background variables that the register may hold."""
        asked = {v.strip() for v in self.background.split(",") if v.strip()}
        return tuple(v for v in VARIABLES if v in asked)


def refuse_unsafe(settings: Settings) -> None:
    """Refuse keys of the wrong size, and to listen to a network or to call one without TLS."""
    _refuse_keys(settings)
    _refuse_correspondents(settings)
    unknown = {v.strip() for v in settings.background.split(",") if v.strip()} - set(VARIABLES)
    if unknown:
        raise BadSetting(
            f"{PREFIX}BACKGROUND names a variable that does not exist.",
            f"It may name: {', '.join(VARIABLES)}.",
        )
    if settings.workers < 1 or (settings.workers > 1 and settings.database is None):
        raise BadSetting(
            f"{PREFIX}WORKERS asks for several processes on SQLite, which has one writer.",
            "Leave it out, or move to PostgreSQL: docs/operate/names.md says how.",
        )
    if not (settings.secure or is_loopback(settings.address)):
        raise BadSetting(
            "The names zone listens to a network without TLS.",
            f"Give {PREFIX}TLS_CERT_FILE and {PREFIX}TLS_KEY_FILE, or put a proxy that does TLS"
            f" in front and set {PREFIX}PROXY=trusted.",
        )


def _refuse_keys(settings: Settings) -> None:
    keys = (settings.field_key, settings.door_key, settings.field_key_old)
    if any(key and len(key.reveal()) != KEY_SIZE for key in keys):
        raise BadSetting(
            "A key of the names zone is not 32 bytes long.",
            "Draw one: encrier names draw-key --kind secret --out FILE.",
        )
    if len(settings.secret_key.reveal()) < KEY_SIZE:
        raise BadSetting(
            "The key that signs sessions is shorter than 32 bytes.",
            "Draw one: encrier names draw-key --kind secret --out FILE.",
        )


def _refuse_correspondents(settings: Settings) -> None:
    """Refuse a server of mail or of identities that is half set, or that a network overhears."""
    if settings.mail_host and not settings.mail_from:
        raise BadSetting(
            f"{PREFIX}MAIL_HOST is given without {PREFIX}MAIL_FROM.",
            "Say which address our mail comes from.",
        )
    if settings.mail_host and settings.mail_tls == "none" and not is_loopback(settings.mail_host):
        raise BadSetting(
            f"{PREFIX}MAIL_TLS=none would send sign-in links in clear over a network.",
            "Use starttls or tls, or a mail server on this machine.",
        )
    issuer = urlsplit(settings.openid_issuer)
    if not settings.openid_issuer:
        return
    if issuer.scheme != "https" and not is_loopback(issuer.hostname or ""):
        raise BadSetting(
            f"{PREFIX}OPENID_ISSUER is not an https address.",
            "Copy the issuer from the provider's documentation, letter by letter.",
        )
    if not settings.openid_client or settings.openid_secret is None:
        raise BadSetting(
            f"{PREFIX}OPENID_ISSUER is given without a client or its secret.",
            f"Give {PREFIX}OPENID_CLIENT and {PREFIX}OPENID_SECRET, as the provider drew them.",
        )
