# SPDX-License-Identifier: AGPL-3.0-or-later
"""Evaluations recorded from another engine: what we run must agree, or say why not.

The cases are read from the shared test material and never copied. Those of
elements not yet supported, and those that do not carry the table or the record
they need, are left out by name and counted, so that the list only shrinks.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from msgspec.structs import replace

from encrier_qti.errors import QtiError
from encrier_qti.expressions.registry import EXPRESSIONS
from encrier_qti.model import Declaration, Node
from encrier_qti.processing.programs import Frame
from encrier_qti.reading import declarations
from encrier_qti.reading.item import read_item
from encrier_qti.reading.safe_xml import parse as parse_xml
from encrier_qti.reading.safe_xml import to_node
from encrier_qti.rules.registry import RULES, scope_of
from encrier_qti.rules.templates import template
from encrier_qti.scoring import compile_item
from encrier_qti.values import BaseType, Cardinality, Scalar, Value, same
from encrier_qti.values import parse as parse_scalar

Case = Mapping[str, Any]  # JSON of another project: its shape is what we test against

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("ENCRIER_SHARED", ROOT.parent / "shared"))
CASES = SHARED / "data" / "qti" / "cases"
EXAMPLES = SHARED / "data" / "qti" / "1edtech-examples"
XMLNS = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'

BORDER = "a point on the border of a circle: we say inside"
DEPARTURES = {
    "expressions-0004": "qti-correct of an undeclared variable: we refuse to compile it",
    "expressions-0017": "overlapping areas: 3.0 gives a point to the first listed, not to all",
    "expressions-0023": "qti-map-response-point without any mapping: we refuse to compile it",
    "expressions-0135": "an empty container is NULL whatever its base type, so not an error",
    "expressions-0247": "a tolerance that is an undeclared variable is NULL, so the result is",
    "expressions-0777": "minus infinity truncated: stays minus infinity, not plus",
    "rules-0006": "interpolation: the first entry at or below the source, as 3.0 says",
    "rules-0007": "interpolation: the first entry at or below the source, as 3.0 says",
    "rules-0036": "a container put in a single variable: an error, not its first value",
    "rules-0037": "a container put in a single variable: an error, not its first value",
    "oracle-item-outcomes-0280": BORDER,
    "oracle-item-outcomes-0282": BORDER,
    "oracle-item-outcomes-0283": BORDER,
    "oracle-item-outcomes-0284": BORDER,
    "oracle-item-outcomes-0293": BORDER,
    "oracle-item-outcomes-0313": "case-sensitive is false unless written, in 3.0",
}


def recorded(name: str) -> list[Case]:
    path = CASES / f"{name}.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def element_of(case: Case) -> str:
    """`AnyNProcessor` is qti-any-n."""
    name = case["class"].removesuffix("Processor").replace("GTE", "Gte").replace("LT", "Lt")
    return "qti" + re.sub(r"[A-Z]", lambda found: f"-{found[0].lower()}", name)


def needs_what_is_not_recorded(case: Case) -> bool:
    """A table that the recording lost, or a record, which has no place here yet."""
    text = json.dumps(case)
    lost = '"mapping": null' in text or '"lookupTable": null' in text
    return lost or '"record"' in text or "intOrIdentifier" in text


def runnable(name: str, supported: Mapping[str, object]) -> Iterator[Case]:
    for case in recorded(name):
        if element_of(case) in supported and not needs_what_is_not_recorded(case):
            yield case


EXPRESSION_CASES = list(runnable("expressions", EXPRESSIONS))
RULE_CASES = list(runnable("rules", RULES))
PROCESSING_CASES = [c for c in recorded("processing") if c["class"] == "ResponseProcessingEngine"]


def name_of(case: Case) -> str:
    return str(case["id"])


def members(recorded_value: Case) -> tuple[Scalar, ...]:
    base = BaseType(recorded_value["baseType"])
    written = recorded_value["values"] if "values" in recorded_value else [recorded_value["value"]]
    return tuple(scalar(base, each) for each in written if each not in (None, ""))


def scalar(base: BaseType, written: Any) -> Scalar:
    if base is BaseType.DURATION:
        found = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)S)?)?", written)
        assert found, written
        return float(int(found[1] or 0) * 86_400 + int(found[2] or 0))
    if isinstance(written, list):
        found_pair = parse_scalar(base, " ".join(str(each) for each in written))
        assert found_pair is not None
        return found_pair
    if base is BaseType.FLOAT and written in ("INF", "-INF", "NaN"):
        return float(written)
    return float(written) if base is BaseType.FLOAT else written


def value(recorded_value: Case | None) -> Value | None:
    if recorded_value is None:
        return None
    held = members(recorded_value)
    kind = Cardinality(recorded_value["cardinality"])
    return Value(kind, BaseType(recorded_value["baseType"]), held) if held else None


def modern(xml: str) -> str:
    """Turn the names of QTI 2 into those of QTI 3."""

    def attribute(found: re.Match[str]) -> str:
        return " " + kebab(found[1]) + "="

    renamed = re.sub(r"<(/?)(\w+)", lambda found: f"<{found[1]}qti-{kebab(found[2])}", xml)
    return re.sub(r" (\w+)=", attribute, renamed)


def kebab(camel: str) -> str:
    return re.sub(r"[A-Z]", lambda found: f"-{found[0].lower()}", camel)


def declaration(identifier: str, recorded_variable: Case) -> Declaration:
    kind = "response" if recorded_variable["kind"] == "response" else "outcome"
    tables = recorded_variable.get("areaMapping") or recorded_variable.get("lookupTable") or ""
    xml = (
        f'<qti-{kind}-declaration {XMLNS} identifier="{identifier}"'
        f' cardinality="{recorded_variable["cardinality"]}"'
        f' base-type="{recorded_variable["baseType"]}">{modern(tables)}</qti-{kind}-declaration>'
    )
    read = declarations.response if kind == "response" else declarations.outcome
    plain = read(parse_xml(xml.encode(), file="case"), file="case")
    return replace(
        plain,
        default=value(recorded_variable.get("default")),
        correct=value(recorded_variable.get("correct")),
    )


def variables(case: Case) -> tuple[dict[str, Declaration], Frame]:
    state = case["state"] or {}
    declared = {name: declaration(name, variable) for name, variable in state.items()}
    return declared, Frame({name: value(variable.get("value")) for name, variable in state.items()})


def node_of(case: Case) -> Node:
    xml = re.sub(r"^<([\w-]+)", rf"<\1 {XMLNS}", case["qti3"])
    return to_node(parse_xml(xml.encode(), file="case"), file="case")


def assert_same(found: Value | None, expected: Value | None) -> None:
    if found is None or expected is None:
        assert found is expected
        return
    assert (found.cardinality, found.base) == (expected.cardinality, expected.base)
    if found.base is BaseType.FLOAT:
        assert found.members == pytest.approx(expected.members)
    else:
        assert same(found, expected)


def evaluated(case: Case) -> Value | None:
    declared, frame = variables(case)
    scope = scope_of(declared)
    node = node_of(case)
    if "operands" not in case:
        return scope.expression(node)(frame)
    constants = [value(operand) for operand in case["operands"]]
    operands = [lambda _, constant=constant: constant for constant in constants]
    return EXPRESSIONS[node.name](node, operands, scope)(frame)


@pytest.fixture(autouse=True)
def departs(request: pytest.FixtureRequest) -> None:
    """A known departure must depart: one that agrees after all has to leave the list."""
    case = request.node.callspec.params.get("case") if hasattr(request.node, "callspec") else None
    if case is not None and case["id"] in DEPARTURES:
        reason = DEPARTURES[case["id"]]
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))


@pytest.mark.skipif(not CASES.exists(), reason="the shared test material is not here")
@pytest.mark.parametrize("case", EXPRESSION_CASES, ids=name_of)
def test_an_expression_gives_what_was_recorded(case: Case) -> None:
    if "error" in case:
        with pytest.raises(QtiError):
            evaluated(case)
    else:
        assert_same(evaluated(case), value(case["result"]))


@pytest.mark.skipif(not CASES.exists(), reason="the shared test material is not here")
@pytest.mark.parametrize("case", RULE_CASES, ids=name_of)
def test_a_rule_leaves_what_was_recorded(case: Case) -> None:
    declared, frame = variables(case)
    scope = scope_of(declared)
    if "error" in case:
        with pytest.raises(QtiError):
            scope.rules([node_of(case)])(frame)
        return
    scope.rules([node_of(case)])(frame)
    for name, expected in (case["after"] or {}).items():
        assert_same(frame[name], value(expected))


@pytest.mark.skipif(not CASES.exists(), reason="the shared test material is not here")
@pytest.mark.parametrize(
    "case",
    PROCESSING_CASES,
    ids=name_of,
)
def test_a_response_processing_leaves_what_was_recorded(case: Case) -> None:
    declared, frame = variables(case)
    if "error" in case:
        with pytest.raises(QtiError):
            scope_of(declared).rules(template(node_of(case)))
        return
    scope_of(declared).rules(template(node_of(case)))(frame)
    for name, expected in case["after"].items():
        assert_same(frame[name], value(expected))


SUPPORTED = (
    "qti-and qti-any-n qti-base-value qti-container-size qti-contains qti-correct qti-default"
    " qti-delete qti-divide qti-equal qti-gt qti-gte qti-index qti-integer-to-float qti-is-null"
    " qti-lt qti-lte qti-map-response qti-map-response-point qti-match qti-max qti-member qti-min"
    " qti-multiple qti-not qti-null qti-or qti-ordered qti-product qti-round qti-string-match"
    " qti-substring qti-subtract qti-sum qti-truncate qti-variable"
)
SUPPORTED_RULES = (
    "qti-exit-response qti-lookup-outcome-value qti-response-condition"
    " qti-response-processing-fragment qti-set-outcome-value"
)


def test_the_list_of_what_is_supported_only_grows() -> None:
    assert set(EXPRESSIONS) >= set(SUPPORTED.split())
    assert set(RULES) >= set(SUPPORTED_RULES.split())


@pytest.mark.skipif(not CASES.exists(), reason="the shared test material is not here")
def test_most_recorded_cases_are_run() -> None:
    assert len(EXPRESSION_CASES) >= 180
    assert len(RULE_CASES) >= 9


# --- whole items, scored by the other engine ---

QTI_2 = "http://www.imsglobal.org/xsd/imsqti_v2p2"
QTI_3 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
HTML = (
    "a b blockquote br caption div em figure h1 h2 h3 hr i img li object ol p param pre q rb rp rt"
    " rtc ruby span strong sub sup table tbody td th thead tr ul"
)


def item_in_qti_3(path: Path) -> bytes:
    """Rename the elements and attributes of a QTI 2.2 item, which is enough to score it."""
    root = etree.fromstring(path.read_bytes(), etree.XMLParser(remove_comments=True))
    for element in root.iter(f"{{{QTI_2}}}*"):
        name = etree.QName(element).localname
        if name not in HTML.split():
            element.tag = f"{{{QTI_3}}}qti-{kebab(name)}"
            for attribute, written in list(element.attrib.items()):
                if not str(attribute).startswith("{"):
                    del element.attrib[attribute]
                    element.set(kebab(str(attribute)), str(written))
        else:
            element.tag = f"{{{QTI_3}}}{name}"
    return etree.tostring(root, encoding="utf-8")


def lexical(declared: list[str], answer: Any) -> list[str]:
    base = declared[1]
    many = answer if declared[0] != "single" else [answer]
    if base in {"pair", "directedPair", "point"}:
        return [" ".join(str(part) for part in each) for each in many]
    return [str(each).lower() if base == "boolean" else str(each) for each in many]


CONFORMANCE = Path(__file__).resolve().parents[3] / "docs" / "conformance.md"
ORACLE = [case for case in recorded("oracle-item-outcomes") if case["src"] == "1edtech22"]


@pytest.mark.skipif(not CASES.exists(), reason="the shared test material is not here")
@pytest.mark.parametrize("case", ORACLE, ids=name_of)
def test_an_item_is_scored_as_the_other_engine_scored_it(case: Case) -> None:
    path = EXAMPLES / case["file"].split("/", 1)[1]
    item = read_item(item_in_qti_3(path), file=path.name)
    responses = case["responses"] or {}
    answers = {
        name: [] if each is None else lexical(case["decl"][name], each)
        for name, each in responses.items()
    }
    outcomes = compile_item(item).score(answers)
    for name, expected in case["outcomes"].items():
        if name != "completionStatus":
            assert_same(outcomes[name], value(expected))


@pytest.mark.skipif(not CASES.exists(), reason="the shared test material is not here")
def test_the_page_of_conformance_gives_the_figures_of_this_file() -> None:
    n_run = sum(map(len, (EXPRESSION_CASES, RULE_CASES, PROCESSING_CASES, ORACLE)))
    n_apart = len(DEPARTURES)
    page = CONFORMANCE.read_text("utf-8")
    assert f"of {n_run} that can be replayed we agree on {n_run - n_apart}" in page
    assert f"and the {n_apart} others are listed" in page
