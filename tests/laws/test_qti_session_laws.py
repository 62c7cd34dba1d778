# SPDX-License-Identifier: AGPL-3.0-or-later
"""Laws of sessions: any calls, in any order, on any small test."""

import copy
from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec
from hypothesis import assume, event, given
from hypothesis import strategies as st
from lxml import etree

from encrier_qti.errors import QtiError, SessionRefused
from encrier_qti.reading.assessment import read_assessment
from encrier_qti.sessions.plan import Plan, Settings, plan_of
from encrier_qti.sessions.route import resolve
from encrier_qti.sessions.snapshots import TestSnapshot as Snapshot
from encrier_qti.sessions.snapshots import restored, snapshot
from encrier_qti.sessions.test_session import TestSession as Session
from stagecraft.tests_of_qti import (
    DECLARED,
    TOTAL,
    XMLNS,
    branch,
    limits,
    only_if,
    part,
    planned,
    ref,
    section,
)

TARGETS = ("Q2", "Q3", "S2", "P2", "EXIT_SECTION", "EXIT_TESTPART", "EXIT_TEST")
NAMES = ("Q1", "Q2", "Q3", "Q4")


@st.composite
def extras(draw: st.DrawFn, *, with_rules: bool = True) -> str:
    """What an element may hold: conditions, control, limits."""
    inside = ""
    if with_rules and draw(st.booleans()):
        inside += only_if(draw(st.sampled_from(NAMES)))
    if with_rules and draw(st.booleans()):
        inside += branch(draw(st.sampled_from(TARGETS)), draw(st.sampled_from(NAMES)))
    if draw(st.booleans()):
        control = {
            "max-attempts": str(draw(st.integers(0, 3))),
            "allow-skipping": draw(st.sampled_from(["true", "false"])),
            "validate-responses": draw(st.sampled_from(["true", "false"])),
        }
        written = "".join(f' {name}="{value}"' for name, value in control.items())
        inside += f"<qti-item-session-control{written}/>"
    if draw(st.booleans()):
        inside += limits(
            min_time=draw(st.integers(0, 5)),
            max_time=draw(st.integers(5, 30)),
            allow_late_submission=draw(st.sampled_from(["true", "false"])),
        )
    return inside


