# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rules by themselves: what each leaves, and where it may stand."""

from collections.abc import Mapping

import pytest

from encrier_qti.errors import ContentRefused, NotSupported, WrongType
from encrier_qti.model import Declaration, Node
from encrier_qti.processing.programs import Frame, Stage
from encrier_qti.reading.safe_xml import QTI, parse, to_node
from encrier_qti.rules.registry import RULES, scope_of, stages
from encrier_qti.rules.template_constraint import Unsatisfied
from encrier_qti.values import BaseType, Cardinality, Value, container, integer, real, single

each = pytest.mark.parametrize

ONE = '<qti-base-value base-type="integer">1</qti-base-value>'
HALF = '<qti-base-value base-type="float">-2.5</qti-base-value>'
TRUE = '<qti-base-value base-type="boolean">true</qti-base-value>'
WORD = '<qti-base-value base-type="string">mot</qti-base-value>'
NULL = "<qti-null/>"


def variable(
    kind: str,
    base: BaseType | None,
    *,
    name: str = "X",
    cardinality: Cardinality = Cardinality.SINGLE,
) -> Declaration:
    return Declaration(
        identifier=name,
        kind=kind,
        cardinality=cardinality if base else Cardinality.RECORD,
        base=base,
        file="a.xml",
        line=1,
    )


def rule(xml: str) -> Node:
    inside = f'<qti-rules xmlns="{QTI}">{xml}</qti-rules>'
    return to_node(parse(inside.encode(), file="a.xml"), file="a.xml").children[0]


def run(
    xml: str, declared: Mapping[str, Declaration], *, stage: Stage = "response"
) -> tuple[Frame, bool]:
    frame = Frame(dict.fromkeys(declared))
    stopped = scope_of(declared, stage=stage).rules([rule(xml)])(frame)
    return frame, stopped


def put(name: str, kind: str, inside: str) -> str:
    return f'<qti-set-{kind} identifier="{name}">{inside}</qti-set-{kind}>'


@each("stem", ["response", "outcome", "template"])
@each(
    ("first", "second", "expected"),
    [(TRUE, TRUE, 1), (NULL, TRUE, 2), (NULL, NULL, 3)],
)
def test_a_condition_runs_its_first_true_branch_and_null_is_not_true(
    stem: Stage, first: str, second: str, expected: int
) -> None:
    kind = "template-value" if stem == "template" else "outcome-value"

    def branch(end: str, condition: str, n: int) -> str:
        value = f'<qti-base-value base-type="integer">{n}</qti-base-value>'
        return f"<qti-{stem}-{end}>{condition}{put('X', kind, value)}</qti-{stem}-{end}>"

    xml = (
        f"<qti-{stem}-condition>{branch('if', first, 1)}{branch('else-if', second, 2)}"
        f"{branch('else', '', 3)}</qti-{stem}-condition>"
    )
    declared = {"X": variable("template" if stem == "template" else "outcome", BaseType.INTEGER)}
    assert run(xml, declared, stage=stem)[0]["X"] == integer(expected)


@each("name", sorted(RULES))
def test_a_rule_in_the_wrong_processing_is_refused_with_its_line(name: str) -> None:
    every: tuple[Stage, ...] = ("template", "response", "outcome")
    assert stages(name)
    for stage in set(every) - stages(name):
        with pytest.raises(ContentRefused) as caught:
            run(f"<{name}/>", {}, stage=stage)
        assert (caught.value.line, caught.value.element) == (1, name)


@each(
    ("name", "stage"),
    [("exit-response", "response"), ("exit-template", "template"), ("exit-test", "outcome")],
)
def test_an_exit_stops_what_follows(name: str, stage: Stage) -> None:
    assert run(f"<qti-{name}/>", {}, stage=stage)[1]


@each("stage", ["response", "outcome"])
def test_a_fragment_runs_in_its_place(stage: Stage) -> None:
    name = f"qti-{stage}-processing-fragment"
    xml = f"<{name}>{put('X', 'outcome-value', ONE)}</{name}>"
    frame, stopped = run(xml, {"X": variable("outcome", BaseType.INTEGER)}, stage=stage)
    assert (frame["X"], stopped) == (integer(1), False)


@each(
    ("base", "inside", "expected"),
    [
        (BaseType.FLOAT, ONE, real(1.0)),
        (BaseType.INTEGER, HALF, integer(-2)),
        (BaseType.FLOAT, NULL, None),
        (BaseType.INTEGER, f"<qti-ordered>{HALF}{HALF}</qti-ordered>", integer(-2)),
    ],
)
@each(("kind", "stage"), [("outcome", "response"), ("template", "template")])
def test_a_number_goes_into_the_other_numeric_type(
    kind: str, stage: Stage, base: BaseType, inside: str, expected: Value | None
) -> None:
    xml = put("X", f"{kind}-value", inside)
    assert run(xml, {"X": variable(kind, base)}, stage=stage)[0]["X"] == expected


