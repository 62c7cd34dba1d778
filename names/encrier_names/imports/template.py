# SPDX-License-Identifier: AGPL-3.0-or-later
"""The empty list that a school without ONDE or SIECLE fills in, as CSV or as a workbook."""

import io
from collections.abc import Mapping
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from encrier_names import zone

HEADER: Final = (
    "Nom",
    "Nom d’usage",
    "Prénom",
    "Date de naissance",
    "Sexe",
    "INE",
    "Niveau",
    "Classe",
    "UAI",
)
FORMATS: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_HOW: Final = (
    "Une ligne par élève, sous la ligne de titres.",
    "Nom, Prénom, Niveau et Classe sont nécessaires ; le reste aide à reconnaître l’élève.",
    "Date de naissance : 31/12/2015. Sexe : F ou M. INE : onze caractères.",
    "L’UAI de votre établissement peut rester vide ; un autre sera refusé.",
)
_ROWS: Final = 400  # whose dates and INE are typed as such


def template(kind: str, uai: str) -> bytes:
    """The bytes of an empty list for this school; `kind` is one of FORMATS."""
    level = zone.current().manifest.level
    if kind == "csv":
        text = ";".join(HEADER) + "\r\n"
        return b"\xef\xbb\xbf" + text.encode()
    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = "Élèves"
    sheet.append(HEADER)
    for cell in sheet[1]:
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="26343F")
    for column, width in enumerate((24, 20, 20, 18, 7, 15, 9, 12, 12), 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row in range(2, _ROWS + 2):
        sheet.cell(row, 4).number_format = "DD/MM/YYYY"
        sheet.cell(row, 6).number_format = "@"
    sheet.freeze_panes = "A2"
    how = book.create_sheet("Mode d’emploi")
    for line in (*_HOW, f"Niveau de cette campagne : {level}. Votre UAI : {uai}."):
        how.append([line.replace(" :", "\u00a0:").replace(" ;", "\u00a0;")])
    how.column_dimensions["A"].width = 90
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
