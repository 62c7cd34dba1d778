# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever bytes come, what reads them either gives a record or refuses; nothing else escapes."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encrier import seal, uploads
from encrier.booklets import SealedIndex
from encrier.errors import EncrierError
from encrier.ids import BundleId, CampaignId, KeyId, SittingId, StreamId
from encrier.records import from_bytes, to_bytes
from encrier.terms import BOX_SIZE
from encrier.wire import Admission, AdmissionList
from encrier_answers import admission, doors, pupils

ENVELOPE = seal.Header(
    KeyId(b"k" * 8), CampaignId(b"c" * 16), SittingId(b"s" * 16), StreamId(b"t" * 8), 1, 2,
    seal.Kind.SNAPSHOT, BundleId(b"b" * 8), 50,
).to_bytes() + bytes(1120 + 1024 + 16)  # fmt: skip
SAVE = uploads.pack_save(uploads.Save(b"a" * 32, 3, ENVELOPE, b"box"))


@given(st.binary(max_size=4000))
def test_any_bytes_are_a_save_or_are_refused(body: bytes) -> None:
    with pytest.raises(pupils.BadAsk):
        pupils._read_save(body)


@given(place=st.integers(0, len(SAVE) - 1), change=st.integers(1, 255))
def test_a_save_with_one_byte_changed_is_another_save_or_refused(place: int, change: int) -> None:
    changed = SAVE[:place] + bytes([SAVE[place] ^ change]) + SAVE[place + 1 :]
    try:
        read = pupils._read_save(changed)
    except pupils.BadAsk:
        return
    assert read != pupils._read_save(SAVE)
    assert uploads.pack_save(read[0]) == changed


@given(st.integers(0, len(SAVE) - 1))
def test_a_save_cut_short_is_another_save_or_refused(size: int) -> None:
    """Only the box may be shorter; its length is nowhere else, and its seal tells."""
    try:
        save, _ = pupils._read_save(SAVE[:size])
    except pupils.BadAsk:
        return
    assert save.envelope == ENVELOPE
    assert b"box".startswith(save.box)


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_any_bytes_are_a_sign_in_or_are_refused(body: bytes) -> None:
    with pytest.raises(pupils.BadAsk):
        pupils._read_sign_in(body)


@given(st.text(max_size=40))
def test_only_a_plain_number_asks_for_a_batch(query: str) -> None:
    asked = doors._AFTER.fullmatch(query)
    assert asked is None or query == f"after={int(asked[1])}"


@given(st.integers(0, 10**18 - 1))
def test_every_rank_asks_for_a_batch(after: int) -> None:
    for store in (None, "5f0a91d2e47b60aa"):
        asked = doors._AFTER.fullmatch(f"after={after}" + (f"&store={store}" if store else ""))
        assert asked is not None
        assert (int(asked[1]), asked[2]) == (after, store)


@given(st.text(max_size=80))
def test_no_name_of_a_booklet_file_leaves_its_folder(name: str) -> None:
    written = to_bytes({"v": 1, "index": "0" * 64, "pack": "0" * 64, "files": [name]})
    try:
        (read,) = from_bytes(written, SealedIndex).files
    except EncrierError:
        return
    assert set(read) <= set("0123456789abcdef")


@given(
    opens=st.none() | st.datetimes(timezones=st.just(UTC)).filter(lambda d: d.year > 1970),
    is_open=st.booleans(),
    box=st.binary(min_size=BOX_SIZE, max_size=BOX_SIZE),
)
def test_an_admission_is_kept_as_it_was_sent_to_the_minute(
    opens: datetime | None,
    *,
    is_open: bool,
    box: bytes,
) -> None:
    row = Admission(b"s" * 16, b"h" * 32, b"b" * 8, box, opens, opens, is_open)
    (back,) = from_bytes(to_bytes(AdmissionList(b"c" * 16, 1, [row])), AdmissionList).rows
    kept = admission._admitted(back)
    assert (kept.sid, kept.auth_sha256, kept.bundle) == (row.sid, row.auth_sha256, row.bundle)
    assert (kept.terms, kept.is_open) == (box, is_open)
    if opens is None:
        assert (kept.opens, kept.closes) == (None, None)
    else:
        assert kept.opens is not None
        assert kept.closes is not None
        assert 0 <= opens.timestamp() - kept.opens * 60 < 60
        assert 0 <= kept.closes * 60 - opens.timestamp() < 60
