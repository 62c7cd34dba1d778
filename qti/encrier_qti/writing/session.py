# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a test session to what a result report says of it.

Knows answers and scores; no name and no clock: who sat and when are given.
"""

from collections.abc import Mapping
from datetime import datetime

from encrier_qti.reading.declarations import CONTEXT
from encrier_qti.sessions.item_session import ItemSession
from encrier_qti.sessions.test_session import TestSession
from encrier_qti.writing.report import ResultOfItem, ResultOfTest, Sitting, Status


def sitting_of(
    session: TestSession,
    *,
    candidate: str,
    at: datetime,
    times: Mapping[str, datetime] | None = None,
) -> Sitting:
    """Give what a report says of a session, its items in the order of the route.

    `candidate`: an opaque identifier. `times` of items, by their names on the
    route ("Q2", "Q2.2"); `at` of the test and of the others.
    """
    test = session.plan.assessment
    return Sitting(
        candidate=candidate,
        items=[
            ResultOfItem(
                identifier=stop.name,
                declarations=item.playable.declarations,
                at=(times or {}).get(stop.name, at),
                values={name: value for name, value in item.frame.items() if name != CONTEXT},
                status=_status(item, waits=stop.name in session.pending),
                rank=rank,
            )
            for rank, (stop, item) in enumerate(session.items, start=1)
        ],
        test=ResultOfTest(
            identifier=test.identifier,
            declarations=test.outcomes,
            values=session.outcomes.values(),
            at=at,
        ),
    )


def _status(item: ItemSession, *, waits: bool) -> Status:
    """QTI 3.0 Results Reporting, "SessionStatus"."""
    if waits:
        return "pendingResponseProcessing"
    if item.attempting:
        return "pendingSubmission"
    return "final" if item.attempts else "initial"
