# SPDX-License-Identifier: AGPL-3.0-or-later
"""A batch gives each row what scoring it alone gives: any item, any answers, any order."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encrier_qti.answers import reader
from encrier_qti.batch import Batch
from encrier_qti.errors import QtiError
from encrier_qti.model import Declaration
from encrier_qti.package import open_package
from encrier_qti.reading.item import read_item
from encrier_qti.scoring import Program, compile_item, compile_test
from encrier_qti.values import BadForm, BaseType, Cardinality, container, parse, printed

SAMPLE = Path(__file__).resolve().parents[2] / "demo" / "assessments" / "sixieme-debut"
QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
TEMPLATES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates"

# --- the items of the demonstration ---

PACKAGE = open_package(SAMPLE)
PROGRAMS = compile_test(PACKAGE.assessment, PACKAGE.items).programs

Rows = list[dict[str, Any]]  # pupils send anything

junk = st.one_of(st.none(), st.integers(), st.text(max_size=8), st.lists(st.text(max_size=4)))


def likely(program: Program) -> list[str]:
    """What pupils answer: keys, parts of keys, what is mapped, and a few other things."""
    found = {"A", "B", "C", " B ", "b", "", "a b", "12", "1,5", "choix-b", "A B", "12 34"}
    for declared in program.responses.values():
        base = declared.base
        if base is None:
            continue
        if declared.correct is not None:
            found |= {printed(base, member) for member in declared.correct.members}
        if declared.mapping is not None:
            keys = (entry.key for entry in declared.mapping.entries)
            found |= {printed(base, key) for key in keys if key is not None}
    return sorted(found)


@st.composite
def rows_of(draw: st.DrawFn, program: Program) -> Rows:
    names = st.sampled_from([*program.responses, "AUTRE"])
    values = st.lists(st.sampled_from(likely(program)), max_size=3)
    row = st.dictionaries(names, st.one_of(values, values, values, junk), max_size=3)
    return draw(st.lists(row, max_size=40))


def is_exact(program: Program, rows: Rows) -> bool:
    made = Batch(program)
    half = len(rows) // 2
    made.add(rows[:half])
    made.add(rows[half:])
    table = made.table()
    alone = [program.score_with_remarks(row) for row in rows]
    outcomes = {name: table.outcome(name) for name in program.outcomes}
    return (
        [table[row] for row in range(len(table))] == alone
        and list(table.scores()) == [program.total(row) for row in rows]
        and list(table.remarks())
        == [(row, scored.remarks) for row, scored in enumerate(alone) if scored.remarks]
        and all(
            [of.values[code] for code in of.codes] == [scored.outcomes[name] for scored in alone]
            for name, of in outcomes.items()
        )
    )


@settings(deadline=None)  # a machine that is busy is not a defect
@given(
    st.sampled_from(sorted(PROGRAMS)).flatmap(lambda n: st.tuples(st.just(n), rows_of(PROGRAMS[n])))
)
def test_each_item_of_the_demonstration(case: tuple[str, Rows]) -> None:
    name, rows = case
    assert is_exact(PROGRAMS[name], rows)


# --- items made up: whatever processing says of two responses ---

BASES = ["identifier", "string", "integer", "float", "boolean", "pair", "directedPair", "point"]
names = st.sampled_from(["R1", "R2"])
numbers = st.sampled_from(["0", "1", "-2", "1.5"])

leaves = st.one_of(
    names.map("<qti-variable identifier='{}'/>".format),
    names.map("<qti-correct identifier='{}'/>".format),
    names.map("<qti-default identifier='{}'/>".format),
    names.map("<qti-map-response identifier='{}'/>".format),
    numbers.map("<qti-base-value base-type='float'>{}</qti-base-value>".format),
    st.just("<qti-variable identifier='SCORE'/>"),
    st.just("<qti-null/>"),
)
ONE = ["is-null", "not", "container-size", "round", "integer-to-float", "multiple", "ordered"]
TWO = ["match", "sum", "subtract", "divide", "and", "or", "gt", "lte", "member", "contains"]


def wider(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(st.sampled_from(ONE), inner).map(lambda t: f"<qti-{t[0]}>{t[1]}</qti-{t[0]}>"),
        st.tuples(st.sampled_from(TWO), inner, inner).map(
            lambda t: f"<qti-{t[0]}>{t[1]}{t[2]}</qti-{t[0]}>"
        ),
        st.tuples(names, inner).map(lambda t: f"<qti-index n='{t[0]}'>{t[1]}</qti-index>"),
    )


expressions = st.recursive(leaves, wider, max_leaves=6)
sets = st.tuples(st.sampled_from(["SCORE", "N", "SAID"]), expressions).map(
    lambda t: f"<qti-set-outcome-value identifier='{t[0]}'>{t[1]}</qti-set-outcome-value>"
)
conditions = st.tuples(expressions, sets, sets).map(
    lambda t: (
        f"<qti-response-condition><qti-response-if>{t[0]}{t[1]}</qti-response-if>"
        f"<qti-response-else>{t[2]}</qti-response-else></qti-response-condition>"
    )
)
processing = st.one_of(
    st.lists(st.one_of(sets, conditions), min_size=1, max_size=3).map(
        lambda rules: f"<qti-response-processing>{''.join(rules)}</qti-response-processing>"
    ),
    st.sampled_from(["match_correct", "map_response", "CC2_map_response"]).map(
        lambda name: f"<qti-response-processing template='{TEMPLATES}/{name}.xml'/>"
    ),
)
LEXICAL = {"pair": "A B", "directedPair": "A B", "point": "1 2", "boolean": "true"}


def response(name: str, kind: str, base: str) -> str:
    written = LEXICAL.get(base, "1")
    mapped = (
        "<qti-mapping default-value='-1' upper-bound='2'>"
        f"<qti-map-entry map-key='{written}' mapped-value='3'/></qti-mapping>"
    )
    return (
        f"<qti-response-declaration identifier='{name}' cardinality='{kind}' base-type='{base}'>"
        f"<qti-correct-response><qti-value>{written}</qti-value></qti-correct-response>"
        f"{mapped if base != 'point' else ''}</qti-response-declaration>"
    )


def outcome(name: str, base: str) -> str:
    return f"<qti-outcome-declaration identifier='{name}' cardinality='single' base-type='{base}'/>"


kinds = st.tuples(st.sampled_from(["single", "multiple", "ordered"]), st.sampled_from(BASES))
VALUES = ["A", "B", "A B", "B A", "1", "01", "1.5", "true", "1 2", "", " ", "x y z"]
answers = st.dictionaries(
    st.sampled_from(["R1", "R2", "RESPONSE", "R3"]),
    st.one_of(st.lists(st.sampled_from(VALUES), max_size=3), junk),
)


@settings(deadline=None, max_examples=300)  # one in twelve does not compile
@given(kinds, kinds, processing, st.lists(answers, max_size=30))
def test_whatever_an_item_does_with_its_responses(
    one: tuple[str, str], two: tuple[str, str], rules: str, rows: Rows
) -> None:
    declared = "".join(
        (
            response("R1", *one),
            response("R2", *two),
            response("RESPONSE", *one),
            outcome("SCORE", "float"),
            outcome("MAXSCORE", "float"),
            outcome("N", "integer"),
            outcome("SAID", "boolean"),
            outcome("FEEDBACK", "identifier"),
        )
    )
    written = (
        f"<qti-assessment-item xmlns='{QTI}' identifier='a' title='a'>{declared}"
        f"<qti-item-body/>{rules}</qti-assessment-item>"
    )
    try:
        program = compile_item(read_item(written.encode(), file="a.xml"))
    except QtiError:
        return
    assert is_exact(program, rows)


# --- reading ---

TEXTS = st.one_of(
    st.text(max_size=6),
    st.sampled_from(["", " ", " a", "a\n", "e\u0301", "\u212b", "a b", "x" * 300]),
)


@given(st.lists(TEXTS, max_size=3), st.sampled_from([BaseType.IDENTIFIER, BaseType.STRING]))
def test_a_text_that_is_seen_to_be_plain_is_read_like_any_other(
    texts: list[str], base: BaseType
) -> None:
    declared = Declaration(
        identifier="R", kind="response", cardinality=Cardinality.ORDERED, base=base, file="", line=0
    )
    text = base is BaseType.STRING
    told = [unicodedata.normalize("NFC", each.strip()) if text else each for each in texts]
    try:
        expected = [member for each in told if (member := parse(base, each)) is not None]
    except BadForm:
        with pytest.raises(BadForm):
            reader(declared)(texts)
        return
    assert reader(declared)(texts) == container(Cardinality.ORDERED, base, expected)
