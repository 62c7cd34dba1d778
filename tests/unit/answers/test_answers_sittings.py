# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is decided about a sitting, at the edges of time and of its saves."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from encrier import seal
from encrier.ids import BundleId, CampaignId, KeyId, SittingId, StreamId
from encrier_answers import sittings
from encrier_answers.sittings import Admitted, Kept, NotAdmitted, Progress, Verdict

SID, AUTH = SittingId(b"s" * 16), b"a" * 32
KEPT = Kept(5, b"h" * 32, b"receipt")
MINUTES = st.integers(0, 10**8)


def _admitted(**changes: Any) -> Admitted:
    fields: dict[str, Any] = {
        "sid": SID,
        "auth_sha256": hashlib.sha256(AUTH).digest(),
        "bundle": BundleId(b"b" * 8),
        "terms": b"t",
        "opens": None,
        "closes": None,
        "is_open": True,
    }
    return Admitted(**(fields | changes))


def _header(epoch: int, seq: int, stream: bytes, **changes: Any) -> seal.Header:
    fields: dict[str, Any] = {"kind": seal.Kind.SNAPSHOT, "progress": 50} | changes
    return seal.Header(
        KeyId(b"k" * 8),
        CampaignId(b"c" * 16),
        SID,
        StreamId(stream),
        epoch,
        seq,
        fields["kind"],
        BundleId(b"b" * 8),
        fields["progress"],
    )


def test_a_known_sitting_with_its_secret_is_recognised() -> None:
    assert sittings.recognise(_admitted(), AUTH) == _admitted()


@pytest.mark.parametrize("known", [None, _admitted()])
def test_any_other_is_refused_in_the_same_words(known: Admitted | None) -> None:
    with pytest.raises(NotAdmitted) as refusal:
        sittings.recognise(known, b"x" * 32)
    assert str(refusal.value) == str(NotAdmitted())


def test_the_zero_secret_is_not_that_of_an_unknown_sitting() -> None:
    with pytest.raises(NotAdmitted):
        sittings.recognise(None, bytes(32))


def test_the_opening_minute_is_in_and_the_closing_minute_is_out(campaign: Any) -> None:
    manifest = campaign.manifest
    second = timedelta(seconds=1)
    sittings.may_sign_in(_admitted(), manifest, now=manifest.opens_at)
    with pytest.raises(sittings.NotOpenYet):
        sittings.may_sign_in(_admitted(), manifest, now=manifest.opens_at - second)
    sittings.may_sign_in(_admitted(), manifest, now=manifest.closes_at - second)
    with pytest.raises(sittings.SittingClosed):
        sittings.may_sign_in(_admitted(), manifest, now=manifest.closes_at)


def test_a_save_is_taken_until_the_end_of_the_grace(campaign: Any) -> None:
    manifest = campaign.manifest
    sittings.may_save(_admitted(), manifest, now=manifest.last_save_at - timedelta(seconds=1))
    with pytest.raises(sittings.SittingClosed):
        sittings.may_save(_admitted(), manifest, now=manifest.last_save_at)


def test_a_sitting_with_its_own_hours_has_its_own_grace(campaign: Any) -> None:
    manifest = campaign.manifest
    closes = sittings.to_minute(manifest.closes_at) + 600
    later = manifest.last_save_at + timedelta(hours=9)
    sittings.may_save(_admitted(closes=closes), manifest, now=later)
    with pytest.raises(sittings.SittingClosed):
        sittings.may_save(_admitted(), manifest, now=later)


@pytest.mark.parametrize(
    ("kept", "seq", "sha256", "verdict"),
    [
        (None, 0, b"h" * 32, Verdict.KEEP),
        (KEPT, 6, b"i" * 32, Verdict.KEEP),
        (KEPT, 99, b"i" * 32, Verdict.KEEP),
        (KEPT, 5, b"h" * 32, Verdict.SAME),
        (KEPT, 5, b"i" * 32, Verdict.CONFLICT),
        (KEPT, 4, b"h" * 32, Verdict.SUPERSEDED),
    ],
)
def test_what_becomes_of_a_save(
    kept: Kept | None, seq: int, sha256: bytes, verdict: Verdict
) -> None:
    assert sittings.judge(kept, seq=seq, sha256=sha256) is verdict


