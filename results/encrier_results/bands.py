# SPDX-License-Identifier: AGPL-3.0-or-later
"""From item scores to domains and groups: what thresholds say of a pupil.

Pure. Knows scores by item; never a name.
"""

from collections.abc import Mapping

from encrier.wire import Domain, DomainScore, Group


def group_of(score: float, thresholds: tuple[float, float]) -> Group:
    """Below the first threshold: besoins; below the second: fragile; else satisfaisant."""
    if score < thresholds[0]:
        return "besoins"
    return "fragile" if score < thresholds[1] else "satisfaisant"


def domain_score(
    domain: Domain, items: frozenset[str], scores: Mapping[str, float], *, complete: bool
) -> DomainScore:
    """Sum the item scores of a domain; no group where the sitting is not complete.

    scores: item -> score; an item without an answer counts 0, as the marking rules say.
    """
    total = sum(scores.get(item, 0.0) for item in sorted(items))
    group = group_of(total, domain.thresholds) if complete else None
    return DomainScore(domain.id, total, group)
