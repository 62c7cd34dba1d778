# SPDX-License-Identifier: AGPL-3.0-or-later
"""Workbooks and tables: read like ONDE's file, with days as days; hostile ones are refused."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date

import pytest
from openpyxl import Workbook

from encrier_names.rosters import Level, Reading, RosterRefused, read
from encrier_names.rosters.refusals import DamagedFile, OtherSchool, TooLarge

HEADER = ["Nom", "Prénom", "Date de naissance", "Sexe", "INE", "Niveau", "Classe"]
ROW = ["BALDÉRIQUE", "Timothé", date(2015, 8, 30), "M", "999000501BA", "6e", "6A"]
OTHER = ["CŒURDELIN", "Anatole", "27/11/2015", "M", "999000504EB", "6EME", "6A"]
SHEET = "xl/worksheets/sheet1.xml"


def workbook(*rows: Sequence[object], first: str | None = None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    if first:
        sheet.append([first])
        sheet = book.create_sheet("Élèves")
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def reading(content: bytes, uai: str | None = "9990001X") -> Reading:
    levels = frozenset({Level.SIXTH})
    return read(content, file_name="liste.xlsx", expected_uai=uai, levels=levels)


def with_sheet(content: bytes, sheet: bytes) -> bytes:
    """The same workbook with another first sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, sheet if name == SHEET else old.read(name))
    return out.getvalue()


def test_a_workbook_is_read_by_its_headers() -> None:
    said = reading(workbook(["Liste de rentrée"], [], HEADER, ROW, [], OTHER))
    assert [(p.last_name, p.birth_date, p.level, p.division) for p in said.pupils] == [
        ("BALDÉRIQUE", date(2015, 8, 30), Level.SIXTH, "6A"),
        ("CŒURDELIN", date(2015, 11, 27), Level.SIXTH, "6A"),
    ]
    assert [p.source_line for p in said.pupils] == [4, 6]
    assert said.source.format == "table"
    assert said.defects == ()


def test_the_sheet_that_holds_the_list_is_found_among_others() -> None:
    assert len(reading(workbook(HEADER, ROW, first="Mode d’emploi")).pupils) == 1


def test_numbers_that_a_spreadsheet_makes_of_classes_are_written_as_a_person_would() -> None:
    (pupil,) = reading(workbook(HEADER, [*ROW[:-1], 602])).pupils
    assert pupil.division == "602"


def test_pupils_of_another_school_are_left_out_and_counted() -> None:
    with_uai = [*HEADER, "UAI"]
    rows: list[list[object]] = [[*ROW, "9990001X"], [*OTHER, "9990002Y"]]
    said = reading(workbook(with_uai, *rows))
    assert [p.last_name for p in said.pupils] == ["BALDÉRIQUE"]
    (defect,) = said.defects
    assert (defect.kind, defect.line, defect.severity) == ("another_school", 3, "refused")
    with pytest.raises(OtherSchool):
        reading(workbook(with_uai, rows[1]))


def test_the_same_table_as_csv_gives_the_same() -> None:
    text = ";".join(HEADER) + "\nBALDÉRIQUE;Timothé;30/08/2015;M;999000501BA;6e;6A\n"
    one, two = reading(text.encode()), reading(workbook(HEADER, ROW))
    assert one.pupils == two.pupils
    assert one.source.format == two.source.format == "table"


def test_a_sheet_that_says_it_has_a_million_lines_is_read_to_its_last_pupil() -> None:
    good = workbook(HEADER, ROW)
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        sheet = archive.read(SHEET).decode()
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    said = reading(with_sheet(good, sheet.replace("</sheetData>", far).encode()))
    assert len(said.pupils) == 1


def test_more_lines_than_any_school_has_are_refused() -> None:
    with pytest.raises(TooLarge):
        reading(workbook(HEADER, *([ROW] * 12_100)))


BOMB = b"<worksheet>" + b" " * (70 * 1024 * 1024)
LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b"]><worksheet><sheetData><row><c t='inlineStr'><is><t>&j;</t></is></c></row></sheetData>"
    b"</worksheet>"
)


@pytest.mark.parametrize("sheet", [b"", b"<worksheet>", b"\x00\xff", b"<a/>", LAUGHS, BOMB])
def test_a_hostile_or_broken_sheet_is_refused_in_words(sheet: bytes) -> None:
    with pytest.raises(RosterRefused) as refused:
        reading(with_sheet(workbook(HEADER, ROW), sheet))
    assert str(refused.value).endswith((".", "»."))


def test_a_workbook_that_is_cut_is_said_to_be() -> None:
    content = workbook(HEADER, ROW)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        place = archive.getinfo(SHEET).header_offset + 60
    spoilt = content[:place] + bytes(40) + content[place + 40 :]
    with pytest.raises(DamagedFile):
        reading(spoilt)
