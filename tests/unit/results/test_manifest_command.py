# SPDX-License-Identifier: AGPL-3.0-or-later
"""The manifest: a campaign that no zone could follow is not signed, and nothing is a traceback."""

import base64
import shutil
from pathlib import Path

import msgspec
import pytest

from encrier import manifest, places
from encrier.cli import main
from encrier.errors import BadRecord
from encrier.keyfiles import read_secret, write_secret
from encrier.manifest import Node, SignedManifest
from encrier.records import from_bytes
from encrier.secret import Secret
from encrier.signing import public_of
from stagecraft.envelopes import MANIFEST

ROOT = Secret(b"r" * 32)
ASSESSMENTS = Path(__file__).parents[3] / "demo/assessments"


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
        ({"boxes_kept_h": 0}, "boxes_kept_h"),
        ({"boxes_kept_h": 2_401}, "boxes_kept_h"),
        ({"keying_url": "noms.exemple.fr"}, "keying page has no such address"),
        ({"keying_url": "https://Noms.exemple.fr/"}, "keying page has no such address"),
        ({"keying_url": "https://moi@noms.exemple.fr/"}, "keying page has no such address"),
    ],
)
def test_a_manifest_without_sense_is_not_signed(changed: dict[str, object], why: str) -> None:
    with pytest.raises(BadRecord, match=why):
        manifest.sign(msgspec.structs.replace(MANIFEST, **changed), key=ROOT)


def test_what_is_signed_is_read_back() -> None:
    assert manifest.check(manifest.sign(MANIFEST, key=ROOT), root_key=public_of(ROOT)) == MANIFEST


def test_a_manifest_that_says_nothing_of_keying_is_signed_as_before_there_was_any() -> None:
    assert MANIFEST.keying_origin is None
    assert MANIFEST.boxes_kept_h == 24
    text = from_bytes(manifest.sign(MANIFEST, key=ROOT), SignedManifest).manifest
    assert "keying" not in text
    assert "boxes" not in text


def test_the_page_where_teachers_key_may_be_on_any_port_of_a_host() -> None:
    for url in ("https://noms.exemple.fr:8443/saisie/", "http://[::1]:8001"):
        keyed = msgspec.structs.replace(MANIFEST, keying_url=url)
        read = manifest.check(manifest.sign(keyed, key=ROOT), root_key=public_of(ROOT))
        assert read.keying_origin == url.removesuffix("/saisie/")


def _asked(folder: Path, *packages: Path) -> list[str]:
    """The command that signs a campaign with these packages; its keys are drawn."""
    assert main(["results", "draw-keys", "--out", f"{folder}/keys"]) == 0
    key = base64.b64encode(public_of(ROOT)).decode()
    asked = ["results", "manifest", "--keys", f"{folder}/keys", "--label", "x", "--level", "CP"]
    for package in packages:
        asked += ["--package", str(package)]
    asked += ["--node", f"AAAAAQ==,http://x,{key}", "--names-key", key]
    days = {"--opens": 7, "--closes": 25, "--results-close": 30}
    for option, day in days.items():
        asked += [option, f"2026-09-{day:02}T06:00Z"]
    return [*asked, "--booklets", f"{folder}/booklets", "--out", f"{folder}/manifest.json"]


def test_a_campaign_of_two_booklets_is_signed_with_what_keying_needs(tmp_path: Path) -> None:
    asked = _asked(tmp_path, ASSESSMENTS / "sixieme-debut", ASSESSMENTS / "deux-etapes")
    assert main([*asked, "--keying", "https://noms.example", "--boxes-kept", "600"]) == 0
    root = public_of(read_secret(tmp_path / "keys/root.key"))
    made = manifest.check((tmp_path / "manifest.json").read_bytes(), root_key=root)
    assert (made.level, made.keying_origin) == ("CP", "https://noms.example")
    assert made.boxes_kept_h == 600
    names = [entry.id.hex() for entry in made.bundles]
    assert len(set(names)) == 2
    assert {path.name for path in (tmp_path / "booklets").iterdir()} == set(names)
    keys = {path.stem for path in (tmp_path / "keys/booklets").iterdir()}
    assert keys == set(names), "names hands over a key a booklet"


def test_two_booklets_may_share_a_domain_and_may_not_call_two_domains_alike(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for copy in (first, second):
        shutil.copytree(ASSESSMENTS / "sixieme-debut", copy)
    test = second / "assessment.xml"
    test.write_text(test.read_text("utf-8").replace(' title="', ' title="Grands caractères — ', 1))
    assert main(_asked(tmp_path / "shared", first, second)) == 0
    reporting = second / "encrier-reporting.json"
    text = reporting.read_text("utf-8").replace("Compréhension de l’écrit", "Lecture", 1)
    reporting.write_text(text, encoding="utf-8")
    assert main(_asked(tmp_path / "mixed", first, second)) == 2
    assert "same name to domains" in capsys.readouterr().err
    assert not (tmp_path / "mixed/booklets").exists()


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
