# SPDX-License-Identifier: AGPL-3.0-or-later
"""The zone refuses to start on settings that are missing, unknown, weak or unsafe."""

import base64
from pathlib import Path
from typing import Any

import msgspec
import pytest

from encrier import signing
from encrier.errors import BadSetting, ManifestRefused
from encrier.secret import Secret, SecretText
from encrier_names import django_settings, zone
from encrier_names.settings import Settings, refuse_unsafe

GOOD = Settings(
    folder=Path("db"),
    secret_key=Secret(bytes(32)),
    field_key=Secret(bytes(32)),
    link_key_file=Path("link.key"),
    door_key=Secret(bytes(32)),
    manifest_file=Path("manifest.json"),
    booklet_keys=Path("booklets"),
    root_key=bytes(32),
)


def _but(**changes: Any) -> Settings:
    return msgspec.structs.replace(GOOD, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "0.0.0.0"},  # noqa: S104 it is refused
        {"address": "::"},
        {"address": "10.0.0.7"},
        {"address": "names.example"},
        {"address": "0.0.0.0", "tls_cert_file": Path("c")},  # noqa: S104 no key
        {"field_key": Secret(bytes(16))},
        {"door_key": Secret(b"")},
        {"secret_key": Secret(b"changeme")},
        {"background": "sex,religion"},
        {"workers": 4},  # on SQLite
        {"workers": 0},
        {"field_key_old": Secret(bytes(16))},
    ],
)
def test_unsafe_settings_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(BadSetting):
        refuse_unsafe(_but(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"address": "::1"},
        {"address": "localhost"},
        {"address": "0.0.0.0", "proxy": "trusted"},  # noqa: S104 a proxy does TLS
        {"address": "0.0.0.0", "tls_cert_file": Path("c"), "tls_key_file": Path("k")},  # noqa: S104 TLS
        {"background": "sex, birth_quarter"},
    ],
)
def test_safe_settings_are_taken(changes: dict[str, Any]) -> None:
    refuse_unsafe(_but(**changes))


MAIL: dict[str, Any] = {"mail_host": "mail.example", "mail_from": "e@exemple.fr"}
OPENID: dict[str, Any] = {
    "openid_issuer": "https://id.example",
    "openid_client": "c",
    "openid_secret": SecretText(b"s"),
}


@pytest.mark.parametrize(
    ("taken", "refused"),
    [
        (MAIL, {"mail_from": ""}),
        (MAIL, {"mail_tls": "none"}),  # sign-in links in clear over a network
        (OPENID, {"openid_issuer": "http://id.example"}),
        (OPENID, {"openid_client": ""}),
        (OPENID, {"openid_secret": None}),
    ],
)
def test_a_correspondent_that_is_half_set_or_overheard_is_refused(
    taken: dict[str, Any], refused: dict[str, Any]
) -> None:
    refuse_unsafe(_but(**taken))
    with pytest.raises(BadSetting):
        refuse_unsafe(_but(**(taken | refused)))


def test_there_is_no_key_and_no_database_by_default() -> None:
    named = {name for name in dir(django_settings) if name.isupper()}
    assert not named & {"SECRET_KEY", "DATABASES", "DEBUG", "ALLOWED_HOSTS"}


def test_a_setting_that_does_not_exist_is_refused(names: Any) -> None:
    with pytest.raises(BadSetting, match="FEILD_KEY is not a setting"):
        zone.start({**names.environ, "ENCRIER_NAMES_FEILD_KEY": "x"})


def test_a_manifest_signed_by_another_root_is_refused(names: Any) -> None:
    other = base64.b64encode(signing.public_of(signing.draw_key())).decode()
    with pytest.raises(ManifestRefused):
        zone.start({**names.environ, "ENCRIER_NAMES_ROOT_KEY": other})


def test_no_key_shows_when_settings_are_printed(names: Any) -> None:
    shown = repr(zone.current().settings)
    assert "‹hidden›" in shown
    for name in ("field", "door", "secret"):
        written = (names.folder / "keys" / f"{name}.key").read_text().strip()
        assert written not in shown
