# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases of test sessions: a test, the route that was drawn, calls, the state after each.

Holds what is only the recorded engine's way of telling: names of calls and
states, numbers of errors, flags of its configuration, positions in a flat
route. The recording lacks the items (see `scripted`) and the test feedback:
feedback is there where it was recorded to be shown.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from encrier_qti.cases.item_sessions import (
    Clockwork,
    answers,
    arguments,
    error_of,
    miscounted,
    outcome_of,
    seconds,
    steps,
    told,
)
from encrier_qti.cases.recorded import BadCase, Case, mapping, value
from encrier_qti.cases.recorded_tests import (
    FEEDBACK,
    SHOWN,
    assessment_of,
    is_adaptive,
    items_of,
    keys_of,
    states_of,
    stops_of,
    unknown_outcomes,
    with_feedback,
)
from encrier_qti.cases.scripted import Script
from encrier_qti.cases.verdict import differences
from encrier_qti.errors import SessionRefused
from encrier_qti.model import Assessment
from encrier_qti.processing.programs import Frame
from encrier_qti.sessions.item_session import ItemSession
from encrier_qti.sessions.plan import Plan, Settings, plan_of
from encrier_qti.sessions.route import Route
from encrier_qti.sessions.test_session import TestSession, TestState

_STATES: Final = {
    "initial": TestState.INITIAL,
    "interacting": TestState.INTERACTING,
    "modalFeedback": TestState.FEEDBACK,
    "suspended": TestState.SUSPENDED,
    "closed": TestState.CLOSED,
}
_ERRORS: Final = {
    1: "not-now",
    2: "linear",
    6: "no-such-place",
    7: "linear no-such-place",
    8: "time",
    9: "time",
    10: "too-early",
    11: "too-early",
    12: "time",
    13: "too-early",
    14: "time",
    15: "too-early",
    16: "attempts",
    17: "invalid",
    18: "skipped",
}
_INVALID: Final = 17
_SETTINGS: Final = (  # the bits of the recorded configuration, from the lowest
    "forced_branches",
    "forced_preconditions",
    "tracked_path",
    "free_jumps",
    "all_items",
)


def run(case: Case) -> str | None:
    """Give the first difference, None if there is none. Raises what the test refuses."""
    replay = _Replay(case)
    for number, written in enumerate(steps(case), 1):
        found = replay.step(mapping(written, "a step"))
        if found:
            return f"step {number}, {mapping(written, 'a step').get('call')}: {found}"
    return replay.counted


class _Replay:
    """One case being run; `counted`: a difference in attempts at adaptive items, kept for last."""

    def __init__(self, case: Case) -> None:
        self.counted: str | None = None
        self._case = case
        self._after: Case = {}
        self._step: Case = {}
        self._clock = Clockwork()
        assessment = assessment_of(case)
        self._unknown = unknown_outcomes(assessment)
        route = Route(stops=tuple(stops_of(case, assessment)))
        flags = case.get("config")
        bits = flags if isinstance(flags, int) else 0
        settings = Settings()
        for bit, name in enumerate(_SETTINGS):
            settings = replace(settings, **{name: bool(bits >> bit & 1)})
        self._session = TestSession(self._plan(assessment), route, settings)

    def step(self, step: Case) -> str | None:
        """Make one call and compare."""
        self._step = step
        self._after = mapping(step.get("after"), "what is after")
        due = self._after.get("state") == "modalFeedback" and step.get("call") == "moveNext"
        self._session.outcomes.set({FEEDBACK: SHOWN if due else None})
        return outcome_of(self._call(), step, _ERRORS) or self._told()

    def _call(self) -> Callable[[], object]:
        session, step = self._session, self._step
        given = arguments(step)
        late = given[1:2] == [True]
        calls: Mapping[str, Callable[[], object]] = {
            "beginTestSession": session.begin,
            "endTestSession": session.end,
            "beginAttempt": session.begin_attempt,
            "endAttempt": lambda: session.end_attempt(
                answers(step, self._state_of(session.item.frame)), accept_late=late
            ),
            "moveNext": session.move_next,
            "moveBack": self._move_back,
            "jumpTo": lambda: session.jump(_whole(given)),
            "setTime": lambda: session.spend(seconds(step, self._clock)),
            "setAlwaysAllowJumps": self._allow_jumps,
        }
        call = calls.get(str(step.get("call")))
        if call is None:
            raise BadCase("a call of no known name")
        return call

    def _move_back(self) -> None:
        """The recorded engine stays where it is at the first item; we refuse."""
        try:
            self._session.move_back()
        except SessionRefused as refused:
            if refused.why != "no-such-place":
                raise

    def _allow_jumps(self) -> None:
        allowed = arguments(self._step) == [True]
        self._session.settings = replace(self._session.settings, free_jumps=allowed)

    def _told(self) -> str | None:
        session, after = self._session, self._after
        expected = _STATES.get(str(after.get("state")))
        if session.state is not expected:
            return f"state {session.state}, recorded {after.get('state')}"
        if session.runs:
            here = (session.position, session.stop.ref, session.stop.occurrence, session.stop.part)
            recorded = tuple(
                after.get(name) for name in ("position", "item", "occurrence", "testPart")
            )
            if here != recorded:
                return f"at {here}, recorded {recorded}"
            left = session.item.attempts_left
            if (-1 if left is None else left) != after.get("remainingAttempts"):
                return f"{left} attempts left, recorded {after.get('remainingAttempts')}"
        outcomes = mapping(after.get("outcomes") or {}, "outcomes")
        known = {name: value(one) for name, one in outcomes.items() if name not in self._unknown}
        return differences(session.outcomes.values(), known) or self._items_told()

    def _items_told(self) -> str | None:
        recorded = dict(items_of(self._after))
        selected = dict(self._selected())
        if selected.keys() != recorded.keys():
            return f"selected {list(selected)}, recorded {list(recorded)}"
        for name, session in selected.items():
            found = told(session, recorded[name])
            if found:
                return f"{name[0]}: {found}"
            self.counted = self.counted or miscounted(session, recorded[name])
        return None

    def _selected(self) -> Iterator[tuple[tuple[str, int], ItemSession]]:
        """Our item sessions, numbered as the recording lists them: those selected, in order."""
        met: Counter[str] = Counter()
        for stop, session in self._session.items:
            yield (stop.ref, met[stop.ref]), session
            met[stop.ref] += 1

    def _state_of(self, frame: Frame) -> Case:
        """What was recorded, after this step, of the session that has this frame."""
        recorded = dict(items_of(self._after))
        names = (name for name, session in self._selected() if session.frame is frame)
        return recorded.get(next(names, ("", 0)), {})

    def _plan(self, assessment: Assessment) -> Plan:
        terms = plan_of(assessment, {}).terms
        playables = {
            ref.identifier: Script(
                ref.identifier,
                states_of(self._case, ref.identifier),
                keys=keys_of(self._case, assessment, ref.identifier),
                adaptive=is_adaptive(self._case, ref.identifier, terms[ref.identifier]),
            ).playable(self._state_of, self._is_refused)
            for ref in assessment.refs()
        }
        return plan_of(with_feedback(assessment), playables)

    def _is_refused(self) -> bool:
        return error_of(self._step) == _INVALID


def _whole(given: list[object]) -> int:
    found = given[0] if given else None
    if not isinstance(found, int):
        raise BadCase("a position that is none")
    return found
