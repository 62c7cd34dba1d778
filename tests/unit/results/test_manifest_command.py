# SPDX-License-Identifier: AGPL-3.0-or-later
"""The manifest: a campaign that no zone could follow is not signed, and nothing is a traceback."""

import base64
from pathlib import Path

import msgspec
import pytest

from encrier import manifest, places
from encrier.cli import main
from encrier.errors import BadRecord
from encrier.keyfiles import write_secret
from encrier.manifest import Node
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


def test_a_pair_is_added_by_a_command_that_prints_its_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_secret(tmp_path / "root.key", ROOT)
    key = MANIFEST.nodes[0].receipt_key
    first = Node(b"0001", "https://a.example", key, 1)
    before = msgspec.structs.replace(
        MANIFEST,
        nodes=[first],
        places=places.shared((1,), room=3),
        page_url="https://page.example",
    )
    (tmp_path / "manifest.json").write_bytes(manifest.sign(before, key=ROOT))
    asked = ["results", "add-pair", "--keys", f"{tmp_path}"]
    asked += ["--manifest", f"{tmp_path}/manifest.json", "--out", f"{tmp_path}/newer.json"]
    for name, url in ((b"0002", "https://b.example/"), (b"0003", "https://c.example")):
        written = ",".join((base64.b64encode(name).decode(), url, base64.b64encode(key).decode()))
        asked += ["--node", written]
    assert main(asked) == 0
    assert capsys.readouterr().out == "2\n"
    signed = (tmp_path / "newer.json").read_bytes()
    after = manifest.check(signed, root_key=public_of(ROOT))
    assert [(one.url, one.pair) for one in after.nodes] == [
        ("https://a.example", 1),
        ("https://b.example", 2),
        ("https://c.example", 2),
    ]
    assert len(places.of_pair(after.places, 2)) == places.COUNT // 3
    assert main([*asked[:-2], asked[-2], asked[-1] + ",x"]) == 2  # a pair is a number


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
