# SPDX-License-Identifier: AGPL-3.0-or-later
"""The end that a head declares: who, when, and how many had finished; taken back while open.

It changes nothing for a pupil. What is not finished is opened and judged all the same: nobody
has to sign in for anybody.
"""

from datetime import datetime

from django.db import transaction

from encrier import clock
from encrier.errors import EncrierError
from encrier.manifest import Manifest
from encrier_names.followup import tallies, windows
from encrier_names.followup.models import DeclaredEnd
from encrier_names.schools.models import School, Staff


class NotYet(EncrierError):
    what = "La fin ne peut pas être déclarée\u00a0: les passations n’ont pas commencé."
    next_step = "Faites passer les élèves, ou indiquez pourquoi ils ne passent pas."
    status = 409


class WindowOver(EncrierError):
    what = (
        "La fenêtre de votre établissement est fermée\u00a0: la déclaration ne peut plus changer."
    )
    next_step = "Pour la rouvrir, adressez-vous à votre académie, qui peut la prolonger."
    status = 409


def may_declare(school: School, manifest: Manifest, *, now: datetime) -> bool:
    """Whether there is something to declare: it is open, and somebody was given a code."""
    return now >= manifest.opens_at and tallies.of(school).numbered > 0


def declared(school: School) -> DeclaredEnd | None:
    """The declaration that holds."""
    return DeclaredEnd.objects.filter(school=school, taken_back_at=None).order_by("-at").first()


def declare(school: School, staff: Staff, manifest: Manifest) -> DeclaredEnd:
    """Keep that the school has ended, with its counts; a second one changes nothing."""
    if not may_declare(school, manifest, now=clock.now()):
        raise NotYet
    with transaction.atomic():
        known = declared(school)
        if known is not None:
            return known
        tallies.recount(school.id)
        tally = tallies.of(school)
        made = DeclaredEnd.objects.create(
            school=school,
            at=clock.now(),
            staff=staff.id,
            awaited=tally.awaited,
            finished=tally.finished,
            started=tally.started,
            excused=tally.excused,
        )
        tallies.recount(school.id)
    return made


def take_back(school: School, manifest: Manifest) -> None:
    """Take the declaration back, as long as the window is open (`WindowOver`)."""
    if clock.now() >= windows.ends_at(school, manifest):
        raise WindowOver
    with transaction.atomic():
        DeclaredEnd.objects.filter(school=school, taken_back_at=None).update(
            taken_back_at=clock.now()
        )
        tallies.recount(school.id)
