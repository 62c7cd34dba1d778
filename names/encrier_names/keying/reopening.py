# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening the keying of a class again after its end: asked with a reason, decided once.

The campaign file says who decides and for how many days at most. Granting tells answers the new
end of each keyed sitting of the class. Shows no name to who decides.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from encrier import clock
from encrier.errors import EncrierError
from encrier_names import zone
from encrier_names.keying import levels, windows
from encrier_names.keying.models import Reopening, Words
from encrier_names.schools.hours import PARIS_TIME, day_in_paris
from encrier_names.schools.lists import folded
from encrier_names.schools.models import Division, Identity, Pupil, School, Staff
from encrier_names.sittings import supervision
from encrier_names.stores import take_turn

_WORD: Final = re.compile(r"[^\W_]+")


class StillOpen(EncrierError):
    what = "La saisie de cette classe n’est pas close\u00a0: il n’y a rien à rouvrir."
    next_step = "Revenez à la page de la classe, qui dit jusqu’à quand saisir."
    status = 409


class AlreadyAsked(EncrierError):
    what = "Une demande attend déjà sa réponse pour cette classe."
    next_step = "La réponse sera sur la page de la classe."
    status = 409


class AlreadyDecided(EncrierError):
    what = "Cette demande a déjà reçu sa réponse\u00a0: rien n’a changé."
    next_step = "Revenez à la page de l’établissement, qui montre ce qui a été décidé."
    status = 409


def ask(division: Division, staff: Staff, *, reason: str) -> Reopening:
    """Keep that somebody asks; raises StillOpen, AlreadyAsked."""
    with transaction.atomic():
        take_turn("reopening")
        refuse_senseless(division)
        made = Reopening(division=division, asked_at=clock.now(), asked_by=staff.id)
        made.words = Words(reason)
        made.save(force_insert=True)
    return made


def refuse_senseless(division: Division) -> None:
    """Refuse to ask for what is open, or twice (StillOpen, AlreadyAsked)."""
    if clock.now() < windows.window_of(division).closes:
        raise StillOpen
    if Reopening.objects.filter(division=division, decided_at=None).exists():
        raise AlreadyAsked


def ends(now: datetime) -> list[datetime]:
    """The ends that may be granted: today and so many days, at the hour of the campaign's end.

    By the clocks of Paris, and early enough for the last answers to be sent and consulted.
    """
    running = zone.current()
    window, manifest = running.campaign.windows.keying, running.manifest
    if window is None:
        return []
    usual = window.closes.astimezone(PARIS_TIME)
    last = manifest.results_close_at - timedelta(hours=manifest.grace_h)
    days = range(running.campaign.rules.extension_days_at_most + 1)
    found = [_at(day_in_paris(now) + timedelta(days=n), usual) for n in days]
    return [end for end in found if now < end <= last]


def grant(request: UUID, staff: Staff, *, ends_at: datetime) -> int:
    """Open the keying of a class again until then; give how many sittings that is.

    Raises AlreadyDecided.
    """
    kept = _decide(request, staff, ends_at=ends_at)
    of_class = Pupil.objects.filter(division=kept.division_id).exclude(levels.on_screen())
    return supervision.send_again(of_class.values_list("id", flat=True))


def refuse(request: UUID, staff: Staff, *, answer: str) -> None:
    """Answer no, with a sentence; raises AlreadyDecided."""
    _decide(request, staff, answer=answer)


def of_schools(schools: Iterable[School] | QuerySet[School]) -> QuerySet[Reopening]:
    """The requests of these schools, the newest first."""
    found = Reopening.objects.filter(division__school__in=schools)
    return found.select_related("division__school").order_by("-asked_at")


def names_somebody(text: str, identities: Iterable[Identity]) -> bool:
    """Whether a text has both names of one of these people. Pure."""
    said = _in_words(text)
    return any(
        _in_words(one.first_name) in said
        and any(_in_words(name) in said for name in (one.last_name, one.used_name) if name)
        for one in identities
    )


def _decide(
    request: UUID, staff: Staff, *, ends_at: datetime | None = None, answer: str = ""
) -> Reopening:
    with transaction.atomic():
        kept = Reopening.objects.select_for_update().get(id=request)
        if kept.decided_at is not None:
            raise AlreadyDecided
        kept.decided_at, kept.decided_by, kept.ends_at = clock.now(), staff.id, ends_at
        kept.words = msgspec.structs.replace(kept.words, answer=answer)
        kept.save()
    return kept


def _at(day: date, usual: datetime) -> datetime:
    return datetime.combine(day, usual.time(), tzinfo=PARIS_TIME)


def _in_words(text: str) -> str:
    """The words of a text with a space on both sides of each, without accents or case."""
    words = _WORD.findall(folded(text))
    return f" {' '.join(words)} "
