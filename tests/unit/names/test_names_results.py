# SPDX-License-Identifier: AGPL-3.0-or-later
"""Restitution: groups by domain, never a total mark, unfinished said as it is, and its end."""

import io
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from pypdf import PdfReader

from encrier.records import to_bytes
from encrier.wire import Domain, Group, ScoreRow
from encrier_names.codesheets.sheet import slips_of
from encrier_names.restitution import results
from encrier_names.restitution.pupil_sheet import pupil_pdf
from encrier_names.restitution.results import Cell, PupilResults
from encrier_names.schools.models import Identity

REPORTING = Path(__file__).parents[3] / "demo/assessments/sixieme-debut/encrier-reporting.json"
PAGES = (
    "/classes/{division}/resultats/",
    "/eleves/{pupil}/resultats/",
    "/eleves/{pupil}/resultats.pdf",
)


def _pages(division: Any) -> list[str]:
    pupil = division.pupils.first()
    return [page.format(division=division.id, pupil=pupil.id) for page in PAGES]


def _opened(names: Any) -> tuple[Any, Any]:
    division = names.validated_class(4)
    names.send_scores(division)
    return division, names.client(names.staff("head", "head", school=division.school))


def test_the_class_table_gives_each_pupil_a_group_a_domain(names: Any) -> None:
    division, head = _opened(names)
    page = head.get(f"/classes/{division.id}/resultats/").content.decode()
    for pupil in division.pupils.all():
        assert pupil.identity.shown in page
    assert page.count('class="group satisfaisant"') == 6 + 1  # three pupils, and the key
    assert page.count('class="group none"') == 1
    assert "Non terminé" in page
    assert "jusqu’au" in page


def test_sorting_by_a_domain_puts_needs_first(names: Any) -> None:
    division, head = _opened(names)
    rows = results.of_class(division, by="fr")
    assert [row.cells[0].group for row in rows] == ["besoins"] + ["satisfaisant"] * 3
    page = head.get(f"/classes/{division.id}/resultats/?tri=fr").content.decode()
    places = [page.index(row.name) for row in rows]
    assert places == sorted(places)


def test_an_unknown_domain_to_sort_by_is_ignored(names: Any) -> None:
    division, head = _opened(names)
    asked = head.get(f"/classes/{division.id}/resultats/", {"tri": "<script>"})
    assert asked.status_code == 200
    assert b"<script>" not in asked.content


def test_the_page_of_a_pupil_says_what_is_measured_and_what_comes_next(names: Any) -> None:
    division, head = _opened(names)
    for row in results.of_class(division):
        page = head.get(f"/eleves/{row.pupil}/resultats/").content.decode()
        assert "Lire un récit." in page
        assert ("Relire." in page) == (row.status == "unfinished")
        assert ("Non terminé" in page) == (row.status == "unfinished")
        assert "2,5 sur 8" in page


def test_a_pupil_without_scores_is_said_to_wait_and_not_to_fail(names: Any) -> None:
    division = names.validated_class(2)
    first, _second = (s.order for s in slips_of(division))
    sheet = names.sheet(1, [], rows=[ScoreRow(first, "missing", 0, [])])
    assert names.call("POST", "/doors/scores", to_bytes(sheet)).status_code == 200
    head = names.client(names.staff("head", "head", school=division.school))
    page = head.get(f"/classes/{division.id}/resultats/").content.decode()
    assert page.count("Pas de passation") == 1
    assert page.count("Pas encore de résultats") == 1


def test_the_sheet_for_the_family_is_one_page_in_plain_french(names: Any) -> None:
    division, head = _opened(names)
    row = next(r for r in results.of_class(division) if r.status == "unfinished")
    answer = head.get(f"/eleves/{row.pupil}/resultats.pdf")
    assert answer["content-type"] == "application/pdf"
    assert row.identity.last_name not in answer["content-disposition"]
    reader = PdfReader(io.BytesIO(answer.content))
    assert len(reader.pages) == 1
    text = reader.pages[0].extract_text().replace("\n", " ")
    assert row.identity.last_name in text
    for words in ("À besoins", "Trop peu de réponses", "non terminée", "Fragile", "Qui voit"):
        assert words in text


def test_the_same_results_give_the_same_pdf_to_the_byte(names: Any) -> None:
    _division, head = _opened(names)
    address = _pages(_division)[2]
    assert head.get(address).content == head.get(address).content


@pytest.mark.parametrize("signed_in", [True, False])
def test_after_the_closing_date_every_results_page_answers_410(
    names: Any, *, signed_in: bool
) -> None:
    division, head = _opened(names)
    names.close_results()
    client = head if signed_in else names.client()
    for page in _pages(division):
        answer = client.get(page)
        assert answer.status_code == 410
        assert "fermée" in answer.content.decode()
        assert "ZORGLUB" not in answer.content.decode()


def test_no_page_shows_a_sum_over_domains(names: Any) -> None:
    division, head = _opened(names)
    for page in _pages(division)[:2]:
        content = head.get(page).content.decode()
        assert "7,5" not in content  # 2.5 + 5
        assert "sur 14" not in content  # 8 + 6


@pytest.mark.parametrize("group", ["besoins", "fragile", "satisfaisant"])
def test_the_longest_words_of_the_sample_assessment_still_fit_one_page(
    names: Any, group: Group
) -> None:
    said = json.loads(REPORTING.read_text(encoding="utf-8"))["domains"]
    for domain in said:
        domain.pop("items")
    domains = msgspec.convert(said, list[Domain])
    cells = tuple(Cell(domain=domain, score=1.0, group=group) for domain in domains)
    identity = Identity(last_name="CHARPENTREAU-DELORMEUIL DE LA ROCHEBRUNIÈRE", first_name="M")
    found = PupilResults(pupil=uuid4(), identity=identity, status="unfinished", cells=cells)
    reader = PdfReader(io.BytesIO(pupil_pdf(found, names.open_class(1), names.manifest)))
    assert len(reader.pages) == 1
    assert reader.pages[0].extract_text().count("Ce que le professeur") == len(domains)


def test_a_class_of_two_levels_shows_each_pupil_the_domains_of_her_booklet() -> None:
    domains = [
        Domain(name, name, "", "", {}, 4.0, (1.0, 2.0), bundles=(booklet,))
        for name, booklet in (("cp", b"booklet1"), ("ce1", b"booklet2"))
    ]
    alice = uuid4()
    known = [(alice, Identity("ABEL", "Alice"), "00000001")]
    rows = {"00000001": ScoreRow("00000001", "complete", 4, [])}
    (row,) = results.join(known, rows, domains, booklets={alice: b"booklet1"})
    assert [(cell.domain.id, cell.is_hers) for cell in row.cells] == [("cp", True), ("ce1", False)]
