# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages as they are kept: sent to schools, read by their heads, withdrawn. Knows no pupil."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from encrier import clock
from encrier_names.notices.models import Addressed, Message
from encrier_names.schools.models import Role, School, Staff

# Where a message may lead: pages of ours that every head has, by the name of their address.
PAGES: Final[Mapping[str, object]] = {
    "calendar": gettext_lazy("Voir le calendrier"),
    "import-choose": gettext_lazy("Importer une liste d’élèves"),
    "missing": gettext_lazy("Voir qui manque"),
    "end": gettext_lazy("Déclarer la fin"),
}


class Received:
    """A message as a head sees it."""

    def __init__(self, row: Addressed) -> None:
        self.message, self.read_at = row.message, row.read_at

    @property
    def address(self) -> str:
        """Where it leads."""
        return reverse(self.message.page) if self.message.page in PAGES else reverse("home")

    @property
    def leads_to(self) -> object:
        """What is there."""
        return PAGES.get(self.message.page, "")


def send(  # noqa: PLR0913 the columns of a message
    author: Staff,
    schools: Iterable[UUID],
    *,
    title: str,
    text: str,
    page: str,
    expires_at: datetime,
) -> Message:
    """Send a message to these schools."""
    with transaction.atomic():
        message = Message.objects.create(
            author=author,
            academy=author.academy,
            at=clock.now(),
            title=title,
            text=text,
            page=page,
            expires_at=expires_at,
        )
        rows = [Addressed(message=message, school_id=school) for school in schools]
        Addressed.objects.bulk_create(rows, batch_size=2000)
    return message


def received(school: School) -> list[Received]:
    """The messages of a school that still hold, the newest first."""
    rows = _holding(school).select_related("message").order_by("-message__at")
    return [Received(row) for row in rows]


def unread(school: School) -> list[Received]:
    """Those that its head has not said to have read."""
    rows = _holding(school).filter(read_at=None).select_related("message").order_by("message__at")
    return [Received(row) for row in rows]


def mark_read(school: School, message: UUID) -> bool:
    """Note that the head of a school has read a message; False where it has none of this id."""
    rows = Addressed.objects.filter(school=school, message=message)
    rows.filter(read_at=None).update(read_at=clock.now())
    return rows.exists()


def sent_by(staff: Staff) -> QuerySet[Message]:
    """The messages of one's own authority, with how many are addressed and have read."""
    own = Message.objects.filter(academy=staff.academy)
    if staff.role == Role.MINISTRY:
        own = Message.objects.filter(academy="")
    return own.annotate(
        n_schools=Count("addressed"),
        n_read=Count("addressed", filter=~Q(addressed__read_at=None)),
    ).order_by("-at")


def _holding(school: School) -> QuerySet[Addressed]:
    return Addressed.objects.filter(
        school=school, message__expires_at__gt=clock.now(), message__withdrawn_at=None
    )
