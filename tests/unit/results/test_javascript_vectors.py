# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the player's JavaScript makes, Python reads the same: keys, headers, envelopes, boxes."""

import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from encrier import codes, seal, uploads
from encrier.ids import CampaignId
from encrier.records import from_bytes
from encrier.secret import Secret
from encrier.sheets import AnswerSheet
from encrier_results import keys, unseal

FOLDER = Path(__file__).parents[2] / "vectors"
PYTHON: dict[str, Any] = json.loads((FOLDER / "python.json").read_text(encoding="utf-8"))
SCRIPT: dict[str, Any] = json.loads((FOLDER / "javascript.json").read_text(encoding="utf-8"))
CAMPAIGN = CampaignId(bytes.fromhex(SCRIPT["campaign"]))
SEED = Secret(bytes.fromhex(PYTHON["sealing_seed"]))
BY_SID = {code["sid"]: code for code in SCRIPT["codes"]}


def parts(save: dict[str, Any]) -> tuple[bytes, bytes]:
    """The header and the plaintext of an envelope that JavaScript sealed."""
    envelope = bytes.fromhex(save["envelope"])
    head = envelope[: seal.HEADER_SIZE]
    sealed = envelope[seal.HEADER_SIZE :]
    return head, seal.SUITE.decrypt(sealed, keys.private_key(SEED), seal.INFO + head)


def test_there_is_something_to_read() -> None:
    assert len(SCRIPT["codes"]) >= 2
    assert len(SCRIPT["saves"]) >= 2
    assert SCRIPT["sealing_key"] == keys.sealing_key(SEED).hex()


@pytest.mark.parametrize("code", SCRIPT["codes"], ids=lambda code: str(code["printed"]))
def test_a_code_gives_the_same_keys_in_both_languages(code: dict[str, str]) -> None:
    drawn = codes.derive(codes.parse(code["printed"]), CAMPAIGN, iterations=SCRIPT["iterations"])
    for name in ("sid", "auth", "mac", "resume"):
        assert getattr(drawn, name).hex() == code[name]


@pytest.mark.parametrize("save", SCRIPT["saves"], ids=lambda save: str(save["sid"])[:6])
def test_an_envelope_sealed_in_the_browser_is_read_by_the_ministry(save: dict[str, Any]) -> None:
    head, plain = parts(save)
    assert head.hex() == save["header"]
    header = seal.read_header(bytes.fromhex(save["envelope"]))
    for name, value in save["header_fields"].items():
        found = getattr(header, name)
        assert (found.hex() if isinstance(found, bytes) else found) == value
    mac = bytes.fromhex(BY_SID[save["sid"]]["mac"])
    assert unseal._inflate(unseal.authentic(plain, head, mac)).decode() == save["sheet"]
    assert from_bytes(save["sheet"].encode(), AnswerSheet).bundle == header.bundle.hex()


@pytest.mark.parametrize("save", SCRIPT["saves"], ids=lambda save: str(save["sid"])[:6])
def test_progress_counts_the_items_that_are_said_as_the_page_did(save: dict[str, Any]) -> None:
    items = from_bytes(save["sheet"].encode(), AnswerSheet).items
    said = [item for item in SCRIPT["items"] if item in items and items[item].is_said]
    assert 100 * len(said) // len(SCRIPT["items"]) == save["header_fields"]["progress"]


def test_what_a_teacher_keyed_in_the_page_is_read_with_its_marks() -> None:
    (sheet,) = (save["sheet"] for save in SCRIPT["saves"] if '"mark"' in save["sheet"])
    items = from_bytes(sheet.encode(), AnswerSheet).items
    assert {item: one.mark for item, one in items.items()} == {
        "fr-01": None, "fr-02": "blank", "ma-01": "open", "fr-01~2": None, "ma-02": "absent",
    }  # fmt: skip
    assert items["fr-02"].r == {"RESPONSE.struck": ["B"]}
    assert not any(items[item].answer for item in ("fr-02", "ma-01", "ma-02"))
    assert [one.stamp[0] for one in items.values()] == [2, 2, 2, 2, 3], "its epoch was raised"


@pytest.mark.parametrize("save", SCRIPT["saves"], ids=lambda save: str(save["sid"])[:6])
def test_a_resume_box_made_in_the_browser_opens_with_the_code(save: dict[str, Any]) -> None:
    header = seal.read_header(bytes.fromhex(save["envelope"]))
    place = (CAMPAIGN, header.sid, header.stream, header.epoch, header.seq)
    context = uploads.resume_context(*place)
    assert context.hex() == save["resume_context"]
    box, key = bytes.fromhex(save["resume_box"]), bytes.fromhex(BY_SID[save["sid"]]["resume"])
    packed = AESGCM(key).decrypt(box[:12], box[12:], context)
    assert zlib.decompress(packed, -15).decode() == save["sheet"]


@pytest.mark.parametrize("save", SCRIPT["saves"], ids=lambda save: str(save["sid"])[:6])
def test_a_save_of_the_browser_is_taken_apart_by_the_host(save: dict[str, Any]) -> None:
    unpacked = uploads.unpack_save(bytes.fromhex(save["save"]))
    assert unpacked.envelope.hex() == save["envelope"]
    assert unpacked.box.hex() == save["resume_box"]
    assert unpacked.auth.hex() == BY_SID[save["sid"]]["auth"]


def test_what_was_sealed_here_is_not_the_same_twice() -> None:
    digests = {hashlib.sha256(bytes.fromhex(s["envelope"])).digest() for s in SCRIPT["saves"]}
    assert len(digests) == len(SCRIPT["saves"])
