# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is keyed: the pupils of the levels whose mode is `keyed` in the campaign file. No name."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q

from encrier_names import zone
from encrier_names.schools.models import Division, Pupil


def any_keyed() -> bool:
    """Whether the campaign has a level that is keyed."""
    return any(plan.mode == "keyed" for plan in zone.current().campaign.levels)


def is_keyed(level: str) -> bool:
    """Whether the pupils of a level answer on paper."""
    return zone.current().campaign.is_keyed(level)


def booklets() -> frozenset[bytes]:
    """The booklets that are keyed, by id."""
    campaign = zone.current().campaign
    keyed = (plan.level for plan in campaign.levels if plan.mode == "keyed")
    return frozenset(campaign.booklet_of(level) for level in keyed)


def all_keyed() -> bool:
    """Whether nobody of this campaign sits on screen."""
    return all(plan.mode == "keyed" for plan in zone.current().campaign.levels)


def on_screen() -> Q:
    """The pupils who sit on screen, for a query over pupils."""
    campaign = zone.current().campaign
    of_mode = {
        mode: [plan.level for plan in campaign.levels if plan.mode == mode]
        for mode in ("keyed", "screen")
    }
    # whose level is none of the campaign's is as the first of its levels
    if campaign.levels[0].mode == "keyed":
        return Q(level__in=of_mode["screen"])
    return ~Q(level__in=of_mode["keyed"])


def levels_of(divisions: Iterable[UUID]) -> dict[UUID, frozenset[str]]:
    """The levels of the pupils of each of these classes that has some."""
    found: dict[UUID, set[str]] = {}
    rows = Pupil.objects.filter(division__in=list(divisions)).order_by()
    for division, level in rows.values_list("division", "level").distinct():
        found.setdefault(division, set()).add(level)
    return {division: frozenset(levels) for division, levels in found.items()}


def wholly(levels: Collection[str]) -> bool:
    """Whether nobody of a class with pupils of these levels sits on screen."""
    return bool(levels) and all(map(is_keyed, levels))


def whole_among(divisions: Iterable[Division]) -> set[UUID]:
    """Those of these classes in which nobody sits on screen, and somebody is keyed."""
    if not any_keyed():
        return set()
    found = levels_of(division.id for division in divisions)
    return {division for division, levels in found.items() if wholly(levels)}


def is_whole(division: Division) -> bool:
    """Whether nobody of this class sits on screen, and somebody is keyed."""
    return division.id in whole_among([division])
