# SPDX-License-Identifier: AGPL-3.0-or-later
"""The plan of a school between its tables and the planner: what is asked, what is kept.

Knows pupils by id, and their extra time; gives no name.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q, QuerySet

from encrier import clock
from encrier.manifest import Manifest
from encrier.records import from_bytes, to_bytes
from encrier_names.rooms import models
from encrier_names.rooms.models import PlanRules, Seat, Session
from encrier_names.rooms.planning.bandwidth import begin_second
from encrier_names.rooms.planning.problem import (
    Group,
    Moment,
    Part,
    Plan,
    Problem,
    Rules,
    Sitter,
    Slot,
    Space,
    Unplaced,
)
from encrier_names.rooms.planning.proposal import propose
from encrier_names.schools import hours
from encrier_names.schools.lists import in_order
from encrier_names.schools.models import Pupil, School
from encrier_names.sittings import grants


def rules_of(school: School) -> Rules:
    """The rules that a school has written, or the usual ones."""
    row = PlanRules.objects.filter(school=school).first()
    return Rules() if row is None else from_bytes(row.rules.encode(), Rules)


def keep_rules(school: School, rules: Rules) -> None:
    """Write down the rules of a school."""
    written = {"rules": to_bytes(rules).decode()}
    PlanRules.objects.update_or_create(school=school, defaults=written)


def next_revision(school: School) -> int:
    """Count one more change of the plan; calendars that were given away see that they are old."""
    defaults = {"rules": to_bytes(Rules()).decode()}
    PlanRules.objects.get_or_create(school=school, defaults=defaults)
    PlanRules.objects.filter(school=school).update(revision=F("revision") + 1)
    return PlanRules.objects.get(school=school).revision


def problem_of(school: School, manifest: Manifest) -> Problem:
    """What there is to plan now: the past, what is under way and what is locked stay."""
    now = clock.now()
    settled = Q(is_locked=True) | Q(is_planned=False) | Q(starts_at__lte=now)
    settled |= Q(opened_at__isnull=False)
    return Problem(
        rules=rules_of(school),
        spaces=tuple(_space(room) for room in rooms_of(school)),
        groups=_groups(school),
        opens=moment(max(manifest.opens_at, now), clock_of(school)),
        closes=moment(manifest.closes_at, clock_of(school)),
        locked=slots_of(sessions_of(school).filter(settled), locked=True),
    )


def rooms_of(school: School) -> list[models.Room]:
    """The rooms of a school by name."""
    return list(models.Room.objects.filter(school=school).order_by("name"))


def slots_of(sessions: Iterable[Session], *, locked: bool) -> tuple[Slot, ...]:
    """Sessions as the planner sees them, without the pupils who were noted absent."""
    return tuple(slot_of(session, locked=locked) for session in sessions)


def slot_of(session: Session, *, locked: bool) -> Slot:
    """A session as the planner sees it."""
    seats: dict[tuple[UUID, int, int], list[UUID]] = {}
    for seat in session.seats.filter(absence_box=None):
        seats.setdefault((seat.group, seat.rank, seat.of), []).append(seat.pupil_id)
    zone = clock_of(session.school)
    starts, ends = moment(session.starts_at, zone), moment(session.ends_at, zone)
    return Slot(
        space=session.room_id,
        day=starts.day,
        start=starts.minute,
        end=ends.minute,
        sequence=session.sequence,
        parts=tuple(Part(g, session.label, tuple(p), r, of) for (g, r, of), p in seats.items()),
        locked=locked,
    )


def current(school: School, problem: Problem) -> Plan:
    """The plan as it stands, and who has no place in it."""
    slots = slots_of(sessions_of(school), locked=True)
    placed = {(slot.sequence, pupil) for slot in slots for pupil in slot.pupils}
    unplaced = (
        Unplaced(group.id, group.label, sequence, left)
        for sequence in range(1, problem.rules.n_sequences + 1)
        for group in problem.groups
        if (left := tuple(p.id for p in group.pupils if (sequence, p.id) not in placed))
    )
    return Plan(slots, tuple(unplaced))


def propose_and_keep(school: School, manifest: Manifest) -> Plan:
    """Propose a plan around what is settled, and put it in place of the last proposal.

    A session that is proposed again for the same half-group keeps its id and its supervisors.
    """
    problem = problem_of(school, manifest)
    plan = propose(problem)
    with transaction.atomic():
        revision = next_revision(school)
        open_still = Session.objects.filter(
            school=school, is_planned=True, is_locked=False, opened_at=None
        ).filter(starts_at__gt=clock.now())
        before = {session.id: session for session in open_still}
        kept: set[UUID] = set()
        others = set(Session.objects.filter(school=school).values_list("id", flat=True))
        others -= before.keys()
        for slot, begins_s in _with_begins(school, problem, plan):
            session = _session(school, problem, slot, begins_s=begins_s)
            if session.id in others:  # a settled session whose pupils were all absent
                session.id = uuid4()
            session.revision = revision
            is_new = session.id not in before
            session.save(force_insert=is_new, force_update=not is_new)
            _seat(session, slot)
            kept.add(session.id)
        Session.objects.filter(id__in=before.keys() - kept).delete()
    return plan


def sessions_of(school: School) -> QuerySet[Session]:
    """The sessions of a school."""
    return Session.objects.filter(school=school).select_related("school")


def clock_of(school: School) -> ZoneInfo:
    """The clock that hangs in a school."""
    return hours.of_school(school.uai).info


def moment(at: datetime, zone: ZoneInfo) -> Moment:
    """A moment by the school's clock."""
    local = at.astimezone(zone)
    return Moment(local.date(), local.hour * 60 + local.minute)


