# SPDX-License-Identifier: AGPL-3.0-or-later
"""Days and hours of France, whatever the clock of the machine says; one pupil, several pupils."""

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from encrier_names import dates
from encrier_names.codesheets.sheet import sheet_pdf, slips_of
from encrier_names.rosters.identifiers import uai_letter
from encrier_names.schools.models import School
from encrier_names.sittings.models import SeenProgress


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (date(2026, 10, 1), "1er\u00a0octobre 2026"),
        (datetime(2026, 9, 30, 22, 30, tzinfo=UTC), "1er\u00a0octobre 2026"),  # summer: + 2 h
        (datetime(2027, 1, 31, 22, 30, tzinfo=UTC), "31\u00a0janvier 2027"),  # winter: + 1 h
    ],
)
def test_a_day_is_that_of_paris_and_the_first_is_premier(moment: date, shown: str) -> None:
    assert dates.day(moment) == shown


def test_an_hour_is_that_of_paris_and_stays_on_its_line() -> None:
    assert dates.hour(datetime(2026, 9, 30, 5, 5, tzinfo=UTC)) == "7\u00a0h\u00a005"


def test_what_ends_at_midnight_ends_the_day_before() -> None:
    assert dates.last_day(datetime(2026, 9, 25, 22, tzinfo=UTC)) == "25\u00a0septembre 2026"


def test_the_code_sheet_tells_the_last_day_of_france(names: Any) -> None:
    names.start(closes_at=datetime(2026, 9, 25, 22, 30, tzinfo=UTC))  # 0 h 30 in Paris
    reader = PdfReader(io.BytesIO(sheet_pdf(names.validated_class(1), names.manifest)))
    text = reader.pages[0].extract_text()
    assert "26 septembre 2026" in text.replace("\u00a0", " ")
    assert "1 élève" in text
    assert "1 élèves" not in text


def test_one_pupil_is_singular(names: Any) -> None:
    division = names.validated_class(3)
    first, second, _third = slips_of(division)
    for slip, state in ((first, "started"), (second, "finished")):
        SeenProgress.objects.create(
            sid=slip.sid.hex(), state=state, percent=50, unsent=int(state == "started")
        )
    head = names.client(names.staff("head", "head", school=division.school))
    page = head.get(f"/classes/{division.id}/passation/").content.decode()
    for words in ("</strong> attendu<", "</strong> a terminé<", "réponse pas encore arrivée<"):
        assert words in page
    alone = names.validated_class(1, uai="9990002Y")
    other = names.client(names.staff("other", "head", school=alone.school))
    codes = other.get(f"/classes/{alone.id}/codes/").content.decode()
    assert "1 coupon à découper" in codes


def test_once_sittings_are_over_home_leads_to_results(names: Any) -> None:
    """A pupil who never finished must not hide them."""
    division = names.validated_class(3)
    (first, *_others) = slips_of(division)
    SeenProgress.objects.create(sid=first.sid.hex(), state="started", percent=50, unsent=0)
    head = names.client(names.staff("head", "head", school=division.school))
    names.start(closes_at=datetime(2999, 1, 1, tzinfo=UTC), results_close_at=LATE)
    assert "Suivre" in head.get("/").content.decode()
    names.start(
        closes_at=datetime(2020, 1, 1, tzinfo=UTC), opens_at=datetime(2019, 1, 1, tzinfo=UTC)
    )
    page = head.get("/").content.decode()
    assert "Suivre" not in page
    assert "Voir les résultats" in page


LATE = datetime(2999, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("uai", "shown"),
    [
        ("9741234", "11\u00a0h\u00a000"),  # La Réunion
        ("9711234", "3\u00a0h\u00a000"),  # Guadeloupe, and Martinique
        ("9721234", "3\u00a0h\u00a000"),
        ("9731234", "4\u00a0h\u00a000"),  # Guyane
        ("9761234", "10\u00a0h\u00a000"),  # Mayotte
        ("9751234", "5\u00a0h\u00a000"),  # Saint-Pierre-et-Miquelon, in summer
        ("9881234", "18\u00a0h\u00a000"),  # Nouméa
        ("0351234", "9\u00a0h\u00a000"),
        ("6201234", "9\u00a0h\u00a000"),
    ],
)
def test_a_school_reads_the_hours_of_its_own_clock(names: Any, uai: str, shown: str) -> None:
    opens = datetime(2026, 9, 7, 7, tzinfo=UTC)  # 9 h in Paris
    names.start(opens_at=opens, closes_at=LATE, results_close_at=LATE)
    school = School.objects.create(uai=uai + uai_letter(uai), name="Collège du Test")
    head = names.client(names.staff("h", "head", school=school))
    page = head.get("/calendrier/").content.decode()
    assert f"Du 7\u00a0septembre 2026 à {shown}" in page
    assert "Heures de " in page


def test_an_academie_overseas_and_the_ministry_read_their_own(names: Any) -> None:
    names.start(opens_at=datetime(2026, 9, 7, 7, tzinfo=UTC), closes_at=LATE, results_close_at=LATE)
    academy = names.client(names.staff("a", "academy", academy="LA REUNION"))
    agent = names.client(names.staff("m", "ministry"))
    assert "Heures de La Réunion" in academy.get("/calendrier/").content.decode()
    assert "Heures de Paris" in agent.get("/calendrier/").content.decode()


def test_the_code_sheet_of_an_island_ends_on_its_own_day(names: Any) -> None:
    names.start(closes_at=datetime(2026, 9, 25, 21, 30, tzinfo=UTC))  # 1 h 30 there, the day after
    uai = "9741234" + uai_letter("9741234")
    sheet = sheet_pdf(names.validated_class(1, uai=uai), names.manifest)
    text = PdfReader(io.BytesIO(sheet)).pages[0].extract_text().replace("\u00a0", " ")
    assert "26 septembre 2026" in text
