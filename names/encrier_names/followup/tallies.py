# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps the counters of schools. Who reads a page reads these, never the rows of pupils.

Two ways to one truth: a school whose lists changed is counted again whole; a pull of progress
adds what it changes. A law of the tests says that both give what counting all again gives.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q

from encrier import clock
from encrier_names import zone
from encrier_names.batches import batches
from encrier_names.followup.models import COUNTED, DeclaredEnd, Extension, Printed, Tally
from encrier_names.followup.steps import Facts, step_of
from encrier_names.keying import levels
from encrier_names.schools.models import Division, Kind, Pupil, School
from encrier_names.sittings import counting
from encrier_names.sittings.progress import Move

# Whom the campaign of a level is about: schools that teach this, and those that have pupils.
_KINDS: Final[Mapping[str, Kind]] = {
    **dict.fromkeys(("CP", "CE1", "CE2", "CM1", "CM2"), Kind.FIRST_DEGREE),
    **dict.fromkeys(("6E", "5E", "4E", "3E"), Kind.LOWER),
    **dict.fromkeys(("2DE", "CAP"), Kind.UPPER),
}
_SCHOOLS: Final = 200  # counted at once: some 24,000 pupils
_DIRECTORY: Final = ("academy", "is_public", "in_scope")
_WRITTEN: Final = (
    *_DIRECTORY,
    "divisions",
    "validated",
    "printed",
    *COUNTED,
    "step",
    "ends_at",
    "declared_at",
)


def recount(*schools: UUID) -> None:
    """Count these schools again, from their rows."""
    with transaction.atomic():
        list(Tally.objects.select_for_update().filter(school__in=schools))  # others wait
        rows = _counted(schools)
        Tally.objects.bulk_create(
            rows,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["school"],
            update_fields=[*_WRITTEN, "counted_at"],
        )


def rebuild() -> int:
    """Count every school again; give how many."""
    n_schools = 0
    for part in _everywhere():
        recount(*part)
        n_schools += len(part)
    return n_schools


def follow_directory(*, even_if_all_there: bool = False) -> None:
    """Begin a row for each school that has none, and take over what the directory says anew."""
    if not even_if_all_there and School.objects.count() == Tally.objects.count():
        return
    with_pupils = set(Tally.objects.filter(pupils__gt=0).values_list("school", flat=True))
    now = clock.now()
    Tally.objects.bulk_create(
        (
            Tally(
                school_id=school.id,
                counted_at=now,
                **_of_directory(school, has_pupils=school.id in with_pupils),
            )
            for school in School.objects.iterator()
        ),
        batch_size=500,
        update_conflicts=True,
        unique_fields=["school"],
        update_fields=_DIRECTORY,
    )


def wrong() -> list[UUID]:
    """The schools whose counters are not what counting them again gives; nothing is written."""
    found = []
    for part in _everywhere():
        kept = {row.pk: row for row in Tally.objects.filter(school__in=part)}
        for row in _counted(part):
            known = kept.get(row.pk)
            if known is None or _differ(known, row):
                found.append(row.pk)
    return found


@transaction.atomic
def moved(moves: Sequence[Move]) -> None:
    """Add what a pull of progress changes; called in the transaction that keeps it."""
    places = counting.schools_of(moves)
    schools = sorted({school for _pupil, school in places.values()})
    rows: dict[UUID, Tally] = {}
    for part in batches(schools, _SCHOOLS):
        rows |= {row.pk: row for row in Tally.objects.select_for_update().filter(school__in=part)}
    now = clock.now()
    for school, change in counting.moved(moves, places).items():
        if (row := rows.get(school)) is None:
            continue  # never counted: whoever counts it first counts this too
        for name in COUNTED:
            setattr(row, name, getattr(row, name) + getattr(change, name))
        row.step, row.counted_at = step_of(facts(row)), now
    Tally.objects.bulk_update(rows.values(), [*COUNTED, "step", "counted_at"], batch_size=200)


def printed(*divisions: UUID) -> None:
    """Note that the code sheets of these classes were taken out."""
    rows = [Printed(division_id=division, at=clock.now()) for division in divisions]
    Printed.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["division"], update_fields=["at"]
    )
    schools = Division.objects.filter(id__in=divisions).values_list("school", flat=True)
    recount(*schools.distinct())


def of(school: School) -> Tally:
    """The counters of a school; of one that was never counted, counted now."""
    row = Tally.objects.filter(school=school).first()
    if row is None:
        recount(school.id)
        row = Tally.objects.get(school=school)
    return row


def facts(row: Tally) -> Facts:
    """What the rules need of the counters."""
    return msgspec.convert(row, Facts, from_attributes=True)


def _counted(schools: Collection[UUID]) -> list[Tally]:
    pupils = counting.counts_of_schools(schools)
    classes = _classes(schools)
    declared = dict(
        DeclaredEnd.objects.filter(school__in=schools, taken_back_at=None)
        .values_list("school")
        .annotate(Max("at"))
    )
    ends = dict(
        Extension.objects.filter(school__in=schools).order_by("at").values_list("school", "ends_at")
    )
    now, rows = clock.now(), []
    for school in School.objects.filter(id__in=schools):
        n, n_validated, n_printed = classes.get(school.id, (0, 0, 0))
        counted = pupils[school.id]
        row = Tally(
            school_id=school.id,
            **_of_directory(school, has_pupils=counted.pupils > 0),
            divisions=n,
            validated=n_validated,
            printed=n_printed,
            **msgspec.structs.asdict(counted),
            ends_at=ends.get(school.id),
            declared_at=declared.get(school.id),
            counted_at=now,
        )
        row.step = step_of(facts(row))
        rows.append(row)
    return rows


def _classes(schools: Collection[UUID]) -> dict[UUID, tuple[int, int, int]]:
    """How many classes with pupils each school has, validated, and printed since.

    A class that is keyed has nothing to print: its codes are never on paper.
    """
    pupils = Pupil.objects.filter(division=OuterRef("id"))
    with_pupils, printed = Exists(pupils), Q(printed__at__gte=F("validated_at"))
    if levels.any_keyed():
        printed |= ~Exists(pupils.filter(levels.on_screen())) & ~Q(validated_at=None)
    found = (
        Division.objects.filter(with_pupils, school__in=schools)
        .values("school")
        .annotate(
            n=Count("id"),
            n_validated=Count("id", filter=~Q(validated_at=None)),
            n_printed=Count("id", filter=printed),
        )
        .values_list("school", "n", "n_validated", "n_printed")
    )
    return {school: (n, n_valid, n_printed) for school, n, n_valid, n_printed in found}


def _differ(one: Tally, other: Tally) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in _WRITTEN)


def _of_directory(school: School, *, has_pupils: bool) -> dict[str, Any]:
    """What is copied of the directory. Any: columns of three types."""
    kind = _KINDS.get(zone.current().manifest.level)
    in_scope = has_pupils or kind is None or school.kind in {kind, ""}
    return {"academy": school.academy, "is_public": school.is_public, "in_scope": in_scope}


def _everywhere() -> Iterator[Sequence[UUID]]:
    return batches(list(School.objects.values_list("id", flat=True)), _SCHOOLS)
