# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a school prints: each document says what it should, and names nobody whom it should not."""

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Literal

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from encrier import clock
from encrier.errors import EncrierError
from encrier.wire import SittingProgress
from encrier_names.audit.models import Access
from encrier_names.codesheets.validation import validate
from encrier_names.documents import ends, whole_school
from encrier_names.documents.class_list import class_list_pdf
from encrier_names.documents.models import Printing
from encrier_names.documents.whole_school import Made, Paper
from encrier_names.followup.models import Printed
from encrier_names.pseudonyms import links
from encrier_names.schools import lists
from encrier_names.schools.lists import pupils_of
from encrier_names.schools.models import Closure, Division, Identity, Reason
from encrier_names.sittings import grants, progress


def _text(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def _second_class(first: Any, *, label: str = "6C", n_pupils: int = 2) -> Any:
    division = Division.objects.create(school=first.school, label=label)
    for i in range(n_pupils):
        lists.add(division, Identity(last_name=f"BERLUREAU{i}", first_name="Zoé"), level="6E")
    return division


def _see(division: Any, *states: tuple[Literal["started", "finished"], int]) -> None:
    """Let the pupils of a class, in their order, be seen so by answers."""
    pupils = pupils_of(division)
    sittings = links.of(p.id for p in pupils)
    progress.keep(
        SittingProgress(
            sid=sittings[pupil.id].sid, state=state, percent=percent, unsent=0, last_minute=1
        )
        for pupil, (state, percent) in zip(pupils, states, strict=False)
    )


def _head(names: Any, division: Any) -> Any:
    return names.client(names.staff("head", "head", school=division.school))


def test_the_list_to_check_holds_names_and_birth_dates_and_no_number_or_code(names: Any) -> None:
    division = names.validated_class(3)
    text = _text(class_list_pdf(division, names.manifest))
    for pupil in pupils_of(division):
        assert text.count(pupil.identity.last_name) == 1
        assert f"{pupil.identity.birth_date:%d/%m/%Y}" in text
        assert str(pupil.identity.ine) not in text
    for sitting in links.of(p.id for p in pupils_of(division)).values():
        assert sitting.order[:4] + " " + sitting.order[4:] not in text
        assert sitting.code[:4] not in text
    assert "Le professeur" in text
    assert "Liste validée" in text


def test_a_list_that_is_not_validated_says_so(names: Any) -> None:
    division = names.open_class(2)
    assert "pas encore validée" in _text(class_list_pdf(division, names.manifest))


def test_whoever_has_not_finished_is_to_catch_up_and_whose_row_is_closed_is_not(
    names: Any,
) -> None:
    division = names.validated_class(5)
    first, second, third, fourth, fifth = pupils_of(division)
    fourth.close(Closure(Reason.ABSENT, clock.now(), division.id))
    fourth.save()
    _see(division, ("finished", 100), ("started", 40))
    rows = ends.absentees([division])
    named = [(row.last_name, row.state) for row in rows]
    assert named == [
        (third.identity.last_name, "n’a pas commencé"),
        (fifth.identity.last_name, "n’a pas commencé"),
        (second.identity.last_name, "commencé, 40\u00a0%"),
    ]
    text = _text(ends.absentees_pdf(division.school, rows, names.manifest, division="6B"))
    assert "3 élèves à faire passer" in text
    assert first.identity.last_name not in text
    assert fourth.identity.last_name not in text


def test_a_list_of_nobody_says_that_nobody_is_to_catch_up(names: Any) -> None:
    school = names.validated_class(1).school
    assert "Personne n’est à rattraper" in _text(ends.absentees_pdf(school, (), names.manifest))


def test_the_declaration_counts_by_class_and_reason_and_names_nobody(names: Any) -> None:
    division = names.validated_class(5)
    _second_class(division)
    pupils = pupils_of(division)
    for pupil, reason in zip(pupils[3:], (Reason.ABSENT, Reason.EXEMPT), strict=True):
        pupil.close(Closure(reason, clock.now(), division.id))
        pupil.save()
    _see(division, ("finished", 100), ("started", 40))
    divisions = division.school.divisions.order_by("label")
    text = _text(ends.declaration_pdf(division.school, divisions, names.manifest))
    assert "6B 5 1 1 1 2 –" in text
    assert "6C 2 – – – – 2" in text
    assert "Ensemble 7 1 1 1 2 2" in text
    assert "Absent : 1" in text
    assert "Dispensé : 1" in text
    assert division.school.uai in text
    assert "ZORGLUB" not in text
    assert "BERLUREAU" not in text


def test_the_form_for_incidents_already_names_school_and_campaign(names: Any) -> None:
    division = names.validated_class(1)
    text = _text(ends.incident_pdf(division.school, names.manifest))
    assert division.school.name in text
    assert names.manifest.label in text
    assert "ZORGLUB" not in text


def test_a_whole_school_leaves_as_a_pdf_a_class_letters_and_forms(names: Any) -> None:
    division = names.validated_class(3)
    _second_class(division)
    answer = _head(names, division).get("/documents/ecole.zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    assert archive.testzip() is None
    assert archive.namelist() == [
        "Codes/6B.pdf",
        "Listes à vérifier/6C.pdf",
        *(f"Lettres aux familles/{language}.pdf" for language in
          ("Français", "English", "العربية", "Português", "Türkçe", "Українська")),
        "Fiche d’incident.pdf",
        "Déclaration de fin des passations.pdf",
    ]  # fmt: skip
    assert _text(archive.read("Codes/6B.pdf")).count("Ton code") == 3
    assert "BERLUREAU0" in _text(archive.read("Listes à vérifier/6C.pdf"))


def test_a_whole_school_in_large_print(names: Any) -> None:
    division = names.validated_class(3)
    answer = _head(names, division).get("/documents/ecole.zip?caracteres=grands")
    archive = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    assert _text(archive.read("Codes/6B.pdf")).count("tape ton code") == 3


def test_a_class_is_made_only_when_the_one_before_has_left(names: Any) -> None:
    """So that a school of any size takes the memory of one class."""
    order: list[str] = []

    def make(label: str) -> bytes:
        order.append(f"made {label}")
        return b"%PDF"

    papers = [Paper(f"{c}.pdf", lambda c=c: make(c)) for c in "AB"]  # type: ignore[misc]
    sent = whole_school.zipped(whole_school.made(papers), clock.now())
    assert order == []
    assert next(sent)
    assert order == ["made A"]
    assert next(sent)
    assert order == ["made A", "made B"]


def test_a_document_that_cannot_be_made_costs_no_other(names: Any) -> None:
    class Broken(EncrierError):
        what = "Rien ne va."
        next_step = "Recommencez."

    def fail() -> bytes:
        raise Broken

    papers = [Paper("a.pdf", fail), Paper("b.pdf", lambda: b"%PDF")]
    content = b"".join(whole_school.zipped(whole_school.made(papers), clock.now()))
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.namelist() == ["b.pdf", "À LIRE.txt"]
    assert "a.pdf\u00a0: Rien ne va. Recommencez." in archive.read("À LIRE.txt").decode("utf-8-sig")


def test_two_classes_whose_labels_make_one_file_name_keep_two_files(names: Any) -> None:
    division = names.open_class(1, division="6/B")
    _second_class(division, label="6:B")
    _second_class(division, label="../6B")
    places = [p.place for p in whole_school.papers_of(division.school, names.manifest)][:3]
    assert places == [
        "Listes à vérifier/-6B.pdf",
        "Listes à vérifier/6-B.pdf",
        "Listes à vérifier/6-B (2).pdf",
    ]


def test_each_class_of_a_school_is_in_the_audit_before_it_leaves(names: Any) -> None:
    division = names.validated_class(3)
    other = _second_class(division)
    before = Access.objects.count()
    answer = _head(names, division).get("/documents/ecole.zip")
    pieces: Iterator[bytes] = iter(answer.streaming_content)
    next(pieces)
    rows = Access.objects.order_by("id")[before:]
    assert [(row.action, row.division, row.n_pupils) for row in rows] == [
        ("code-sheet", division.id, 3)
    ]
    assert len(list(pieces)) > 1
    rows = Access.objects.order_by("id")[before:]
    assert [(row.action, row.division, row.n_pupils) for row in rows] == [
        ("code-sheet", division.id, 3),
        ("class-list-pdf", other.id, 2),
    ]


def test_the_page_shows_how_far_the_papers_of_the_school_have_come(names: Any) -> None:
    division = names.validated_class(2)
    head = _head(names, division)
    assert "Actualisez cette page" in head.get("/documents/").content.decode()
    pieces = iter(head.get("/documents/ecole.zip").streaming_content)
    next(pieces)
    next(pieces)
    assert "1 documents sur 9" in head.get("/documents/").content.decode()
    list(pieces)
    assert "terminée le" in head.get("/documents/").content.decode()
    printing = Printing.objects.get()
    assert printing.n_done == printing.n_papers == 9


def test_the_page_counts_the_pages_that_come_out(names: Any) -> None:
    division = names.validated_class(9)
    head = _head(names, division)
    pupil = pupils_of(division)[0]
    grants.change([pupil.id], lambda grant: replace(grant, settings=("size:200",)))
    sheet = head.get(f"/classes/{division.id}/codes.pdf").content
    n_pages = len(PdfReader(io.BytesIO(sheet)).pages)
    assert f"soit {n_pages} pages" in head.get("/documents/").content.decode()


def test_classes_that_left_half_way_count_as_printed_and_the_others_do_not(names: Any) -> None:
    first = names.validated_class(2)
    second = _second_class(first)
    validate(second)
    answer = _head(names, first).get("/documents/ecole.zip")
    pieces = iter(answer.streaming_content)
    next(pieces)
    next(pieces)
    answer.close()
    del pieces, answer  # as when the browser gives up
    assert list(Printed.objects.values_list("division", flat=True)) == [first.id]


def test_a_school_that_has_not_opened_declares_no_end(names: Any) -> None:
    names.start(opens_at=clock.now() + timedelta(days=3), closes_at=clock.now() + timedelta(days=9))
    division = names.validated_class(1)
    page = _head(names, division).get("/documents/").content.decode()
    assert "declaration.pdf" not in page
    assert "dès l’ouverture des passations" in page
    places = [p.place for p in whole_school.papers_of(division.school, names.manifest)]
    assert not any("Déclaration" in place for place in places)


def test_a_head_without_a_class_is_led_to_the_import(names: Any) -> None:
    division = names.open_class(1)
    division.delete()
    assert "/listes/" in _head(names, division).get("/documents/").content.decode()


def test_a_class_without_pupils_has_nothing_to_print(names: Any) -> None:
    division = names.open_class(1)
    division.pupils.all().delete()
    assert "liste.pdf" not in _head(names, division).get("/documents/").content.decode()


@pytest.mark.parametrize("place", ["lettre-xx.pdf", "lettre-../fr.pdf", "lettre-.pdf"])
def test_a_letter_in_no_language_of_ours_is_not_there(names: Any, place: str) -> None:
    division = names.open_class(1)
    assert _head(names, division).get(f"/documents/{place}").status_code == 404


def test_absentees_of_the_school_leave_a_row_for_each_class_that_has_some(names: Any) -> None:
    division = names.validated_class(3)
    _second_class(division)  # without codes: nobody of it is awaited
    before = Access.objects.count()
    answer = _head(names, division).get("/documents/a-rattraper.pdf")
    assert "ZORGLUBAA" in _text(answer.content)
    rows = Access.objects.order_by("id")[before:]
    assert [(row.action, row.division, row.n_pupils) for row in rows] == [
        ("class-absentees", division.id, 3)
    ]


def test_made_keeps_a_text_on_what_is_missing_to_the_end(names: Any) -> None:
    documents: list[Made] = list(whole_school.made([]))
    assert documents == []
