# SPDX-License-Identifier: AGPL-3.0-or-later
"""What holds for every roster, and for every file that only looks like one."""

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from hypothesis import assume, example, given
from hypothesis import strategies as st

from encrier.errors import EncrierError
from encrier.records import from_bytes, to_bytes
from encrier_names.rosters import Level, Pupil, Reading, Summary, read, summarise
from encrier_names.rosters.files.encodings import likeliest
from encrier_names.rosters.identifiers import Ine, parse_uai, uai_letter

DEMO: Final = Path(__file__).parents[2] / "demo" / "rosters"
ONDE: Final = (DEMO / "CSVExtraction.csv").read_bytes()
SIECLE: Final = (DEMO / "ElevesSansAdresses.xml").read_bytes()
ALL: Final = frozenset(Level)
ENCODINGS: Final = st.sampled_from(["utf-8", "utf-8-sig", "iso-8859-15", "cp1252"])
HEADER: Final = (
    "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE;Adresse1; Cycle;Niveau;"
    "Libellé classe"
)

# Letters that the four encodings share, but not a pair such as "Ã©" that reads as damage.
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzàâäçéèêëîïôöùûüÿœŒÉÈÇŸŠŽñß"
WORDS: Final = st.text(LETTERS, min_size=2, max_size=12)
NAMES: Final = st.lists(WORDS, min_size=1, max_size=3).map(" ".join) | st.builds(
    "{}{}{}".format, WORDS, st.sampled_from(["-", "'", " d'"]), WORDS
)
INES: Final = st.from_regex(
    re.compile(r"[0-9]{9}[A-Z]{2}|[0-9]{10}[A-Z]|[0-9]{4}A[0-9]{5}[A-Z]", re.ASCII), fullmatch=True
).map(Ine)


def pupils_of(levels: st.SearchStrategy[Level]) -> st.SearchStrategy[list[Pupil]]:
    one = st.builds(
        Pupil,
        last_name=NAMES,
        used_name=st.none() | NAMES,
        first_name=NAMES,
        birth_date=st.dates(date(2000, 1, 1), date(2025, 1, 1)),
        sex=st.sampled_from(["F", "M"]),
        ine=INES,
        level=levels,
        division=WORDS,
        groups=st.just(()),
        source_line=st.just(0),
    )
    return st.lists(
        one, min_size=1, max_size=8, unique_by=(lambda p: p.ine, lambda p: p.first_name.casefold())
    )


def line_of(pupil: Pupil) -> str:
    cells = [
        *(pupil.last_name, pupil.used_name or "", pupil.first_name),
        *(f"{pupil.birth_date:%d/%m/%Y}", pupil.sex or "", pupil.ine or "", "1 rue Exemple"),
        *("CYCLE II", pupil.level.value, pupil.division),
    ]
    return ";".join(cells)


def onde_of(lines: list[str], encoding: str) -> bytes:
    return "\r\n".join([HEADER, *lines, ""]).encode(encoding)


def siecle_of(pupils: list[Pupil], encoding: str) -> bytes:
    def tag(name: str, text: object) -> str:
        return f"<{name}>{escape(str(text))}</{name}>"

    eleves, places = "", ""
    for number, one in enumerate(pupils):
        fields = {
            "INE_RNIE": one.ine,
            "NOM_DE_FAMILLE": one.last_name,
            "NOM_USAGE": one.used_name or "",
            "PRENOM": one.first_name,
            "DATE_NAISS": f"{one.birth_date:%d/%m/%Y}",
            "CODE_SEXE": 1 if one.sex == "M" else 2,
            "CODE_MEF": "10010012110",
        }
        inside = "".join(tag(name, text) for name, text in fields.items())
        eleves += f'<ELEVE ELEVE_ID="{number}">{inside}</ELEVE>\n'
        placed = tag("CODE_STRUCTURE", one.division) + "<TYPE_STRUCTURE>D</TYPE_STRUCTURE>"
        placed = f"<STRUCTURE>{placed}</STRUCTURE>"
        places += f'<STRUCTURES_ELEVE ELEVE_ID="{number}">{placed}</STRUCTURES_ELEVE>'
    text = (
        '<?xml version="1.0" encoding="ISO-8859-15"?>\n<BEE_ELEVES><DONNEES><ELEVES>'
        f"{eleves}</ELEVES><STRUCTURES>{places}</STRUCTURES></DONNEES></BEE_ELEVES>"
    )
    return text.encode(encoding)


def reading(content: bytes, name: str = "liste.csv") -> Reading:
    return read(content, file_name=name, expected_uai=None, levels=ALL)


def identity(pupil: Pupil) -> tuple[object, ...]:
    used = pupil.used_name if pupil.used_name != pupil.last_name else None
    name = (pupil.last_name, used, pupil.first_name)
    return (*name, pupil.birth_date, pupil.sex, pupil.ine, pupil.level, pupil.division)


def read_or_refused(content: bytes, name: str) -> Reading | None:
    try:
        return reading(content, name)
    except EncrierError as refused:
        words = str(refused)
    assert words.endswith((".", "»."))
    return None


