# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a page about one pupil leads back to: the room one came from, else her class."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from encrier.records import Record
from encrier_names.schools import rights
from encrier_names.schools.models import Pupil, Staff


class WayBack(Record, frozen=True):
    """An address, and what the room is called where it is one."""

    address: str
    room: str | None = None
    query: str = ""  # what a form of the page adds to its address, not to lose the room


def way_back(request: HttpRequest, staff: Staff, pupil: Pupil) -> WayBack:
    """The room that `?seance=` names, if she sits there now; her class; else any room of hers."""
    rooms = rights.rooms_now(staff).filter(seats__pupil=pupil)
    asked = request.GET.get("seance", "")
    session = rooms.filter(id=UUID(asked)).first() if _is_id(asked) else None
    sees_class = rights.divisions_of(staff).filter(id=pupil.division_id).exists()
    if session is None and not sees_class:
        session = rooms.order_by("starts_at").first()
    if session is None:
        return WayBack(reverse("class-progress", args=[pupil.division_id]))
    address, place = reverse("session-board", args=[session.id]), session.place or session.label
    return WayBack(address, place, f"?seance={session.id}")


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
