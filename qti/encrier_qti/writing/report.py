# SPDX-License-Identifier: AGPL-3.0-or-later
"""A sitting as a QTI 3 result report (assessmentResult).

1EdTech QTI 3.0 Results Reporting. Knows answers and scores, and keys if they
are asked for; never a name: who sat is an opaque identifier, given by the
caller, as are all times.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal

from lxml import etree
from msgspec.structs import replace

from encrier_qti.answers import Answers
from encrier_qti.model import ATTEMPTS, DURATION, Declaration, Record
from encrier_qti.reading.declarations import CONTEXT
from encrier_qti.reading.safe_xml import default_namespace
from encrier_qti.scoring import Program, read_into
from encrier_qti.values import Cardinality, Value, printed

RESULT: Final = "http://www.imsglobal.org/xsd/imsqti_result_v3p0"
_R: Final = f"{{{RESULT}}}"
# What a pupil may type and XML may not hold.
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_AS_RESPONSES: Final = frozenset({ATTEMPTS, DURATION})  # built in, and responses
Status = Literal[
    "final", "initial", "pendingExternalScoring", "pendingResponseProcessing", "pendingSubmission"
]


class ResultOfItem(Record, frozen=True):
    """One item session: `values` of its variables, of a clone's templates too, NULL as None.

    `declarations` of all its variables, as `variables.all_variables` gives them;
    `orders`: for a response, the order in which the pupil saw the choices.
    """

    identifier: str
    declarations: Mapping[str, Declaration]
    at: datetime
    values: Mapping[str, Value | None] = {}
    status: Status = "final"
    rank: int | None = None  # in the sitting, from 1
    orders: Mapping[str, Sequence[str]] = {}

    def __repr__(self) -> str:
        return f"ResultOfItem({self.identifier!r}, ‹hidden›)"


def of_answers(result: ResultOfItem, program: Program, answers: Answers) -> ResultOfItem:
    """Give an item's result with the values that its program makes of raw answers.

    `program` of the same item or clone. An answer that is not of its form is NULL.
    """
    declared = result.declarations
    told = (name for name in program.start if name in declared and name != CONTEXT)
    values = {name: program.start[name] for name in told}
    read_into(values, answers, program.reads)
    return replace(result, values={**values, **program.score(answers)})


class ResultOfTest(Record, frozen=True):
    """The outcomes of a test session; `declarations` are those of the test."""

    identifier: str
    declarations: Mapping[str, Declaration]
    values: Mapping[str, Value | None]
    at: datetime

    def __repr__(self) -> str:
        return f"ResultOfTest({self.identifier!r}, ‹hidden›)"


class Sitting(Record, frozen=True):
    """What a report is about; `sessions`: identifiers of the sitting by who gives them (a URI)."""

    candidate: str
    items: Sequence[ResultOfItem]
    test: ResultOfTest | None = None
    sessions: Mapping[str, str] = {}


def result_report(sitting: Sitting, *, with_keys: bool = False) -> bytes:
    """Give the report as canonical XML; `with_keys`: with the right answers.

    An identifier that XML does not allow as a name (one that starts with a
    digit) gets an underscore before it. Times must have a zone, else ValueError.
    """
    root = etree.Element(f"{_R}assessmentResult", nsmap=default_namespace(RESULT))
    context = _add(root, "context", sourcedId=_name(sitting.candidate))
    for source, identifier in sorted(sitting.sessions.items()):
        _add(context, "sessionIdentifier", sourceID=source, identifier=_name(identifier))
    if sitting.test is not None:
        _test(root, sitting.test)
    for each in sitting.items:
        _item(root, each, with_keys=with_keys)
    return etree.tostring(root, method="c14n", exclusive=True, with_comments=False)


def _test(root: etree._Element, test: ResultOfTest) -> None:
    made = _add(root, "testResult", identifier=_name(test.identifier), datestamp=_time(test.at))
    for name, value in test.values.items():
        if name in test.declarations:
            _outcome(made, test.declarations[name], value)


def _item(root: etree._Element, result: ResultOfItem, *, with_keys: bool) -> None:
    made = _add(root, "itemResult", identifier=_name(result.identifier))
    if result.rank is not None:
        made.set("sequenceIndex", str(result.rank))
    made.set("datestamp", _time(result.at))
    made.set("sessionStatus", result.status)
    for name, declaration in result.declarations.items():
        if name not in result.values:
            continue
        value = result.values[name]
        if declaration.kind == "response" or name in _AS_RESPONSES:
            variable = _response(made, declaration, value, with_keys=with_keys)
            if result.orders.get(name):
                variable.set("choiceSequence", " ".join(map(_name, result.orders[name])))
        elif declaration.kind in {"template", "context"}:
            _values(_variable(made, f"{declaration.kind}Variable", declaration), value)
        else:
            _outcome(made, declaration, value)


def _response(
    made: etree._Element, declaration: Declaration, value: Value | None, *, with_keys: bool
) -> etree._Element:
    variable = _variable(made, "responseVariable", declaration)
    if with_keys and declaration.correct is not None:
        key = _add(variable, "correctResponse")
        if declaration.interpretation:
            key.set("interpretation", declaration.interpretation)
        _values(key, declaration.correct)
    _values(_add(variable, "candidateResponse"), value)
    return variable


def _outcome(made: etree._Element, declaration: Declaration, value: Value | None) -> None:
    variable = _variable(made, "outcomeVariable", declaration)
    numbers = {
        "normalMaximum": declaration.normal_maximum,
        "normalMinimum": declaration.normal_minimum,
        "masteryValue": declaration.mastery,
    }
    for name, number in numbers.items():
        if number is not None:
            variable.set(name, repr(number))
    if declaration.views:
        variable.set("view", " ".join(declaration.views))
    if declaration.interpretation:
        variable.set("interpretation", declaration.interpretation)
    if declaration.scored_by in {"human", "externalMachine"}:
        variable.set("external-scored", declaration.scored_by)
    _values(variable, value)


def _variable(made: etree._Element, name: str, declaration: Declaration) -> etree._Element:
    variable = _add(made, name, identifier=_name(declaration.identifier))
    variable.set("cardinality", str(declaration.cardinality))
    if declaration.base is not None and declaration.cardinality is not Cardinality.RECORD:
        variable.set("baseType", str(declaration.base))
    return variable


def _values(holder: etree._Element, value: Value | None) -> None:
    if value is None:
        return
    for member in value.members:
        _add(holder, "value").text = _NOT_XML.sub("\ufffd", printed(value.base, member))
    for name, field in value.fields:
        if field is not None:
            made = _add(holder, "value", fieldIdentifier=_name(name), baseType=str(field.base))
            made.text = _NOT_XML.sub("\ufffd", printed(field.base, field.members[0]))


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{_R}{name}", attributes)


def _name(identifier: str) -> str:
    return identifier if identifier[:1].isalpha() or identifier[:1] == "_" else f"_{identifier}"


def _time(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at.isoformat()
