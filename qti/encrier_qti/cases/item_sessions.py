# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases of item sessions: an item, calls one after the other, the state after each.

Holds what is only the recorded engine's way of telling: its names of calls
and states, its numbers of errors, a time of day instead of seconds. Where it
records a submission without its responses, they are those found after it; an
item that it only names is a `scripted` one.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from encrier_qti.answers import Answers
from encrier_qti.cases.recorded import BadCase, Case, in_qti_3, mapping, value
from encrier_qti.cases.scripted import Script, values
from encrier_qti.cases.verdict import difference, differences
from encrier_qti.errors import SessionRefused
from encrier_qti.model import ATTEMPTS, COMPLETION, IMPLIED
from encrier_qti.reading.assessment import read_assessment
from encrier_qti.reading.item import read_item
from encrier_qti.reading.safe_xml import QTI
from encrier_qti.sessions.item_session import ItemSession, State, Terms
from encrier_qti.sessions.plan import plan_of
from encrier_qti.sessions.playable import Playable, playable
from encrier_qti.values import BaseType, Value, single

_FILE: Final = "case"
ADAPTIVE: Final = "attempts at an adaptive item"
_INVALID: Final = 5
_CONTROL: Final = ("itemSessionControl", "timeLimits")
_INCOMPLETE: Final = single(BaseType.IDENTIFIER, "incomplete")
STATES: Final[Mapping[str, State]] = {
    "notSelected": State.NOT_SELECTED,
    "initial": State.INITIAL,
    "interacting": State.INTERACTING,
    "suspended": State.SUSPENDED,
    "modalFeedback": State.MODAL_FEEDBACK,
    "closed": State.CLOSED,
}
_ERRORS: Final = {
    1: "time",
    2: "too-early",
    3: "attempts",
    5: "invalid",
    6: "skipped",
    7: "not-now",
}


class Clockwork:
    """The seconds between two times of day, as the recorded engine is told the time."""

    def __init__(self) -> None:
        self._before: datetime | None = None

    def since(self, written: object) -> float:
        """Give the seconds since the last call; 0 at the first."""
        try:
            now = datetime.fromisoformat(str(written))
        except ValueError:
            raise BadCase("a time that is none") from None
        seconds = 0.0 if self._before is None else abs((now - self._before).total_seconds())
        self._before = now
        return seconds


def run(case: Case) -> str | None:
    """Give the first difference, None if there is none. Raises what the item refuses."""
    present: dict[str, Case] = {}
    item = _item(case, present)
    session = ItemSession(item, _terms(case, item))
    clock = Clockwork()
    counted: str | None = None
    for number, written in enumerate(steps(case), 1):
        step = mapping(written, "a step")
        present["step"] = step
        after = mapping(step.get("after"), "what is after")
        call = _call(session, step, after, clock)
        found = outcome_of(call, step, _ERRORS) or told(session, after)
        if found:
            return f"step {number}, {step.get('call')}: {found}"
        counted = counted or miscounted(session, after)
    return counted


def steps(case: Case) -> list[object]:
    """Give the steps of a case. Raises BadCase."""
    each = case.get("steps")
    if not isinstance(each, list):
        raise BadCase("a case without steps")
    return each


def outcome_of(call: Callable[[], object], step: Case, errors: Mapping[int, str]) -> str | None:
    """Make a call; give the difference if it is refused otherwise than was recorded.

    An error whose number is not in `errors` is of no kind that we tell apart.
    """
    error = step.get("error")
    try:
        call()
    except SessionRefused as refused:
        if not error:
            return f"refused ({refused.why}), no error was recorded"
        expected = errors.get(error_of(step))
        agreed = expected is None or refused.why in expected.split()
        return None if agreed else f"refused ({refused.why}), recorded {expected}"
    return "not refused, an error was recorded" if error else None


def error_of(step: Case) -> int:
    """Give the number of the error that was recorded, -1 if there is none."""
    code = mapping(step.get("error") or {}, "an error").get("code")
    return code if isinstance(code, int) else -1


def told(session: ItemSession, after: Case) -> str | None:
    """Say how a session differs from what was recorded of it."""
    expected = STATES.get(str(after.get("state")))
    if session.state is not expected:
        return f"state {session.state}, recorded {after.get('state')}"
    if expected is State.NOT_SELECTED:
        return None  # its variables are not there yet
    known = IMPLIED | session.playable.declarations.keys()
    left = {ATTEMPTS} if session.playable.adaptive else set()  # `miscounted` has it
    recorded = {name: each for name, each in values(after).items() if name in known - left}
    return differences(dict(session.frame), recorded)


