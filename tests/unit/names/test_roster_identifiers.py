# SPDX-License-Identifier: AGPL-3.0-or-later
"""School numbers, pupil numbers and levels, as France writes them."""

import csv
import os
from pathlib import Path

import pytest

from encrier_names.rosters.identifiers import (
    BadIne,
    BadUai,
    Level,
    level_of_mef,
    level_of_niveau,
    parse_ine,
    parse_uai,
    plain,
    uai_letter,
)

SHARED = Path(os.environ.get("ENCRIER_SHARED", Path(__file__).parents[4] / "shared"))
SCHOOLS = SHARED / "data" / "schools" / "etablissements_min.csv"


@pytest.mark.skipif(not SCHOOLS.is_file(), reason="the directory of schools is not beside us")
def test_every_school_of_the_public_directory_has_the_letter_we_compute() -> None:
    with SCHOOLS.open(encoding="utf-8-sig") as lines:
        numbers = [row["uai"] for row in csv.DictReader(lines, delimiter=";")]
    assert len(numbers) > 40_000
    assert [n for n in numbers if parse_uai(n) != n] == []


def test_a_school_number_with_another_letter_is_refused() -> None:
    right = "9990001" + uai_letter("9990001")
    assert right == "9990001X"
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWYZ":
        with pytest.raises(BadUai):
            parse_uai("9990001" + letter)


@pytest.mark.parametrize("written", ["", "9990001", "999001X", "99900011X", "X9990001", "٩990001X"])
def test_what_is_not_seven_digits_and_a_letter_is_not_a_school_number(written: str) -> None:
    with pytest.raises(BadUai):
        parse_uai(written)


@pytest.mark.parametrize("written", ["999000100AD", "9990001001A", "9990A00100D", " 999 000100ad "])
def test_the_three_shapes_of_a_pupil_number_are_read(written: str) -> None:
    assert parse_ine(written) == "".join(written.split()).upper()


@pytest.mark.parametrize("written", ["", "999000100A", "99900010ADD", "999000100A1", "9990B00100D"])
def test_other_shapes_are_not_pupil_numbers(written: str) -> None:
    with pytest.raises(BadIne):
        parse_ine(written)


def test_levels_are_read_as_onde_and_people_write_them() -> None:
    assert level_of_niveau("CP") is Level.CP
    assert level_of_niveau(" ce1 ") is Level.CE1
    assert level_of_niveau("COURS MOYEN 2ÈME ANNÉE") is Level.CM2
    assert level_of_niveau("6ème") is Level.SIXTH
    assert [level_of_niveau(other) for other in ("", "GS", "ULIS", "CPC")] == [None] * 4


def test_only_training_codes_of_the_sixth_form_give_a_level() -> None:
    assert level_of_mef("10010012110") is Level.SIXTH
    assert level_of_mef("1001000G11A") is Level.SIXTH  # a sixth form with history of arts
    assert level_of_mef("10110001110") is None  # 5EME
    assert level_of_mef("1001") is None


def test_headers_are_compared_without_accents_case_or_apostrophes() -> None:
    assert plain(" Nom d’usage  Élève") == plain("NOM D'USAGE ELEVE") == "nom d usage eleve"
