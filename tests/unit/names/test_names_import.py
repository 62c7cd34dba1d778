# SPDX-License-Identifier: AGPL-3.0-or-later
"""The import as the head meets it: file, what was understood, confirmation, class lists."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encrier import clock
from encrier_names.imports.models import WaitingImport
from encrier_names.imports.plan import plan
from encrier_names.rosters.identifiers import Level
from encrier_names.rosters.reading import Pupil as Read
from encrier_names.rosters.reading import Reading, Source
from encrier_names.schools.models import Division, Pupil, School


@pytest.fixture
def head(names: Any) -> Any:
    """The head of a school with nothing in it yet."""
    school = School.objects.create(uai="9990001X", name="Collège du Test")
    return names.client(names.staff("head", "head", school=school))


def test_the_journey_from_a_file_to_a_validated_class(names: Any, head: Any) -> None:
    assert "Importer une liste" in head.get("/").content.decode()
    read = head.post("/listes/", {"file": names.file(n_pupils=4)})
    assert read.status_code == 302
    assert Pupil.objects.count() == 0  # nothing before the head confirms
    page = head.get(read["location"]).content.decode()
    assert "4 élèves prêts à être enregistrés" in page
    assert head.post(read["location"]).status_code == 302
    division = Division.objects.get(label="6B")
    assert division.pupils.count() == 4
    assert WaitingImport.objects.count() == 0
    listed = head.get(f"/classes/{division.id}/").content.decode()
    assert "ZORGLUBAA" in listed
    assert "Je déclare avoir vérifié" in listed
    refused = head.post(f"/classes/{division.id}/valider/")
    assert refused.status_code == 400
    assert "pas cochée" in refused.content.decode()
    done = head.post(f"/classes/{division.id}/valider/", {"declaration": "yes"})
    assert done["location"] == f"/classes/{division.id}/codes/"
    assert head.get(f"/classes/{division.id}/codes.pdf").content.startswith(b"%PDF")


def test_each_defect_is_a_french_sentence_with_its_line(names: Any, head: Any) -> None:
    content = names.file(n_pupils=3).read().replace(b"<ID_NATIONAL>990000002AA</ID_NATIONAL>", b"")
    page = head.get(head.post("/listes/", {"file": names.file(content)})["location"])
    text = page.content.decode()
    assert "1 remarque" in text
    assert "Ligne 3\u202f: cet élève n’a pas d’INE." in text.replace("\u00a0", "\u202f")
    assert "3 élèves prêts" in text


@pytest.mark.parametrize(
    ("content", "words"), [(b"%PDF-1.7", "PDF"), (b"bonjour", ""), (b"\x00\xff" * 50, "")]
)
def test_a_file_that_is_no_class_list_is_refused_with_what_to_give(
    names: Any, head: Any, content: bytes, words: str
) -> None:
    answer = head.post("/listes/", {"file": names.file(content)})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert words in answer.content.decode()
    assert WaitingImport.objects.count() == 0


def test_no_file_at_all_is_said(head: Any) -> None:
    assert "Choisissez d’abord un fichier" in head.post("/listes/", {}).content.decode()


def test_the_list_of_another_school_is_not_taken_in_silently(names: Any, head: Any) -> None:
    content = names.file(n_pupils=2).read().replace(b"9990001X", b"9990002Y")
    answer = head.post("/listes/", {"file": names.file(content)})
    shown = answer if answer.status_code == 400 else head.get(answer["location"])
    assert "9990002Y" in shown.content.decode()


def test_a_second_import_follows_the_file_and_keeps_who_stays(names: Any, head: Any) -> None:
    head.post(head.post("/listes/", {"file": names.file(n_pupils=4)})["location"])
    before = {p.identity.ine: p.id for p in Pupil.objects.all()}
    head.post(head.post("/listes/", {"file": names.file(n_pupils=3)})["location"])
    after = {p.identity.ine: p.id for p in Pupil.objects.all()}
    assert len(after) == 3
    assert after.items() < before.items()


def test_a_validated_class_is_left_as_it_is(names: Any) -> None:
    division = names.validated_class(3)
    head = names.client(names.staff("head", "head", school=division.school))
    read = head.post("/listes/", {"file": names.file(n_pupils=5)})["location"]
    assert "déjà validée" in head.get(read).content.decode()
    head.post(read)
    assert division.pupils.count() == 3


def test_a_pupil_who_changes_class_is_moved_with_her_row(names: Any, head: Any) -> None:
    first = names.file(n_pupils=4)
    moved = first.read().replace(b">6B<", b">6C<", 1)
    first.seek(0)
    head.post(head.post("/listes/", {"file": first})["location"])
    before = set(Pupil.objects.values_list("id", flat=True))
    head.post(head.post("/listes/", {"file": names.file(moved)})["location"])
    assert set(Pupil.objects.values_list("id", flat=True)) == before
    assert Division.objects.get(label="6C").pupils.count() == 1


def test_a_pupil_of_a_validated_class_is_not_taken_in_twice(names: Any) -> None:
    division = names.validated_class(3)
    head = names.client(names.staff("head", "head", school=division.school))
    elsewhere = names.file(n_pupils=3).read().replace(b">6B<", b">6C<")
    head.post(head.post("/listes/", {"file": names.file(elsewhere)})["location"])
    assert Pupil.objects.count() == 3
    assert division.pupils.count() == 3


def test_a_pupil_whose_code_may_be_on_paper_is_not_removed_by_an_import(names: Any) -> None:
    division = names.validated_class(4)
    Division.objects.update(validated_at=None)  # a pupil was added since
    head = names.client(names.staff("head", "head", school=division.school))
    head.post(head.post("/listes/", {"file": names.file(n_pupils=2)})["location"])
    assert division.pupils.count() == 4


def test_an_import_that_waited_too_long_is_forgotten(names: Any, head: Any) -> None:
    read = head.post("/listes/", {"file": names.file()})["location"]
    WaitingImport.objects.update(at=clock.now() - timedelta(hours=3))
    assert head.get(read).status_code == 404
    head.post("/listes/", {"file": names.file()})
    assert WaitingImport.objects.count() == 1


def test_a_pupil_is_added_corrected_and_removed_by_hand(names: Any) -> None:
    division = names.open_class(2)
    head = names.client(names.staff("head", "head", school=division.school))
    given = {"last_name": "ARRIVÉE", "first_name": "Tardive", "birth_date": "2015-03-02"}
    head.post(f"/classes/{division.id}/ajouter/", given)
    pupil = next(p for p in division.pupils.all() if p.identity.last_name == "ARRIVÉE")
    wrong = head.post(f"/eleves/{pupil.id}/corriger/", {**given, "ine": "12"})
    assert "INE" in wrong.content.decode()
    head.post(f"/eleves/{pupil.id}/corriger/", {**given, "last_name": "ARRIVÉ"})
    pupil.refresh_from_db()
    assert pupil.identity.last_name == "ARRIVÉ"
    assert str(pupil.identity.birth_date) == "2015-03-02"
    head.post(f"/eleves/{pupil.id}/retirer/")
    assert division.pupils.count() == 2


def test_a_pupil_who_has_a_code_cannot_be_removed(names: Any) -> None:
    division = names.validated_class(2)
    Division.objects.update(validated_at=None)
    head = names.client(names.staff("head", "head", school=division.school))
    assert head.post(f"/eleves/{division.pupils.first().id}/retirer/").status_code == 409
    assert division.pupils.count() == 2


def _reading(divisions: list[str]) -> Reading:
    pupils = tuple(
        Read(
            last_name="N",
            used_name=None,
            first_name="P",
            birth_date=None,
            sex=None,
            ine=None,
            level=Level.SIXTH,
            division=division,
            groups=(),
            source_line=i,
        )
        for i, division in enumerate(divisions)
    )
    source = Source(
        format="siecle",
        uai=None,
        school_year=None,
        exported_on=None,
        levels=(Level.SIXTH,),
        rows=(),
        elsewhere=(),
        classes=(),
        said=(),
        columns_dropped=(),
        n_rows=len(pupils),
    )
    return Reading(source=source, pupils=pupils, defects=())


LABELS = st.sampled_from(["", "6A", "6B", "6C"])


@given(st.lists(LABELS), st.dictionaries(LABELS, st.booleans()))
def test_every_pupil_of_a_file_is_in_one_class_of_the_plan_or_counted_without(
    divisions: list[str], validated: dict[str, bool]
) -> None:
    decided = plan(_reading(divisions), validated=validated)
    placed = [rank for division in decided.divisions for rank in division.pupils]
    assert sorted(placed) == [i for i, label in enumerate(divisions) if label]
    assert decided.n_without_division == divisions.count("")
    for division in decided.divisions:
        assert division.frozen == validated.get(division.label, False)
        assert {divisions[rank] for rank in division.pupils} == {division.label}