@st.composite
def selections(draw: st.DrawFn) -> str:
    """Selection and ordering of a section of two."""
    repeated = draw(st.sampled_from(["true", "false"]))
    select = draw(st.integers(0, 4 if repeated == "true" else 2))
    chosen = f'<qti-selection select="{select}" with-replacement="{repeated}"/>'
    ordering = f'<qti-ordering shuffle="{draw(st.sampled_from(["true", "false"]))}"/>'
    return draw(st.sampled_from(["", chosen])) + draw(st.sampled_from(["", ordering]))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A test of two parts, three sections and four items, that the reader accepts."""
    ways, hows = ("linear", "nonlinear"), ("individual", "simultaneous")
    modes = st.sampled_from([f"{way} {how}" for way in ways for how in hows])
    around = draw(extras(with_rules=False).filter(_only_limits))
    items = {name: ref(name, draw(extras())) for name in NAMES}
    first = section("S1", draw(extras()) + draw(selections()) + items["Q1"] + items["Q2"])
    second = section("S2", draw(extras()) + items["Q3"])
    third = section("S3", draw(extras(with_rules=False)) + draw(selections()) + items["Q4"])
    inside = part("P1", draw(extras()) + first + second, draw(modes))
    inside += part("P2", draw(extras(with_rules=False)) + third, draw(modes))
    try:
        return planned(DECLARED + around + inside + TOTAL)
    except QtiError:
        assume(False)
        raise


def _only_limits(inside: str) -> bool:
    return "session-control" not in inside


# Answers are hostile: whatever JSON may hold.
ANSWERS: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([{"RESPONSE": ["B"]}, {"RESPONSE": ["A"]}, {}]),
    st.dictionaries(
        st.sampled_from(["RESPONSE", "OTHER"]),
        st.one_of(st.lists(st.text(max_size=3), max_size=3), st.integers(), st.none()),
    ),
)
Call = Callable[[Session], object]
SECONDS = st.one_of(st.sampled_from([1.0, 10.0, 40.0]), st.floats())


def calls() -> st.SearchStrategy[list[Call]]:
    plain = ["begin", "begin_attempt", "move_next", "move_back", "move_on", "skip", "suspend"]
    plain += ["resume", "end"]
    simple = st.sampled_from(plain).map(lambda name: lambda session: getattr(session, name)())
    common = st.sampled_from(["begin_attempt", "move_next"]).map(
        lambda name: lambda session: getattr(session, name)()
    )
    ended = ANSWERS.map(lambda answers: lambda session: session.end_attempt(answers))
    saved = ANSWERS.map(lambda answers: lambda session: session.save(answers))
    jumped = st.integers(-2, 9).map(lambda place: lambda session: session.jump(place))
    spent = SECONDS.map(lambda seconds: lambda session: session.spend(seconds))
    return st.lists(st.one_of(common, simple, ended, saved, jumped, spent), max_size=30)


SETTINGS = st.builds(
    Settings,
    seed=st.text(max_size=4),
    time_factor=st.floats(0, 3),
    extra_s=st.floats(0, 60),
    accept_late=st.booleans(),
    free_jumps=st.booleans(),
    forced_branches=st.booleans(),
    forced_preconditions=st.booleans(),
    tracked_path=st.booleans(),
    all_items=st.booleans(),
)


def done(session: Session, call: Call) -> str:
    """Make a call: the reason if it is refused. Anything but SessionRefused is a fault."""
    try:
        call(session)
    except SessionRefused as refused:
        return refused.why
    return ""


@given(plans(), SETTINGS, calls(), st.text(max_size=3))
def test_nothing_but_a_refusal_comes_of_any_calls(
    made: Plan, settings: Settings, made_calls: list[Call], seed: str
) -> None:
    session = Session(made, resolve(made.assessment, seed), settings)
    done(session, Session.begin)
    for call in made_calls:
        before = snapshot(session)
        if done(session, call) not in {"", "too-early"}:
            assert snapshot(session) == before
        assert 0 <= session.position <= len(session.route.stops)
        assert session.runs or not session.pending


@given(plans(), SETTINGS, calls(), calls(), st.text(max_size=3))
def test_a_session_given_back_behaves_the_same(
    made: Plan, settings: Settings, before: list[Call], after: list[Call], seed: str
) -> None:
    session = Session(made, resolve(made.assessment, seed), settings)
    for call in [Session.begin, *before]:
        done(session, call)
    stored = msgspec.json.decode(msgspec.json.encode(snapshot(session)), type=Snapshot)
    again = restored(made, session.route, stored, settings)
    for call in after:
        assert done(again, call) == done(session, call)
        assert snapshot(again) == snapshot(session)


@given(plans(), st.text())
def test_the_same_seed_gives_the_same_route_of_what_the_test_holds(made: Plan, seed: str) -> None:
    route = resolve(made.assessment, seed)
    assert resolve(made.assessment, seed) == route
    assert {stop.ref for stop in route.stops} <= set(NAMES)
    assert len({stop.name for stop in route.stops}) == len(route.stops)
    met: Counter[str] = Counter()
    for stop in route.stops:
        assert stop.occurrence == met[stop.ref]
        met[stop.ref] += 1
    parts = [stop.part for stop in route.stops]
    assert parts == sorted(parts)


RICH = (
    f"{DECLARED}{limits(max_time=60)}"
    + part(
        "P1",
        only_if("Q4")
        + branch("P2", "Q1")
        + section(
            "S1",
            only_if("Q3")
            + '<qti-selection select="2" with-replacement="true"/><qti-ordering shuffle="true"/>'
            + ref("Q1", branch("Q2", "Q1") + '<qti-weight identifier="W" value="2"/>')
            + ref("Q2", limits(min_time=1))
            + '<qti-assessment-section-ref identifier="S2" href="s.xml"/>',
        ),
    )
    + part("P2", section("S3", ref("Q4")), "nonlinear simultaneous")
    + TOTAL
    + '<qti-test-feedback identifier="F" outcome-identifier="TOTAL" access="atEnd"'
    ' show-hide="show"/>'
)
APART = section("S2", ref("Q3")).replace(">", f" {XMLNS}>", 1)
WORDS = ("", "Q1", "S1", "P2", "-1", "3", "1e99", "true", "EXIT_TEST", "s.xml", "../x", "\u2212 €")
CHANGES = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.sampled_from(["delete", "double", "nest", "attribute", "forget", "rename"]),
        st.sampled_from(WORDS),
    ),
    max_size=4,
)


def changed(root: etree._Element, number: int, how: str, word: str) -> None:
    """Change one element of a test in one way."""
    elements = list(root.iter(etree.Element))
    element = elements[number % len(elements)]
    parent = element.getparent()
    names = sorted(map(str, element.attrib))
    if how == "attribute" and names:
        element.set(names[number % len(names)], word)
    elif how == "forget" and names:
        del element.attrib[names[number % len(names)]]
    elif how == "rename":
        element.tag = elements[len(word) % len(elements)].tag
    elif how == "nest":
        element.append(copy.deepcopy(element))
    elif how == "double" and parent is not None:
        parent.append(copy.deepcopy(element))
    elif how == "delete" and parent is not None:
        parent.remove(element)


@given(CHANGES, CHANGES)
def test_a_test_with_mistakes_is_read_or_refused_in_words(
    changes: list[tuple[int, str, str]], others: list[tuple[int, str, str]]
) -> None:
    root = etree.fromstring(
        f'<qti-assessment-test {XMLNS} identifier="T">{RICH}</qti-assessment-test>'
    )
    apart = etree.fromstring(APART)
    for tree, each in [(root, each) for each in changes] + [(apart, each) for each in others]:
        changed(tree, *each)
    try:
        assessment = read_assessment(
            etree.tostring(root), file="t.xml", files={"s.xml": etree.tostring(apart)}
        )
        resolve(assessment, "seed")
        plan_of(assessment, {})
    except QtiError as refused:
        event(f"refused: {refused.reason.template}")
    else:
        event("read")