def test_a_sign_in_changes_nothing_but_the_minute() -> None:
    saved = sittings.after_save(None, _header(0, 1, b"a" * 8), unsent=3, box=b"box", minute=10)
    again = sittings.after_sign_in(saved, SID, minute=12)
    assert again.minute == 12
    assert (again.newest, again.box, again.percent) == (saved.newest, b"box", 50)


@pytest.mark.parametrize("kept_h", [1, 24, 504])
def test_a_box_is_given_for_as_long_as_the_manifest_says(kept_h: int, campaign: Any) -> None:
    said = replace(campaign.manifest, boxes_kept_h=kept_h)
    saved = sittings.after_save(None, _header(0, 1, b"a" * 8), unsent=0, box=b"box", minute=1000)
    last = 1000 + kept_h * 60
    assert sittings.box_of(saved, said, now_minute=last) == b"box"
    assert sittings.box_of(saved, said, now_minute=last + 1) == b""
    assert sittings.boxes_since(said, now_minute=last) == 1000


def test_a_stream_that_goes_on_under_a_higher_epoch_has_the_box_again() -> None:
    """As where a teacher keys on two computers, and each takes up what the other keyed."""
    a, b, sitting = b"a" * 8, b"b" * 8, None
    saves = [(0, 5, a), (1, 0, b), (0, 6, a), (2, 7, a), (1, 1, b), (3, 2, b)]
    boxes, elsewhere = [], []
    for epoch, seq, stream in saves:
        header, box = _header(epoch, seq, stream), b"%d of %s" % (seq, stream[:1])
        elsewhere.append(sittings.is_elsewhere(sitting, header))
        assert not sittings.is_beside(sitting, header)
        sitting = sittings.after_save(sitting, header, unsent=0, box=box, minute=seq)
        boxes.append(sitting.box)
    assert boxes == [b"5 of a", b"0 of b", b"0 of b", b"7 of a", b"7 of a", b"2 of b"]
    assert elsewhere == [False, False, True, False, True, False]


@pytest.mark.parametrize("streams", [(b"a" * 8, b"b" * 8), (b"b" * 8, b"a" * 8)])
def test_two_streams_of_one_epoch_are_each_told_of_the_other(streams: tuple[bytes, bytes]) -> None:
    """Whichever has the higher stream: else what one keyed last could count for nothing."""
    first, second = streams
    saved = sittings.after_save(None, _header(0, 9, first), unsent=0, box=b"first", minute=1)
    late = _header(0, 0, second)
    assert sittings.is_beside(saved, late)
    assert not sittings.is_elsewhere(saved, late)
    assert not sittings.is_beside(saved, _header(0, 10, first))
    assert not sittings.is_beside(None, late)
    assert not sittings.is_beside(saved, _header(1, 0, second)), "it has taken up what was saved"


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from([b"a" * 8, b"b" * 8])),
        min_size=1,
    )
)
def test_the_order_of_arrival_does_not_decide_whose_box_is_kept(
    marks: list[tuple[int, int, bytes]],
) -> None:
    def box_after(order: list[tuple[int, int, bytes]]) -> bytes:
        sitting = None
        for mark in order:
            box = repr(mark).encode()
            sitting = sittings.after_save(sitting, _header(*mark), unsent=0, box=box, minute=1)
        assert sitting is not None
        return sitting.box

    assert box_after(marks) == box_after(marks[::-1]) == repr(max(marks)).encode()


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1))
def test_a_finished_sitting_stays_finished_and_has_no_box(saves: list[tuple[int, bool]]) -> None:
    sitting, finished = None, False
    for seq, (epoch, is_final) in enumerate(saves):
        kind = seal.Kind.FINAL if is_final else seal.Kind.SNAPSHOT
        header = _header(epoch, seq, b"a" * 8, kind=kind)
        sitting = sittings.after_save(sitting, header, unsent=0, box=b"box", minute=seq)
        finished = finished or is_final
        assert (sitting.progress is Progress.FINISHED) == finished
        assert bool(sitting.box) != finished


@given(MINUTES)
def test_a_minute_reads_back_as_itself(minute: int) -> None:
    moment = sittings.from_minute(minute)
    assert sittings.to_minute(moment) == sittings.up_to_minute(moment) == minute
    assert sittings.to_minute(moment + timedelta(seconds=59)) == minute
    assert sittings.up_to_minute(moment + timedelta(seconds=1)) == minute + 1
