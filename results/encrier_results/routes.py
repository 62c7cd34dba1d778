# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which items one pupil was given: the route is walked again from the seed and the answers.

What the sheet says of its own way is not believed; the engine decides, with the key. Knows
answers by sitting; never a name.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from encrier_qti.answers import Answers
from encrier_qti.model import Assessment, Item, Section, TimeLimits
from encrier_qti.sessions.plan import Plan, Settings, plan
from encrier_qti.sessions.route import resolve
from encrier_qti.sessions.test_session import TestSession


def ready(assessment: Assessment, items: Mapping[str, Item]) -> Plan:
    """Make a test ready to be walked again: without its times and refusals, which are over."""
    made = plan(assessment, items)
    terms = {
        name: replace(
            each,
            limits=TimeLimits(),
            allow_skipping=True,
            validate_responses=False,
            max_attempts=1,
            show_feedback=False,
        )
        for name, each in made.terms.items()
    }
    return replace(made, limits={}, terms=terms)


def administered(made: Plan, seed: str, answers: Mapping[str, Answers]) -> tuple[str, ...]:
    """Give the items that the pupil of this sitting meets, in order; `seed`: the sitting in hex.

    An item without an answer is walked past as if it had been skipped: for who stopped on the
    way, what follows is what would have come.
    """
    route = resolve(made.assessment, seed)
    if not made.adaptive_parts:
        return tuple(stop.name for stop in route.stops)
    session = TestSession(made, route, Settings(seed=seed))
    session.begin()
    met = []
    while session.runs:
        name = session.stop.name
        met.append(name)
        session.begin_attempt()
        session.end_attempt(answers.get(name, {}))
        while session.runs and session.stop.name == name:  # twice, where a feedback is due
            session.move_next()
    return tuple(met)


def met_by_all(made: Plan) -> frozenset[str] | None:
    """The items that every pupil meets, in whichever order; None where chance or answers select.

    Most tests have none of either, and drawing the route of each pupil takes as long as scoring.
    """
    selects = any(
        isinstance(element, Section) and element.selection is not None
        for part in made.assessment.parts
        for section in part.sections
        for element in section.elements()
    )
    if selects or made.adaptive_parts:
        return None
    return frozenset(stop.name for stop in resolve(made.assessment, "").stops)
