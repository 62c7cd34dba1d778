# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verb that signs a campaign file: what it refuses, it does not write."""

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from encrier import campaign, keyfiles, manifest, signing
from encrier.cli import main
from encrier.manifest import BundleEntry, Manifest, Node

OPENS = datetime(2026, 9, 7, 6, tzinfo=UTC)
DAY = timedelta(days=1)
MANIFEST = Manifest(
    v=1,
    campaign=bytes(16),
    label="Début de sixième 2026",
    level="6E",
    suite=1,
    sealing_key=bytes(1216),
    kdf_iterations=1_000,
    opens_at=OPENS,
    closes_at=OPENS + 18 * DAY,
    grace_h=24,
    results_close_at=OPENS + 90 * DAY,
    bundles=[BundleEntry(b"bundle01", bytes(32), bytes(32), bytes(32), "Sixième")],
    nodes=[Node(b"nd01", "https://evaluations.exemple.fr", bytes(32))],
    names_key=bytes(32),
    results_key=bytes(32),
)


def text(*, days: int) -> str:
    end, close = OPENS + days * DAY, MANIFEST.results_close_at
    return (
        f'v = 1\ncampaign = "{base64.b64encode(bytes(16)).decode()}"\nlabel = "Sixième"\n'
        f'ask = "votre académie"\nlevels = [{{ level = "6E", mode = "screen", '
        f'booklets = ["{b"bundle01".hex()}"] }}]\n[windows]\n'
        f"sittings = {{ opens = {OPENS.isoformat()}, closes = {end.isoformat()} }}\n"
        f"results = {{ opens = {end.isoformat()}, closes = {close.isoformat()} }}\n"
    )


def test_a_campaign_is_signed_once_it_agrees_with_the_manifest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = signing.draw_key()
    keyfiles.write_secret(tmp_path / "root.key", root)
    (tmp_path / "manifest.json").write_bytes(manifest.sign(MANIFEST, key=root))
    file, out = tmp_path / "campaign.toml", tmp_path / "campaign.json"
    asked = ["results", "sign-campaign", str(file), "--keys", str(tmp_path)]
    asked += ["--manifest", str(tmp_path / "manifest.json"), "--out", str(out)]
    file.write_text(text(days=17), encoding="utf-8")
    assert main(asked) != 0
    assert "last sitting does not end" in capsys.readouterr().err
    assert not out.exists()
    file.write_text(text(days=18), encoding="utf-8")
    assert main(asked) == 0
    public = signing.public_of(root)
    _read, sha256 = campaign.check(out.read_bytes(), MANIFEST, root_key=public)
    assert capsys.readouterr().out.strip() == sha256.hex()
