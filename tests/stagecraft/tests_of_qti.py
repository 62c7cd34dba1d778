# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small tests in QTI 3 to play with: the XML of their parts, and sessions of them.

Every item is a choice of which B is right.
"""

from collections.abc import Mapping

from encrier_qti.answers import Answers
from encrier_qti.processing.programs import Operator
from encrier_qti.reading.assessment import read_assessment
from encrier_qti.reading.item import read_item
from encrier_qti.sessions.plan import Plan, Settings, plan
from encrier_qti.sessions.route import resolve
from encrier_qti.sessions.test_session import TestSession as Session
from encrier_qti.values import printed

XMLNS = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'
RIGHT: Answers = {"RESPONSE": ["B"]}
WRONG: Answers = {"RESPONSE": ["A"]}
ITEM = (
    f'<qti-assessment-item {XMLNS} identifier="q" title="q" adaptive="false"'
    ' time-dependent="false">'
    '<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">'
    "<qti-correct-response><qti-value>B</qti-value></qti-correct-response>"
    "</qti-response-declaration>"
    '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>'
    '<qti-outcome-declaration identifier="NOTE" cardinality="single" base-type="float"/>'
    '<qti-item-body><qti-choice-interaction response-identifier="RESPONSE">'
    '<qti-simple-choice identifier="A">A</qti-simple-choice>'
    '<qti-simple-choice identifier="B">B</qti-simple-choice></qti-choice-interaction>'
    "</qti-item-body><qti-response-processing"
    ' template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/>'
    "</qti-assessment-item>"
)
DECLARED = '<qti-outcome-declaration identifier="TOTAL" cardinality="single" base-type="float"/>'
TOTAL = (
    '<qti-outcome-processing><qti-set-outcome-value identifier="TOTAL"><qti-sum>'
    '<qti-test-variables variable-identifier="SCORE" weight-identifier="W"/></qti-sum>'
    "</qti-set-outcome-value></qti-outcome-processing>"
)


def is_right(name: str) -> str:
    """A condition: this item was answered rightly."""
    return (
        f'<qti-match><qti-variable identifier="{name}.RESPONSE"/>'
        '<qti-base-value base-type="identifier">B</qti-base-value></qti-match>'
    )


def only_if(name: str) -> str:
    """A precondition: another item was answered rightly."""
    return f"<qti-pre-condition>{is_right(name)}</qti-pre-condition>"


def branch(target: str, name: str) -> str:
    """A branch, taken if an item was answered rightly."""
    return f'<qti-branch-rule target="{target}">{is_right(name)}</qti-branch-rule>'


def ref(name: str, inside: str = "") -> str:
    """An item reference."""
    start = f'<qti-assessment-item-ref identifier="{name}" href="q.xml">'
    return f"{start}{inside}</qti-assessment-item-ref>"


def refs(*names: str) -> str:
    """Item references."""
    return "".join(map(ref, names))


def section(name: str, inside: str) -> str:
    """A section."""
    return (
        f'<qti-assessment-section identifier="{name}" title="s" visible="true">{inside}'
        "</qti-assessment-section>"
    )


def part(name: str, inside: str, modes: str = "linear individual") -> str:
    """A part; `modes`: navigation and submission."""
    navigation, submission = modes.split()
    return (
        f'<qti-test-part identifier="{name}" navigation-mode="{navigation}"'
        f' submission-mode="{submission}">{inside}</qti-test-part>'
    )


def planned(inside: str, operators: Mapping[str, Operator] | None = None) -> Plan:
    """A test made ready."""
    xml = f'<qti-assessment-test {XMLNS} identifier="T" title="T">{inside}</qti-assessment-test>'
    assessment = read_assessment(xml.encode(), file="test.xml")
    item = read_item(ITEM.encode(), file="q.xml")
    items = {each.identifier: item for each in assessment.refs()}
    return plan(assessment, items, operators=operators)


def begun(inside: str, settings: Settings | None = None) -> Session:
    """A session that has begun."""
    made = planned(inside)
    session = Session(made, resolve(made.assessment, "seed"), settings)
    session.begin()
    return session


def answer(session: Session, answers: Answers = RIGHT) -> None:
    """Answer the present item, rightly unless told."""
    session.begin_attempt()
    session.end_attempt(answers)


def way(session: Session, *wrong: str) -> list[str]:
    """Answer everything to the end, wrongly where said, and give the items met."""
    met = []
    while session.runs:
        name = session.stop.name
        met.append(name)
        answer(session, WRONG if name in wrong else RIGHT)
        if session.runs:
            session.move_next()
    return met


def number(session: Session, name: str) -> float | str | None:
    """An outcome of the test as a number."""
    value = session.outcomes.values()[name]
    return None if value is None else float(printed(value.base, value.members[0]))


def limits(**written: object) -> str:
    """Time limits; `written`: min_time, max_time, allow_late_submission."""
    attributes = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in written.items())
    return f"<qti-time-limits{attributes}/>"
