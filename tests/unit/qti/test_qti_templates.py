# SPDX-License-Identifier: AGPL-3.0-or-later
"""Items with templates: what a seed draws, what a constraint refuses, what is left constant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encrier_qti.clones import MOST_DRAWS, clone, clones_of
from encrier_qti.errors import ContentRefused, WrongType
from encrier_qti.model import (
    Assessment,
    Item,
    ItemRef,
    Node,
    Part,
    Reference,
    Section,
    TemplateDefault,
)
from encrier_qti.reading.item import read_item
from encrier_qti.scoring import compile_item, compile_test
from encrier_qti.values import BaseType, integer, real, single

NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
DRAW = '<qti-random-integer min="1" max="1000000"/>'


def put(name: str, inside: str, what: str = "template-value") -> str:
    return f'<qti-set-{what} identifier="{name}">{inside}</qti-set-{what}>'


def number(written: str, base: str = "integer") -> str:
    return f'<qti-base-value base-type="{base}">{written}</qti-base-value>'


def held(name: str) -> str:
    return f'<qti-variable identifier="{name}"/>'


def constraint(inside: str) -> str:
    return f"<qti-template-constraint>{inside}</qti-template-constraint>"


def item(rules: str, *, default: str = "", response: str = "integer", rest: str = "") -> Item:
    value = f"<qti-default-value><qti-value>{default}</qti-value></qti-default-value>"
    xml = f"""<qti-assessment-item xmlns="{NAMESPACE}" identifier="a" title="a">
      <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="{response}"/>
      <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
      <qti-template-declaration identifier="N" cardinality="single" base-type="integer"
        math-variable="true">{value if default else ""}</qti-template-declaration>
      <qti-template-declaration identifier="M" cardinality="single" base-type="integer"/>
      <qti-template-processing>{rules}</qti-template-processing><qti-item-body/>{rest}
      </qti-assessment-item>"""
    return read_item(xml.encode(), file="items/a.xml")


def of(made: Item, name: str = "N") -> object:
    value = made.templates[name].default
    return None if value is None else value.members[0]


@given(st.text(max_size=8))
def test_a_seed_always_makes_the_same_clone(seed: str) -> None:
    drawn = item(put("N", DRAW))
    made = clone(drawn, seed=seed)
    assert (made, made.has_templates) == (clone(drawn, seed=seed), False)
    assert 1 <= int(str(of(made))) <= 1_000_000


def test_other_seeds_make_other_clones() -> None:
    drawn = item(put("N", DRAW))
    assert len({of(clone(drawn, seed=str(seed))) for seed in range(50)}) > 45


def test_a_clone_of_a_clone_is_itself() -> None:
    made = clone(item(put("N", DRAW)), seed="x")
    assert clone(made, seed="y") is made


def test_keys_and_defaults_of_a_clone_are_those_that_were_set() -> None:
    rules = (
        put("N", DRAW)
        + put("RESPONSE", held("N"), "correct-response")
        + put("SCORE", number("0.5", "float"), "default-value")
        + put("M", '<qti-correct identifier="RESPONSE"/>')
    )
    made = clone(item(rules), seed="x")
    assert made.responses["RESPONSE"].correct == made.templates["N"].default
    assert made.templates["M"].default == made.templates["N"].default
    assert made.outcomes["SCORE"].default == real(0.5)


def test_a_clone_is_scored_by_its_own_key() -> None:
    rules = put("N", DRAW) + put("RESPONSE", held("N"), "correct-response")
    matched = """<qti-response-processing
      template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct"/>"""
    drawn = item(rules, rest=matched)
    key = str(of(clone(drawn, seed="7")))
    program = compile_item(drawn, seed="7")
    assert program.total({"RESPONSE": [key]}) == 1.0
    assert program.total({"RESPONSE": ["0"]}) == 0.0


def test_response_processing_reads_template_values() -> None:
    same = f"<qti-set-outcome-value identifier='SCORE'>{held('N')}</qti-set-outcome-value>"
    drawn = item(
        put("N", number("12")), rest=f"<qti-response-processing>{same}</qti-response-processing>"
    )
    assert compile_item(drawn).total({}) == 12.0


