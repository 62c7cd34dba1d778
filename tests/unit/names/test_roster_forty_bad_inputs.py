# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bad inputs, one row each: what is given, the sentence that a head reads, and what is kept.

The first table holds files that are refused as a whole, the second files whose good rows are kept.
Every file of the second table also holds GOOD, which must survive whatever stands beside it.
"""

import io
import zipfile
from datetime import date
from typing import Any, Final

import pytest
from openpyxl import Workbook

from encrier_names.rosters import Level, Reading, RosterRefused, read
from encrier_names.rosters.reading import When

UAI: Final = "9990001X"
HEADER: Final = (
    "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE;Niveau;Libellé classe"
)
GOOD: Final = "BALDÉRIQUE;;Timothé;30/08/2020;M;999000501BA;CP;CP A"
WHEN: Final = When(today=date(2026, 9, 10), school_year=2026)
FIELDS: Final = ("last", "used", "first", "born", "sex", "ine", "level", "division")
DUPONT: Final = ("DUPONT", "", "Léa", "01/02/2020", "F", "999000502CB", "CP", "CP A")


def row(**fields: str) -> str:
    """A line of ONDE: DUPONT Léa, but for these fields."""
    return ";".join((dict(zip(FIELDS, DUPONT, strict=True)) | fields).values())


def table(*lines: str, header: str = HEADER, encoding: str = "utf-8") -> bytes:
    return "\r\n".join([header, *lines]).encode(encoding)


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def locked() -> bytes:
    """A zip whose entries say that they are encrypted."""
    content = bytearray(zipped({"CSVExtraction.csv": table(GOOD)}))
    content[content.index(b"PK\x03\x04") + 6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def workbook(*rows: list[Any], merged: str = "", password: str = "") -> bytes:
    book = Workbook()
    sheet = book.active or book.create_sheet()
    for one in ([*HEADER.split(";")], *rows):
        sheet.append(one)
    if merged:
        sheet.merge_cells(merged)
    if password:
        sheet.protection.set_password(password)
        sheet.protection.enable()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def siecle(*, uai: str = UAI, year: str = "2026", more: str = "") -> bytes:
    return (
        f"<BEE_ELEVES><PARAMETRES><UAJ>{uai}</UAJ>{year and f'<ANNEE_SCOLAIRE>{year}'}"
        f"{year and '</ANNEE_SCOLAIRE>'}{more}</PARAMETRES><DONNEES><ELEVES>"
        "<ELEVE ELEVE_ID='1'><NOM>A</NOM><PRENOM>B</PRENOM><CODE_MEF>10010012110</CODE_MEF></ELEVE>"
        "</ELEVES></DONNEES></BEE_ELEVES>"
    ).encode()


def reading(content: bytes) -> Reading:
    levels = frozenset({Level.CP, Level.SIXTH})
    return read(content, file_name="liste", expected_uai=UAI, levels=levels, when=WHEN)


LIST: Final = table(GOOD)
STORED: Final = zipped({"liste.csv": table(*[GOOD] * 100)}, zipfile.ZIP_STORED)
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DAY: Final = "<DATE_EXPORT>02/07/2026</DATE_EXPORT>"
REFUSED: Final[dict[str, tuple[bytes, str, str]]] = {  # file, what is said, what to do
    "wrong school": (siecle(uai="9990002Y"), "de l’établissement 9990002Y", "quel établissement"),
    "a school number with a wrong letter": (siecle(uai="9990001Z"), "(UAI) qui n’existe", UAI),
    "a table of another school": (
        table(f"{GOOD};9990002Y", header=f"{HEADER};UAI"),
        "un autre établissement",
        "recommencez",
    ),
    "last year's file": (siecle(year="2025"), "2025-2026, et l’évaluation", "en cours"),
    "last summer's file": (siecle(year="", more=DAY), "2025-2026, et l’évaluation", "en cours"),
    "a truncated zip": (STORED[: len(STORED) // 2], "coupée ou abîmée", "à nouveau"),
    "a zip without its end": (STORED[:-5], "coupée ou abîmée", "à nouveau"),
    "a zip of zips": (zipped({"in.zip": zipped({"a.csv": LIST})}), "en contient une", "Ouvrez-la"),
    "a zip with two lists": (zipped({"a.csv": LIST, "b.csv": LIST}), "plusieurs", "une liste à la"),
    "a zip with no list": (zipped({"lisez-moi.txt": b"x"}), "aucune liste", "CSVExtraction"),
    "a locked zip": (locked(), "protégée par un mot de passe", "telle que"),
    "a bomb": (zipped({"a.csv": bytes(60 * 2**20)}), "plus que la liste", "CSVExtraction"),
    "a huge file": (bytes(17 * 2**20), "plus gros que la liste", "CSVExtraction"),
    "an empty file": (b"", "vide", "à nouveau"),
    "blank lines": (b"\r\n \r\n", "vide", "à nouveau"),
    "a mark and nothing else": (b"\xef\xbb\xbf", "vide", "à nouveau"),
    "UTF-16": (table(GOOD, encoding="utf-16"), "UTF-16", "tableur"),
    "UTF-16 without a mark": (table(GOOD, encoding="utf-16-le"), "UTF-16", "tableur"),
    "a header that is missing": (f"{GOOD}\r\n{row()}".encode(), "ligne de titres", "CSVExtraction"),
    "a header without levels": (table(header="Nom;Prénom;Classe"), "« Niveau »", "cochant"),
    "an old workbook (.xls)": (OLE + bytes(600), "classeur ou un document Office", "CSV"),
    "a workbook behind a password": (
        OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "protégé par un mot de passe",
        "retirez le mot de passe",
    ),
    "a workbook cut short": (workbook()[:-30], "zip est coupée", "à nouveau"),
    "a LibreOffice sheet (.ods)": (
        zipped({"mimetype": b"x", "META-INF/manifest.xml": b"<x/>"}), "LibreOffice", "CSV",
    ),
    "a letter (.docx)": (zipped({"word/document.xml": b"<x/>"}), "Word", "CSVExtraction"),
    "a PDF": (b"%PDF-1.7\n", "C’est un PDF", "CSVExtraction"),
    "a page saved as .xls": (b"<table><tr><td>Nom</td></tr></table>", "page web", ".xlsx"),
    "a workbook of 2003 in XML": (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "ancien format",
        ".xlsx",
    ),
    "a web archive": (b"MIME-Version: 1.0\r\n\r\n<html>", "archive web", ".xlsx"),
    "a sign-in page": (b"<!DOCTYPE html><html>Ici</html>", "page de connexion", "Reconnectez"),
    "a photo": (b"\xff\xd8\xff\xe0" + bytes(99), "C’est une image", "CSVExtraction"),
    "a telephone's photo": (b"\0\0\0\x18ftypheic" + bytes(99), "une image", "CSVExtraction"),
    "a resource fork of macOS": (b"\0\5\x16\7\0\2" + bytes(99), "macOS", "sans « ._ »"),
    "a program": (b"MZ\x90\0\3\0\0\0" + bytes(99), "pas un texte", "CSVExtraction"),
    "an entity": (b"<!DOCTYPE a [<!ENTITY x 'y'>]><BEE_ELEVES/>", "jamais", "signalez"),
    "the relatives' file": (b"<BEE_RESPONSABLES/>", "responsables", "Élèves sans adresses"),
}  # fmt: skip


@pytest.mark.parametrize("given", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(given: str) -> None:
    content, said, to_do = REFUSED[given]
    with pytest.raises(RosterRefused) as refused:
        reading(content)
    plain = refused.value.what_happened.replace("\u00a0", " ")
    assert said in plain
    assert to_do in refused.value.what_next.replace("\u00a0", " ")


# name: lines beside GOOD, remarks (kind and line), what became of the pupils of these lines
KEPT: Final[dict[str, tuple[list[str], list[tuple[str, int | None]], list[str]]]] = {
    "a formula": ([row(last="=cmd|'/c calc'!A1")], [("formula", 3)], []),
    "a formula behind a tab": ([row(first="\t@SUM(A1)")], [("formula", 3)], []),
    "a formula for a class": ([row(division="=1+1")], [("bad_class", 3)], ["DUPONT Léa"]),
    "a formula in wide letters": ([row(last="＝１＋１")], [("odd_name", 3)], ["＝１＋１ Léa"]),
    "HTML": ([row(last="<b>DUPONT</b>")], [("odd_name", 3)], ["<b>DUPONT</b> Léa"]),
    "an emoji": ([row(first="Léa😀")], [("odd_name", 3)], ["DUPONT Léa😀"]),
    "an e-mail address": ([row(first="l@x.fr")], [("odd_name", 3)], ["DUPONT l@x.fr"]),
    "a digit": ([row(first="Léa2")], [("odd_name", 3)], ["DUPONT Léa2"]),
    "apostrophes": ([row(last="L'HÉRITIER N’DOYE")], [], ["L'HÉRITIER N’DOYE Léa"]),
    "particles, spaces": ([row(last=" de  LA TOUR  d'AY ")], [], ["de LA TOUR d'AY Léa"]),
    "hyphens": ([row(first="Jean‐Loup-Marie")], [], ["DUPONT Jean‐Loup-Marie"]),
    "right to left": ([row(last="DU\u202ePONT")], [], ["DUPONT Léa"]),
    "zero width": ([row(last="DU\u200bPO\u2060NT")], [], ["DUPONT Léa"]),
    "nothing but zero width": ([row(last="\u200b\u200d")], [("no_name", 3)], []),
    "letters in heaps": ([row(first="Le" + "\u0301" * 30 + "a")], [("odd_name", 3)], ["DUPONT Lé"]),
    "two dots of Vietnam": ([row(last="NGUYỄN")], [], ["NGUYỄN Léa"]),
    "letters of Greece": ([row(last="ΠΑΠΑΔΌΠΟΥΛΟΣ")], [], ["ΠΑΠΑΔΌΠΟΥΛΟΣ Léa"]),
    "sixty letters": ([row(last="A" * 60)], [], ["A" * 60 + " Léa"]),
    "a hundred and one": ([row(last="A" * 101)], [("name_too_long", 3)], []),
    "one letter each": ([row(last="Y", first="B")], [], ["Y B"]),
    "no first name": ([row(first=" ")], [("no_name", 3)], []),
    "no last name": ([row(last="")], [("no_name", 3)], []),
    "born tomorrow": ([row(born="11/09/2026")], [("impossible_date", 3)], ["DUPONT Léa"]),
    "born in 1900": ([row(born="01/01/1900")], [("impossible_date", 3)], ["DUPONT Léa"]),
    "born on no day": ([row(born="29/02/2019")], [("impossible_date", 3)], ["DUPONT Léa"]),
    "born on 29 February 2020": ([row(born="29/02/2020")], [], ["DUPONT Léa"]),
    "a date in American": ([row(born="02/28/2020")], [("impossible_date", 3)], ["DUPONT Léa"]),
    "a date as a number": ([row(born="43862")], [], ["DUPONT Léa"]),
    "a date with its hour": ([row(born="2020-02-01 00:00:00")], [], ["DUPONT Léa"]),
    "an INE of RNIE": ([row(ine="123456789ab")], [], ["DUPONT Léa"]),
    "an INE of BEA": ([row(ine="123 456 789 0A")], [], ["DUPONT Léa"]),
    "an INE of apprentices": ([row(ine="0123A45678B")], [], ["DUPONT Léa"]),
    "an INE with O for 0": ([row(ine="99900O502CB")], [("bad_ine", 3)], ["DUPONT Léa"]),
    "an INE of a spreadsheet": ([row(ine="9,99E+08")], [("bad_ine", 3)], ["DUPONT Léa"]),
    "the same INE": ([row(ine="999000501BA")], [("same_ine", 3)], ["DUPONT Léa"]),
    "tabs within": ([row(first="Léa\tMarie")], [], ["DUPONT Léa Marie"]),
    "a zero within": ([row(first="L\0éa")], [], ["DUPONT Léa"]),
    "a mark within": (["\ufeff" + row()], [], ["DUPONT Léa"]),
    "a quote that never closes": ([row(last='"DUPONT')], [], ["DUPONT Léa"]),
    "quotes within a name": ([row(last='DU"PO"NT')], [("odd_name", 3)], ['DU"PO"NT Léa']),
    "the header again": ([HEADER, row()], [("header_again", 3)], ["DUPONT Léa"]),
    "a total": (["Total : 2 élèves;;;;;;;"], [("total", 3)], []),
    "a short total": (["TOTAL;2"], [("total", 3)], []),
    "a pupil named Total": ([row(last="TOTAL")], [], ["TOTAL Léa"]),
    "a line of cells too many": ([row() + ";x;y"], [("cells", 3)], []),
    "half a line": (["DUPONT;"], [("cells", 3)], []),
    "blank cells": ([" ;;;;;;; "], [], []),
    "no level": ([row(level="")], [("no_level", 3)], []),
    "a level of others": ([row(level="PS")], [("two_levels", 2), ("outside", 3)], []),
    "no sex that we know": ([row(sex="X")], [("no_sex", 3)], ["DUPONT Léa"]),
    "no class": ([row(division="")], [("no_class", 3)], ["DUPONT Léa"]),
    "a class of 41 letters": ([row(division="C" * 41)], [("bad_class", 3)], ["DUPONT Léa"]),
    "the line again": ([GOOD], [("line_twice", 3)], []),
    "capitals without accents": (
        [row(last="BALDERIQUE", first="TIMOTHE", born="30/08/2020", ine="")],
        [("no_ine", 3), ("same_person", 3)],
        ["BALDERIQUE TIMOTHE"],
    ),
    "homonyms": ([row(), row(born="05/06/2020", ine="999000503CC")], [], ["DUPONT Léa"] * 2),
    "homonyms of one day": (
        [row(), row(ine="999000503CC")], [("same_person", 4)], ["DUPONT Léa"] * 2,
    ),
    "twins": (
        [row(), row(first="Zoé", ine="999000503CC")], [], ["DUPONT Léa", "DUPONT Zoé"],
    ),
}  # fmt: skip


def names_of(said: Reading) -> list[str]:
    return [f"{p.last_name} {p.first_name}" for p in said.pupils]


@pytest.mark.parametrize("given", KEPT)
def test_the_good_rows_are_kept_whatever_stands_beside_them(given: str) -> None:
    lines, remarks, kept = KEPT[given]
    said = reading(table(GOOD, *lines))
    assert [(one.kind, one.line) for one in said.defects] == remarks
    first, *others = names_of(said)
    assert first == "BALDÉRIQUE Timothé"
    assert len(others) == len(kept)
    assert all(name.startswith(wanted) for name, wanted in zip(others, kept, strict=True))
    assert all(one.sentence and one.advice for one in said.defects)


CELLS: Final[list[Any]] = [*DUPONT]
ODDLY_MADE: Final[dict[str, tuple[bytes, list[tuple[str, int | None]], int]]] = {
    "ISO-8859-15": (table(GOOD, row(), encoding="iso-8859-15"), [], 2),
    "UTF-8 written twice": (table(GOOD, row()).decode("cp1252", "ignore").encode(), [], 2),
    "two encodings": (
        table(GOOD, row(first="Léonïe")) + b"\r\n" + row(first="Zoé", ine="").encode("latin1"),
        [("letters_lost", 4), ("no_ine", 4)],
        3,
    ),
    "commas": (table(GOOD.replace(";", ","), header=HEADER.replace(";", ",")), [], 1),
    "tabs": (table(GOOD.replace(";", "\t"), header=HEADER.replace(";", "\t")), [], 1),
    "columns in another order": (
        table("Timothé;CP A;BALDÉRIQUE;30/08/2020;M;999000501BA;CP",
              header="Prénom;Classe;Nom;Date de naissance;Sexe;INE;Niveau"), [], 1,
    ),
    "levels under classes": (
        table(row(level="CP A", division="CP")),
        [("swapped", None), ("nobody", None), ("outside", 2)], 0,
    ),
    "a header and nobody": (table(), [("nobody", None)], 0),
    "two schools in one file": (
        table(f"{GOOD};{UAI}", f"{row()};9990002Y", header=f"{HEADER};UAI"),
        [("another_school", 3)], 1,
    ),
    "a letter wrong in a school number": (
        table(f"{GOOD};9990001Z", header=f"{HEADER};UAI"), [("bad_uai", 2)], 1,
    ),
    "resource forks in a zip": (
        zipped({"__MACOSX/._a.csv": b"\0\5\x16\7", "._a.csv": b"\0\5\x16\7", "a.csv": LIST}), [], 1,
    ),
    "a sheet behind a password": (workbook([*CELLS], password="secret"), [], 1),
    "merged cells": (
        workbook([*CELLS], [*DUPONT[:5], "999000503CC", "CP", None], merged="H2:H3"),
        [("no_class", 3), ("same_person", 3)], 2,
    ),
    "a day as a number": (workbook([*DUPONT[:3], 43862, *DUPONT[4:]]), [], 1),
    "a formula never computed": (
        workbook(["=A1", *DUPONT[1:]]), [("nobody", None), ("no_name", 2)], 0,
    ),
    "a class a year too old": (
        table(*[row(last=f"N{'ABCDEFGHIJKL'[n]}", born="01/02/2019", ine="") for n in range(12)]),
        [("last_year", None), *[("no_ine", n) for n in range(2, 14)]], 12,
    ),
    "an export of long ago": (
        siecle(more="<DATE_EXPORT>01/08/2026</DATE_EXPORT>"),
        [("old_export", None)], 1,
    ),
}  # fmt: skip


@pytest.mark.parametrize("given", ODDLY_MADE)
def test_a_file_that_is_oddly_made_is_read_and_what_is_odd_is_said(given: str) -> None:
    content, remarks, n_kept = ODDLY_MADE[given]
    said = reading(content)
    found = [(one.kind, one.line) for one in said.defects]
    assert found[: len(remarks)] == remarks
    assert remarks or not found
    assert len(said.pupils) == n_kept


def test_there_are_forty_and_more() -> None:
    assert len(REFUSED) + len(KEPT) + len(ODDLY_MADE) > 100


@pytest.mark.parametrize("kind", ["last_year", "old_export", "swapped", "bad_uai"])
def test_what_concerns_a_whole_file_is_said_once(kind: str) -> None:
    found = [
        one
        for content, _remarks, _n in ODDLY_MADE.values()
        for one in reading(content).defects
        if one.kind == kind
    ]
    assert len(found) == 1
