# SPDX-License-Identifier: AGPL-3.0-or-later
"""Items as read: declarations, context, feedback, interactions, tables; and 1EdTech's own."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from encrier_qti.errors import ContentRefused, QtiError
from encrier_qti.model import Item, MapEntry, Node, ScoreMap
from encrier_qti.reading.item import read_item
from encrier_qti.scoring import compile_item
from encrier_qti.values import BaseType, Cardinality, integer, record, single

NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
XI = 'xmlns:xi="http://www.w3.org/2001/XInclude"'
ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("ENCRIER_SHARED", ROOT.parent / "shared"))
EXAMPLES = SHARED / "data" / "qti" / "1edtech-examples"
SCORE = '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>'

each = pytest.mark.parametrize


def read(
    inside: str, *, files: Mapping[str, bytes] | None = None, about: str = "", body: str = ""
) -> Item:
    xml = f"""<qti-assessment-item xmlns="{NAMESPACE}" {XI} identifier="a" title="a" {about}>
      {inside}<qti-item-body>{body}</qti-item-body></qti-assessment-item>"""
    return read_item(xml.encode(), file="items/a.xml", files=files)


def processed(inside: str, declared: str, *, about: str = "") -> Item:
    rules = f"<qti-response-processing>{inside}</qti-response-processing>"
    return read(declared + rules, about=about)


def put(name: str, inside: str) -> str:
    return f'<qti-set-outcome-value identifier="{name}">{inside}</qti-set-outcome-value>'


# --- declarations ---


def test_a_record_has_fields_of_their_own_types() -> None:
    item = read("""<qti-outcome-declaration identifier="R" cardinality="record">
      <qti-default-value><qti-value field-identifier="n" base-type="integer">3</qti-value>
      <qti-value field-identifier="empty" base-type="string"/></qti-default-value>
      </qti-outcome-declaration>""")
    assert item.outcomes["R"].base is None
    assert item.outcomes["R"].default == record({"n": integer(3), "empty": None})


@each(
    "value",
    [
        "<qti-value>3</qti-value>",
        '<qti-value field-identifier="n">3</qti-value>',
        '<qti-value base-type="integer">3</qti-value>',
        '<qti-value field-identifier="n" base-type="number">3</qti-value>',
        '<qti-value field-identifier="n" base-type="integer">trois</qti-value>',
        '<qti-value field-identifier="n" base-type="integer">3</qti-value>' * 2,
    ],
)
def test_a_field_that_is_written_wrong_is_refused_with_its_line(value: str) -> None:
    with pytest.raises(ContentRefused) as caught:
        read(f"""<qti-outcome-declaration identifier="R" cardinality="record">
          <qti-default-value>{value}</qti-default-value></qti-outcome-declaration>""")
    assert caught.value.line > 0


def test_what_a_declaration_says_of_its_meaning_is_kept() -> None:
    item = read("""<qti-response-declaration identifier="RESPONSE" cardinality="single"
        base-type="identifier"><qti-correct-response interpretation="la bonne">
        <qti-value>A</qti-value></qti-correct-response></qti-response-declaration>
      <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"
        normal-minimum="-1" normal-maximum="3" mastery-value="2" view="scorer author"
        interpretation="des points"/>
      <qti-template-declaration identifier="N" cardinality="single" base-type="integer"
        math-variable="true"/>""")
    score, n = item.outcomes["SCORE"], item.templates["N"]
    assert item.responses["RESPONSE"].interpretation == "la bonne"
    assert (score.normal_minimum, score.normal_maximum, score.mastery) == (-1.0, 3.0, 2.0)
    assert (score.views, score.interpretation) == (("scorer", "author"), "des points")
    assert n.in_math


@each("kind", ["template", "context", "outcome"])
def test_a_name_belongs_to_one_variable_of_any_kind(kind: str) -> None:
    with pytest.raises(ContentRefused):
        read(f"""<qti-response-declaration identifier="X" cardinality="single"
          base-type="string"/><qti-{kind}-declaration identifier="X" cardinality="single"
          base-type="string"/>""")


# --- context ---

FIELD = """<qti-field-value field-identifier="{0}">
  <qti-variable identifier="QTI_CONTEXT"/></qti-field-value>"""


def test_every_item_has_a_context_whose_fields_are_null() -> None:
    null = f"<qti-is-null>{FIELD.format('candidateIdentifier')}</qti-is-null>"
    declared = '<qti-outcome-declaration identifier="B" cardinality="single" base-type="boolean"/>'
    outcomes = compile_item(processed(put("B", null), declared)).score({})
    assert outcomes["B"] == single(BaseType.BOOLEAN, member=True)


def test_a_declared_context_adds_its_fields() -> None:
    declared = """<qti-context-declaration identifier="QTI_CONTEXT" cardinality="record">
      <qti-default-value><qti-value field-identifier="environmentIdentifier"
      base-type="string">default</qti-value><qti-value field-identifier="level"
      base-type="integer">6</qti-value></qti-default-value></qti-context-declaration>
      <qti-outcome-declaration identifier="W" cardinality="single" base-type="string"/>
      <qti-outcome-declaration identifier="N" cardinality="single" base-type="integer"/>"""
    rules = put("W", FIELD.format("environmentIdentifier")) + put("N", FIELD.format("level"))
    outcomes = compile_item(processed(rules, declared)).score({})
    assert outcomes == {"W": single(BaseType.STRING, "default"), "N": integer(6)}


def test_the_built_in_context_is_a_record() -> None:
    with pytest.raises(ContentRefused):
        read("""<qti-context-declaration identifier="QTI_CONTEXT" cardinality="single"
          base-type="string"/>""")


def test_a_rule_cannot_change_the_context() -> None:
    with pytest.raises(ContentRefused):
        compile_item(processed(put("QTI_CONTEXT", "<qti-null/>"), SCORE))


# --- adaptive items ---


def test_an_adaptive_item_says_itself_when_it_is_completed() -> None:
    done = """<qti-match><qti-variable identifier="completionStatus"/>
      <qti-base-value base-type="identifier">completed</qti-base-value></qti-match>"""
    one = '<qti-base-value base-type="float">1</qti-base-value>'
    rules = f"""<qti-response-condition><qti-response-if>{done}{put("SCORE", one)}
      </qti-response-if></qti-response-condition>"""
    assert compile_item(processed(rules, SCORE)).total({}) == 1.0
    assert compile_item(processed(rules, SCORE, about='adaptive="true"')).total({}) == 0.0


# --- what stands in the body ---


def test_feedback_of_all_forms_says_what_shows_it() -> None:
    body = """<qti-feedback-block outcome-identifier="F" identifier="yes" show-hide="hide"/>
      <p><qti-feedback-inline outcome-identifier="F" identifier="no" show-hide="show"/></p>
      <qti-template-block template-identifier="T" identifier="t"/>"""
    modal = '<qti-modal-feedback outcome-identifier="F" identifier="m" show-hide="show"/>'
    found = [
        (one.form, one.variable, one.when, one.hides) for one in read(modal, body=body).feedbacks
    ]
    assert found == [
        ("modal", "F", "m", False),
        ("block", "F", "yes", True),
        ("inline", "F", "no", False),
        ("template-block", "T", "t", False),
    ]


def test_rubrics_catalogs_companions_and_printed_variables_are_read() -> None:
    item = read(
        """<qti-companion-materials-info><qti-calculator/></qti-companion-materials-info>
        <qti-catalog-info><qti-catalog id="c1"><qti-card support="glossary-on-screen"/>
        </qti-catalog></qti-catalog-info>""",
        body="""<div><qti-rubric-block view="scorer tutor" use="scoring"><p>ok</p>
        </qti-rubric-block></div><p><qti-printed-variable identifier="N"/></p>""",
    )
    assert [(one.views, one.use) for one in item.rubrics] == [(("scorer", "tutor"), "scoring")]
    assert [(one.identifier, len(one.cards)) for one in item.catalogs] == [("c1", 1)]
    assert item.companions is not None
    assert [one.attributes["identifier"] for one in item.printed] == ["N"]


STANDARD = (
    "associate choice drawing end-attempt extended-text gap-match graphic-associate"
    " graphic-gap-match graphic-order hotspot hottext inline-choice match media order"
    " position-object select-point slider text-entry upload"
)


@each("name", [*STANDARD.split(), "custom"])
def test_every_interaction_is_recognised(name: str) -> None:
    item = read("", body=f'<qti-{name}-interaction response-identifier="RESPONSE"/>')
    assert [(one.name, one.response) for one in item.interactions] == [(name, "RESPONSE")]


def test_a_portable_custom_interaction_says_its_type() -> None:
    item = read(
        "",
        body="""<qti-portable-custom-interaction response-identifier="RESPONSE"
          custom-interaction-type-identifier="urn:fractions" module="fractions"/>""",
    )
    one = item.interactions[0]
    assert (one.name, one.type_identifier) == ("portable-custom", "urn:fractions")


# --- tables of all base types ---


@each(
    ("base", "target", "member"),
    [
        ("boolean", "true", True),
        ("directedPair", "B A", ("B", "A")),
        ("duration", "3.5", 3.5),
        ("float", "0.5", 0.5),
        ("identifier", "high", "high"),
        ("integer", "7", 7),
        ("pair", "B A", ("A", "B")),
        ("point", "3 4", (3, 4)),
        ("string", "bien", "bien"),
        ("uri", "http://a.fr", "http://a.fr"),
    ],
)
@each("kind", ["match", "interpolation"])
def test_a_table_gives_values_of_every_base_type(
    kind: str, base: str, target: str, member: object
) -> None:
    declared = f"""<qti-outcome-declaration identifier="X" cardinality="single"
      base-type="{base}"><qti-{kind}-table><qti-{kind}-table-entry source-value="3"
      target-value="{target}"/></qti-{kind}-table></qti-outcome-declaration>"""
    look_up = """<qti-lookup-outcome-value identifier="X">
      <qti-base-value base-type="integer">3</qti-base-value></qti-lookup-outcome-value>"""
    found = compile_item(processed(look_up, declared)).score({})["X"]
    assert found is not None
    assert (found.cardinality, str(found.base)) == (Cardinality.SINGLE, base)
    assert found.members == (member,)


# --- 1EdTech's own items ---

FOREIGN = "org.qtitools.mathassess.CasProcess"  # asks a computer algebra system


def items_of_1edtech() -> list[Path]:
    return [
        path
        for path in sorted(EXAMPLES.rglob("*.xml"))
        if b"<qti-assessment-item " in path.read_bytes()
    ]


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the shared test material is not here")
@each("path", items_of_1edtech(), ids=lambda path: path.name)
def test_every_item_of_1edtech_is_read_and_compiled(path: Path) -> None:
    content = path.read_bytes()
    beside = {each.name: each.read_bytes() for each in path.parent.glob("*.xml")}
    item = read_item(content, file=path.name, files=beside)
    if FOREIGN.encode() in content:
        with pytest.raises(QtiError, match="qti-custom-operator"):
            compile_item(item)
    else:
        compile_item(item).prove({})


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the shared test material is not here")
def test_no_file_of_1edtech_makes_the_reader_crash() -> None:
    def reads(path: Path) -> bool:
        try:
            read_item(path.read_bytes(), file=path.name)
        except QtiError:
            return False
        return True

    assert sum(map(reads, EXAMPLES.rglob("*.xml"))) >= 50


def test_no_piece_of_a_key_is_in_a_repr() -> None:
    found = repr(ScoreMap(entries=(MapEntry(key="FERMAT", value=1.0, case_sensitive=True),)))
    assert found == "ScoreMap(‹hidden›)"
    literal = Node(name="qti-base-value", file="a.xml", line=3, attributes={}, text="FERMAT")
    assert repr(literal) == "Node('qti-base-value', 'a.xml', 3, ‹hidden›)"
