# SPDX-License-Identifier: AGPL-3.0-or-later
"""Towards the end of the sittings: who is to catch up, and what the head then declares.

The list names pupils; the declaration and the form for incidents name none. No answer, no score.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from encrier import clock
from encrier.manifest import Manifest
from encrier.records import Record
from encrier_names import dates, typesetting
from encrier_names.followup import windows
from encrier_names.schools.lists import pupils_of
from encrier_names.schools.models import Division, School
from encrier_names.sittings import board, progress
from encrier_names.typesetting import on_paper

_HERE: Final = Path(__file__).parent


class Absentee(Record, frozen=True):
    """One pupil who has not sat, or not to the end."""

    last_name: str
    first_name: str
    division: str
    state: str


class Absentees(Record, frozen=True):
    """All that stands on the list of whom to let catch up."""

    campaign: str
    school: str
    uai: str
    division: str  # empty: the whole school
    ends_on: str
    as_of: str
    rows: tuple[Absentee, ...]


class Counted(Record, frozen=True):
    """A class in numbers; excused: its rows closed with a reason; uncoded: without a code."""

    division: str
    pupils: int
    finished: int
    started: int
    expected: int
    excused: int
    uncoded: int


class Reason(Record, frozen=True):
    """How many rows were closed for one reason."""

    reason: str
    n: int


class Declaration(Record, frozen=True):
    """All that stands on the declaration."""

    campaign: str
    school: str
    uai: str
    opens_on: str
    ends_on: str
    last_save_on: str
    as_of: str
    rows: tuple[Counted, ...]
    total: Counted
    reasons: tuple[Reason, ...]
    unsent: int


class IncidentForm(Record, frozen=True):
    """What a form to fill in by hand already says."""

    campaign: str
    school: str
    uai: str


def absentees(divisions: Iterable[Division]) -> tuple[Absentee, ...]:
    """The pupils with a code who have not started, then those who have not finished, by class."""
    return tuple(pupil for division in divisions for pupil in _of_class(division))


def absentees_pdf(
    school: School, rows: Sequence[Absentee], manifest: Manifest, *, division: str = ""
) -> bytes:
    """The list of whom to let catch up, of a class or of the school."""
    with on_paper.of_school(school):
        content = Absentees(
            campaign=manifest.label,
            school=school.name,
            uai=school.uai,
            division=division,
            ends_on=dates.last_day(windows.ends_at(school, manifest)),
            as_of=_as_of(),
            rows=tuple(rows),
        )
    return typesetting.pdf(_HERE / "absentees.typ", content, dated=clock.now())


def declaration_pdf(school: School, divisions: Iterable[Division], manifest: Manifest) -> bytes:
    """The declaration of the end of the sittings, with what we know already."""
    with on_paper.of_school(school):
        by_class = {division.label: board.lines(division) for division in divisions}
        content = _declaration(school, by_class, manifest)
    return typesetting.pdf(_HERE / "declaration.typ", content, dated=clock.now())


def incident_pdf(school: School, manifest: Manifest) -> bytes:
    """A form for one incident, to copy as often as needed."""
    content = IncidentForm(campaign=manifest.label, school=school.name, uai=school.uai)
    return typesetting.pdf(_HERE / "incident.typ", content, dated=manifest.opens_at)


def _declaration(
    school: School, by_class: Mapping[str, Sequence[board.Line]], manifest: Manifest
) -> Declaration:
    everybody = [line for lines in by_class.values() for line in lines]
    reasons = Counter(line.excused for line in everybody if line.state == "excused")
    return Declaration(
        campaign=manifest.label,
        school=school.name,
        uai=school.uai,
        opens_on=dates.day(manifest.opens_at),
        ends_on=dates.last_day(windows.ends_at(school, manifest)),
        last_save_on=dates.day(manifest.last_save_at),
        as_of=_as_of(),
        rows=tuple(_counted(label, lines) for label, lines in by_class.items()),
        total=_counted("", everybody),
        reasons=tuple(Reason(reason, n) for reason, n in reasons.most_common()),
        unsent=sum(line.unsent for line in everybody),
    )


def _of_class(division: Division) -> list[Absentee]:
    pupils = pupils_of(division)
    both = zip(pupils, board.lines_of(pupils), strict=True)
    late = [(p, line) for p, line in both if line.state in {"expected", "started"}]
    late.sort(key=lambda one: one[1].state == "started")
    return [
        Absentee(
            last_name=pupil.identity.used_name or pupil.identity.last_name,
            first_name=pupil.identity.first_name,
            division=division.label,
            state=_state(line),
        )
        for pupil, line in late
    ]


def _state(line: board.Line) -> str:
    if line.state == "expected":
        return "n’a pas commencé"
    return f"commencé, {line.percent}\u00a0%"


def _counted(label: str, lines: Sequence[board.Line]) -> Counted:
    states = Counter(line.state for line in lines)
    return Counted(
        division=label,
        pupils=len(lines),
        finished=states["finished"],
        started=states["started"],
        expected=states["expected"],
        excused=states["excused"],
        uncoded=states["no-code"],
    )


def _as_of() -> str:
    pulled = progress.pulled_at()
    if pulled is None:
        return "L’avancement des élèves n’a pas encore été reçu."
    return f"Avancement reçu le {dates.day(pulled)} à {dates.hour(pulled)}."
