# SPDX-License-Identifier: AGPL-3.0-or-later
"""SIECLE's `ElevesSansAdresses.xml`: who is here, who has left, and nothing more."""

import io
import os
import zipfile
from datetime import date
from pathlib import Path

import pytest

from encrier_names.rosters import Level, Reading, read
from encrier_names.rosters.refusals import NotARoster, OtherSchool

SHARED = Path(os.environ.get("ENCRIER_SHARED", Path(__file__).parents[4] / "shared"))
SAMPLES = SHARED / "data" / "rosters"
SAMPLE = SAMPLES / "siecle_ElevesSansAdresses.xml"
NOMENCLATURE = SAMPLES / "siecle_nomenclature_simple.xml"
DEMO = Path(__file__).parents[3] / "demo" / "rosters" / "ElevesSansAdresses.xml"
SCHOOL = "9990001X"
SIXTH = "10010012110"


def reading(content: bytes, uai: str | None = SCHOOL) -> Reading:
    return read(
        content,
        file_name="ExportXML_ElevesSansAdresses.zip",
        expected_uai=uai,
        levels=frozenset({Level.SIXTH}),
    )


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def pupil(number: int, last: str, *more: str, mef: str = SIXTH, ine: bool = True) -> str:
    """One ELEVE on one line; `more` is added inside."""
    inside = [
        f"<INE_RNIE>{999_000_000 + number}AB</INE_RNIE>" if ine else "<INE_RNIE/>",
        f"<NOM_DE_FAMILLE>{last}</NOM_DE_FAMILLE><PRENOM>Maïwenn</PRENOM>",
        "<DATE_NAISS>28/03/2015</DATE_NAISS><CODE_SEXE>2</CODE_SEXE>",
        f"<CODE_MEF>{mef}</CODE_MEF>",
        *more,
    ]
    return f'<ELEVE ELEVE_ID="{number}" ELENOET="{9000 + number}">{"".join(inside)}</ELEVE>'


def place(number: int, *codes: str) -> str:
    inside = "".join(
        f"<STRUCTURE><CODE_STRUCTURE>{code}</CODE_STRUCTURE>"
        f"<TYPE_STRUCTURE>{'D' if len(code) == 2 else 'G'}</TYPE_STRUCTURE></STRUCTURE>"
        for code in codes
    )
    return f'<STRUCTURES_ELEVE ELEVE_ID="{number}">{inside}</STRUCTURES_ELEVE>'


def document(pupils: list[str], places: list[str], *, rest: str = "", uaj: str = SCHOOL) -> str:
    """Pupils start on line 5."""
    return "\n".join(
        [
            '<?xml version="1.0" encoding="ISO-8859-15"?>',
            f'<BEE_ELEVES VERSION="3.0"><PARAMETRES><UAJ>{uaj}</UAJ>',
            "<ANNEE_SCOLAIRE>2026</ANNEE_SCOLAIRE><DATE_EXPORT>07/09/2026</DATE_EXPORT>",
            "</PARAMETRES><DONNEES><ELEVES>",
            *pupils,
            "</ELEVES><STRUCTURES>",
            *places,
            f"</STRUCTURES>{rest}</DONNEES></BEE_ELEVES>",
        ]
    )


def of(pupils: list[str], places: list[str], rest: str = "") -> Reading:
    return reading(document(pupils, places, rest=rest).encode("iso-8859-15"))


def found(said: Reading) -> list[tuple[str, int | None]]:
    return [(one.kind, one.line) for one in said.defects]


# What is planted in the sample, counted by hand: 60 ELEVE, one a line, lines 2 to 61.
#   line 9 has no INE; lines 14 and 35 have a DATE_SORTIE; line 21 has no STRUCTURES_ELEVE.
# 60 - 2 who left = 58 kept.
@pytest.mark.skipif(not SAMPLE.is_file(), reason="the sample SIECLE export is not beside us")
def test_each_planted_defect_of_the_sample_has_its_sentence_and_its_line() -> None:
    said = reading(SAMPLE.read_bytes())
    assert found(said) == [("no_ine", 9), ("left", 14), ("no_class", 21), ("left", 35)]
    assert (said.n_rows, len(said.pupils), said.n_outside) == (60, 58, 0)
    assert (said.source.uai, said.source.school_year, said.source.exported_on) == (
        SCHOOL,
        2025,
        date(2025, 9, 8),
    )
    assert [p.source_line for p in said.pupils] == [n for n in range(2, 62) if n not in {14, 35}]
    by_line = {p.source_line: p for p in said.pupils}
    assert by_line[9].ine is None
    assert by_line[21].division == ""
    assert by_line[8].first_name == "Chouaïb"
    assert {p.groups for p in said.pupils} == {("6GR1",), ("6GR2",), ()}


@pytest.mark.skipif(not NOMENCLATURE.is_file(), reason="the sample Nomenclature is not beside us")
def test_the_companion_file_is_recognised_for_what_it_is() -> None:
    with pytest.raises(NotARoster, match=r"Nomenclature\.xml"):
        reading(NOMENCLATURE.read_bytes(), None)


def test_the_division_of_the_demonstration_has_28_pupils_and_one_who_left() -> None:
    said = reading(DEMO.read_bytes())
    assert [one.kind for one in said.defects] == ["left"]
    assert len(said.pupils) == 28
    assert {p.division for p in said.pupils} == {"6B"}
    assert len({(p.first_name, p.last_name) for p in said.pupils}) == 28
    assert {"BEAUVŒUX", "ŽIVKOVAN", "D'ANGLEBŒUF"} <= {p.last_name for p in said.pupils}
    assert {g for p in said.pupils for g in p.groups} == {"6BG1", "6BG2", "6CHORALE"}


