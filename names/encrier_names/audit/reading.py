# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may be read of the audit: a head the rows of his school, an auditor counts of all.

A row is of a school when its class is, or when who acted works there. Never a pupil for an auditor.
"""

from datetime import date, datetime, time, timedelta
from typing import TypedDict, cast
from uuid import UUID

from django.db.models import CharField, Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from encrier.records import Record
from encrier_names.audit.models import Access
from encrier_names.schools.hours import PARIS_TIME
from encrier_names.schools.models import Division, Role, School, Staff


class Asked(Record, frozen=True):
    """What the reader wants to see of it."""

    first: date | None = None
    last: date | None = None
    staff: UUID | None = None
    division: UUID | None = None
    action: str = ""


class DayCount(TypedDict):
    """So many accesses of one kind on one day."""

    day: date
    role: str | None  # None: of an account that is gone
    action: str
    n_accesses: int
    n_seen: int  # pupils, as often as they were seen


def of_school(school: School) -> QuerySet[Access]:
    """The rows that concern a school, newest first."""
    divisions = Division.objects.filter(school=school).values("id")
    people = Staff.objects.filter(school=school).values("id")
    return Access.objects.filter(Q(division__in=divisions) | Q(staff__in=people)).order_by("-id")


def narrowed(rows: QuerySet[Access], asked: Asked) -> QuerySet[Access]:
    """The rows that are asked for; days are those of Paris."""
    if asked.first:
        rows = rows.filter(at__gte=_midnight(asked.first))
    if asked.last:
        rows = rows.filter(at__lt=_midnight(asked.last + timedelta(days=1)))
    if asked.staff:
        rows = rows.filter(Q(staff=asked.staff) | Q(about=asked.staff))
    if asked.division:
        rows = rows.filter(division=asked.division)
    return rows.filter(action=asked.action) if asked.action else rows


def about_pupil(pupil: UUID, division: UUID) -> QuerySet[Access]:
    """Who saw a pupil: by her own page, or in a list or table of a class that she is or was in.

    A class that she left is found by the row of her leaving, which names it.
    """
    was_in = Access.objects.filter(pupil=pupil).values("division")
    whole_class = (Q(division=division) | Q(division__in=was_in)) & Q(pupil=None, n_pupils__gt=0)
    return Access.objects.filter(Q(pupil=pupil) | whole_class).order_by("-id")


def counts(rows: QuerySet[Access]) -> QuerySet[Access, DayCount]:
    """How many accesses a day, role and action; nobody is named, newest day first."""
    role = Staff.objects.filter(id=OuterRef("staff")).values("role")[:1]
    counted = (
        rows.order_by()
        .annotate(day=TruncDate("at", tzinfo=PARIS_TIME), role=Subquery(role, CharField()))
        .values("day", "role", "action")
        .annotate(n_accesses=Count("id"), n_seen=Sum("n_pupils"))
        .order_by("-day", "role", "action")
    )
    return cast("QuerySet[Access, DayCount]", counted)


def role_shown(role: str | None) -> str:
    """What the role of a count is called."""
    return str(Role(role).label) if role in Role.values else _("compte supprimé")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=PARIS_TIME)
