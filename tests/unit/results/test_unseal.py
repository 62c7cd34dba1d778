# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening envelopes: what the pupil sealed comes out, and nothing else does."""

import os
import zlib

import pytest

from encrier import ids, seal
from encrier.errors import EncrierError
from encrier.secret import Secret
from encrier.sheets import AnswerSheet
from encrier.wire import SealedSave
from encrier_results import unseal
from encrier_results.reconcile import open_all
from stagecraft.envelopes import (
    MANIFEST,
    PRIVATE,
    Pupil,
    batch,
    header,
    pupil,
    register,
    save,
    sealed,
    sheet,
)


def open_one(envelope: bytes, of: Pupil) -> AnswerSheet:
    _, opened = unseal.open_envelope(envelope, MANIFEST, {of.sid: of.mac}, private_key=PRIVATE)
    return opened


def test_what_a_pupil_sealed_is_what_the_ministry_reads() -> None:
    alice, stream = pupil(), os.urandom(8)
    envelope = sealed(alice, sheet({"fr-01": "l’œuf"}, stream=stream), header(alice, stream))
    assert open_one(envelope, alice).items["fr-01"].r == {"RESPONSE": ["l’œuf"]}


def test_an_envelope_altered_anywhere_is_refused() -> None:
    alice, stream = pupil(), os.urandom(8)
    envelope = sealed(alice, sheet({"fr-01": "A"}, stream=stream), header(alice, stream))
    places = [*range(seal.HEADER_SIZE + 8), *range(100, len(envelope), 37), len(envelope) - 1]
    for place in places:
        altered = bytearray(envelope)
        altered[place] ^= 1
        with pytest.raises(EncrierError):
            open_one(bytes(altered), alice)


def test_an_envelope_moved_to_another_pupil_is_refused() -> None:
    alice, bob, stream = pupil(), pupil(), os.urandom(8)
    envelope = sealed(alice, sheet({"fr-01": "A"}, stream=stream), header(alice, stream))
    head = header(bob, stream).to_bytes()
    with pytest.raises(unseal.CannotOpen):
        open_one(head + envelope[len(head) :], bob)


def test_the_host_who_knows_the_public_key_cannot_forge() -> None:
    alice, host, stream = pupil(), pupil(), os.urandom(8)
    forged = sealed(
        Pupil(alice.sid, host.mac), sheet({"fr-01": "A"}, stream=stream), header(alice, stream)
    )
    with pytest.raises(unseal.Forged):
        open_one(forged, alice)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"v":2}',
        b'{"v":1,"bundle":"00","items":{},"events":[]}',
        sheet({}, stream=b"x" * 8).replace(b'"events"', b'"evil": 1, "events"'),
        sheet({"fr-01": "x" * 41_001}, stream=b"x" * 8),
        sheet({f"i{n}": "x" for n in range(401)}, stream=b"x" * 8),
        b"[" * 100_000,
        bytes(5_000_000),  # 5 MB of zeros pack into 5 KB: a bomb
    ],
)
def test_what_is_no_answer_sheet_is_refused(content: bytes) -> None:
    alice, stream = pupil(), os.urandom(8)
    with pytest.raises(unseal.BadSheet):
        open_one(sealed(alice, content, header(alice, stream)), alice)


def test_a_bomb_is_not_inflated() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(50_000_000)) + packer.flush()
    with pytest.raises(unseal.BadSheet):
        unseal._inflate(packed)


def test_an_envelope_of_another_key_is_refused() -> None:
    alice, stream = pupil(), os.urandom(8)
    other = header(alice, stream)
    other = seal.Header(
        ids.key_id(b"other"), *[getattr(other, f) for f in other.__struct_fields__[1:]]
    )
    with pytest.raises(unseal.OtherCampaign):
        open_one(sealed(alice, sheet({}, stream=stream), other), alice)


def test_two_devices_are_merged_whatever_the_order_the_host_gives() -> None:
    alice, first, second = pupil(), b"1" * 8, b"2" * 8
    one = sealed(alice, sheet({"a": "old", "b": "kept"}, stream=first), header(alice, first))
    two = sealed(alice, sheet({"a": "new"}, epoch=1, stream=second), header(alice, second, epoch=1))
    for order in ([one, two], [two, one]):
        opened, account = open_all(
            [batch(*[save(e) for e in order])], register(alice), MANIFEST, private_key=PRIVATE
        )
        answers = {i: a.r["RESPONSE"][0] for i, a in opened[alice.sid].items.items()}
        assert answers == {"a": "new", "b": "kept"}
        assert account.several_devices == 1


def test_the_newest_save_counts_and_a_spoilt_one_falls_back_to_the_one_before() -> None:
    alice, stream = pupil(), b"1" * 8
    saves = [
        save(
            sealed(
                alice, sheet({"a": str(n)}, event=n, stream=stream), header(alice, stream, seq=n)
            )
        )
        for n in range(3)
    ]
    spoilt = bytearray(saves[2].envelope)
    spoilt[-1] ^= 1
    opened, account = open_all(
        [batch(*saves[:2]), batch(save(bytes(spoilt)))],
        register(alice),
        MANIFEST,
        private_key=PRIVATE,
    )
    assert opened[alice.sid].items["a"].r == {"RESPONSE": ["1"]}
    assert account.rejected == {"CannotOpen": 1}


def test_every_figure_of_an_opening_is_reconciled() -> None:
    alice, bob, charlie, ghost = pupil(), pupil(), pupil(), pupil()
    stream = b"1" * 8
    good = [
        save(sealed(alice, sheet({"a": "A"}, stream=stream), header(alice, stream))),
        save(
            sealed(bob, sheet({"a": "A"}, stream=stream), header(bob, stream, kind=seal.Kind.FINAL))
        ),
    ]
    bad = [
        save(sealed(ghost, sheet({}, stream=stream), header(ghost, stream))),
        save(
            sealed(alice, sheet({}, stream=b"2" * 8), header(alice, b"2" * 8)),
            key=Secret(b"x" * 32),
        ),
        SealedSave(b"not an envelope", good[0].receipt),
    ]
    _, account = open_all(
        [batch(*bad, *good)], register(alice, bob, charlie), MANIFEST, private_key=PRIVATE
    )
    assert account.reconciled
    assert (account.expected, account.received, account.missing) == (3, 2, 1)
    assert (account.finished, account.unfinished, account.opened) == (1, 1, 2)
    assert account.rejected == {"UnknownSitting": 1, "BadSignature": 1, "BadEnvelope": 1}