def test_the_zip_that_siecle_gives_is_read_like_the_file_within() -> None:
    plain = DEMO.read_bytes()
    assert reading(zipped(("ElevesSansAdresses.xml", plain))) == reading(plain)
    with_company = zipped(("Nomenclature.xml", b"<BEE_NOMENCLATURES/>"), ("E.xml", plain))
    assert reading(with_company) == reading(plain)


def test_the_file_of_another_school_is_refused_whole() -> None:
    with pytest.raises(OtherSchool, match="9990001X"):
        reading(DEMO.read_bytes(), "9990002Y")
    assert reading(DEMO.read_bytes(), None).source.uai == SCHOOL


def test_a_file_that_does_not_say_its_school_is_read_with_a_word() -> None:
    said = reading(document([pupil(1, "L'HERMINOIS")], [place(1, "6B")], uaj="").encode())
    assert found(said) == [("no_uai", None)]
    with pytest.raises(OtherSchool):
        reading(document([], [], uaj="9990001A").encode())


def test_addresses_are_not_read_and_it_is_said() -> None:
    rest = (
        "<ADRESSES><ADRESSE><LIGNE1_ADRESSE>3 rue du Buvard</LIGNE1_ADRESSE></ADRESSE></ADRESSES>"
    )
    here = pupil(1, "FEUILLARDOT", "<TEL_PORTABLE>0699990000</TEL_PORTABLE>")
    said = of([here], [place(1, "6B")], rest)
    assert found(said) == [("addresses", None)]
    assert set(said.source.columns_dropped) == {"TEL_PORTABLE", "ADRESSES"}
    (one,) = said.pupils
    kept = repr([getattr(one, field) for field in one.__struct_fields__])
    assert "Buvard" not in kept
    assert "0699990000" not in kept


def test_other_levels_are_counted_in_one_sentence() -> None:
    others = [pupil(n, "KERMORVANEC", mef="10110001110") for n in range(2, 9)]
    said = of([pupil(1, "LE BIHANOUX"), *others], [place(1, "6B")])
    assert found(said) == [("outside", None)]
    assert said.defects[0].sentence.startswith("7 élèves ne sont pas d’un niveau évalué")
    assert (len(said.pupils), said.n_outside, said.n_rows) == (1, 7, 8)


def test_the_best_register_gives_the_number() -> None:
    old = pupil(1, "ESTÉBANAC", "<ID_NATIONAL>999000109KG</ID_NATIONAL>", ine=False)
    both = pupil(2, "HAÏDARANE", "<ID_NATIONAL>0123456789Z</ID_NATIONAL>")
    bad = pupil(3, "PAGLIARONDO", "<ID_NATIONAL>?</ID_NATIONAL>", ine=False)
    said = of([old, both, bad], [place(n, "6B") for n in (1, 2, 3)])
    assert [p.ine for p in said.pupils] == ["999000109KG", "999000002AB", None]
    assert found(said) == [("bad_ine", 7)]


def test_the_old_tag_for_the_family_name_still_serves() -> None:
    old = pupil(1, "QUÉMÉNEURIC").replace("NOM_DE_FAMILLE", "NOM")
    assert of([old], [place(1, "6B")]).pupils[0].last_name == "QUÉMÉNEURIC"


def test_who_leaves_after_the_export_is_still_here() -> None:
    later = pupil(1, "RAKOTOMANDRASOA", "<DATE_SORTIE>18/12/2026</DATE_SORTIE>")
    gone = pupil(2, "TEHAURAITERE", "<DATE_SORTIE>04/09/2026</DATE_SORTIE>")
    odd = pupil(3, "WASSERMÜHL", "<DATE_SORTIE>bientôt</DATE_SORTIE>")
    said = of([later, gone, odd], [place(n, "6B") for n in (1, 2, 3)])
    assert found(said) == [("leaves_later", 5), ("left", 6), ("left", 7)]
    assert [p.source_line for p in said.pupils] == [5]


def test_a_pupil_in_two_divisions_is_put_in_the_first() -> None:
    said = of([pupil(1, "MOREAUVAL")], [place(1, "6B", "6A", "6CHO", "6CHO")])
    assert found(said) == [("two_classes", 5)]
    assert (said.pupils[0].division, said.pupils[0].groups) == ("6B", ("6CHO",))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-15", "cp1252"])
def test_a_wrong_word_about_the_encoding_costs_no_accent(encoding: str) -> None:
    text = document([pupil(1, "BEAUVŒUX")], [place(1, "6B")])  # says ISO-8859-15
    assert reading(text.encode(encoding)).pupils[0].last_name == "BEAUVŒUX"
    says_utf8 = text.replace("ISO-8859-15", "UTF-8")
    assert reading(says_utf8.encode(encoding)).pupils[0].first_name == "Maïwenn"


def test_a_control_character_does_not_spoil_the_file() -> None:
    said = of([pupil(1, "MOREAU\x0bVAL"), pupil(2, "DIABATOU")], [place(1, "6B"), place(2, "6B")])
    assert [p.last_name for p in said.pupils] == ["MOREAUVAL", "DIABATOU"]


def test_lines_are_right_in_a_very_long_file() -> None:
    far = "\n" * 70_000 + pupil(1, "DANGTHIÊN", ine=False)
    assert found(of([far], [place(1, "6B")])) == [("no_ine", 70_005)]
