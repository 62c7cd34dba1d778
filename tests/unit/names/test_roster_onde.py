# SPDX-License-Identifier: AGPL-3.0-or-later
"""ONDE's `CSVExtraction.csv`: each planted defect is explained, the good lines are kept."""

import os
from datetime import date
from pathlib import Path

import pytest

from encrier_names.rosters import Level, Reading, RosterRefused, read, summarise
from encrier_names.rosters.refusals import NotARoster

SHARED = Path(os.environ.get("ENCRIER_SHARED", Path(__file__).parents[4] / "shared"))
SAMPLE = SHARED / "data" / "rosters" / "onde_CSVExtraction.csv"
DEMO = Path(__file__).parents[3] / "demo" / "rosters" / "CSVExtraction.csv"

HEADER = "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE;Niveau;Libellé classe"
GOOD = "BALDÉRIQUE;;Timothé;30/08/2020;M;999000501BA;CP;CP A"
OTHER = "CŒURDELIN;;Anatole;27/11/2020;M;999000504EB;CP;CP A"


def reading(content: bytes, *levels: Level) -> Reading:
    return read(
        content,
        file_name="CSVExtraction.csv",
        expected_uai=None,
        levels=frozenset(levels or {Level.CP}),
    )


def of(*lines: str) -> Reading:
    return reading("\r\n".join([HEADER, *lines]).encode("iso-8859-15"))


def found(said: Reading) -> list[tuple[str, int | None]]:
    return [(one.kind, one.line) for one in said.defects]


# What is planted in the sample, counted by hand. 67 rows, lines 2 to 68, CRLF, ISO-8859-15:
#   lines 2-23 class "CP - Mme A", 22 CP    lines 24-45 class "CP/CE1 - M. B", 22 rows
#   lines 46-67 class "CE1 - Mme C", 22 CE1  line 68 is line 5 again
#   13 has the INE of 12    22 has no INE    27 (CE1) has no class    32 is a CM1
#   42 was born on 31/02/2018
#   In class B, without 27: CP on 24 26 28 30 34 36 38 40 42 44; CE1 on 25 29 31 33 35 37 39
#   41 43 45; CM1 on 32.
# With CP and CE1 assessed: 67 - 1 repeat - 1 CM1 = 65 kept.
@pytest.mark.skipif(not SAMPLE.is_file(), reason="the sample ONDE export is not beside us")
def test_each_planted_defect_of_the_sample_has_its_sentence_and_its_line() -> None:
    said = reading(SAMPLE.read_bytes(), Level.CP, Level.CE1)
    assert found(said) == [
        ("same_ine", 13),
        ("no_ine", 22),
        ("two_levels", 24),
        ("no_class", 27),
        ("outside", 32),
        ("impossible_date", 42),
        ("line_twice", 68),
    ]
    two_levels = next(one for one in said.defects if one.kind == "two_levels")
    assert "CP\u00a0: 10, CE1\u00a0: 10, CM1\u00a0: 1" in two_levels.sentence
    assert "ligne 12" in said.defects[0].sentence
    assert "ligne 5" in said.defects[-1].sentence


@pytest.mark.skipif(not SAMPLE.is_file(), reason="the sample ONDE export is not beside us")
def test_the_good_lines_of_the_sample_are_kept() -> None:
    said = reading(SAMPLE.read_bytes(), Level.CP, Level.CE1)
    assert (said.n_rows, len(said.pupils), said.n_outside) == (67, 65, 1)
    assert [p.source_line for p in said.pupils] == [n for n in range(2, 68) if n != 32]
    by_line = {p.source_line: p for p in said.pupils}
    assert by_line[12].ine is by_line[13].ine is by_line[22].ine is None
    assert by_line[27].division == ""
    assert by_line[42].birth_date is None
    assert by_line[3].used_name == "PÉLMER"
    assert by_line[63].first_name == "Zoïa"


