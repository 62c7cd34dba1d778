# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one page that a family takes home, in plain French, set by typst in memory."""

from pathlib import Path
from typing import Final

from encrier.manifest import Manifest
from encrier.records import Record
from encrier_names import dates, typesetting
from encrier_names.restitution.results import GROUP_SHOWN, PupilResults
from encrier_names.schools.models import Division
from encrier_names.typesetting import on_paper

_TEMPLATE: Final = Path(__file__).parent / "pupil-sheet.typ"


class DomainShown(Record, frozen=True):
    """One domain on the page."""

    label: str
    subject: str
    measures: str
    group: str  # besoins, fragile, satisfaisant, none
    group_shown: str
    next_step: str
    points: str


class PupilSheet(Record, frozen=True):
    """All that stands on the page."""

    campaign: str
    school: str
    division: str
    last_name: str
    first_name: str
    status: str
    closes_on: str
    domains: tuple[DomainShown, ...]


def pupil_pdf(results: PupilResults, division: Division, manifest: Manifest) -> bytes:
    """The page of one pupil as a PDF."""
    with on_paper.of_school(division.school):
        content = _sheet(results, division, manifest)
    return typesetting.pdf(_TEMPLATE, content, dated=manifest.opens_at)


def _sheet(results: PupilResults, division: Division, manifest: Manifest) -> PupilSheet:
    identity = results.identity
    return PupilSheet(
        campaign=manifest.label,
        school=division.school.name,
        division=division.label,
        last_name=identity.used_name or identity.last_name,
        first_name=identity.first_name,
        status=results.status,
        closes_on=dates.last_day(manifest.results_close_at),
        domains=tuple(
            DomainShown(
                label=cell.domain.label,
                subject=cell.domain.subject,
                measures=cell.domain.measures,
                group=cell.group or "none",
                group_shown=GROUP_SHOWN[cell.group],
                next_step=cell.next_step,
                points=cell.points,
            )
            for cell in results.cells
        ),
    )
