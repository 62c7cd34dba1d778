# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each pupil is granted: settings designated beforehand, extra time, a pause, an end.

Kept sealed, like names: it tells who has a disability. Knows pupils; no number, no sitting.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from django.db import transaction

from encrier_names.sittings.models import Grant, Granted
from encrier_names.stores import take_turn

EXTRA_TIMES: Final = (0, 25, 33, 50, 100)  # percent; a third is what commissions grant most


NOTHING: Final = Grant()


def of(pupils: Iterable[UUID]) -> dict[UUID, Grant]:
    """What is granted to each of these pupils; those who are granted nothing are there too."""
    wanted = list(pupils)
    found = {row.pupil_id: row.grant for row in Granted.objects.filter(pupil__in=wanted)}
    return {pupil: found.get(pupil, NOTHING) for pupil in wanted}


def change(pupils: Iterable[UUID], how: Callable[[Grant], Grant]) -> Mapping[UUID, Grant]:
    """Change what is granted to these pupils; give those whose grant is another than before."""
    wanted = list(pupils)
    with transaction.atomic():
        take_turn("grants")
        before = of(wanted)
        after = {pupil: how(grant) for pupil, grant in before.items()}
        changed = {pupil: grant for pupil, grant in after.items() if grant != before[pupil]}
        for pupil, grant in changed.items():
            row = Granted(pupil_id=pupil)
            row.grant = grant
            row.save()
    return changed


def paused(grant: Grant) -> Grant:
    return msgspec.structs.replace(grant, paused=True)


def resumed(grant: Grant) -> Grant:
    return msgspec.structs.replace(grant, paused=False)


def closed(at: datetime) -> Callable[[Grant], Grant]:
    """The sitting ends at this moment; what was answered is still taken during the grace."""
    return lambda grant: msgspec.structs.replace(grant, closes_at=at, paused=False)


def reopened(grant: Grant) -> Grant:
    return msgspec.structs.replace(grant, closes_at=None)
