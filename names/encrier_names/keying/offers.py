# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page of the school says of keying, class by class: the link, the dates, the papers.

The link holds the class secret, so it is given to who may key the class and to nobody else, and
only while the class may be keyed. Never a name.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from django.urls import reverse

from encrier import clock
from encrier.campaign import Window
from encrier.records import Record
from encrier.secret import Secret
from encrier_names import zone
from encrier_names.keying import levels, ring, windows
from encrier_names.keying.models import Reopening
from encrier_names.pseudonyms.key import LinkDestroyed, class_secrets
from encrier_names.schools.models import Division, Role, Staff

KEYERS: Final = (Role.TEACHER, Role.HEAD)  # of the class, of the school
READERS: Final = (*KEYERS, Role.MINISTRY)  # of kits
State = Literal["no-codes", "before", "open", "over"]


class Document(Record, frozen=True):
    """A paper of a kit, as a page links to it."""

    title: str
    lang: str  # of the title, which is the booklet's
    level: str  # empty where the class has one that is keyed
    address: str


class Offer(Record, frozen=True):
    """What a page says of the keying of a class."""

    is_whole: bool  # nobody of the class sits on screen
    state: State
    opens_at: datetime
    closes_at: datetime
    link: str  # to the keying page, the class secret in its fragment; empty: not now, or not here
    papers: tuple[Document, ...]
    request: Reopening | None  # the newest
    may_ask: bool  # that the keying be opened again


def of(divisions: Iterable[Division], staff: Staff) -> dict[UUID, Offer]:
    """What is said to a member of staff, of those of these classes that have keyed pupils."""
    if not levels.any_keyed():
        return {}
    known = {division.id: division for division in divisions}
    keyed = {
        division: taught
        for division, taught in levels.levels_of(known).items()
        if any(map(levels.is_keyed, taught))
    }
    found = windows.windows(
        [(one, known[one].school_id, known[one].school.uai) for one in sorted(keyed)]
    )
    rows = Reopening.objects.filter(division__in=list(keyed)).order_by("asked_at")
    requests = {row.division_id: row for row in rows}
    secrets, now = _secrets(keyed, staff), clock.now()
    return {
        division: _offer(
            known[division],
            found[division],
            taught=taught,
            request=requests.get(division),
            told=_Told(staff.role, secrets.get(division), now),
        )
        for division, taught in keyed.items()
    }


class _Told(Record, frozen=True):
    """To whom it is said, and when."""

    role: str
    secret: Secret | None
    now: datetime


def _offer(
    division: Division,
    window: Window,
    *,
    taught: frozenset[str],
    request: Reopening | None,
    told: _Told,
) -> Offer:
    state = _state(division, window, told.now)
    is_over = told.now >= zone.current().manifest.results_close_at
    waits = request is not None and request.decided_at is None
    link = ""
    if state == "open" and told.secret is not None:
        link = f"{reverse('keying', args=[division.id])}#{ring.fragment(told.secret)}"
    return Offer(
        is_whole=levels.wholly(taught),
        state=state,
        opens_at=window.opens,
        closes_at=window.closes,
        link=link,
        papers=_papers(taught) if told.role in READERS else (),
        request=request,
        may_ask=state == "over" and told.role in KEYERS and not is_over and not waits,
    )


def _state(division: Division, window: Window, now: datetime) -> State:
    if now >= window.closes:
        return "over"
    if division.validated_at is None:
        return "no-codes"
    return "before" if now < window.opens else "open"


def _secrets(divisions: Iterable[UUID], staff: Staff) -> Mapping[UUID, Secret]:
    """The secrets of these classes, for who may key them, where the page is served here."""
    if staff.role not in KEYERS or zone.current().keying.page is None:
        return {}
    try:
        return class_secrets(zone.current().manifest.campaign_id, divisions)
    except LinkDestroyed:
        return {}


def _papers(taught: Iterable[str]) -> tuple[Document, ...]:
    running, keyed = zone.current(), sorted(filter(levels.is_keyed, taught))
    found = []
    for level in keyed:
        bundle = running.campaign.booklet_of(level).hex()
        kit = running.keying.kits.get(bundle)
        if kit is None:
            continue
        for paper in kit.papers:
            address = reverse("keying-kit", args=[bundle, paper.file])
            shown = level if len(keyed) > 1 else ""
            found.append(Document(paper.title, kit.lang, shown, address))
    return tuple(found)
