# SPDX-License-Identifier: AGPL-3.0-or-later
"""One pupil is one row, whatever comes twice: a file, a click, a number that was missing."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encrier_names.codesheets import sheet, validation
from encrier_names.pseudonyms import drawing
from encrier_names.schools import lists
from encrier_names.schools.models import Division, Identity, Pupil

GIVEN = {"last_name": "ARRIVÉE", "first_name": "Tardive", "birth_date": "2015-03-02"}
INE = b"<ID_NATIONAL>990000001AA</ID_NATIONAL>"


@pytest.fixture
def head(names: Any) -> Any:
    """The head of the school of `names.open_class`."""
    division = names.open_class(3)
    return names.client(names.staff("head", "head", school=division.school))


def _import(head: Any, file: Any) -> Any:
    return head.post(head.post("/listes/", {"file": file})["location"])


def test_a_pupil_whose_ine_comes_after_her_code_keeps_her_row(names: Any, head: Any) -> None:
    without = names.file(names.file().read().replace(INE, b""))
    _import(head, without)
    validation.validate(Division.objects.get())
    Division.objects.update(validated_at=None)  # a pupil was added since
    before = set(Pupil.objects.values_list("id", flat=True))
    _import(head, names.file())
    assert set(Pupil.objects.values_list("id", flat=True)) == before
    assert all(pupil.identity.ine for pupil in Pupil.objects.all())


def test_a_pupil_added_by_hand_is_known_again_in_the_next_file(names: Any, head: Any) -> None:
    division = Division.objects.get()
    by_hand = {"last_name": "Zorglubaa", "first_name": "Prenaome", "birth_date": "2015-02-02"}
    first = min(division.pupils.all(), key=lambda p: p.identity.ine or "")
    first.delete()
    head.post(f"/classes/{division.id}/ajouter/", by_hand)
    before = set(Pupil.objects.values_list("id", flat=True))
    _import(head, names.file())
    assert set(Pupil.objects.values_list("id", flat=True)) == before


def test_a_pupil_whom_the_file_moves_into_a_validated_class_is_not_lost(names: Any) -> None:
    validated = names.validated_class(3)
    rows = names.file(n_pupils=4).read()
    *_, last = rows.partition(b'<STRUCTURES_ELEVE ELEVE_ID="4">')
    head = names.client(names.staff("head", "head", school=validated.school))
    start = rows[: -len(last)]
    _import(head, names.file(start + last.replace(b">6B<", b">6C<", 1)))
    assert Division.objects.get(label="6C").pupils.count() == 1
    other = '<STRUCTURES_ELEVE ELEVE_ID="5"><STRUCTURE><CODE_STRUCTURE>6C</CODE_STRUCTURE>'
    other += "<TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE></STRUCTURES>"
    fifth = '<ELEVE ELEVE_ID="5"><NOM_DE_FAMILLE>E</NOM_DE_FAMILLE><PRENOM>F</PRENOM>'
    fifth += "<CODE_MEF>10010012110</CODE_MEF></ELEVE></ELEVES>"
    moved = rows.replace(b"</STRUCTURES>", other.encode()).replace(b"</ELEVES>", fifth.encode())
    _import(head, names.file(moved))
    assert Pupil.objects.count() == 5


def test_two_clicks_add_one_pupil(head: Any) -> None:
    division = Division.objects.get()
    head.post(f"/classes/{division.id}/ajouter/", GIVEN)
    again = head.post(f"/classes/{division.id}/ajouter/", {**GIVEN, "last_name": "Arrivee"})
    assert "déjà dans la liste de la classe 6B" in again.content.decode()
    assert division.pupils.count() == 4


def test_a_number_that_another_pupil_has_is_refused_in_a_correction(head: Any) -> None:
    one, other, _third = Division.objects.get().pupils.all()
    wrong = {**GIVEN, "ine": one.identity.ine}
    answer = head.post(f"/eleves/{other.id}/corriger/", wrong)
    assert "déjà dans la liste" in answer.content.decode()
    assert head.post(f"/eleves/{one.id}/corriger/", wrong).status_code == 302


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("last_name", "=cmd()"),
        ("first_name", "+33"),
        ("used_name", "@nom"),
        ("last_name", "\u200b"),
        ("birth_date", "1015-01-02"),
        ("birth_date", "2115-01-02"),
    ],
)
def test_by_hand_nothing_gets_in_that_a_file_could_not_bring(
    head: Any, field: str, wrong: str
) -> None:
    division = Division.objects.get()
    answer = head.post(f"/classes/{division.id}/ajouter/", {**GIVEN, field: wrong})
    assert 'class="error"' in answer.content.decode()
    assert division.pupils.count() == 3


def test_a_pupil_who_comes_while_codes_are_drawn_leaves_a_list_to_validate(
    names: Any, head: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    division = Division.objects.get()
    draw = drawing.draw_for

    def interrupted(*args: Any, **kwargs: Any) -> Any:
        drawn = draw(*args, **kwargs)
        head.post(f"/classes/{division.id}/ajouter/", GIVEN)
        return drawn

    with monkeypatch.context() as patch:
        patch.setattr(drawing, "draw_for", interrupted)
        with pytest.raises(validation.ListChanged):
            validation.validate(division)
    division.refresh_from_db()
    assert division.validated_at is None
    validation.validate(division)
    division.refresh_from_db()
    assert sheet.sheet_pdf(division, names.manifest).startswith(b"%PDF")


def _person(first_name: str, ine: str | None, born: date | None = None) -> Identity:
    return Identity(last_name="N", first_name=first_name, birth_date=born, ine=ine)


PEOPLE = st.builds(
    _person, st.sampled_from("ab"), st.sampled_from([None, "1", "2", "3"]), st.none()
)


@given(st.lists(PEOPLE), st.lists(PEOPLE))
def test_nobody_is_recognised_twice_nor_under_another_ine(
    read: list[Identity], known: list[Identity]
) -> None:
    found = lists.recognised(read, dict(enumerate(known)))
    assert len(set(found.values())) == len(found)
    for rank, key in found.items():
        numbers = {read[rank].ine, known[key].ine} - {None}
        assert len(numbers) <= 1


def test_an_ine_counts_before_a_name() -> None:
    known = {"old": _person("a", "1"), "new": _person("a", None)}
    assert lists.recognised([_person("a", None), _person("b", "1")], known) == {1: "old", 0: "new"}