def at(day: date, second: int, zone: ZoneInfo) -> datetime:
    """A second of a day of the school as a moment."""
    hour, rest = divmod(second, 3600)
    minute, seconds = divmod(rest, 60)
    return datetime(day.year, day.month, day.day, hour, minute, seconds, tzinfo=zone)


def begins_alone(rules: Rules, school: School, starts_at: datetime) -> datetime:
    """When the pupils of a session that nobody planned press « Commencer »."""
    zone = clock_of(school)
    starts = moment(starts_at, zone)
    second = begin_second(rules, starts.minute, n_before=0, salt=school.id.int)
    return at(starts.day, second, zone)


def half_groups(parts: Sequence[Part]) -> str:
    """« 6B, groupe 1 sur 2 et 6C »."""
    named = (p.label if p.of == 1 else f"{p.label}, groupe {p.rank} sur {p.of}" for p in parts)
    return " et ".join(named)[:200]


def _groups(school: School) -> tuple[Group, ...]:
    """The classes by label, their pupils who are awaited in alphabetical order."""
    pupils = Pupil.objects.filter(division__school=school, closure_box=None)
    awaited = in_order(pupils.select_related("division"))
    extra = {one: grant.extra_time for one, grant in grants.of(p.id for p in awaited).items()}
    groups = []
    for division in sorted(school.divisions.all(), key=lambda d: _natural(d.label)):
        sitters = (Sitter(p.id, extra[p.id]) for p in awaited if p.division_id == division.id)
        groups.append(Group(division.id, division.label, tuple(sitters)))
    return tuple(groups)


def _natural(label: str) -> tuple[int, str]:
    return len(label), label


def _space(room: models.Room) -> Space:
    busy = tuple(date.fromisoformat(day) for day in room.busy.split())
    halves = tuple(room.halves.split())
    return Space(room.id, room.name, room.seats, room.headsets, room.line_mbits, halves, busy)


def _with_begins(school: School, problem: Problem, plan: Plan) -> Iterable[tuple[Slot, int]]:
    """The proposed slots and the second at which each begins, room after room."""
    before: dict[tuple[date, int], int] = {}
    for slot in plan.slots:
        together = slot.day, slot.start
        n_before = before.get(together, 0)
        before[together] = n_before + len(slot.pupils)
        if not slot.locked:
            salt = school.id.int
            yield slot, begin_second(problem.rules, slot.start, n_before=n_before, salt=salt)


def _session(school: School, problem: Problem, slot: Slot, *, begins_s: int) -> Session:
    zone = clock_of(school)
    names = {space.id: space.name for space in problem.spaces}
    parts = "|".join(f"{p.group}:{p.rank}/{p.of}" for p in slot.parts)
    return Session(
        id=uuid5(school.id, f"{slot.sequence}|{parts}"),
        school=school,
        room_id=slot.space,
        place=names[slot.space] if slot.space else "",
        label=half_groups(slot.parts),
        sequence=slot.sequence,
        starts_at=at(slot.day, slot.start * 60, zone),
        ends_at=at(slot.day, slot.end * 60, zone),
        begins_at=at(slot.day, begins_s, zone),
        is_planned=True,
        changed_at=clock.now(),
    )


def _seat(session: Session, slot: Slot) -> None:
    session.seats.all().delete()
    Seat.objects.bulk_create(
        Seat(session=session, pupil_id=pupil, group=part.group, rank=part.rank, of=part.of)
        for part in slot.parts
        for pupil in part.pupils
    )
