# SPDX-License-Identifier: AGPL-3.0-or-later
"""The manifest: a campaign that no zone could follow is not signed, and nothing is a traceback."""

import msgspec
import pytest

from encrier import manifest
from encrier.cli import main
from encrier.errors import BadRecord
from encrier.secret import Secret
from encrier.signing import public_of
from stagecraft.envelopes import MANIFEST

ROOT = Secret(b"r" * 32)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"closes_at": MANIFEST.opens_at}, "close before they open"),
        ({"results_close_at": MANIFEST.opens_at}, "results close before"),
        ({"bundles": []}, "no booklet"),
        ({"nodes": []}, "no node"),
        ({"nodes": [*MANIFEST.nodes, *MANIFEST.nodes]}, "same number"),
        ({"names_key": b"abc"}, "names_key"),
        ({"kdf_iterations": 1}, "kdf_iterations"),
    ],
)
def test_a_manifest_without_sense_is_not_signed(changed: dict[str, object], why: str) -> None:
    with pytest.raises(BadRecord, match=why):
        manifest.sign(msgspec.structs.replace(MANIFEST, **changed), key=ROOT)


def test_what_is_signed_is_read_back() -> None:
    assert manifest.check(manifest.sign(MANIFEST, key=ROOT), root_key=public_of(ROOT)) == MANIFEST


@pytest.mark.parametrize("key", ["abc", "é", "%%%", "AAAA"])
def test_a_key_badly_written_is_told_in_a_sentence(
    key: str, capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    assert main(["results", "draw-keys", "--out", f"{tmp_path}/keys"]) == 0
    asked = ["results", "manifest", "--keys", f"{tmp_path}/keys", "--label", "x", "--level", "6E"]
    asked += ["--package", f"{tmp_path}", "--node", f"{key},http://x,{key}", "--names-key", key]
    for option in ("--opens", "--closes", "--results-close"):
        asked += [option, "2026-09-07T06:00Z"]
    asked += ["--booklets", f"{tmp_path}/booklets"]
    assert main([*asked, "--out", f"{tmp_path}/manifest.json"]) == 2
    assert "Traceback" not in capsys.readouterr().err
