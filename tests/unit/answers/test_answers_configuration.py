# SPDX-License-Identifier: AGPL-3.0-or-later
"""Settings with which this zone could not keep its word: it refuses to start."""

import argparse
import base64
import json
import re
import stat
from pathlib import Path
from typing import Any

import msgspec
import pytest

from encrier import signing
from encrier.errors import BadSetting, EncrierError, ManifestRefused
from encrier.secret import Secret
from encrier_answers import cli, configuration

P = "ENCRIER_ANSWERS_"
REQUIRED = [
    "FOLDER",
    "STORE_KEY",
    "RECEIPT_KEY",
    "NODE",
    "MANIFEST_FILE",
    "ROOT_KEY",
    "BUNDLES",
]


def _run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    cli.verbs(parser.add_subparsers(required=True))
    asked = parser.parse_args(words)
    return int(asked.run(asked))


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_settings_that_are_right_are_taken(campaign: Any) -> None:
    zone = configuration.load(campaign.environ(port=8002))
    assert zone.manifest == campaign.manifest
    assert zone.manifest_bytes == (campaign.root / "manifest.json").read_bytes()
    assert not zone.is_encrypted


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_setting_is_named(campaign: Any, name: str) -> None:
    environ = campaign.environ(port=8002)
    del environ[P + name]
    with pytest.raises(BadSetting, match=f"{P}{name} is missing"):
        configuration.load(environ)


def test_an_unknown_setting_is_refused(campaign: Any) -> None:
    with pytest.raises(BadSetting, match="LISTEN is not a setting"):
        configuration.load(campaign.environ(port=8002) | {f"{P}LISTEN": "0.0.0.0"})  # noqa: S104 a value to be refused


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STORE_KEY", _b64(b"short")),
        ("STORE_KEY", "not base64"),
        ("RECEIPT_KEY", _b64(bytes(33))),
        ("ROOT_KEY", _b64(bytes(31))),
        ("NODE", _b64(b"n")),
        ("PORT", "http"),
        ("PROXY", "perhaps"),
        ("MANIFEST_FILE", "/nowhere"),
        ("NODE", _b64(b"zzzz")),
        ("RECEIPT_KEY", _b64(bytes(32))),
    ],
)
def test_a_wrong_value_is_refused_and_not_repeated(campaign: Any, name: str, value: str) -> None:
    with pytest.raises(EncrierError) as refusal:
        configuration.load(campaign.environ(port=8002) | {P + name: value})
    assert value not in str(refusal.value)


def test_a_manifest_of_another_root_is_refused(campaign: Any) -> None:
    other = _b64(signing.public_of(signing.draw_key()))
    with pytest.raises(ManifestRefused):
        configuration.load(campaign.environ(port=8002) | {f"{P}ROOT_KEY": other})


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.7", "example.org", ""])  # noqa: S104 values to be refused
def test_nothing_beyond_loopback_without_tls(campaign: Any, address: str) -> None:
    environ = campaign.environ(port=8002) | {f"{P}ADDRESS": address}
    with pytest.raises(BadSetting, match="without TLS"):
        configuration.load(environ)
    assert configuration.load(environ | {f"{P}PROXY": "trusted"}).is_encrypted
    tls = {f"{P}TLS_CERT_FILE": "c.pem", f"{P}TLS_KEY_FILE": "k.pem"}
    assert configuration.load(environ | tls).is_encrypted


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.9", "::1", "localhost"])
def test_loopback_needs_no_tls(campaign: Any, address: str) -> None:
    configuration.load(campaign.environ(port=8002) | {f"{P}ADDRESS": address})


@pytest.mark.parametrize(
    "extra",
    [
        {"TLS_CERT_FILE": "c.pem"},
        {"TLS_KEY_FILE": "k.pem"},
        {"TLS_CERT_FILE": "c", "TLS_KEY_FILE": "k", "PROXY": "trusted"},
    ],
)
def test_a_certificate_goes_with_its_key_and_without_proxy(
    campaign: Any, extra: dict[str, str]
) -> None:
    environ = campaign.environ(port=8002) | {P + name: value for name, value in extra.items()}
    with pytest.raises(BadSetting):
        configuration.load(environ)


def test_no_setting_shows_a_key(campaign: Any) -> None:
    shown = repr(configuration.load(campaign.environ(port=8002)).settings)
    assert "‹hidden›" in shown
    assert repr(campaign.store_key.reveal())[2:-1] not in shown


def test_draw_key_writes_a_key_for_its_owner_and_prints_the_public_half(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "receipt.key"
    assert _run("draw-key", "--out", str(out)) == 0
    key = Secret(base64.b64decode(out.read_text()))
    assert capsys.readouterr().out.strip() == _b64(signing.public_of(key))
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with pytest.raises(EncrierError):
        _run("draw-key", "--out", str(out))


def test_a_store_key_has_no_public_half(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "store.key"
    assert _run("draw-key", "--kind", "store", "--out", str(out)) == 0
    assert len(base64.b64decode(out.read_text())) == 32
    assert capsys.readouterr().out == ""


def test_check_settings_and_status_speak_json(
    new_campaign: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in new_campaign.environ(port=8002).items():
        monkeypatch.setenv(name, value)
    assert _run("check-settings", "--json") == 0
    checked = json.loads(capsys.readouterr().out)
    assert checked["campaign"] == new_campaign.id.hex()
    assert checked["bundles"] == [new_campaign.bundle.hex()]
    with pytest.raises(BadSetting, match="no store"):
        _run("status", "--json")


@pytest.mark.parametrize("verb", ["draw-key", "check-settings", "serve", "status"])
def test_help_fits_a_screen_and_ends_with_an_example(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        _run(verb, "--help")
    lines = capsys.readouterr().out.strip().splitlines()
    assert len(lines) <= 24
    assert lines[-1].startswith("example: encrier answers ")


def test_every_setting_is_in_the_readme_and_no_other() -> None:
    readme = Path(__file__).parents[3] / "answers" / "README.md"
    table = readme.read_text("utf-8").split("## Settings")[1].split("## ")[0]
    written = {
        name.lower()
        for row in re.findall(r"^\| (`[^|]*) \|", table, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", row)
    }
    assert written == {f.name for f in msgspec.structs.fields(configuration.Settings)}