@each(
    ("base", "inside"),
    [
        (BaseType.FLOAT, WORD),
        (BaseType.INTEGER, '<qti-base-value base-type="float">INF</qti-base-value>'),
        (BaseType.STRING, ONE),
        (None, ONE),
    ],
)
def test_a_value_that_fits_nothing_is_an_error(base: BaseType | None, inside: str) -> None:
    with pytest.raises(WrongType):
        run(put("X", "outcome-value", inside), {"X": variable("outcome", base)})


def test_a_single_value_does_not_go_into_a_container() -> None:
    many = variable("outcome", BaseType.INTEGER, cardinality=Cardinality.MULTIPLE)
    with pytest.raises(WrongType):
        run(put("X", "outcome-value", ONE), {"X": many})
    frame, _ = run(put("X", "outcome-value", f"<qti-multiple>{ONE}</qti-multiple>"), {"X": many})
    assert frame["X"] == container(Cardinality.MULTIPLE, BaseType.INTEGER, [1])


@each(
    ("set_what", "kind"),
    [
        ("outcome-value", "response"),
        ("outcome-value", "template"),
        ("template-value", "outcome"),
        ("correct-response", "outcome"),
        ("default-value", "template"),
    ],
)
def test_a_rule_sets_only_its_own_kind_of_variable(set_what: str, kind: str) -> None:
    stage: Stage = "response" if set_what == "outcome-value" else "template"
    with pytest.raises(ContentRefused):
        run(put("X", set_what, ONE), {"X": variable(kind, BaseType.INTEGER)}, stage=stage)


def test_keys_and_defaults_are_settings_and_change_no_value() -> None:
    declared = {"X": variable("response", BaseType.FLOAT)}
    frame, _ = run(put("X", "correct-response", HALF), declared, stage="template")
    assert (frame["X"], frame.settings) == (None, {("correct", "X"): real(-2.5)})
    frame, _ = run(put("X", "default-value", ONE), declared, stage="template")
    assert frame.settings == {("default", "X"): real(1.0)}
    with pytest.raises(WrongType):
        run(put("X", "correct-response", WORD), declared, stage="template")


@each("inside", [NULL, WORD.replace("mot", ""), TRUE.replace("true", "false")])
def test_a_constraint_holds_only_when_it_is_true(inside: str) -> None:
    name = "qti-template-constraint"
    assert run(f"<{name}>{TRUE}</{name}>", {}, stage="template")[1] is False
    with pytest.raises(Unsatisfied):
        run(f"<{name}>{inside}</{name}>", {}, stage="template")


def test_a_constraint_inside_a_condition_is_refused() -> None:
    inside = f"<qti-template-constraint>{TRUE}</qti-template-constraint>"
    xml = (
        f"<qti-template-condition><qti-template-if>{TRUE}{inside}</qti-template-if>"
        "</qti-template-condition>"
    )
    with pytest.raises(ContentRefused) as caught:
        run(xml, {}, stage="template")
    assert caught.value.element == "qti-template-constraint"


@each(
    "order",
    [
        "",
        "<qti-response-else/>",
        f"<qti-response-if>{TRUE}</qti-response-if><qti-response-else/><qti-response-else/>",
        f"<qti-response-else/><qti-response-if>{TRUE}</qti-response-if>",
        f"<qti-response-if>{TRUE}</qti-response-if><qti-response-if>{TRUE}</qti-response-if>",
        f"<qti-response-if>{TRUE}</qti-response-if><qti-outcome-else/>",
        "<qti-response-if/>",
    ],
)
def test_branches_out_of_order_are_refused(order: str) -> None:
    with pytest.raises(ContentRefused):
        run(f"<qti-response-condition>{order}</qti-response-condition>", {})


def test_a_rule_that_nobody_knows_is_not_supported() -> None:
    with pytest.raises(NotSupported):
        run("<qti-guess/>", {})


def test_a_variable_named_nowhere_is_refused() -> None:
    declared = {"X": variable("outcome", BaseType.INTEGER)}
    with pytest.raises(ContentRefused):
        run(put("Y", "outcome-value", ONE), declared, stage="outcome")


def test_completion_status_is_set_without_being_declared() -> None:
    status = variable("implied", BaseType.IDENTIFIER, name="completionStatus")
    done = '<qti-base-value base-type="identifier">completed</qti-base-value>'
    frame, _ = run(put(status.identifier, "outcome-value", done), {status.identifier: status})
    assert frame[status.identifier] == single(BaseType.IDENTIFIER, "completed")