def test_a_constraint_draws_until_it_holds() -> None:
    small = f"<qti-lt>{held('N')}{number('4')}</qti-lt>"
    rules = put("N", '<qti-random-integer min="1" max="12"/>') + constraint(small) + put("M", DRAW)
    drawn = item(rules, default="99")
    for seed in range(30):
        made = clone(drawn, seed=str(seed))
        assert int(str(of(made))) < 4
        assert of(made, "M") is not None


def test_a_constraint_that_never_holds_leaves_the_defaults_and_goes_on() -> None:
    never = f"<qti-lt>{held('N')}{number('0')}</qti-lt>"
    key = put("RESPONSE", held("N"), "correct-response")
    made = clone(
        item(put("N", DRAW) + key + constraint(never) + put("M", number("5")), default="99")
    )
    assert (of(made), of(made, "M")) == (99, 5)
    assert made.responses["RESPONSE"].correct is None


def test_a_constraint_is_tried_no_more_than_a_hundred_times() -> None:
    counted = put("M", f"<qti-sum>{number('1')}{number('0')}</qti-sum>")
    assert MOST_DRAWS == 100
    null = constraint("<qti-null/>")
    assert of(clone(item(counted + null * 3 + put("N", number("3"))))) == 3


def test_exit_template_stops_what_follows() -> None:
    rules = put("N", number("1")) + "<qti-exit-template/>" + put("N", number("2"))
    assert of(clone(item(rules))) == 1


def test_the_test_may_give_the_defaults() -> None:
    drawn = item(put("M", held("N")), default="1")
    assert of(clone(drawn, defaults={"N": integer(8)}), "M") == 8
    assert of(clone(drawn, defaults={"N": real(8.9)}), "M") == 8
    with pytest.raises(ContentRefused):
        clone(drawn, defaults={"NOBODY": integer(8)})
    with pytest.raises(WrongType):
        clone(drawn, defaults={"N": single(BaseType.STRING, "mot")})


def of_one(*defaults: TemplateDefault) -> Assessment:
    """A test of the item "a" alone, and what it gives to its template variables."""
    ref = ItemRef(
        identifier="a",
        reference=Reference(path="items/a.xml", file="t.xml", line=1),
        template_defaults=defaults,
    )
    part = Part(
        identifier="p",
        navigation="linear",
        submission="individual",
        sections=(Section(identifier="s", children=(ref,)),),
    )
    return Assessment(identifier="t", title="t", lang="fr", file="t.xml", parts=(part,))


def test_a_test_is_scored_with_the_clones_it_publishes() -> None:
    drawn = item(
        put("M", held("N")) + put("RESPONSE", held("M"), "correct-response"),
        rest="""<qti-response-processing
          template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct"/>""",
    )
    eight = Node(
        name="qti-base-value",
        file="t.xml",
        line=1,
        attributes={"base-type": "integer"},
        text="8",
    )
    test = of_one(TemplateDefault(template="N", expression=eight))
    assert of(clones_of(test, {"a": drawn})["a"], "M") == 8
    assert compile_test(test, {"a": drawn}).score({"a": {"RESPONSE": ["8"]}}) == {"a": 1.0}


def test_a_registered_operator_may_draw_the_items_of_a_test() -> None:
    drawn = item(put("N", '<qti-custom-operator class="org.example.nine"/>'))
    nine = {"org.example.nine": lambda _node, _operands: integer(9)}
    assert of(clones_of(of_one(), {"a": drawn}, operators=nine)["a"]) == 9


def test_a_rule_that_meets_a_wrong_type_names_its_line() -> None:
    wrong = put("N", number("mot", "string"))
    with pytest.raises(WrongType) as caught:
        clone(item(wrong))
    assert (caught.value.file, caught.value.element) == ("items/a.xml", "qti-set-template-value")


def test_a_number_that_no_float_holds_is_refused() -> None:
    big = f"<qti-product>{number('2147483647') * 40}</qti-product>"
    with pytest.raises(ContentRefused):
        clone(item(put("RESPONSE", big, "correct-response"), response="float"))
