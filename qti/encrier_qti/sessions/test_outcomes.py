# SPDX-License-Identifier: AGPL-3.0-or-later
"""The variables of a test session: its outcomes, their processing, conditions over them.

QTI 3.0 ASI information model, "OutcomeProcessing": the outcomes return to
their defaults before each run. What meets a value of the wrong type stops
there: outcomes are then their defaults, a condition is not true.
"""

from collections.abc import Mapping
from random import Random

from encrier_qti.errors import WrongType
from encrier_qti.model import DURATION, TestFeedback
from encrier_qti.processing.programs import Evaluate, Frame
from encrier_qti.sessions.clock import TEST, Clock
from encrier_qti.sessions.plan import Plan
from encrier_qti.sessions.playable import NO_TIME
from encrier_qti.sessions.route import numbered
from encrier_qti.sessions.test_items import TestItems
from encrier_qti.values import TRUE, BaseType, Value, single


class TestOutcomes:
    """The frame of one test session; `seed` is what its random expressions draw from."""

    __slots__ = ("_clock", "_frame", "_plan", "_seed")

    def __init__(self, plan: Plan, items: TestItems, clock: Clock, *, seed: str) -> None:
        self._plan = plan
        self._clock = clock
        self._seed = seed
        self._frame = Frame({**dict.fromkeys(plan.durations, NO_TIME), **plan.start})
        self._frame.sessions = items

    def values(self) -> dict[str, Value | None]:
        """Give the outcomes of the test."""
        return {name: self._frame[name] for name in self._plan.start}

    def set(self, values: Mapping[str, Value | None]) -> None:
        """Take back what `values` gave."""
        self._frame.update(values)

    def process(self) -> bool:
        """Run outcome processing; True: the test is to end."""
        self._refresh("outcomes")
        self._frame.update(self._plan.start)
        try:
            return self._plan.run(self._frame)
        except (WrongType, OverflowError):
            self._frame.update(self._plan.start)
            return False

    def holds(self, condition: Evaluate) -> bool:
        """Tell whether a condition is true now; NULL is not."""
        self._refresh("conditions")
        try:
            return condition(self._frame) == TRUE
        except (WrongType, OverflowError):
            return False

    def is_due(self, feedback: TestFeedback) -> bool:
        """Tell whether the outcome of a test feedback lets it be shown."""
        value = self._frame.get(feedback.outcome)
        held = value is not None and feedback.identifier in value.members
        return held is feedback.show

    def _refresh(self, draws: str) -> None:
        """Bring times up to date, and draw anew, so that a restored session draws the same."""
        for (identifier, occurrence), seconds in self._clock.spent.items():
            name = numbered(identifier, occurrence)
            whole = DURATION if (identifier, occurrence) == TEST else f"{name}.{DURATION}"
            self._frame[whole] = single(BaseType.DURATION, seconds)
        if self._plan.draws:
            self._frame.chance = Random(f"{self._seed}/{draws}")  # noqa: S311  it must be repeatable
