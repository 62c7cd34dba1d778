# SPDX-License-Identifier: AGPL-3.0-or-later
"""From opened sittings to the ScoreSheet that names is given, by order number.

Pure: no clock, no store, no network. Never a name, never a total mark.
"""

from collections.abc import Mapping

from encrier.ids import BundleId, SittingId
from encrier.wire import DomainScore, Register, Registered, ScoreRow, ScoreSheet
from encrier_results.booklets import Booklet
from encrier_results.reconcile import Opened
from encrier_results.routes import administered


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
    domains = {d.id: d for booklet in booklets.values() for d in booklet.domains()}
    return ScoreSheet(
        campaign=register.campaign,
        serial=serial,
        n_items=max((len(booklet.items) for booklet in booklets.values()), default=0),
        domains=list(domains.values()),
        rows=[
            _row(row, opened.get(SittingId(row.sid)), booklets[BundleId(row.bundle)])
            for row in register.rows
            if not row.set_aside
        ],
    )


def _row(registered: Registered, sitting: Opened | None, booklet: Booklet) -> ScoreRow:
    if sitting is None:
        return ScoreRow(registered.order, "missing", 0, [])
    answers = {item: answer.r for item, answer in sitting.items.items()}
    given = frozenset(administered(booklet.plan, sitting.sid.hex(), answers))
    answered = answered_items(sitting, given)
    complete = sitting.finished or answered >= given - booklet.unscored
    return ScoreRow(
        order=registered.order,
        status="complete" if complete else "unfinished",
        answered=len(answered),
        domains=_domains(sitting, booklet, given, seen=given if complete else answered),
    )


def answered_items(sitting: Opened, items: frozenset[str]) -> frozenset[str]:
    """Those of these items with at least one value; others in the sheet do not count."""
    return frozenset(
        item
        for item, answer in sitting.items.items()
        if item in items and any(values for values in answer.r.values())
    )


def _domains(
    sitting: Opened, booklet: Booklet, given: frozenset[str], *, seen: frozenset[str]
) -> list[DomainScore]:
    """Domain scores, of the items that the pupil was given.

    No group where the pupil did not get through all of the domain's items: the thresholds are
    those of the whole domain, and a route that gave some of them says nothing of the others.
    """
    answers = {item: a.r for item, a in sitting.items.items() if item in given}
    scores = booklet.program.score(answers)
    sums = booklet.reporting.by_domain({item: scores[item] for item in given if item in scores})
    return [
        DomainScore(
            domain=domain.id,
            score=sums[domain.id],
            group=domain.group(sums[domain.id])
            if seen.issuperset(set(domain.items) - booklet.unscored)
            else None,
        )
        for domain in booklet.reporting.domains
    ]
