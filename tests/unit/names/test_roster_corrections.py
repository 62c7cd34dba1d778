# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the head says of a row: applied, explained, and taken back without a trace."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encrier_names.rosters import Correction, Level, Reading, read, understand

HEADER: Final = "Nom élève;Prénom élève;Date naissance;Sexe;INE;Niveau;Libellé classe"
LINES: Final = [
    ";Timothé;30/08/2020;M;999000501BA;CP;CP A",  # 0: no name
    "CŒURDELIN;Anatole;31/02/2020;;;CP;",  # 1: day, sex, INE, class
    "MOREAUVAL;Philéa;01/04/2020;F;999000510AD;CP;CP A",  # 2
    "MOREAUVAL;Philéa;01/04/2020;F;999000510AD;CP;CP A",  # 3: 2 again
    "ILUNGADIA;Merveille;02/04/2020;F;999000511AE;;CP A",  # 4: no level
    "BALDÉRIQUE;Inès;03/04/2020;F;999000510AD;CP;CP A",  # 5: INE of 2
    "=CMD();Wassim;16/07/2020;M;999000509KG;CP;CP A",  # 6: a formula
]


def first() -> Reading:
    content = "\r\n".join([HEADER, *LINES]).encode("iso-8859-15")
    levels = frozenset({Level.CP})
    return read(content, file_name="e.csv", expected_uai=None, levels=levels)


def kinds(said: Reading, rank: int) -> list[str]:
    return [one.kind for one in said.defects if one.rank == rank]


@pytest.mark.parametrize(
    ("rank", "field", "value", "gone"),
    [
        (0, "last_name", "Zorglub", "no_name"),
        (1, "birth_date", "28/02/2020", "impossible_date"),
        (1, "birth_date", "2020-02-28", "impossible_date"),
        (1, "sex", "F", "no_sex"),
        (1, "ine", "999000512AF", "no_ine"),
        (1, "division", "CP A", "no_class"),
        (4, "level", "CP", "no_level"),
        (6, "last_name", "CMD", "formula"),
    ],
)
def test_a_field_that_is_written_anew_ends_its_defect(
    rank: int, field: str, value: str, gone: str
) -> None:
    before = first()
    assert gone in kinds(before, rank)
    after = understand(before.source, [Correction(rank, "write", field, value)])  # type: ignore[arg-type]
    assert gone not in kinds(after, rank)
    assert rank in {pupil.rank for pupil in after.pupils}


def test_a_value_that_is_no_better_is_said_again() -> None:
    source = first().source
    assert "bad_ine" in kinds(understand(source, [Correction(1, "write", "ine", "12")]), 1)
    assert "formula" in kinds(understand(source, [Correction(0, "write", "last_name", "+x")]), 0)
    assert "no_level" in kinds(understand(source, [Correction(4, "write", "level", "?")]), 4)


def test_two_rows_that_look_alike_are_two_pupils_when_the_head_says_so() -> None:
    before = first()
    assert kinds(before, 3) == ["line_twice"]
    after = understand(before.source, [Correction(3, "apart"), Correction(3, "write", "ine", "")])
    assert [p.rank for p in after.pupils if p.last_name == "MOREAUVAL"] == [2, 3]


def test_an_ine_of_two_pupils_stays_with_the_one_the_head_says() -> None:
    before = first()
    assert kinds(before, 5) == ["same_ine"]
    assert {p.ine for p in before.pupils if p.rank in {2, 5}} == {None}
    after = understand(before.source, [Correction(5, "write", "ine", "")])
    assert {p.rank: p.ine for p in after.pupils if p.rank in {2, 5}} == {2: "999000510AD", 5: None}
    assert "same_ine" not in kinds(after, 5)


def test_a_row_that_is_taken_out_is_said_at_its_line() -> None:
    after = understand(first().source, [Correction(2, "out")])
    assert kinds(after, 2) == ["taken_out"]
    assert kinds(after, 3) == []  # no longer a repeat


ACTS: Final = st.sampled_from(["write", "out", "keep", "apart"])
FIELDS: Final = st.sampled_from(
    ["last_name", "used_name", "first_name", "birth_date", "sex", "ine", "division", "level", None]
)
CORRECTIONS: Final = st.lists(
    st.builds(Correction, st.integers(-1, 8), ACTS, FIELDS, st.text(max_size=12)), max_size=6
)


@given(CORRECTIONS)
def test_every_row_is_kept_or_explained_whatever_the_head_says(made: list[Correction]) -> None:
    source = first().source
    said = understand(source, made)
    lost = {one.line for one in said.defects if one.severity != "to_check" and one.line}
    assert {p.source_line for p in said.pupils}.isdisjoint(lost)
    assert len(said.pupils) + len(lost) == said.n_rows
    ines = [p.ine for p in said.pupils if p.ine]
    assert len(ines) == len(set(ines))
    assert understand(source) == first()
