# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may see what. Every view asks here and nowhere else; what one may not see is not there.

A refusal is a 404 and not a 403: that a class exists is already something to know.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Concatenate, Final, ParamSpec
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from encrier import clock
from encrier_names.followup import tallies
from encrier_names.rooms.models import Session
from encrier_names.schools import hours
from encrier_names.schools.models import Division, Pupil, Role, School, Staff

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# A supervisor sees names in his room from an hour before to the day after: the receipt is signed
# once the last computer has sent what it kept.
ROOM_BEFORE: Final = timedelta(hours=1)
ROOM_AFTER: Final = timedelta(hours=24)
P = ParamSpec("P")
StaffView = Callable[Concatenate[HttpRequest, Staff, P], HttpResponseBase]


def for_staff(
    *roles: Role,
) -> Callable[[StaffView[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Give a view the member of staff who asks, or send to the sign-in page, or 404."""

    def of(view: StaffView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def asked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user = request.user
            staff = (
                Staff.objects.select_related("school").filter(user=user).first()
                if isinstance(user, User)
                else None
            )
            if staff is None or staff.role not in roles:
                raise Http404
            with timezone.override(clock_of(staff).info):
                response = view(request, staff, *args, **kwargs)
            if staff.school_id is not None and request.method not in SAFE:
                tallies.recount(staff.school_id)  # whatever she did to her school
            return response

        asked.roles = frozenset(roles)  # type: ignore[attr-defined]  # read by tests of the table
        return login_required(asked)  # type: ignore[return-value]  # wraps hides the last argument

    return of


def clock_of(staff: Staff) -> hours.Clock:
    """The clock by which a member of staff reads hours."""
    if staff.school is not None:
        return hours.of_school(staff.school.uai)
    return hours.of_academy(staff.academy)


def school(staff: Staff) -> School:
    """The school that a member of staff works in; 404 for who works in none."""
    if staff.school is None:
        raise Http404
    return staff.school


def schools_of(staff: Staff) -> QuerySet[School]:
    """The schools that a member of staff may see."""
    if staff.role == Role.MINISTRY:
        return School.objects.all()
    if staff.role == Role.ACADEMY:
        return School.objects.filter(academy=staff.academy).exclude(academy="")
    return (
        School.objects.none() if staff.school is None else School.objects.filter(id=staff.school.id)
    )


def divisions_of(staff: Staff) -> QuerySet[Division]:
    """The divisions whose pupils a member of staff may see by name."""
    divisions = Division.objects.select_related("school")
    if staff.role == Role.MINISTRY:
        return divisions
    if staff.role in {Role.ACADEMY, Role.AUDITOR}:
        return divisions.none()
    divisions = divisions.filter(school__in=schools_of(staff))
    if staff.role == Role.HEAD:
        return divisions
    return divisions.filter(teachers=staff)


def division(staff: Staff, wanted: UUID) -> Division:
    """The division asked for, if this member of staff may see it; else 404."""
    found = divisions_of(staff).filter(id=wanted).first()
    if found is None:
        raise Http404
    return found


def pupil(staff: Staff, wanted: UUID) -> Pupil:
    """The pupil asked for, if this member of staff may see her division; else 404."""
    found = (
        Pupil.objects.select_related("division__school")
        .filter(id=wanted, division__in=divisions_of(staff))
        .first()
    )
    if found is None:
        raise Http404
    return found


def sitting_pupils(staff: Staff) -> QuerySet[Pupil]:
    """The pupils on whose sittings one may act: of one's classes, or in one's room now."""
    hers = Q(division__in=divisions_of(staff)) | Q(seats__session__in=rooms_now(staff))
    return Pupil.objects.select_related("division__school").filter(hers).distinct()


def sitting_pupil(staff: Staff, wanted: UUID) -> Pupil:
    """The pupil asked for, if one may act on her sitting; else 404."""
    found = sitting_pupils(staff).filter(id=wanted).first()
    if found is None:
        raise Http404
    return found


def sessions_of(staff: Staff) -> QuerySet[Session]:
    """The sessions that a member of staff may know of: when, where, which class; nobody's name."""
    sessions = Session.objects.select_related("school")
    if staff.role == Role.HEAD:
        return sessions.filter(school__in=schools_of(staff))
    if staff.role in {Role.TEACHER, Role.SUPERVISOR}:
        return sessions.filter(school__in=schools_of(staff), supervisors=staff)
    return sessions.none()


def rooms_now(staff: Staff) -> QuerySet[Session]:
    """The sessions whose pupils a member of staff may see by name: a supervisor's, while it is."""
    sessions, now = sessions_of(staff), clock.now()
    if staff.role == Role.HEAD:
        return sessions
    return sessions.filter(starts_at__lte=now + ROOM_BEFORE, ends_at__gte=now - ROOM_AFTER)


def session(staff: Staff, wanted: UUID) -> Session:
    """The session asked for, if this member of staff may see who sits in it; else 404."""
    found = rooms_now(staff).filter(id=wanted).first()
    if found is None:
        raise Http404
    return found
