# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which pair of answers serves a school: decided once, at its first validation, and kept.

All pupils of a school and its reserve codes are of one pair, so that a room depends on one. Knows
counts of pupils and numbers of pairs; never a code.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from encrier import places
from encrier.manifest import Manifest
from encrier_names.schools.models import School
from encrier_names.stores import take_turn


def of_schools(schools: Collection[UUID], manifest: Manifest) -> dict[UUID, int]:
    """The pair of each of these schools; those that have none yet are given one, for good."""
    if not manifest.places:
        return dict.fromkeys(schools, places.ONLY)
    if School.objects.filter(id__in=schools, pair=places.ONLY).exists():
        _decide(schools, manifest)
    return dict(School.objects.filter(id__in=schools).values_list("id", "pair"))


def emptiest(served: Mapping[int, int], manifest: Manifest) -> int:
    """The pair with the fewest pupils for its size; served: how many each has."""
    sizes = {pair: len(places.of_pair(manifest.places, pair)) for pair in manifest.pairs}
    return min(manifest.pairs, key=lambda pair: (served.get(pair, 0) / sizes[pair], pair))


def _decide(schools: Collection[UUID], manifest: Manifest) -> None:
    """Give each of these that has no pair the emptiest, the largest school first."""
    with transaction.atomic():
        take_turn("pair-of-a-school")
        n_pupils_of = Count("divisions__pupils")
        decided = School.objects.exclude(pair=places.ONLY).values("pair")
        served = dict(decided.annotate(n=n_pupils_of).values_list("pair", "n"))
        undecided = School.objects.filter(id__in=schools, pair=places.ONLY)
        waiting = undecided.annotate(n_pupils=n_pupils_of).order_by("-n_pupils", "id")
        for school, n_pupils in waiting.values_list("id", "n_pupils"):
            pair = emptiest(served, manifest)
            served[pair] = served.get(pair, 0) + n_pupils
            School.objects.filter(id=school).update(pair=pair)
