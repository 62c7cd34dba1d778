# SPDX-License-Identifier: AGPL-3.0-or-later
"""Personal columns: sealed before they reach the disk, bound to their place."""

import secrets
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encrier.secret import Secret
from encrier_names.encryption import BoxBroken, seal, unseal
from encrier_names.schools.models import Pupil

KEY = Secret(secrets.token_bytes(32))


@given(plain=st.binary(max_size=200), context=st.binary(max_size=40))
def test_a_box_opens_with_its_key_and_context(plain: bytes, context: bytes) -> None:
    assert unseal(KEY, seal(KEY, plain, context=context), context=context) == plain


@given(plain=st.binary(max_size=60), place=st.integers(0), bit=st.integers(0, 7))
def test_a_box_with_one_bit_changed_does_not_open(plain: bytes, place: int, bit: int) -> None:
    box = bytearray(seal(KEY, plain, context=b"here"))
    box[place % len(box)] ^= 1 << bit
    with pytest.raises(BoxBroken):
        unseal(KEY, bytes(box), context=b"here")


@given(box=st.binary(max_size=40))
def test_any_other_bytes_are_refused(box: bytes) -> None:
    with pytest.raises(BoxBroken):
        unseal(KEY, box, context=b"here")


def test_an_identity_moved_to_another_row_does_not_open(names: Any) -> None:
    one, other = names.open_class(2).pupils.all()
    Pupil.objects.filter(id=one.id).update(identity_box=other.identity_box)
    one.refresh_from_db()
    with pytest.raises(BoxBroken):
        _ = one.identity


def test_no_name_is_in_clear_in_any_file_of_the_databases(names: Any) -> None:
    """From the first reading to the last page of results, journals included."""
    division = names.open_class(6)
    canaries = [
        word
        for pupil in Pupil.objects.all()
        for word in (pupil.identity.last_name, pupil.identity.first_name, pupil.identity.ine)
        if word
    ]
    assert len(canaries) == 18
    head = names.client(names.staff("head", "head", school=division.school))
    waiting = head.post("/listes/", {"file": names.file(n_pupils=6)})
    assert waiting.status_code == 302
    head.post(f"/classes/{division.id}/valider/", {"declaration": "yes"})
    names.send_scores(division)
    assert head.get(f"/classes/{division.id}/resultats/").status_code == 200
    content = names.every_byte()
    assert b"9990001X" in content  # the search does find what is in clear
    for word in canaries:
        for encoding in ("utf-8", "utf-16-le", "iso-8859-15"):
            assert word.encode(encoding) not in content
