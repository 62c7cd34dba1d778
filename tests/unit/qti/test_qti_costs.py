# SPDX-License-Identifier: AGPL-3.0-or-later
"""Items and answers written to do harm: scoring ends soon, says why, and stays exact."""

import time
from math import pi
from unicodedata import normalize

import pytest

from encrier_qti.batch import Batch
from encrier_qti.checks.items import max_score
from encrier_qti.delivery.media import reaches_out
from encrier_qti.errors import ContentRefused, WrongType, XmlRefused
from encrier_qti.reading.assessment import read_assessment
from encrier_qti.reading.inclusion import expand
from encrier_qti.reading.item import read_item
from encrier_qti.reading.safe_xml import MAX_ATTRIBUTES, parse
from encrier_qti.scoring import Program, compile_item
from encrier_qti.values import composed

SPACE = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'
ITEM = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
  identifier="i" title="t" adaptive="false" time-dependent="false">
  <qti-response-declaration identifier="RESPONSE" cardinality="{0}" base-type="{1}"/>
  <qti-outcome-declaration identifier="N" cardinality="{0}" base-type="{1}"/>
  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
  <qti-item-body/><qti-response-processing>{2}</qti-response-processing>
</qti-assessment-item>"""
ANSWER = '<qti-variable identifier="RESPONSE"/>'
N = '<qti-variable identifier="N"/>'

JOINED = (
    '<qti-custom-operator class="qtism.runtime.expressions.operators.custom.Implode">'
    '<qti-base-value base-type="string">-</qti-base-value>'
    f"<qti-ordered>{N}{N}</qti-ordered></qti-custom-operator>"
)


def put(outcome: str, expression: str) -> str:
    return f'<qti-set-outcome-value identifier="{outcome}">{expression}</qti-set-outcome-value>'


def grown(cardinality: str, base: str, twice: str) -> Program:
    """An item whose rules double a value a hundred times."""
    rules = put("N", ANSWER) + 100 * put("N", twice)
    item = ITEM.format(cardinality, base, rules)
    return compile_item(read_item(item.encode(), file="i.xml"))


@pytest.mark.parametrize(
    ("cardinality", "base", "twice"),
    [
        ("single", "integer", f"<qti-product>{N}{N}</qti-product>"),
        ("single", "integer", f"<qti-product>{N}<qti-sum>{N}{N}</qti-sum></qti-product>"),
        ("multiple", "integer", f"<qti-multiple>{N}{N}</qti-multiple>"),
        ("ordered", "string", f"<qti-ordered>{N}{N}</qti-ordered>"),
        ("single", "string", JOINED),
    ],
)
def test_a_value_that_doubles_again_and_again_is_refused(
    cardinality: str, base: str, twice: str
) -> None:
    start = time.process_time()
    program = grown(cardinality, base, twice)
    scored = program.score_with_remarks({"RESPONSE": ["3"]})
    assert [each.why for each in scored.remarks] == ["wrong-type"]
    with pytest.raises(WrongType):
        program.prove({"RESPONSE": ["3"]})
    assert time.process_time() - start < 5


def test_a_thousand_values_are_still_a_container() -> None:
    gather = put("N", f"<qti-multiple>{ANSWER}</qti-multiple>")
    item = ITEM.format("multiple", "integer", gather)
    program = compile_item(read_item(item.encode(), file="i.xml"))
    outcome = program.score({"RESPONSE": ["7"] * 1_000})["N"]
    assert outcome is not None
    assert len(outcome.members) == 1_000


def test_an_element_of_very_many_attributes_is_refused_with_its_line() -> None:
    written = "\n<p " + " ".join(f'a{n}="x"' for n in range(MAX_ATTRIBUTES + 1)) + "/>"
    with pytest.raises(XmlRefused, match="attributs") as refused:
        parse(f"<div>{written}</div>".encode(), file="a.xml")
    assert refused.value.line == 2


def test_a_test_does_not_read_a_large_section_over_and_over() -> None:
    refs = "".join(
        f'<qti-assessment-section-ref identifier="s{n}" href="s.xml"/>' for n in range(100)
    )
    test = (
        f'<qti-assessment-test {SPACE} identifier="t" title="t">'
        '<qti-test-part identifier="p" navigation-mode="linear" submission-mode="individual">'
        f"{refs}</qti-test-part></qti-assessment-test>"
    )
    section = f'<qti-assessment-section {SPACE} identifier="s" title="s" visible="true">'
    files = {"s.xml": f"{section}{' ' * 100_000}</qti-assessment-section>".encode()}
    with pytest.raises(ContentRefused, match="5 Mo"):
        read_assessment(test.encode(), file="t.xml", files=files)


def test_a_test_of_very_many_items_is_refused() -> None:
    refs = "".join(
        f'<qti-assessment-item-ref identifier="q{n}" href="a.xml"/>' for n in range(5001)
    )
    test = (
        f'<qti-assessment-test {SPACE} identifier="t" title="t">'
        '<qti-test-part identifier="p" navigation-mode="linear" submission-mode="individual">'
        f'<qti-assessment-section identifier="s" title="s" visible="true">{refs}'
        "</qti-assessment-section></qti-test-part></qti-assessment-test>"
    )
    with pytest.raises(ContentRefused, match="5000 éléments"):
        read_assessment(test.encode(), file="t.xml", files={})


def test_an_item_does_not_include_a_large_file_over_and_over() -> None:
    include = '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="b.xml"/>'
    files = {"b.xml": b"<p>" + 100_000 * b" " + b"</p>"}
    with pytest.raises(XmlRefused, match="5 Mo"):
        expand(f"<div>{100 * include}</div>".encode(), file="a.xml", files=files)


def test_a_look_up_by_a_record_is_refused_and_scores_nothing() -> None:
    item = f"""<qti-assessment-item {SPACE} identifier="i" title="t">
      <qti-response-declaration identifier="RESPONSE" cardinality="record"/>
      <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float">
        <qti-match-table><qti-match-table-entry source-value="1" target-value="2"/>
        </qti-match-table></qti-outcome-declaration>
      <qti-outcome-declaration identifier="MAXSCORE" cardinality="record"><qti-default-value>
        <qti-value field-identifier="a" base-type="float">1</qti-value></qti-default-value>
      </qti-outcome-declaration><qti-item-body/><qti-response-processing>
        <qti-lookup-outcome-value identifier="SCORE">{ANSWER}</qti-lookup-outcome-value>
      </qti-response-processing></qti-assessment-item>"""
    read = read_item(item.encode(), file="i.xml")
    scored = compile_item(read).score_with_remarks({"RESPONSE": ["1"]})
    assert [each.why for each in scored.remarks] == ["wrong-type"]
    assert max_score(read) is None


def test_a_zero_has_no_sign_so_that_a_batch_may_score_it_once() -> None:
    angle = (
        f'<qti-math-operator name="atan2">{ANSWER}'
        '<qti-base-value base-type="float">-1</qti-base-value></qti-math-operator>'
    )
    item = ITEM.format("single", "float", put("SCORE", angle))
    program = compile_item(read_item(item.encode(), file="i.xml"))
    batch = Batch(program)
    rows = [{"RESPONSE": ["0"]}, {"RESPONSE": ["-0"]}]
    batch.add(rows)
    assert list(batch.table().scores()) == [program.total(row) for row in rows] == [pi, pi]


def test_a_style_full_of_spaces_is_looked_at_once() -> None:
    start = time.process_time()
    assert not reaches_out(f"url({' ' * 1_000_000}#a)")
    assert not reaches_out(f"url({' ' * 1_000_000}'{' ' * 1_000_000}#a')")
    assert reaches_out(f"url({' ' * 1_000_000}//a)")
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "heap",
    ["a" + "\u0315\u0300" * 40_000, "a" + "\u0f73" * 50_000, "\u0345" * 50_000 + "\u0300" * 40_000],
)
def test_marks_heaped_on_a_letter_are_no_text(heap: str) -> None:
    said = compile_item(
        read_item(ITEM.format("single", "string", put("N", ANSWER)).encode(), file="i.xml")
    )
    start = time.process_time()
    scored = said.score_with_remarks({"RESPONSE": [heap]})
    assert [each.why for each in scored.remarks] == ["bad-form"]
    written = ITEM.format(
        "single", "string", put("N", f'<qti-base-value base-type="string">{heap}</qti-base-value>')
    )
    with pytest.raises(ContentRefused):
        compile_item(read_item(written.encode(), file="i.xml"))
    assert time.process_time() - start < 1


@pytest.mark.parametrize("text", ["été", "a\u0323\u0302", "\u1ea5\u0323", "ཀཱི", "\u0344x", "한글"])
def test_words_of_every_language_are_composed_as_unicode_says(text: str) -> None:
    decomposed = normalize("NFD", text)
    assert composed(decomposed) == composed(text) == normalize("NFC", text)
    assert composed(decomposed * 500) == normalize("NFC", decomposed * 500)


def test_very_much_text_in_one_answer_is_no_response() -> None:
    said = compile_item(
        read_item(ITEM.format("multiple", "string", put("N", ANSWER)).encode(), file="i.xml")
    )
    scored = said.score_with_remarks({"RESPONSE": ["é" * 1_000] * 101})
    assert [each.why for each in scored.remarks] == ["bad-form"]
