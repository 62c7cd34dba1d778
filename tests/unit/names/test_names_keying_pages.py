# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a school's pages say of a class that is keyed: no code to print, what is keyed of it."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from encrier.wire import SittingProgress
from encrier_names.codesheets.sheet import slips_of
from encrier_names.followup import tallies
from encrier_names.sittings import counting, grants, progress
from stagecraft.campaign_files import BUNDLES
from stagecraft.keyed import PAPERS, keyed

KIT = f"/saisie/kits/{BUNDLES[0].hex()}"


@pytest.fixture
def division(names: Any) -> Any:
    """A validated class of which all is keyed."""
    keyed(names)
    division = names.validated_class(3)
    tallies.recount(division.school.id)
    return division


def _as(names: Any, role: str, division: Any) -> Any:
    of_class = {"divisions": [division]} if role in {"teacher", "supervisor"} else {}
    return names.client(names.staff(role, role, school=division.school, **of_class))


def _said(division: Any, *percents: int) -> None:
    """Let answers say so of the pupils of a class, in the order of the list."""
    reports = [
        SittingProgress(slip.sid, "started", percent, 0, 29_000_000, BUNDLES[0])
        for slip, percent in zip(slips_of(division), percents, strict=False)
    ]
    tallies.moved(progress.keep(reports).moves)


def test_a_class_that_is_keyed_whole_has_no_code_to_print(names: Any, division: Any) -> None:
    head = _as(names, "head", division)
    for address in (f"/classes/{division.id}/", f"/classes/{division.id}/passation/", "/"):
        page = head.get(address).content.decode()
        assert "Imprimer les codes" not in page
        assert f'href="/classes/{division.id}/codes/"' not in page
        assert f'href="/saisie/{division.id}/#' in page
    codes = head.get(f"/classes/{division.id}/codes/").content.decode()
    assert "Il ne s’imprime pas" in codes
    assert "codes.pdf" not in codes
    assert "codes.pdf" not in head.get("/documents/").content.decode()
    assert head.get(f"/classes/{division.id}/codes.pdf").status_code == 409


def test_the_papers_of_a_school_hold_no_code_of_a_keyed_class(names: Any, division: Any) -> None:
    sent = b"".join(_as(names, "head", division).get("/documents/ecole.zip").streaming_content)
    places = ZipFile(BytesIO(sent)).namelist()
    assert not [place for place in places if place.startswith("Codes/")]
    assert "Listes à vérifier/6B.pdf" in places


def test_the_guide_is_offered_where_a_class_is_keyed(names: Any, division: Any) -> None:
    guide = 'href="/static/saisir-les-cahiers.pdf"'
    teacher, head = _as(names, "teacher", division), _as(names, "head", division)
    assert guide in teacher.get(f"/classes/{division.id}/").content.decode()
    assert guide in head.get(f"/classes/{division.id}/").content.decode()
    assert guide in head.get("/documents/").content.decode()


def test_who_keys_nothing_is_offered_no_guide_of_it(names: Any) -> None:
    head = _as(names, "head", names.validated_class(3))
    assert "saisir-les-cahiers" not in head.get("/documents/").content.decode()


def test_a_class_of_which_a_part_sits_on_screen_keeps_its_code_sheet(names: Any) -> None:
    keyed(names, ("6E", "screen"), ("CM2", "keyed"))
    division = names.validated_class(3)
    youngest = division.pupils.first()
    youngest.level = "CM2"
    youngest.save()
    page = _as(names, "head", division).get(f"/classes/{division.id}/").content.decode()
    assert f'href="/classes/{division.id}/codes/"' in page
    assert f'href="/saisie/{division.id}/#' in page


def test_the_documents_of_the_kit_are_on_the_page_of_the_class(names: Any, division: Any) -> None:
    for role in ("teacher", "head"):
        page = _as(names, role, division).get(f"/classes/{division.id}/").content.decode()
        assert [paper for paper in PAPERS if f'href="{KIT}/{paper}"' not in page] == []
        assert "Livret de l’enseignant" in page


def test_who_may_not_key_finds_no_secret(names: Any, division: Any) -> None:
    for role, address in (
        ("supervisor", f"/classes/{division.id}/passation/"),
        ("ministry", f"/classes/{division.id}/"),
        ("ministry", f"/etablissements/{division.school.id}/"),
    ):
        school = None if role == "ministry" else division.school
        staff = names.staff(f"{role}{len(address)}", role, school=school, divisions=[division])
        page = names.client(staff).get(address).content.decode()
        assert "6B" in page
        assert f"/saisie/{division.id}/" not in page
        assert (KIT in page) == (address == f"/classes/{division.id}/")


def test_progress_is_told_in_the_words_of_keying(names: Any, division: Any) -> None:
    _said(division, 82, 100)
    page = (
        _as(names, "teacher", division).get(f"/classes/{division.id}/passation/").content.decode()
    )
    assert "Saisi à 82\u00a0%" in page
    assert ">Saisi<" in page
    assert "À saisir" in page
    for absent in ("Mettre toute la classe en pause", "Fermer la séance", ">Écran<", "Commencé"):
        assert absent not in page
    assert "Absence" in page


def test_what_is_keyed_whole_counts_as_finished_and_is_awaited_again_when_taken_back(
    names: Any, division: Any
) -> None:
    _said(division, 100, 100, 100)
    assert counting.counts([division.id])[division.id].finished == 3
    assert tallies.of(division.school).step == "done"
    assert tallies.wrong() == []
    _said(division, 100, 100, 96)
    assert counting.counts([division.id])[division.id].finished == 2
    assert tallies.of(division.school).step == "under-way"
    assert tallies.wrong() == []


def test_on_screen_a_hundred_percent_is_not_the_end(names: Any) -> None:
    division = names.validated_class(2)
    _said(division, 100)
    assert counting.counts([division.id])[division.id].finished == 0


def test_a_school_that_keys_has_nothing_to_print_before_it_is_ready(
    names: Any, division: Any
) -> None:
    assert tallies.of(division.school).step == "ready"
    assert tallies.wrong() == []
    page = _as(names, "head", division).get("/").content.decode()
    assert "les cahiers peuvent être saisis" in page
    assert "sa fenêtre est prolongée" not in page


def test_the_calendar_says_who_may_open_a_keying_again(names: Any, division: Any) -> None:
    head = _as(names, "head", division)
    assert "Rouvrir la saisie" in head.get("/calendrier/").content.decode()
    keyed(names, ("6E", "screen"))
    assert "Rouvrir la saisie" not in head.get("/calendrier/").content.decode()


def test_closing_a_room_closes_nothing_that_is_keyed(names: Any) -> None:
    keyed(names, ("6E", "screen"), ("CM2", "keyed"))
    division = names.validated_class(3)
    youngest = division.pupils.first()
    youngest.level = "CM2"
    youngest.save()
    teacher = _as(names, "teacher", division)
    teacher.post(f"/classes/{division.id}/passation/agir/", {"act": "close"})
    granted = grants.of(division.pupils.values_list("id", flat=True))
    assert {pupil for pupil, grant in granted.items() if grant.closes_at is None} == {youngest.id}
    address = f"/classes/{division.id}/passation/agir/"
    assert teacher.post(address, {"act": "close", "pupil": youngest.id}).status_code == 404


def test_a_pupil_on_screen_who_answered_all_has_not_said_that_she_has_finished(
    names: Any, division: Any
) -> None:
    (first, *_) = slips_of(division)
    report = SittingProgress(first.sid, "started", 100, 0, 29_000_000, BUNDLES[1])
    assert [move.after for move in progress.keep([report]).moves] == ["started"]
