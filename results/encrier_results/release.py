# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a ScoreSheet to counts that anyone may see: large cells only.

Pure. A released file says nothing of a pupil, a class or a school.
"""

from collections import Counter

from encrier.wire import Domain, Group, Release, ReleaseCell, ScoreSheet

GROUPS: tuple[Group, ...] = ("besoins", "fragile", "satisfaisant")


def release(sheet: ScoreSheet, *, label: str, smallest_cell: int) -> Release:
    """Count complete sittings by domain and group, and withhold what is too small.

    Who was given nothing, absent from all of a paper booklet, has no domain and is not counted.

    Secondary suppression: what is withheld in a domain must not be found by subtraction, so at
    least two cells are withheld and they hold `smallest_cell` pupils together (Hundepool et al.,
    *Statistical Disclosure Control*, 2012, chapter 4).
    """
    n_pupils = sum(row.status == "complete" and bool(row.domains) for row in sheet.rows)
    return Release(
        campaign=sheet.campaign,
        label=label,
        smallest_cell=smallest_cell,
        n_pupils=n_pupils if n_pupils >= smallest_cell else None,
        cells=[
            cell
            for domain in sheet.domains
            for cell in _cells(domain, sheet, smallest_cell=smallest_cell)
        ],
    )


def _cells(domain: Domain, sheet: ScoreSheet, *, smallest_cell: int) -> list[ReleaseCell]:
    counts = Counter(
        score.group
        for row in sheet.rows
        if row.status == "complete"
        for score in row.domains
        if score.domain == domain.id and score.group is not None
    )
    withheld = {group for group in GROUPS if 0 < counts[group] < smallest_cell}
    others = sorted((g for g in GROUPS if g not in withheld), key=lambda g: counts[g])
    while withheld and others and (len(withheld) == 1 or _sum(counts, withheld) < smallest_cell):
        withheld.add(others.pop(0))
    return [
        ReleaseCell(domain.id, group, None if group in withheld else counts[group])
        for group in GROUPS
    ]


def _sum(counts: Counter[Group], groups: set[Group]) -> int:
    return sum(counts[group] for group in groups)
