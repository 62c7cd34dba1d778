# SPDX-License-Identifier: AGPL-3.0-or-later
"""Routes from a table: what it judges without a key is what scoring with the key judges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encrier_qti.answers import Answers
from encrier_qti.compile import compile_package
from encrier_qti.delivery.index import BundleIndex, Condition, OutlineSection, RoutingTable
from encrier_qti.delivery.routes.follow import passes
from encrier_qti.delivery.routes.points import answer_hash
from encrier_qti.errors import NotSupported
from encrier_qti.package import Package, package_from
from encrier_qti.sessions.plan import plan
from encrier_qti.sessions.route import resolve
from encrier_qti.sessions.test_session import TestSession as Session
from encrier_qti.values import BaseType, Cardinality

QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
TEMPLATES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates"
CHOICES = "ABCD"


def item(name: str, *, cardinality: str, head: str, template: str) -> str:
    choices = "".join(
        f'<qti-simple-choice identifier="{c}">{c}</qti-simple-choice>' for c in CHOICES
    )
    return f"""<qti-assessment-item xmlns="{QTI}" identifier="{name}" title="{name}">
  <qti-response-declaration identifier="RESPONSE" cardinality="{cardinality}"
    base-type="identifier">{head}</qti-response-declaration>
  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
  <qti-item-body><qti-choice-interaction response-identifier="RESPONSE" max-choices="0">{choices}
  </qti-choice-interaction></qti-item-body>
  <qti-response-processing template="{TEMPLATES}/{template}.xml"/></qti-assessment-item>"""


def key(*values: str) -> str:
    told = "".join(f"<qti-value>{value}</qti-value>" for value in values)
    return f"<qti-correct-response>{told}</qti-correct-response>"


MAPPING = """<qti-mapping lower-bound="-1" upper-bound="2.5" default-value="-0.5">
  <qti-map-entry map-key="A" mapped-value="1"/><qti-map-entry map-key="C" mapped-value="1.5"/>
  </qti-mapping>"""
ITEMS = {
    "q1": item("q1", cardinality="single", head=key("B"), template="match_correct"),
    "q2": item("q2", cardinality="multiple", head=key("A", "C"), template="match_correct"),
    "q3": item("q3", cardinality="multiple", head=key("A") + MAPPING, template="map_response"),
    "q4": item("q4", cardinality="ordered", head=key("D", "A"), template="match_correct"),
    "easy": item("easy", cardinality="single", head=key("A"), template="match_correct"),
    "hard": item("hard", cardinality="single", head=key("A"), template="match_correct"),
}
REF = (
    '<qti-assessment-item-ref identifier="{0}" href="{0}.xml" category="stage-{1}">{2}'
    "</qti-assessment-item-ref>"
)
WEIGHT = '<qti-weight identifier="W" value="2"/>'


def whole_test(rule: str, *, weight: str = "", before: str = "") -> str:
    stage_1 = "".join(REF.format(name, 1, weight) for name in ("q1", "q2", "q3", "q4"))
    return f"""<qti-assessment-test xmlns="{QTI}" identifier="t" title="t">
  <qti-outcome-declaration identifier="TOTAL" cardinality="single" base-type="float"/>
  <qti-test-part identifier="p" navigation-mode="linear" submission-mode="individual">
    <qti-assessment-section identifier="one" title="1" visible="true">{stage_1}
    </qti-assessment-section>
    <qti-assessment-section identifier="two" title="2" visible="true">
      <qti-pre-condition>{rule}</qti-pre-condition>{REF.format("hard", 2, "")}
    </qti-assessment-section>
    <qti-assessment-section identifier="three" title="3" visible="true">
      {REF.format("easy", 2, "")}</qti-assessment-section>
  </qti-test-part>{before}</qti-assessment-test>"""


def package(rule: str, *, weight: str = "", after: str = "", **changed: str) -> Package:
    test = whole_test(rule, weight=weight, before=after)
    files = {f"{name}.xml": content for name, content in {**ITEMS, **changed}.items()}
    resources = "".join(
        f'<resource identifier="{name}" type="imsqti_item_xmlv3p0" href="{name}"/>'
        for name in files
    )
    manifest = (
        '<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" identifier="m">'
        '<resources><resource identifier="t" type="imsqti_test_xmlv3p0" href="test.xml"/>'
        f"{resources}</resources></manifest>"
    )
    whole = {**files, "test.xml": test, "imsmanifest.xml": manifest}
    return package_from({name: content.encode() for name, content in whole.items()})


def condition_of(index: BundleIndex) -> Condition:
    """The precondition of the second section."""
    (condition,) = index.test.parts[0].sections[1].only_if
    return condition


def number(value: float) -> str:
    return f'<qti-base-value base-type="float">{value}</qti-base-value>'


def scores(**attributes: str) -> str:
    said = "".join(f" {name.replace('_', '-')}='{value}'" for name, value in attributes.items())
    return f"<qti-sum><qti-test-variables variable-identifier='SCORE'{said}/></qti-sum>"


TWO = (
    '<qti-sum><qti-variable identifier="q1.SCORE"/><qti-variable identifier="q3.SCORE"/></qti-sum>'
)
RULES = {
    "all": f"<qti-gte>{scores()}{number(2)}</qti-gte>",
    "section": f"<qti-gt>{scores(section_identifier='one')}{number(1.5)}</qti-gt>",
    "category": f"<qti-lt>{scores(include_category='stage-1')}{number(2.5)}</qti-lt>",
    "but": f"<qti-lt>{scores(exclude_category='stage-1')}{number(0.5)}</qti-lt>",
    "weighted": f"<qti-gte>{scores(weight_identifier='W')}{number(5)}</qti-gte>",
    "named": f"<qti-lte>{TWO}{number(1)}</qti-lte>",
    "turned": f"<qti-lt>{number(1)}{TWO}</qti-lt>",
    "exact": f'<qti-equal tolerance-mode="exact">{TWO}{number(2)}</qti-equal>',
    "both": f"<qti-and><qti-gt>{TWO}{number(0)}</qti-gt>"
    f"<qti-lt>{TWO}{number(3)}</qti-lt></qti-and>",
    "part": "<qti-gte><qti-product>"
    + number(0.5)
    + f"{TWO}</qti-product><qti-subtract>{number(2)}{number(1)}</qti-subtract></qti-gte>",
    "count": "<qti-gte><qti-number-correct section-identifier='one'/>"
    "<qti-base-value base-type='integer'>2</qti-base-value></qti-gte>",
    "outcome": f"<qti-gte><qti-variable identifier='TOTAL'/>{number(2)}</qti-gte>",
}
TOTAL = (
    "<qti-outcome-processing><qti-set-outcome-value identifier='TOTAL'>"
    f"{scores()}</qti-set-outcome-value></qti-outcome-processing>"
)
PACKAGES = {name: package(rule, weight=WEIGHT, after=TOTAL) for name, rule in RULES.items()}
INDEXES = {name: compile_package(each).bundle.index for name, each in PACKAGES.items()}
PLANS = {name: plan(each.assessment, each.items) for name, each in PACKAGES.items()}

one = st.lists(st.sampled_from(CHOICES), max_size=1)
some = st.lists(st.sampled_from(CHOICES), unique=True)
given_answers = st.fixed_dictionaries({"q1": one, "q2": some, "q3": some, "q4": some})


@given(st.sampled_from(sorted(RULES)), given_answers)
def test_a_table_leads_where_the_whole_test_session_does(
    rule: str, given_: dict[str, list[str]]
) -> None:
    answers: dict[str, Answers | None] = {
        name: {"RESPONSE": values} if values else {} for name, values in given_.items()
    }
    session = Session(PLANS[rule], resolve(PACKAGES[rule].assessment, "0"))
    session.begin()
    for name in ("q1", "q2", "q3", "q4"):
        assert session.stop.name == name
        session.begin_attempt()
        session.end_attempt(answers[name] or {})
        session.move_next()
    index = INDEXES[rule]
    assert index.routing is not None
    judged = passes(condition_of(index), index.routing, index.items, answers)
    assert session.stop.name == ("hard" if judged else "easy")


def test_an_item_not_done_yet_adds_nothing() -> None:
    index = INDEXES["all"]
    assert index.routing is not None
    condition = condition_of(index)
    some_done: dict[str, Answers | None] = {"q3": None, "q1": {"RESPONSE": ["B"]}}
    assert not passes(condition, index.routing, index.items, some_done)
    assert passes(
        condition, index.routing, index.items, {**some_done, "q2": {"RESPONSE": ["C", "A"]}}
    )


def test_a_condition_on_items_that_nobody_has_met_does_not_hold() -> None:
    index = INDEXES["but"]
    assert index.routing is not None
    done: dict[str, Answers | None] = {"q1": {"RESPONSE": ["B"]}}
    assert not passes(condition_of(index), index.routing, index.items, done)
    assert passes(condition_of(index), index.routing, index.items, {**done, "easy": None})


def test_a_table_holds_hashes_and_only_of_the_items_that_count() -> None:
    index = INDEXES["named"]
    assert index.routing is not None
    assert sorted(index.routing.items) == ["q1", "q3"]
    right = answer_hash(
        (BaseType.IDENTIFIER, Cardinality.SINGLE),
        ["B"],
        named=(index.routing.salt, "q1", "RESPONSE"),
    )
    assert index.routing.items["q1"].points == {right: 1.0}
    assert index.routing.items["q1"].right == ""
    assert len(index.routing.items["q3"].points) == 14  # of 16 sets of four: two are worth 0
    sections = index.test.parts[0].sections
    assert all(isinstance(section, OutlineSection) for section in sections)


def test_the_hash_of_an_answer_is_the_one_of_the_page() -> None:
    kind = (BaseType.PAIR, Cardinality.MULTIPLE)
    named = ("00ff", "q1", "RESPONSE")
    assert answer_hash(kind, ["D C", "A B"], named=named) == "c0fc7492fd83d7c1"
    assert answer_hash(kind, ["A B", "C D"], named=named) == "c0fc7492fd83d7c1"


def test_a_test_without_conditions_has_no_table() -> None:
    plain = package(RULES["all"])
    test = plain.contents["test.xml"].decode()
    start, end = test.index("<qti-pre-condition>"), test.index("</qti-pre-condition>")
    bare = test[:start] + test[end + len("</qti-pre-condition>") :]
    index = compile_package(
        package_from({**plain.contents, "test.xml": bare.encode()})
    ).bundle.index
    assert index.routing is None


@pytest.mark.parametrize("written", ["true", "false"])
def test_a_condition_that_is_written_needs_no_table(written: str) -> None:
    rule = f'<qti-base-value base-type="boolean">{written}</qti-base-value>'
    index = compile_package(package(rule)).bundle.index
    assert index.routing is None
    nothing = RoutingTable(salt="", items={})
    assert passes(condition_of(index), nothing, index.items, {}) is (written == "true")


@pytest.mark.parametrize(
    "rule",
    [
        f"<qti-not><qti-gt>{TWO}{number(0)}</qti-gt></qti-not>",
        f"<qti-gt>{number(1)}{number(0)}</qti-gt>",
        f"<qti-gt><qti-variable identifier='TOTAL'/>{number(0)}</qti-gt>",
        f"<qti-gt><qti-variable identifier='q1.duration'/>{number(0)}</qti-gt>",
        f"<qti-gt><qti-random-float min='0' max='1'/>{number(0)}</qti-gt>",
        f"<qti-is-null>{TWO}</qti-is-null>",
        f"<qti-gt><qti-product>{TWO}{TWO}</qti-product>{number(1)}</qti-gt>",
        f"<qti-equal tolerance-mode='absolute' tolerance='1'>{TWO}{number(1)}</qti-equal>",
    ],
)
def test_a_condition_that_needs_more_than_a_table_is_refused(rule: str) -> None:
    with pytest.raises(NotSupported):
        compile_package(package(rule))


def test_pairs_are_listed_once_whichever_comes_first() -> None:
    choices = "".join(
        f'<qti-simple-associable-choice identifier="{c}" match-max="1">{c}'
        "</qti-simple-associable-choice>"
        for c in "ABC"
    )
    associate = f"""<qti-assessment-item xmlns="{QTI}" identifier="q1" title="q1">
  <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="pair">
    <qti-mapping><qti-map-entry map-key="B A" mapped-value="2"/></qti-mapping>
  </qti-response-declaration>
  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
  <qti-item-body><qti-associate-interaction response-identifier="RESPONSE">{choices}
  </qti-associate-interaction></qti-item-body>
  <qti-response-processing template="{TEMPLATES}/map_response.xml"/></qti-assessment-item>"""
    index = compile_package(package(RULES["named"], q1=associate)).bundle.index
    assert index.routing is not None
    assert list(index.routing.items["q1"].points.values()) == [2.0]
    answers: dict[str, Answers | None] = {"q3": {}, "q1": {"RESPONSE": ["A B"]}}
    assert not passes(condition_of(index), index.routing, index.items, answers)
    answers["q1"] = {"RESPONSE": ["A C"]}
    assert passes(condition_of(index), index.routing, index.items, answers)


@pytest.mark.parametrize(
    "written",
    [
        ITEMS["q1"].replace('base-type="identifier"', 'base-type="string"', 1),
        ITEMS["q1"].replace('title="q1"', 'title="q1" adaptive="true"'),
        ITEMS["q1"].replace(
            f'<qti-response-processing template="{TEMPLATES}/match_correct.xml"/>',
            "<qti-response-processing><qti-set-outcome-value identifier='SCORE'>"
            "<qti-random-float min='0' max='1'/></qti-set-outcome-value></qti-response-processing>",
        ),
        ITEMS["q1"].replace("<qti-outcome", '<qti-response-declaration identifier="R" '
                            'cardinality="single" base-type="identifier"/><qti-outcome', 1),
        ITEMS["q3"].replace(
            "</qti-choice-interaction>",
            "".join(f'<qti-simple-choice identifier="E{n}">e</qti-simple-choice>' for n in range(9))
            + "</qti-choice-interaction>",
        ),
        ITEMS["q1"].replace('base-type="float"/>', 'base-type="float"><qti-default-value>'
                            "<qti-value>1</qti-value></qti-default-value></qti-outcome-declaration>"),
    ],
)  # fmt: skip
def test_an_item_whose_answers_cannot_be_listed_cannot_decide_a_route(written: str) -> None:
    with pytest.raises(NotSupported) as caught:
        compile_package(package(RULES["named"], q1=written))
    assert caught.value.file == "q1.xml"
