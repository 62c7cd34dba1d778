# SPDX-License-Identifier: AGPL-3.0-or-later
"""From opened sittings to the ScoreSheet that names is given, by order number.

Pure: no clock, no store, no network. Never a name, never a total mark. What a teacher noted of
a paper item counts as docs/spec/keying.md says.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from encrier.ids import BundleId, SittingId
from encrier.sheets import NOT_GIVEN
from encrier.wire import Domain, DomainScore, Register, Registered, ScoreRow, ScoreSheet
from encrier_qti.answers import Answers
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
    return ScoreSheet(
        campaign=register.campaign,
        serial=serial,
        n_items=max((len(booklet.items) for booklet in booklets.values()), default=0),
        domains=_defined(booklets),
        rows=[
            _row(row, opened.get(SittingId(row.sid)), booklets[BundleId(row.bundle)])
            for row in register.rows
            if not row.set_aside
        ],
    )


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


def _row(registered: Registered, sitting: Opened | None, booklet: Booklet) -> ScoreRow:
    if sitting is None:
        return ScoreRow(registered.order, "missing", 0, [])
    answers = {item: answer.answer for item, answer in sitting.items.items()}
    met = frozenset(administered(booklet.plan, sitting.sid.hex(), answers))
    said, away = said_items(sitting, met), not_given_items(sitting, met)
    complete = sitting.finished or said >= met - booklet.unscored
    return ScoreRow(
        order=registered.order,
        status="complete" if complete else "unfinished",
        answered=len(said),
        domains=_domains(
            answers, booklet, given=met - away, seen=(met if complete else said) - away, away=away
        ),
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


def _domains(
    answers: Mapping[str, Answers],
    booklet: Booklet,
    *,
    given: frozenset[str],
    seen: frozenset[str],
    away: frozenset[str],
) -> list[DomainScore]:
    """Domain scores, of the items that the pupil was given.

    No group where the pupil did not get through all of the domain's items: the thresholds are
    those of the whole domain, and a route that gave some of them says nothing of the others.
    No score of a domain none of whose items a teacher gave her: 0 points would be a result.
    """
    scores = booklet.program.score({item: answers[item] for item in given if item in answers})
    sums = booklet.reporting.by_domain({item: scores[item] for item in given if item in scores})
    return [
        DomainScore(
            domain=domain.id,
            score=sums[domain.id],
            group=domain.group(sums[domain.id]) if seen >= counting else None,
        )
        for domain in booklet.reporting.domains
        if not away >= (counting := frozenset(domain.items) - booklet.unscored)
    ]