@given(st.binary(), st.text(max_size=20))
@example(b"PK\x05\x06" + bytes(18), "x.zip")
def test_any_bytes_are_read_or_refused_in_words(content: bytes, name: str) -> None:
    read_or_refused(content, name)


@given(
    st.sampled_from([HEADER.encode(), b"<BEE_ELEVES>", b"<?xml version='1.0'?>", b"PK\x03\x04"]),
    st.binary() | st.text().map(str.encode),
)
def test_any_bytes_after_a_promising_start_are_read_or_refused(start: bytes, rest: bytes) -> None:
    read_or_refused(start + b"\n" + rest, "liste")


def _zipped(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ElevesSansAdresses.xml", content)
    return out.getvalue()


@given(
    st.sampled_from([ONDE[:2000], SIECLE[:3000], SIECLE, _zipped(SIECLE)]),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 40)), max_size=4),
)
def test_a_true_file_with_damage_is_read_or_refused(
    content: bytes, damages: list[tuple[float, bytes, int]]
) -> None:
    for where, put, n_lost in damages:
        at = int(where * len(content))
        content = content[:at] + put + content[at + n_lost :]
    said = read_or_refused(content, "liste")
    if said:
        holds_the_books(said)


def holds_the_books(said: Reading) -> None:
    """Every row is kept, or outside, or explained at its line; no INE is shared."""
    lost = [one for one in said.defects if one.severity != "to_check" and one.kind != "outside"]
    n_lost = sum(one.line is not None for one in lost)
    assert said.n_rows == len(said.pupils) + said.n_outside + n_lost
    ines = [pupil.ine for pupil in said.pupils if pupil.ine]
    assert len(ines) == len(set(ines))


@given(pupils_of(st.sampled_from(Level)), ENCODINGS)
def test_an_onde_roster_is_read_as_written(pupils: list[Pupil], encoding: str) -> None:
    said = reading(onde_of([line_of(one) for one in pupils], encoding))
    assert [identity(one) for one in said.pupils] == [identity(one) for one in pupils]
    assert {one.kind for one in said.defects} <= {"two_levels"}


@given(pupils_of(st.just(Level.SIXTH)), ENCODINGS)
def test_a_siecle_roster_is_read_as_written(pupils: list[Pupil], encoding: str) -> None:
    said = reading(siecle_of(pupils, encoding), "ElevesSansAdresses.xml")
    assert [identity(one) for one in said.pupils] == [identity(one) for one in pupils]
    assert [one.kind for one in said.defects] == ["no_uai"]


BAD_LINES: Final = st.sampled_from([";;;;;;;;CP;", "A;;B", '"A;;B;01/01/2020', ";" * 30 + "x"])


@given(pupils_of(st.just(Level.CP)), BAD_LINES, st.integers(0, 8))
def test_a_bad_line_takes_no_good_line_with_it(pupils: list[Pupil], bad: str, place: int) -> None:
    lines = [line_of(one) for one in pupils]
    lines.insert(place, bad)
    said = reading(onde_of(lines, "iso-8859-15"))
    assert [identity(one) for one in said.pupils] == [identity(one) for one in pupils]
    refused = [one.line for one in said.defects if one.severity == "refused"]
    assert refused == [min(place, len(pupils)) + 2]


CELLS: Final = st.text(
    st.characters(blacklist_characters=';\r\n"', blacklist_categories=["Cs"]), max_size=20
)


@given(st.lists(st.lists(CELLS, min_size=8, max_size=11).map(";".join), max_size=12))
def test_every_row_is_kept_or_explained(lines: list[str]) -> None:
    said = reading(onde_of(lines, "utf-8"))
    holds_the_books(said)
    assert from_bytes(to_bytes(summarise(said)), Summary) == summarise(said)
    assert from_bytes(to_bytes(said), Reading) == said


@given(st.lists(st.tuples(CELLS, st.sampled_from(["CP", "CE1", "", "GS"])), max_size=6))
def test_no_sentence_holds_a_word_of_a_pupil(rows: list[tuple[str, str]]) -> None:
    lines = [
        f"QZNOM{i};QZUSAGE;QZPRENOM{odd};QZ{odd};QZ;QZINE;QZRUE;;{level};QZCLASSE{';QZ' * (i % 3)}"
        for i, (odd, level) in enumerate(rows)
    ]
    said = reading(onde_of(lines, "utf-8"))
    assert "QZ" not in repr(said) + repr(said.pupils) + repr(summarise(said))


@given(st.integers(0, 9_999_999), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_one_letter_only_makes_a_school_number(number: int, letter: str) -> None:
    digits = f"{number:07d}"
    assert parse_uai(digits + uai_letter(digits)) == digits + uai_letter(digits)
    assume(letter != uai_letter(digits))
    assert read_uai(digits + letter) is None


def read_uai(written: str) -> str | None:
    try:
        return parse_uai(written)
    except EncrierError:
        return None


@given(NAMES, ENCODINGS)
def test_the_likeliest_text_is_the_one_written(name: str, encoding: str) -> None:
    assert likeliest(f"Prénom;{name}".encode(encoding)) == f"Prénom;{name}"
