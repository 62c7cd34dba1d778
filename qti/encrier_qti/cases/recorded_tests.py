# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a recorded test session says of its test, and what must be found out from its states.

The recording has the test with its conditions and outcome processing, not its
feedback, and not the keys of its items. A key is the response after which a
count of correct items went up, or that scored 1 where nothing counts; where
all responses come in at once it cannot be told, and outcomes that need it are
not compared.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from encrier_qti.cases.item_sessions import steps
from encrier_qti.cases.recorded import BadCase, Case, in_qti_3, mapping, value
from encrier_qti.cases.scripted import values
from encrier_qti.model import IMPLIED, Assessment, Declaration, Section, TestFeedback
from encrier_qti.reading.assessment import read_assessment
from encrier_qti.reading.safe_xml import QTI
from encrier_qti.sessions.item_session import Terms
from encrier_qti.sessions.route import Stop
from encrier_qti.values import BaseType, Cardinality, Value, single

FEEDBACK: Final = "recorded feedback"  # no identifier has spaces: it hides no variable
SHOWN: Final = single(BaseType.IDENTIFIER, "shown")
_FILE: Final = "case"
_CORRECT: Final = "qti-number-correct"
_INCORRECT: Final = "qti-number-incorrect"


def assessment_of(case: Case) -> Assessment:
    """Read the test of a case."""
    xml = in_qti_3(str(case.get("xml", "")))
    marked = xml.replace("<qti-assessment-test", f'<qti-assessment-test xmlns="{QTI}"', 1)
    return read_assessment(marked.encode(), file=_FILE)


def with_feedback(assessment: Assessment) -> Assessment:
    """Give the test with one feedback, due at every item while the outcome FEEDBACK is SHOWN."""
    feedback = TestFeedback(
        identifier="shown", outcome=FEEDBACK, access="during", show=True, title="", content=b""
    )
    declared = Declaration(
        identifier=FEEDBACK,
        kind="outcome",
        cardinality=Cardinality.SINGLE,
        base=BaseType.IDENTIFIER,
        file=_FILE,
        line=0,
    )
    return replace(
        assessment,
        feedbacks=(feedback,),
        outcomes={**assessment.outcomes, FEEDBACK: declared},
    )


def stops_of(case: Case, assessment: Assessment) -> Iterator[Stop]:
    """Give the recorded route; it names the innermost section only."""
    around = {
        section.identifier: path
        for part in assessment.parts
        for top in part.sections
        for section, path in _sections(top, ())
    }
    route = case.get("route")
    for written in route if isinstance(route, list) else ():
        if not isinstance(written, list) or len(written) != 4:  # noqa: PLR2004  four names
            raise BadCase("a route that is none")
        part, section, ref, occurrence = written
        yield Stop(
            part=part,
            sections=tuple((name, 0) for name in around.get(section, ())),
            ref=ref,
            occurrence=occurrence,
        )


def _sections(
    section: Section, around: tuple[str, ...]
) -> Iterator[tuple[Section, tuple[str, ...]]]:
    path = (*around, section.identifier)
    yield section, path
    for child in section.children:
        if isinstance(child, Section):
            yield from _sections(child, path)


def items_of(after: Case) -> Iterator[tuple[tuple[str, int], Case]]:
    """Give what was recorded of each item session: the n-th of a reference, from 0."""
    each = after.get("items")
    met: Counter[str] = Counter()
    for written in each if isinstance(each, list) else ():
        state = mapping(written, "an item")
        name = str(state.get("id"))
        yield (name, met[name]), state
        met[name] += 1


def afters_of(case: Case) -> Iterator[Case]:
    """Give the states after each step."""
    for written in steps(case):
        yield mapping(mapping(written, "a step").get("after"), "what is after")


def states_of(case: Case, identifier: str) -> Iterator[Case]:
    """Give all that was recorded of the sessions of one item."""
    for after in afters_of(case):
        yield from (state for name, state in items_of(after) if name[0] == identifier)


def keys_of(case: Case, assessment: Assessment, identifier: str) -> dict[str, Value | None]:
    """Give the keys of an item, as far as the recording lets them be found; else an odd one."""
    counts = _set_from(assessment, _CORRECT)
    keys: dict[str, Value | None] = {}
    before: Case = {}
    for after in afters_of(case):
        state = _submitted(after, before, identifier)
        if state is not None:
            found = {name: each for name, each in values(state).items() if name not in IMPLIED}
            right = _went_up(before, after, counts) if counts else _scored_one(found)
            keys |= {name: _UNKNOWN for name in found if name not in keys}
            keys |= found if right else {}
        before = after
    return keys


def is_adaptive(case: Case, identifier: str, terms: Terms) -> bool:
    """Tell whether an item is adaptive: attempts have no limit, though the test sets one."""
    limited = terms.max_attempts != 0 or terms.simultaneous
    return limited and any(
        after.get("item") == identifier and after.get("remainingAttempts") == -1
        for after in afters_of(case)
    )


def unknown_outcomes(assessment: Assessment) -> frozenset[str]:
    """Give the outcomes that need keys, in a test where no key can be found."""
    if all(part.submission == "individual" for part in assessment.parts):
        return frozenset()
    return _set_from(assessment, _CORRECT) | _set_from(assessment, _INCORRECT)


def _set_from(assessment: Assessment, expression: str) -> frozenset[str]:
    """The outcomes that are set, without a condition, from an expression that holds this one."""
    rules = assessment.processing.children if assessment.processing else ()
    return frozenset(
        rule.attributes.get("identifier", "")
        for rule in rules
        if rule.name == "qti-set-outcome-value"
        and any(each.name == expression for each in rule.walk())
    )


def _submitted(after: Case, before: Case, identifier: str) -> Case | None:
    """The state of an item whose attempt ended in this step."""
    earlier = dict(items_of(before))
    for name, state in items_of(after):
        was = earlier.get(name, {}).get("state")
        if name[0] == identifier and was == "interacting" != state.get("state"):
            return state
    return None


def _went_up(before: Case, after: Case, outcomes: frozenset[str]) -> bool:
    now = mapping(after.get("outcomes") or {}, "outcomes")
    then = mapping(before.get("outcomes") or {}, "outcomes")
    return any(_number(now.get(name)) > _number(then.get(name)) for name in outcomes)


def _number(written: object) -> float:
    found = value(written)
    member = found.members[0] if found else 0
    return float(member) if isinstance(member, int | float) else 0.0


def _scored_one(found: dict[str, Value | None]) -> bool:
    return single(BaseType.FLOAT, 1.0) in found.values()


_UNKNOWN: Final = single(BaseType.STRING, "unknown key")