@pytest.mark.skipif(not SAMPLE.is_file(), reason="the sample ONDE export is not beside us")
def test_a_campaign_for_one_level_keeps_only_that_one_of_a_mixed_class() -> None:
    said = reading(SAMPLE.read_bytes(), Level.CP)
    assert len(said.pupils) == 32  # 22 of class A, 10 of class B
    assert said.n_outside == 34  # 10 CE1 of B, the CE1 without a class, 22 of C, the CM1
    (outside,) = [one for one in said.defects if one.kind == "outside"]
    assert "CE1\u00a0: 33, CM1\u00a0: 1" in outside.sentence


def test_the_class_of_the_demonstration_is_read_without_a_defect() -> None:
    said = reading(DEMO.read_bytes())
    assert (len(said.pupils), said.defects) == (24, ())
    assert {p.division for p in said.pupils} == {"CP - Mme Buvard"}
    assert said.pupils[4].last_name == "CŒURDELIN"


def test_addresses_and_authorisations_are_dropped_and_named() -> None:
    said = reading(DEMO.read_bytes())
    dropped = {"Adresse1", "Commune1", "Autorisation photo", "Attestation fournie", "Cycle"}
    assert dropped <= set(said.source.columns_dropped)
    kept = repr([[getattr(p, field) for field in p.__struct_fields__] for p in said.pupils])
    assert "Encrier" not in kept
    assert "99999" not in kept


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-15", "cp1252", "mac_roman"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_any_usual_encoding_and_line_end_gives_the_same_pupils(
    encoding: str, line_end: str
) -> None:
    said = reading(line_end.join([HEADER, GOOD, OTHER, ""]).encode(encoding))
    assert [p.last_name for p in said.pupils] == ["BALDÉRIQUE", "CŒURDELIN"]
    assert said.defects == ()


def test_utf8_written_twice_over_is_repaired() -> None:
    twice = f"{HEADER}\n{GOOD}".encode().decode("cp1252").encode()
    assert reading(twice).pupils[0].first_name == "Timothé"


def test_one_broken_letter_does_not_spoil_the_file() -> None:
    content = f"{HEADER}\n{GOOD}\n{OTHER}".encode().replace("Œ".encode(), b"\xc5")
    said = reading(content)
    assert found(said) == [("letters_lost", 3)]
    assert said.pupils[0].last_name == "BALDÉRIQUE"


def test_columns_are_known_by_their_names_in_any_order() -> None:
    header = "INE;Classe; Niveau ;PRENOM DE L’ÉLÈVE;Nom de l'élève;Date de naissance;Sexe"
    line = "999000501BA;CP A;CP;Timothé;BALDÉRIQUE;2020-08-30;Masculin"
    said = reading(f"{header}\n{line}".encode())
    (pupil,) = said.pupils
    assert (pupil.last_name, pupil.first_name, pupil.sex) == ("BALDÉRIQUE", "Timothé", "M")
    assert pupil.birth_date == date(2020, 8, 30)
    assert said.defects == ()


@pytest.mark.parametrize("separator", ["\t", ","])
def test_other_separators_and_a_title_line_are_forgiven(separator: str) -> None:
    text = f"Extraction du 7 septembre\n\n{HEADER}\n{GOOD}".replace(";", separator)
    said = reading(text.encode())
    assert [p.source_line for p in said.pupils] == [4]


def test_a_missing_column_is_said_once_and_not_at_each_line() -> None:
    said = reading("Nom;Prénom;Niveau\nBALDÉRIQUE;Timothé;CP\nCŒURDELIN;Anatole;CP".encode())
    assert len(said.pupils) == 2
    assert {one.kind for one in said.defects} == {"missing_column"}
    assert len(said.defects) == 4  # date, sex, INE, class


def test_without_a_level_column_the_file_is_refused_and_the_column_named() -> None:
    with pytest.raises(NotARoster) as refused:
        reading("Nom;Prénom;INE\nBALDÉRIQUE;Timothé;999000501BA".encode())
    assert "«\u00a0Niveau\u00a0»" in str(refused.value)
    assert "BALDÉRIQUE" not in str(refused.value)


def test_a_line_with_too_many_cells_is_refused_alone() -> None:
    said = of(GOOD, GOOD + ";reste", OTHER)
    assert found(said) == [("cells", 3)]
    assert "9 cases, l’en-tête en a 8" in said.defects[0].sentence
    assert len(said.pupils) == 2


