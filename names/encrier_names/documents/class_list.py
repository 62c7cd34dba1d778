# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of a class on paper, to check with its teacher before validation.

Holds what is to be checked and no more: no INE, no number, no code.
"""

from pathlib import Path
from typing import Final

from encrier import clock
from encrier.manifest import Manifest
from encrier.records import Record
from encrier_names import dates, typesetting
from encrier_names.codesheets.sheet import level_shown
from encrier_names.schools.lists import pupils_of
from encrier_names.schools.models import Division, Pupil
from encrier_names.typesetting import on_paper

_TEMPLATE: Final = Path(__file__).parent / "class-list.typ"


class Row(Record, frozen=True):
    """One pupil to check."""

    last_name: str
    first_name: str
    born: str
    sex: str
    level: str
    remark: str


class ClassList(Record, frozen=True):
    """All that stands on the list."""

    campaign: str
    school: str
    uai: str
    division: str
    status: str
    rows: tuple[Row, ...]


def class_list_pdf(division: Division, manifest: Manifest) -> bytes:
    """The list of a class as a PDF: pupils in alphabetical order."""
    with on_paper.of_school(division.school):
        return typesetting.pdf(
            _TEMPLATE, _list(division, manifest), dated=division.validated_at or clock.now()
        )


def _list(division: Division, manifest: Manifest) -> ClassList:
    validated = division.validated_at
    return ClassList(
        campaign=manifest.label,
        school=division.school.name,
        uai=division.school.uai,
        division=division.label,
        status=f"Liste validée le {dates.day(validated)}."
        if validated
        else "Liste pas encore validée.",
        rows=tuple(map(_row, pupils_of(division))),
    )


def _row(pupil: Pupil) -> Row:
    identity, closure = pupil.identity, pupil.closure
    return Row(
        last_name=identity.used_name or identity.last_name,
        first_name=identity.first_name,
        born=f"{identity.birth_date:%d/%m/%Y}" if identity.birth_date else "—",
        sex=identity.sex or "—",
        level=level_shown(pupil.level),
        remark=closure.shown if closure else "",
    )
