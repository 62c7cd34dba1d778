# SPDX-License-Identifier: AGPL-3.0-or-later
"""Laws of template processing: any that is written gives one clone for a seed, or is refused."""

from hypothesis import given, settings
from hypothesis import strategies as st

from encrier_qti.checks.static_types import wrong_types
from encrier_qti.clones import clone
from encrier_qti.errors import QtiError
from encrier_qti.model import Item
from encrier_qti.reading.item import read_item
from encrier_qti.rules.assignment import fits
from encrier_qti.scoring import compile_item

NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
VALUES = {
    "boolean": "true",
    "duration": "3.5",
    "float": "-1e300",
    "identifier": "a",
    "integer": "2147483647",
    "pair": "A B",
    "point": "1 2",
    "string": "mot",
}
ONE = ("is-null", "round", "container-size", "not", "random", 'index n="2"', 'round-to figures="N"')
TWO = ("match", "gt", "divide", "power", "delete", "integer-modulus", "subtract", "member")
MANY = ("sum", "product", "max", "multiple", "ordered", "and", "gcd", 'repeat number-repeats="N"')

constants = st.sampled_from(sorted(VALUES)).map(
    lambda base: f'<qti-base-value base-type="{base}">{VALUES[base]}</qti-base-value>'
)
variables = st.sampled_from(["N", "M", "RESPONSE", "QTI_CONTEXT"]).map(
    lambda name: f'<qti-variable identifier="{name}"/>'
)
draws = st.just('<qti-random-integer min="1" max="9"/>') | st.just("<qti-null/>")


def element(name: str, inside: str) -> str:
    return f"<qti-{name}>{inside}</qti-{name.split(' ', maxsplit=1)[0]}>"


def around(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner).map("".join)
    row = st.lists(inner, min_size=1, max_size=3).map("".join)
    return (
        st.builds(element, st.sampled_from(ONE), inner)
        | st.builds(element, st.sampled_from(TWO), pair)
        | st.builds(element, st.sampled_from(MANY), row)
    )


expressions = st.recursive(constants | variables | draws, around, max_leaves=6)
rules = st.one_of(
    *(
        st.builds(element, st.just(name), expressions)
        for name in (
            'set-template-value identifier="N"',
            'set-template-value identifier="M"',
            'set-correct-response identifier="RESPONSE"',
            'set-default-value identifier="SCORE"',
            "template-constraint",
        )
    )
)


def item(written: list[str]) -> Item:
    xml = f"""<qti-assessment-item xmlns="{NAMESPACE}" identifier="a" title="a">
      <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="integer"/>
      <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
      <qti-template-declaration identifier="N" cardinality="single" base-type="integer"/>
      <qti-template-declaration identifier="M" cardinality="ordered" base-type="float"/>
      <qti-template-processing>{"".join(written)}</qti-template-processing><qti-item-body/>
      </qti-assessment-item>"""
    return read_item(xml.encode(), file="a.xml")


def constants_of(made: Item) -> list[str]:
    """What a clone holds, in writing: a number that is none equals nothing, not even itself."""
    declared = (*made.templates.values(), *made.responses.values(), *made.outcomes.values())
    return [f"{each.default!r} {each.correct!r}" for each in declared]


@settings(max_examples=300)
@given(st.lists(rules, min_size=1, max_size=4), st.text(max_size=3))
def test_any_template_processing_gives_one_clone_for_a_seed_or_is_refused(
    written: list[str], seed: str
) -> None:
    drawn = item(written)
    told = list(wrong_types(drawn))
    try:
        made = clone(drawn, seed=seed)
    except QtiError:
        return
    assert constants_of(made) == constants_of(clone(drawn, seed=seed))
    assert all(fits(each.default, each) for each in made.templates.values())
    assert fits(made.responses["RESPONSE"].correct, made.responses["RESPONSE"])
    assert repr(compile_item(drawn, seed=seed).start) == repr(compile_item(made).start)
    assert all(error.line for error in told)
