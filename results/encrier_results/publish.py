# SPDX-License-Identifier: AGPL-3.0-or-later
"""From opened sittings to the ScoreSheet that names is given, by order number.

Pure: no clock, no store, no network. Never a name, never a total mark. What a teacher noted of
a paper item counts as docs/spec/keying.md says.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from encrier.ids import BundleId, SittingId
from encrier.records import Record
from encrier.sheets import NOT_GIVEN
from encrier.wire import Domain, DomainScore, Register, ScoreRow, ScoreSheet
from encrier_qti.answers import Answers
from encrier_qti.batch import Batch
from encrier_results.booklets import Booklet
from encrier_results.reconcile import Opened
from encrier_results.routes import administered


class _Sat(Record, frozen=True):
    """What one sitting says, as far as it counts."""

    answers: Mapping[str, Answers]
    given: frozenset[str]  # items that the pupil was given
    seen: frozenset[str]  # of those, what she got through
    away: frozenset[str]  # not given, by a teacher's word
    n_said: int
    complete: bool


def score_sheet(
    opened: Mapping[SittingId, Opened],
    register: Register,
    booklets: Mapping[BundleId, Booklet],
    *,
    serial: int,
) -> ScoreSheet:
    """Score every pupil of the register, those without an envelope as missing.

    A number that was taken back from a pupil has no row: what it says is nobody's.
    """
    numbers = {row.order: row for row in register.rows if not row.set_aside}
    rows = {order: missing(order) for order in numbers}
    for bundle, booklet in booklets.items():
        sat = [
            (order, opened[SittingId(row.sid)])
            for order, row in numbers.items()
            if row.bundle == bundle and SittingId(row.sid) in opened
        ]
        rows |= {row.order: row for row in score_rows(sat, booklet)}
    return sheet_of(rows.values(), register.campaign, booklets, serial=serial)


def sheet_of(
    rows: Iterable[ScoreRow],
    campaign: bytes,
    booklets: Mapping[BundleId, Booklet],
    *,
    serial: int,
) -> ScoreSheet:
    """Put rows under the domains of all booklets."""
    return ScoreSheet(
        campaign=campaign,
        serial=serial,
        n_items=max((len(booklet.items) for booklet in booklets.values()), default=0),
        domains=_defined(booklets),
        rows=list(rows),
    )


def missing(order: str) -> ScoreRow:
    """The row of a pupil of whom no envelope opened."""
    return ScoreRow(order, "missing", 0, [])


def score_rows(sittings: Sequence[tuple[str, Opened]], booklet: Booklet) -> list[ScoreRow]:
    """Score sittings of one booklet, each under its order number, in their order.

    Item by item over all of them, not sitting by sitting: most pupils give one of few answers,
    and each kind of answer is scored once.
    """
    sat = [_sat(sitting, booklet) for _, sitting in sittings]
    points: list[dict[str, float]] = [{} for _ in sat]
    for item, program in booklet.program.programs.items():
        batch, asked = Batch(program), [n for n, one in enumerate(sat) if item in one.given]
        batch.add([sat[n].answers.get(item, {}) for n in asked])
        for n, score in zip(asked, batch.table().scores(), strict=True):
            points[n][item] = score
    return [
        ScoreRow(
            order=order,
            status="complete" if one.complete else "unfinished",
            answered=one.n_said,
            domains=_domains(scores, booklet, one),
        )
        for (order, _), one, scores in zip(sittings, sat, points, strict=True)
    ]


def _defined(booklets: Mapping[BundleId, Booklet]) -> list[Domain]:
    """The domains of all booklets, each once; of which ones, where there are several."""
    having: dict[str, list[BundleId]] = {}
    domains: dict[str, Domain] = {}
    for bundle, booklet in booklets.items():
        for domain in booklet.domains():
            domains[domain.id] = domain
            having.setdefault(domain.id, []).append(bundle)
    if len(booklets) == 1:
        return list(domains.values())
    return [replace(domain, bundles=tuple(having[name])) for name, domain in domains.items()]


def _sat(sitting: Opened, booklet: Booklet) -> _Sat:
    answers = {item: answer.answer for item, answer in sitting.items.items()}
    met = booklet.met_by_all
    if met is None:
        met = frozenset(administered(booklet.plan, sitting.sid.hex(), answers))
    said, away = said_items(sitting, met), not_given_items(sitting, met)
    complete = sitting.finished or said >= met - booklet.unscored
    return _Sat(
        answers=answers,
        given=met - away,
        seen=(met if complete else said) - away,
        away=away,
        n_said=len(said),
        complete=complete,
    )


def said_items(sitting: Opened, items: frozenset[str]) -> frozenset[str]:
    """Those of these items of which nothing is awaited; others in the sheet do not count."""
    return frozenset(
        item for item, answer in sitting.items.items() if item in items and answer.is_said
    )


def not_given_items(sitting: Opened, items: frozenset[str]) -> frozenset[str]:
    """Those of these items that the pupil was not given, by a teacher's word."""
    return frozenset(
        item for item, answer in sitting.items.items() if item in items and answer.mark in NOT_GIVEN
    )


def _domains(points: Mapping[str, float], booklet: Booklet, sat: _Sat) -> list[DomainScore]:
    """Domain scores, of the items that the pupil was given.

    No group where the pupil did not get through all of the domain's items: the thresholds are
    those of the whole domain, and a route that gave some of them says nothing of the others.
    No score of a domain none of whose items a teacher gave her: 0 points would be a result.
    """
    sums = booklet.reporting.by_domain(points)
    return [
        DomainScore(
            domain=domain.id,
            score=sums[domain.id],
            group=domain.group(sums[domain.id]) if sat.seen >= counting else None,
        )
        for domain in booklet.reporting.domains
        if not sat.away >= (counting := frozenset(domain.items) - booklet.unscored)
    ]
