# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: PLC0415 - Django's models exist only once it is set up
"""Rooms of a school, and a session that is under way in one of them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from encrier import clock


def a_room(school: Any, name: str = "Info 1", **changes: Any) -> Any:
    """A room of a school, free all week, with a headset a seat."""
    from encrier_names.rooms.models import Room
    from encrier_names.rooms.planning.problem import HALVES

    seats = changes.pop("seats", 20)
    given = {"seats": seats, "headsets": seats, "halves": " ".join(HALVES), **changes}
    return Room.objects.create(school=school, name=name, **given)


def a_session(
    pupils: Iterable[Any], *, supervisors: Iterable[Any] = (), since_min: int = 20, **changes: Any
) -> Any:
    """A session of an hour that began so long ago, with these pupils."""
    from encrier_names.rooms.models import Seat, Session

    seated = list(pupils)
    now = clock.now()
    given = {
        "school": seated[0].division.school,
        "place": "Info 1",
        "label": seated[0].division.label,
        "starts_at": now - timedelta(minutes=since_min),
        "ends_at": now + timedelta(minutes=60 - since_min),
        "begins_at": now - timedelta(minutes=since_min - 8),
        "changed_at": now,
        **changes,
    }
    session = Session.objects.create(**given)
    session.supervisors.set(supervisors)
    for pupil in seated:
        Seat.objects.create(session=session, pupil=pupil, group=pupil.division_id)
    return session


def rooms_with(school: Any, watcher: Any) -> dict[str, UUID]:
    """Two rooms, and a signed session of a class that is on no other page of the matrix."""
    from encrier_names.rooms.models import Declared, Receipt
    from encrier_names.schools import lists
    from encrier_names.schools.models import Division, Identity

    apart = Division.objects.create(school=school, label="6Z")
    pupil = lists.add(apart, Identity("ZORGLUBAPART", "Zoé"), level="6E")
    session = a_session([pupil], supervisors=[watcher])
    receipt = Receipt(session=session, signed_at=clock.now())
    receipt.declared = Declared("substitute", (), 0, None)
    receipt.save()
    room, spare = a_room(school, "Info 1"), a_room(school, "Info 2")
    return {"room": room.id, "spare": spare.id, "session": session.id}
