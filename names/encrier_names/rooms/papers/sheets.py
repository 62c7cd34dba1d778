# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is printed of rooms: a sheet for each door (no name), the receipt, the incident notes.

Set by typst in memory; names never touch the disk on their way to paper.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Final

from encrier.manifest import Manifest
from encrier.records import Record
from encrier_names import dates, typesetting
from encrier_names.rooms import receipt
from encrier_names.rooms.models import Receipt, ReceiptState, Session
from encrier_names.rooms.plan import clock_of, moment
from encrier_names.rooms.planning.words import a_day, an_hour
from encrier_names.schools.models import School
from encrier_names.typesetting import on_paper

_FOLDER: Final = Path(__file__).parent


class DoorSession(Record, frozen=True):
    """One line of a door."""

    hours: str
    label: str
    n_pupils: int
    begins: str
    sequence: int


class DoorDay(Record, frozen=True):
    """The sessions of one day in a room."""

    day: str
    sessions: tuple[DoorSession, ...]


class Door(Record, frozen=True):
    """One room."""

    room: str
    days: tuple[DoorDay, ...]


class Doors(Record, frozen=True):
    """All doors of a school."""

    campaign: str
    school: str
    doors: tuple[Door, ...]


class PaperLine(Record, frozen=True):
    """One pupil of a receipt on paper."""

    name: str
    division: str
    screen: str
    state: str
    unsent: str
    seen: str
    remark: str


class PaperReceipt(Record, frozen=True):
    """The receipt of a session on paper."""

    campaign: str
    school: str
    label: str
    place: str
    when: str
    by: str
    signed: str
    told: str
    all_arrived: bool
    n_sat: int
    n_absent: int
    n_to_check: int
    lines: tuple[PaperLine, ...]
    incidents: tuple["PaperIncident", ...]


class PaperIncident(Record, frozen=True):
    """One incident note on paper."""

    when: str
    where: str
    kind: str
    touched: str
    done: str
    by: str


class PaperIncidents(Record, frozen=True):
    """The incident notes of a school on paper."""

    campaign: str
    school: str
    incidents: tuple[PaperIncident, ...]


def doors_pdf(school: School, sessions: Sequence[Session], manifest: Manifest) -> bytes:
    """One page a room, its sessions day by day."""
    ordered = sorted(sessions, key=lambda s: (s.place, s.starts_at, s.label))
    places = groupby(ordered, key=lambda s: s.place)
    with on_paper.of_school(school):
        doors = tuple(Door(place, _days(list(held))) for place, held in places)
    content = Doors(manifest.label, school.name, doors)
    changed = max(session.changed_at for session in sessions)
    return typesetting.pdf(_FOLDER / "doors.typ", content, dated=changed)


def receipt_pdf(signed: Receipt, incidents: Sequence[PaperIncident], manifest: Manifest) -> bytes:
    """The receipt as it was signed."""
    with on_paper.of_school(signed.session.school):
        content = _receipt(signed, incidents, manifest)
    return typesetting.pdf(_FOLDER / "receipt.typ", content, dated=signed.signed_at)


def _receipt(
    signed: Receipt, incidents: Sequence[PaperIncident], manifest: Manifest
) -> PaperReceipt:
    declared, session = signed.declared, signed.session
    lines = declared.lines
    n_absent = sum(line.state in receipt.NOT_SAT for line in lines)
    return PaperReceipt(
        campaign=manifest.label,
        school=session.school.name,
        label=session.label,
        place=session.place,
        when=when(session),
        by=declared.by,
        signed=f"{dates.day(signed.signed_at)} à {dates.hour(signed.signed_at)}",
        told="" if declared.told_at is None else dates.hour(declared.told_at),
        all_arrived=not any(line.state == "to-check" for line in lines),
        n_sat=len(lines) - n_absent,
        n_absent=n_absent,
        n_to_check=sum(line.state == "to-check" for line in lines),
        lines=tuple(
            PaperLine(
                line.name,
                line.division,
                line.screen,
                _state(line.state, line.percent),
                "" if line.state in receipt.NOT_SAT else str(line.unsent),
                "" if line.seen_at is None else dates.hour(line.seen_at),
                line.remark,
            )
            for line in lines
        ),
        incidents=tuple(incidents),
    )


def incidents_pdf(
    school: School,
    incidents: Sequence[PaperIncident],
    manifest: Manifest,
    *,
    dated: datetime,
) -> bytes:
    """The incident notes of a school, oldest first."""
    content = PaperIncidents(manifest.label, school.name, tuple(incidents))
    return typesetting.pdf(_FOLDER / "incidents.typ", content, dated=dated)


def when(session: Session) -> str:
    """« mardi 8 septembre, de 8 h 00 à 9 h 05 »."""
    zone = clock_of(session.school)
    starts, ends = moment(session.starts_at, zone), moment(session.ends_at, zone)
    return f"{a_day(starts.day)}, de {an_hour(starts.minute)} à {an_hour(ends.minute)}"


def _state(state: ReceiptState, percent: int) -> str:
    shown = receipt.STATE_SHOWN[state]
    return f"{shown}, {percent}\u00a0%" if state == "unfinished" else shown


def _days(sessions: Sequence[Session]) -> tuple[DoorDay, ...]:
    days = groupby(sessions, key=lambda s: moment(s.starts_at, clock_of(s.school)).day)
    return tuple(DoorDay(str(a_day(day)), tuple(_line(s) for s in held)) for day, held in days)


def _line(session: Session) -> DoorSession:
    zone = clock_of(session.school)
    starts, ends = moment(session.starts_at, zone), moment(session.ends_at, zone)
    return DoorSession(
        hours=f"{an_hour(starts.minute)} – {an_hour(ends.minute)}",
        label=session.label,
        n_pupils=int(getattr(session, "n_seats", 0)),
        begins=dates.hour(session.begins_at),
        sequence=session.sequence,
    )