def miscounted(session: ItemSession, after: Case) -> str | None:
    """Say that the attempts at an adaptive item are not as many as was recorded."""
    found, recorded = session.frame[ATTEMPTS], values(after).get(ATTEMPTS)
    if session.playable.adaptive and found != recorded:
        return f"{ADAPTIVE}: {difference(found, recorded)}"
    return None


def answers(step: Case, after: Case) -> Answers:
    """Give the responses of a submission, in lexical form."""
    given = arguments(step)
    if given and isinstance(given[0], dict):
        state = mapping(given[0].get("state") or {}, "responses")
    else:
        each = mapping(after.get("variables") or {}, "variables")
        state = {
            name: one
            for name, one in each.items()
            if name not in IMPLIED and mapping(one, "a variable").get("kind") == "response"
        }
    return {name: texts(value(mapping(one, "one").get("value"))) for name, one in state.items()}


def texts(found: Value | None) -> list[str]:
    """Give the members of a value in lexical form."""
    return [] if found is None else found.texts()


def arguments(step: Case) -> list[object]:
    """Give the arguments of a call."""
    given = step.get("args")
    return given if isinstance(given, list) else []


def seconds(step: Case, clock: Clockwork) -> float:
    """Give the seconds that a call of setTime lets go by."""
    given = arguments(step)
    return clock.since(mapping(given[0], "a time").get("time")) if given else 0.0


def _call(session: ItemSession, step: Case, after: Case, clock: Clockwork) -> Callable[[], object]:
    """What a step does to a session."""

    def suspend() -> None:
        if arguments(step):
            session.save(answers(step, after))
        session.suspend()

    calls: Mapping[str, Callable[[], object]] = {
        "beginItemSession": session.begin,
        "beginAttempt": session.begin_attempt,
        "endAttempt": lambda: session.end_attempt(answers(step, after), accept_late=_late(step)),
        "suspend": suspend,
        "beginCandidateSession": session.resume,
        "endCandidateSession": session.suspend,
        "endItemSession": session.end,
        "setTime": lambda: session.spend(seconds(step, clock)),
    }
    call = calls.get(str(step.get("call")))
    if call is None:
        raise BadCase("a call of no known name")
    return call


def _late(step: Case) -> bool:
    return arguments(step)[2:3] == [True]


def _item(case: Case, present: Mapping[str, Case]) -> Playable:
    """The item of the case, or one that does as recorded if there is only a reference to it."""
    modern = str(case.get("qti3") or in_qti_3(str(case.get("xml", ""))))
    if modern.startswith("<qti-assessment-item-ref"):
        states = [mapping(mapping(each, "a step").get("after"), "after") for each in steps(case)]
        adaptive = any(values(each).get(COMPLETION) == _INCOMPLETE for each in states)
        script = Script(_FILE, states, adaptive=adaptive)
        return script.playable(
            lambda _: mapping(present["step"].get("after"), "what is after"),
            lambda: error_of(present["step"]) == _INVALID,
        )
    xml = modern.replace("<qti-assessment-item", f'<qti-assessment-item xmlns="{QTI}"', 1)
    return playable(read_item(xml.encode(), file=_FILE))


def _terms(case: Case, item: Playable) -> Terms:
    """The terms of a session, read from a test that holds this item only."""
    inside = "".join(in_qti_3(str(case.get(name) or "")) for name in _CONTROL)
    navigation = "nonlinear" if case.get("navigationMode") else "linear"
    submission = "simultaneous" if case.get("submissionMode") else "individual"
    xml = (
        f'<qti-assessment-test xmlns="{QTI}" identifier="T" title="T">'
        f'<qti-test-part identifier="P" navigation-mode="{navigation}"'
        f' submission-mode="{submission}"><qti-assessment-section identifier="S" title="S">'
        f'<qti-assessment-item-ref identifier="I" href="i.xml">{inside}</qti-assessment-item-ref>'
        "</qti-assessment-section></qti-test-part></qti-assessment-test>"
    )
    return plan_of(read_assessment(xml.encode(), file=_FILE), {"I": item}).terms["I"]
