# SPDX-License-Identifier: AGPL-3.0-or-later
"""Joins names and scores of one class or pupil, in memory; what is returned is never stored.

Results are told by domain and in three groups; there is no total mark.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal
from uuid import UUID

import msgspec
from django.utils.translation import gettext_noop as sentence

from encrier.ids import BundleId
from encrier.records import Record
from encrier.wire import Domain, DomainScore, Group, ScoreRow
from encrier_names import zone
from encrier_names.pseudonyms import links
from encrier_names.restitution import scores
from encrier_names.schools.lists import pupils_of, sort_key
from encrier_names.schools.models import Division, Identity, Pupil

Status = Literal["complete", "unfinished", "missing", "waiting"]

GROUP_SHOWN: Final[dict[Group | None, str]] = {
    "besoins": sentence("À besoins"),
    "fragile": sentence("Fragile"),
    "satisfaisant": sentence("Satisfaisant"),
    None: sentence("Trop peu de réponses"),
}
GROUP_MEANS: Final[dict[Group | None, str]] = {
    "besoins": sentence(
        "Ces exercices ont été difficiles\u00a0: un besoin d’accompagnement est repéré."
    ),
    "fragile": sentence(
        "Une partie des exercices est réussie\u00a0: les acquis sont encore à consolider."
    ),
    "satisfaisant": sentence(
        "La plupart des exercices sont réussis\u00a0: les acquis attendus sont là."
    ),
    None: sentence(
        "L’élève n’a pas répondu à assez d’exercices pour qu’on puisse en dire quelque chose."
    ),
}
_RANK: Final[dict[Group | None, int]] = {"besoins": 0, "fragile": 1, "satisfaisant": 2, None: 3}


class Cell(Record, frozen=True):
    """One pupil in one domain."""

    domain: Domain
    score: float
    group: Group | None
    is_hers: bool = True  # False: her booklet does not have it, as in a class of two levels

    @property
    def shown(self) -> str:
        return GROUP_SHOWN[self.group]

    @property
    def means(self) -> str:
        return GROUP_MEANS[self.group]

    @property
    def next_step(self) -> str:
        return self.domain.next_steps.get(self.group, "") if self.group else ""

    @property
    def points(self) -> str:
        return f"{_number(self.score)} sur {_number(self.domain.max_score)}"


class PupilResults(Record, frozen=True):
    """All that is shown of one pupil."""

    pupil: UUID
    identity: Identity
    status: Status
    cells: tuple[Cell, ...]  # in the order of the domains; empty unless there are scores
    excused: str = ""  # why she was not awaited, in a word

    @property
    def name(self) -> str:
        return self.identity.shown


def of_class(division: Division, *, by: str = "") -> list[PupilResults]:
    """The results of a class, by name, or by group in one domain (`by`), needs first."""
    found = _of(pupils_of(division))
    return sorted(found, key=lambda r: (_rank(r, by), sort_key(r.identity))) if by else found


def of_pupil(pupil: Pupil) -> PupilResults:
    """The results of one pupil."""
    return _of([pupil])[0]


def counts(rows: Sequence[PupilResults], domains: Sequence[Domain]) -> list[Counter[Group]]:
    """How many pupils of a class are in each group, domain by domain."""
    return [
        Counter(
            cell.group
            for row in rows
            for cell in row.cells
            if cell.domain.id == domain.id and cell.group is not None
        )
        for domain in domains
    ]


def domains_of(pupils: Iterable[Pupil]) -> list[Domain]:
    """The domains of the booklets that these pupils were given, in the order of results."""
    given = {_booklet_of(pupil) for pupil in pupils}
    return [each for each in scores.domains() if not each.bundles or given & set(each.bundles)]


def join(
    pupils: Sequence[tuple[UUID, Identity, str | None]],
    rows: dict[str, ScoreRow],
    domains: Sequence[Domain],
    *,
    booklets: Mapping[UUID, bytes] | None = None,
) -> list[PupilResults]:
    """Put scores beside names by order number. Pure; a pupil without number or row waits.

    booklets: the one of each pupil, where the campaign has several.
    """
    joined, given = [], booklets or {}
    for pupil, identity, order in pupils:
        row = rows.get(order) if order is not None else None
        status: Status = row.status if row else "waiting"
        has_cells = row is not None and status != "missing"
        cells = _cells(row.domains, domains, given.get(pupil)) if row and has_cells else ()
        joined.append(PupilResults(pupil=pupil, identity=identity, status=status, cells=cells))
    return joined


def _of(pupils: Sequence[Pupil]) -> list[PupilResults]:
    sittings = links.of(p.id for p in pupils)
    orders = {pupil: sitting.order for pupil, sitting in sittings.items()}
    rows = scores.rows_of(orders.values())
    known = [(p.id, p.identity, orders.get(p.id)) for p in pupils]
    booklets = {pupil.id: _booklet_of(pupil) for pupil in pupils}
    excused = {p.id: closure.shown for p in pupils if (closure := p.closure)}
    return [
        msgspec.structs.replace(one, excused=excused.get(one.pupil, ""))
        for one in join(known, rows, domains_of(pupils), booklets=booklets)
    ]


def _booklet_of(pupil: Pupil) -> BundleId:
    return zone.current().campaign.booklet_of(pupil.level)


def _cells(
    given: Sequence[DomainScore], domains: Sequence[Domain], booklet: bytes | None
) -> tuple[Cell, ...]:
    by_domain = {score.domain: score for score in given}
    return tuple(
        Cell(domain=domain, score=score.score, group=score.group)
        if (score := by_domain.get(domain.id))
        else Cell(domain, 0.0, None, is_hers=_is_in(domain, booklet))
        for domain in domains
    )


def _is_in(domain: Domain, booklet: bytes | None) -> bool:
    return booklet is None or not domain.bundles or booklet in domain.bundles


def _rank(results: PupilResults, domain: str) -> int:
    groups = [cell.group for cell in results.cells if cell.domain.id == domain]
    return _RANK[groups[0]] if groups else len(_RANK)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")
