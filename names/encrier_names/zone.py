# SPDX-License-Identifier: AGPL-3.0-or-later
"""The zone as it runs: its settings and the campaign it serves, checked once at start.

Everything else asks `current()`; nothing else reads the environment.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import django
from django.conf import settings as django_conf

from encrier import campaign as campaigns
from encrier import manifest as manifests
from encrier.campaign import Campaign, Variable
from encrier.errors import BadSetting, EncrierError
from encrier.manifest import Manifest
from encrier.records import Record
from encrier.settings import load
from encrier_names import django_settings, stores
from encrier_names.keying import shelf
from encrier_names.settings import PREFIX, Settings, refuse_unsafe
from encrier_names.stores import postgres

_PACKAGE: Final = Path(__file__).parent


class NotStarted(EncrierError):
    what = "The names zone has not been started."
    next_step = "Run a verb of encrier names, which starts it."


class Zone(Record, frozen=True):
    """What this process was started with."""

    settings: Settings
    manifest: Manifest
    manifest_signed: bytes  # the file as the ministry signed it
    campaign: Campaign
    campaign_sha256: bytes | None  # of its file; None: there is none, the manifest says it all
    keying: shelf.Shelf  # the keying page and the kits

    @property
    def declared(self) -> tuple[Variable, ...]:
        """The background variables that the register may hold."""
        return self.campaign.rules.background or self.settings.declared


_running: list[Zone] = []


def start(environ: Mapping[str, str]) -> Zone:
    """Read the settings and the signed manifest, and set Django up; refuse to start otherwise."""
    settings = load(Settings, prefix=PREFIX, environ=environ)
    refuse_unsafe(settings)
    postgres.refuse_unsafe(settings)
    manifest, signed = manifests.read(
        settings.manifest_file, root_key=settings.root_key, setting=f"{PREFIX}MANIFEST_FILE"
    )
    campaign, digest = _campaign(settings, manifest)
    keying = shelf.load(settings, manifest, campaign)
    zone = Zone(settings, manifest, signed, campaign, digest, keying)
    settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _running[:] = [zone]
    if not django_conf.configured:
        django_conf.configure(**_static(), **_of_this_machine(settings))
        django.setup()
    return zone


def current() -> Zone:
    """The zone this process runs."""
    if not _running:
        raise NotStarted
    return _running[0]


def _campaign(settings: Settings, manifest: Manifest) -> tuple[Campaign, bytes | None]:
    if settings.campaign_file is None:
        return campaigns.of_manifest(manifest), None
    try:
        content = settings.campaign_file.read_bytes()
    except OSError as error:
        raise BadSetting(f"{PREFIX}CAMPAIGN_FILE cannot be read.") from error
    found = campaigns.check(content, manifest, root_key=settings.root_key)
    if settings.background and set(settings.declared) != set(found[0].rules.background):
        raise BadSetting(
            f"{PREFIX}BACKGROUND declares other variables than the campaign file.",
            "Leave the setting out: the campaign file is what the ministry signed.",
        )
    return found


def django_keys(settings: Settings) -> dict[str, object]:
    """Django's settings for what signs sessions, and for what still reads them."""
    old = settings.secret_key_old
    return {
        "SECRET_KEY": settings.secret_key.reveal().hex(),
        "SECRET_KEY_FALLBACKS": [old.reveal().hex()] if old else [],
    }


def _static() -> dict[str, object]:
    names = (name for name in dir(django_settings) if name.isupper())
    return {name: getattr(django_settings, name) for name in names if name != "TEMPLATES"}


def _of_this_machine(settings: Settings) -> dict[str, object]:
    prefix = "__Host-" if settings.secure else ""  # browsers then refuse it without HTTPS
    template = {**django_settings.TEMPLATES[0], "DIRS": [str(_PACKAGE / "templates")]}
    return {
        **django_keys(settings),
        "DATABASES": stores.databases(settings),
        "TEMPLATES": [template],
        "LOCALE_PATHS": [str(_PACKAGE / "locale")],
        "ALLOWED_HOSTS": sorted({settings.host, "127.0.0.1", "localhost"}),
        "LANGUAGE_COOKIE_NAME": prefix + "encrier-language",
        "SESSION_COOKIE_NAME": prefix + "encrier-session",
        "CSRF_COOKIE_NAME": prefix + "encrier-csrf",
        "SESSION_COOKIE_SECURE": settings.secure,
        "CSRF_COOKIE_SECURE": settings.secure,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")
        if settings.proxy == "trusted"
        else None,
    }
