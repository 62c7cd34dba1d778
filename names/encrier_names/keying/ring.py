# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ring of a class: who its keyed pupils are and what opens their sittings, closed.

The one thing that leaves this zone with first names and codes side by side. It leaves closed under
the class secret, which travels apart, in the fragment of a link: docs/spec/keying.md. Never an
answer, a birth date, an INE or more of a family name than tells two pupils apart.
"""

import base64
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from django.utils.timezone import localtime
from django.utils.translation import gettext

from encrier import boxes
from encrier.ids import CampaignId
from encrier.records import Record, to_bytes
from encrier.secret import Secret
from encrier_names import zone
from encrier_names.keying import levels, windows
from encrier_names.pseudonyms import links
from encrier_names.pseudonyms.key import class_secrets
from encrier_names.schools.lists import folded, pupils_of
from encrier_names.schools.models import Division, Identity

_CONTEXT: Final = b"keying-ring/v1\0"


class RingPupil(Record, frozen=True):
    """One pupil of a ring."""

    order: str
    code: str
    shown: str
    level: str
    bundle: str  # hex
    excused: str  # why nothing is awaited of her, in a word; empty: she is awaited

    def __repr__(self) -> str:
        return "RingPupil(‹hidden›)"


class Ring(Record, frozen=True):
    """What opens the sittings of a class."""

    v: Literal[1]
    campaign: bytes
    division: str
    label: str
    school: str
    closes_at: datetime
    pupils: list[RingPupil]


def ring_of(division: Division) -> Ring:
    """The ring of a class: its keyed pupils who have a code with its keys, in the class's order."""
    campaign = zone.current().campaign
    keyed = [pupil for pupil in pupils_of(division) if levels.is_keyed(pupil.level)]
    sittings = links.of(pupil.id for pupil in keyed)
    shown = told_apart([pupil.identity for pupil in keyed])
    pupils = [
        RingPupil(
            order=sittings[pupil.id].order,
            code=sittings[pupil.id].code,
            shown=name,
            level=pupil.level,
            bundle=campaign.booklet_of(pupil.level).hex(),
            excused=gettext(pupil.closure.shown) if pupil.closure else "",
        )
        for pupil, name in zip(keyed, shown, strict=True)
        if pupil.id in sittings
    ]
    return Ring(
        v=1,
        campaign=campaign.campaign,
        division=str(division.id),
        label=division.label,
        school=division.school.name,
        closes_at=localtime(windows.window_of(division).closes),
        pupils=pupils,
    )


def closed(ring: Ring) -> bytes:
    """The ring as it leaves: a box under the class secret, bound to campaign and class."""
    campaign, division = CampaignId(ring.campaign), UUID(ring.division)
    secret = class_secrets(campaign, [division])[division]
    return boxes.close(
        to_bytes(ring), key=secret.reveal(), context=_CONTEXT + campaign + division.bytes
    )


def fragment(secret: Secret) -> str:
    """The class secret as it stands in a link: base64url, without padding."""
    return base64.urlsafe_b64encode(secret.reveal()).decode().rstrip("=")


def told_apart(identities: Sequence[Identity]) -> list[str]:
    """What each pupil of a class is called: her first name, if nobody else has it.

    Else with the first letter of her family name, or as many as it takes; who has both names of
    another is numbered in the order of the class. Pure.
    """
    wanted = [0] * len(identities)  # letters of each family name
    while True:
        names = [_called(one, n) for one, n in zip(identities, wanted, strict=True)]
        alike = Counter(map(_heard, names))
        longer = [
            n + 1 if alike[_heard(name)] > 1 and n < len(_family(one)) else n
            for one, name, n in zip(identities, names, wanted, strict=True)
        ]
        if longer == wanted:
            return _numbered(names)
        wanted = longer


def _called(identity: Identity, letters: int) -> str:
    family = _family(identity)
    if letters == 0:
        return identity.first_name
    cut = f"{family[:letters]}." if letters < len(family) else family
    return f"{identity.first_name} {cut}"


def _family(identity: Identity) -> str:
    return identity.used_name or identity.last_name


def _numbered(names: Sequence[str]) -> list[str]:
    """The same names, those that are still alike with a rank."""
    alike, seen = Counter(map(_heard, names)), Counter[str]()
    numbered = []
    for name in names:
        key = _heard(name)
        seen[key] += 1
        numbered.append(f"{name} {seen[key]}" if alike[key] > 1 else name)
    return numbered


def _heard(name: str) -> str:
    """A name without what an eye may miss: accents, case, the point that cuts it."""
    return folded(name.removesuffix("."))