def test_empty_cells_missing_or_added_at_the_end_are_forgiven() -> None:
    assert found(of(GOOD + ";;")) == []
    short = "BALDÉRIQUE;;Timothé;30/08/2020;M;999000501BA;CP"
    assert found(of(short)) == [("no_class", 2)]


def test_a_quote_that_never_closes_does_not_swallow_the_next_lines() -> None:
    said = of('"' + GOOD, OTHER)
    assert [p.source_line for p in said.pupils] == [2, 3]


def test_a_cell_in_quotes_may_hold_a_separator_and_a_line_break() -> None:
    said = of(GOOD.replace("CP A", '"CP;\nA"'), OTHER)
    assert [(p.division, p.source_line) for p in said.pupils] == [("CP; A", 2), ("CP A", 4)]


def test_what_is_bearable_is_said_and_the_pupil_kept() -> None:
    said = of(
        "BALDÉRIQUE;;Timothé;;M;999000501BA;CP;CP A",
        "CŒURDELIN;;Anatole;27/11/20;M;999000504EB;CP;CP A",
        "GUÉGANOUX;;Tifenn;08/12/2020;;999000508JK;CP;CP A",
        "HADJERASSI;;Wassim;16/07/2020;M;12345;CP;CP A",
        "ILUNGADIA;;Merve?lle;01/04/2020;F;999000510AD;CP;CP A",
        "TAVARÈSEL;;Dinis 2;31/12/2020;M;999000522CH;CP;CP A",
        f"NOVOTNARD;;Ondine;07/07/2020;F;999000517HC;CP;{'long ' * 20}",
        "KARAMITSOU;;Yannis;11/05/2020;M;999000512CH;CP;=CP",
        "SÃ GRANJÃO;;Lúcia;11/05/2020;F;999000513CH;CP;CP A",
    )
    assert found(said) == [
        ("no_birth_date", 2),
        ("impossible_date", 3),
        ("no_sex", 4),
        ("bad_ine", 5),
        ("letters_lost", 6),
        ("odd_name", 7),
        ("bad_class", 8),
        ("bad_class", 9),
    ]
    assert len(said.pupils) == 9


def test_what_is_not_bearable_is_refused_alone() -> None:
    said = of(
        ";;Timothé;30/08/2020;M;999000501BA;CP;CP A",
        "CŒURDELIN;;;27/11/2020;M;999000504EB;CP;CP A",
        f"{'N' * 101};;Tifenn;08/12/2020;F;999000508JK;CP;CP A",
        "=HYPERLINK(1);;Wassim;16/07/2020;M;999000509KG;CP;CP A",
        "ILUNGADIA;;Merveille;01/04/2020;F;999000510AD;;CP A",
        GOOD,
    )
    kinds = ["no_name", "no_name", "name_too_long", "formula", "no_level"]
    assert found(said) == list(zip(kinds, range(2, 7), strict=True))
    assert [p.source_line for p in said.pupils] == [7]


def test_a_pupil_listed_in_two_classes_is_kept_once() -> None:
    said = of(GOOD, GOOD.replace("CP A", "ULIS"))
    assert found(said) == [("pupil_twice", 3)]
    assert [p.division for p in said.pupils] == ["CP A"]


def test_namesakes_born_on_one_day_are_both_kept() -> None:
    said = of(GOOD, GOOD.replace("999000501BA", "999000502CH"))
    assert found(said) == [("same_person", 3)]
    assert len(said.pupils) == 2


def test_no_sentence_and_no_repr_names_anyone() -> None:
    said = of(GOOD, GOOD + ";BALDÉRIQUE", GOOD, "=BALDÉRIQUE;;Timothé;x;y;z;CP;BALDÉRIQUE")
    shown = repr(said) + repr(said.pupils) + repr(summarise(said))
    assert "BALD" not in shown
    assert "999000501BA" not in shown


def test_a_file_without_any_pupil_to_assess_says_so() -> None:
    assert found(of()) == [("nobody", None)]


def test_a_refusal_is_one_of_ours() -> None:
    with pytest.raises(RosterRefused):
        reading(b"bonjour")
