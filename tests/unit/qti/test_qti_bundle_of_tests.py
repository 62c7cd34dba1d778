# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a bundle says of a test: its parts and limits, its texts, clones, supports and programs."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encrier_qti.checks.delivered import meets_items_once
from encrier_qti.compile import Compiled, compile_package
from encrier_qti.delivery.allowed import KEYS
from encrier_qti.delivery.order import Choices, seen
from encrier_qti.errors import ContentRefused, NotSupported
from encrier_qti.lint import lint_contents
from encrier_qti.package import open_package, package_from
from encrier_qti.reading.safe_xml import local, parse
from encrier_qti.values import real

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("ENCRIER_SHARED", ROOT.parent / "shared"))
PACKAGING = SHARED / "data" / "qti" / "1edtech-examples" / "qtiv3-examples" / "packaging"
QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"

ITEM = f"""<qti-assessment-item xmlns="{QTI}" identifier="x" title="x">{{head}}
  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>{{processing}}
  <qti-item-body>{{body}}</qti-item-body>{{tail}}</qti-assessment-item>"""
TEST = f"""<qti-assessment-test xmlns="{QTI}" identifier="t" title="t">
  <qti-outcome-declaration identifier="TOTAL" cardinality="single" base-type="float"/>
  <qti-outcome-declaration identifier="MOOD" cardinality="single" base-type="identifier"/>
  <qti-time-limits max-time="3600"/>
  <qti-test-part identifier="p" navigation-mode="nonlinear" submission-mode="simultaneous">
    <qti-item-session-control max-attempts="0" allow-comment="true"/>
    <qti-assessment-section identifier="s" title="S" visible="false" keep-together="false">
      <qti-item-session-control allow-comment="false"/>
      <qti-selection select="1"/><qti-ordering shuffle="true"/>
      <qti-rubric-block view="candidate" use="instructions"><qti-content-body>
        <p>Lis. <img src="a.png" alt=""/></p></qti-content-body></qti-rubric-block>
      <qti-rubric-block view="scorer"><qti-content-body>secret</qti-content-body></qti-rubric-block>
      <qti-assessment-item-ref identifier="a" href="a.xml" required="true">
        <qti-item-session-control allow-skipping="false"/>
        <qti-time-limits min-time="5" max-time="60" allow-late-submission="true"/>
      </qti-assessment-item-ref>
      <qti-assessment-item-ref identifier="b" href="a.xml" fixed="true"/>
    </qti-assessment-section></qti-test-part>
  <qti-outcome-processing><qti-set-outcome-value identifier="TOTAL"><qti-sum>
    <qti-test-variables variable-identifier="SCORE"/></qti-sum></qti-set-outcome-value>
  </qti-outcome-processing>
  {{feedback}}</qti-assessment-test>"""
FEEDBACK = """<qti-test-feedback identifier="{}" outcome-identifier="{}" access="atEnd"
  show-hide="{}" title="f"><qti-content-body><p>Merci.</p></qti-content-body></qti-test-feedback>"""


def compiled(
    files: Mapping[str, str], *, seed: str = "0", allowed_pci: frozenset[str] = frozenset()
) -> Compiled:
    given_ = {name: content.encode() for name, content in files.items()}
    return compile_package(package_from(given_), seed=seed, allowed_pci=allowed_pci)


def item(body: str = "<p>?</p>", *, head: str = "", processing: str = "", tail: str = "") -> str:
    return ITEM.format(body=body, head=head, processing=processing, tail=tail)


def whole(feedback: str = "") -> dict[str, str]:
    manifest = (
        '<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" identifier="m">'
        '<resources><resource identifier="t" type="imsqti_test_xmlv3p0" href="t.xml"/>'
        '<resource identifier="a" type="imsqti_item_xmlv3p0" href="a.xml"/></resources></manifest>'
    )
    test = TEST.format(feedback=feedback)
    return {"imsmanifest.xml": manifest, "t.xml": test, "a.xml": item(), "a.png": "png"}


# --- tests ---


def test_a_bundle_says_all_that_its_test_says() -> None:
    bundle = compiled(whole()).bundle
    test = json.loads(bundle.index_json)["test"]
    control = {"max_attempts": 0}
    assert test == {
        "id": "t",
        "limits": {"max_s": 3600.0},
        "parts": [
            {
                "id": "p",
                "navigation": "nonlinear",
                "submission": "simultaneous",
                "sections": [
                    {
                        "kind": "section",
                        "id": "s",
                        "title": "S",
                        "visible": False,
                        "keep_together": False,
                        "shuffle": True,
                        "select": 1,
                        "rubrics": [{"href": "t.xml#s/rubric-1", "use": "instructions"}],
                        "children": [
                            {
                                "kind": "item",
                                "id": "a",
                                "required": True,
                                "limits": {"min_s": 5.0, "max_s": 60.0, "late": True},
                                "control": {**control, "allow_skipping": False},
                            },
                            {"kind": "item", "id": "b", "fixed": True, "control": control},
                        ],
                    }
                ],
            }
        ],
    }
    text = bundle.blobs[bundle.index.files["t.xml#s/rubric-1"].sha256]
    assert b"Lis." in text
    assert "a.png" in bundle.index.files
    assert not any(b"secret" in blob for blob in bundle.blobs.values())


def test_a_text_of_a_section_in_a_file_of_its_own_names_media_from_there() -> None:
    files = whole()
    start = files["t.xml"].index("<qti-assessment-section ")
    end = files["t.xml"].index("</qti-assessment-section>") + len("</qti-assessment-section>")
    tag = "<qti-assessment-section"
    section = files["t.xml"][start:end].replace(tag, f'{tag} xmlns="{QTI}"', 1)
    apart = {
        **files,
        "t.xml": files["t.xml"][:start]
        + '<qti-assessment-section-ref identifier="s" href="parts/s.xml"/>'
        + files["t.xml"][end:],
        "parts/s.xml": section.replace('href="a.xml"', 'href="../a.xml"'),
        "parts/a.png": "png",
    }
    del apart["a.png"]
    assert "parts/a.png" in compiled(apart).bundle.index.files


@pytest.mark.parametrize(
    ("identifier", "outcome", "mode", "times"),
    [
        ("good", "MOOD", "hide", 1),  # nothing ever sets MOOD: everyone sees it
        ("good", "MOOD", "show", 0),
        ("good", "TOTAL", "hide", 0),  # it depends on a score
        ("good", "NOBODY", "hide", 0),
    ],
)
def test_test_feedback_travels_only_if_no_score_decides_it(
    identifier: str, outcome: str, mode: str, times: int
) -> None:
    bundle = compiled(whole(FEEDBACK.format(identifier, outcome, mode))).bundle
    assert len(bundle.index.test.feedbacks) == times
    assert sum(b"Merci." in blob for blob in bundle.blobs.values()) == times


def test_conditions_where_nothing_is_scored_in_time_are_refused() -> None:
    rule = (
        '<qti-pre-condition><qti-gt><qti-variable identifier="a.SCORE"/><qti-base-value'
        ' base-type="float">1</qti-base-value></qti-gt></qti-pre-condition>'
    )
    files = whole()
    linear = (
        files["t.xml"]
        .replace("nonlinear", "linear")
        .replace('fixed="true"/>', f'fixed="true">{rule}</qti-assessment-item-ref>')
    )
    with pytest.raises(NotSupported):
        compiled({**files, "t.xml": linear})


def test_check_tells_what_the_player_does_not_do() -> None:
    files = {name: content.encode() for name, content in whole().items()}
    found = {each.element: each for each in lint_contents(files) if each.kind == "not-delivered"}
    assert set(found) == {"qti-item-session-control"}
    assert meets_items_once(package_from(files).assessment)
    again = files["t.xml"].replace(b"<qti-selection ", b'<qti-selection with-replacement="true" ')
    assert not meets_items_once(package_from({**files, "t.xml": again}).assessment)


# --- clones ---

DECLARED = '<qti-{}-declaration identifier="{}" cardinality="single" base-type="integer"/>'
CLONED = item(
    '<p><qti-printed-variable identifier="N"/></p><qti-text-entry-interaction'
    ' response-identifier="RESPONSE"/>',
    head=DECLARED.format("response", "RESPONSE"),
    processing=DECLARED.format("template", "N")
    + """<qti-template-processing><qti-set-template-value identifier="N">
      <qti-random-integer min="1" max="999999"/></qti-set-template-value>
      <qti-set-correct-response identifier="RESPONSE"><qti-variable identifier="N"/>
      </qti-set-correct-response></qti-template-processing>""",
    tail='<qti-response-processing template="match_correct"/>',
)


@given(st.text(max_size=8))
def test_what_a_pupil_sees_and_what_scores_it_are_of_the_same_clone(seed: str) -> None:
    made = compiled({"x.xml": CLONED}, seed=seed)
    (name, entry), *_ = made.bundle.index.items.items()
    assert entry.seed == seed
    shown = made.bundle.blobs[made.bundle.index.files[entry.href].sha256].decode()
    (number,) = re.findall(r"<p>(\d+)</p>", shown)
    assert made.program.score({name: {"RESPONSE": [number]}}) == {name: 1.0}
    assert made.program.score({name: {"RESPONSE": ["0"]}}) == {name: 0.0}


GROWN = item(
    '<p><qti-printed-variable identifier="N"/></p><qti-text-entry-interaction'
    ' response-identifier="RESPONSE"/>',
    head=DECLARED.format("response", "RESPONSE"),
    processing=DECLARED.format("template", "N")
    + """<qti-template-processing><qti-set-template-value identifier="N"><qti-sum>
      <qti-variable identifier="N"/><qti-base-value base-type="integer">1</qti-base-value>
      </qti-sum></qti-set-template-value></qti-template-processing>""",
    tail="""<qti-response-processing><qti-response-condition><qti-response-if><qti-match>
      <qti-variable identifier="RESPONSE"/><qti-variable identifier="N"/></qti-match>
      <qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">1
      </qti-base-value></qti-set-outcome-value></qti-response-if></qti-response-condition>
      </qti-response-processing>""",
)


def test_what_a_test_gives_to_an_item_is_given_once() -> None:
    """Its template processing has made 6 of the 5 of the test, on the page and in the program."""
    five = (
        '<qti-template-default template-identifier="N"><qti-base-value base-type="integer">5'
        "</qti-base-value></qti-template-default></qti-assessment-item-ref>"
    )
    test = whole()["t.xml"].replace("</qti-assessment-item-ref>", five, 1)
    made = compiled({**whole(), "t.xml": test, "a.xml": GROWN})
    entry = made.bundle.index.items["a"]
    assert b"<p>6</p>" in made.bundle.blobs[made.bundle.index.files[entry.href].sha256]
    assert made.program.programs["a"].total({"RESPONSE": ["6"]}) == 1.0


def test_a_package_compiles_with_the_operators_that_are_registered() -> None:
    rules = """<qti-response-processing><qti-set-outcome-value identifier="SCORE">
      <qti-custom-operator class="org.example.two"/></qti-set-outcome-value>
      </qti-response-processing>"""
    package = package_from({"x.xml": item(tail=rules).encode()})
    with pytest.raises(NotSupported):
        compile_package(package)
    two = {"org.example.two": lambda _node, _operands: real(2.0)}
    assert compile_package(package, operators=two).program.score({}) == {"x": 2.0}


def test_the_same_package_and_seed_give_the_same_bytes_and_another_seed_others() -> None:
    one, same, other = (compiled({"x.xml": CLONED}, seed=seed) for seed in ("a", "a", "b"))
    assert (one.bundle.index_json, one.manifest) == (same.bundle.index_json, same.manifest)
    assert one.bundle.blobs == same.bundle.blobs
    assert one.bundle.id != other.bundle.id


def test_the_manifest_tells_what_went_in_and_what_came_out() -> None:
    made = compiled({"x.xml": item()})
    told = json.loads(made.manifest)
    assert told["bundle"].startswith(made.bundle.id.hex())
    assert list(told["sources"]) == ["x.xml"]
    assert repr(made) == f"Compiled({made.bundle.id.hex()}, ‹hidden›)"


# --- supports and programs ---


def test_supports_are_files_that_the_index_lists_by_their_catalog() -> None:
    catalogs = """<qti-catalog-info><qti-catalog id="mot"><qti-card support="spoken">
      <qti-file-href>mot.mp3</qti-file-href></qti-card><qti-card support="glossary-on-screen">
      <qti-html-content><p>Un mot.</p></qti-html-content></qti-card></qti-catalog>
      </qti-catalog-info>"""
    files = {"x.xml": item('<p data-catalog-idref="mot">mot</p>', tail=catalogs), "mot.mp3": "id3"}
    index = compiled(files).bundle.index
    cards = index.catalogs["x.xml"]["mot"]
    assert [(card.support, card.href) for card in cards] == [
        ("spoken", "mot.mp3"),
        ("glossary-on-screen", "x.xml#mot/2"),
    ]
    assert {card.href for card in cards} <= set(index.files)
    with pytest.raises(ContentRefused):
        compiled({"x.xml": files["x.xml"]})


def test_the_programs_of_a_portable_interaction_travel_if_its_type_is_let_in() -> None:
    body = """<qti-portable-custom-interaction response-identifier="RESPONSE"
      custom-interaction-type-identifier="urn:x:grid"><qti-interaction-modules>
      <qti-interaction-module id="g" primary-path="nowhere" fallback-path="grid"/>
      </qti-interaction-modules><qti-interaction-markup/></qti-portable-custom-interaction>"""
    declared = (
        '<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="string"/>'
    )
    manifest = """<manifest identifier="m"><resources><resource identifier="x" href="x.xml"
      type="imsqti_item_xmlv3p0"><file href="x.xml"/><dependency identifierref="g"/></resource>
      <resource identifier="g" type="webcontent" href="grid.js"><file href="grid.js"/>
      <file href="lib/more.js"/></resource></resources></manifest>"""
    files = {
        "imsmanifest.xml": manifest,
        "x.xml": item(body, head=declared),
        "grid.js": "define()",
        "lib/more.js": "define()",
        "other.js": "define()",
    }
    index = compiled(files, allowed_pci=frozenset({"urn:x:grid"})).bundle.index
    assert index.items["x"].modules == ["grid.js", "lib/more.js"]
    assert index.files["grid.js"].type == "text/javascript"
    assert "other.js" not in index.files
    with pytest.raises(NotSupported):
        compiled(files)
    with pytest.raises(ContentRefused):
        compiled(
            {**files, "grid.js": "", "x.xml": files["x.xml"].replace('"grid"', '"g2"')},
            allowed_pci=frozenset({"urn:x:grid"}),
        )


# --- the order of choices ---


@pytest.mark.parametrize(
    ("sitting", "part", "order"), [("4f6e", "", "FBACDE"), ("é🥚", "/1", "FBCDAE")]
)
def test_the_order_that_a_pupil_saw_can_be_drawn_again(sitting: str, part: str, order: str) -> None:
    """The same vectors as in player/test/items.test.js."""
    choices = Choices(response="RESPONSE", part=part, choices=tuple("ABCDEF"), fixed=("B",))
    assert "".join(seen(choices, sitting=sitting, item="q1")) == order


def test_a_record_has_no_base_type() -> None:
    declared = '<qti-response-declaration identifier="RESPONSE" cardinality="record"/>'
    body = '<p><qti-text-entry-interaction response-identifier="RESPONSE"/></p>'
    index = compiled({"x.xml": item(body, head=declared)}).bundle.index
    told = index.items["x"].responses["RESPONSE"]
    assert (told.cardinality, told.base_type) == ("record", "")


@pytest.mark.parametrize("fixed", [' fixed="true"', ' fixed="1"'])
def test_what_the_player_shuffles_is_listed_by_set(fixed: str) -> None:
    def choice(name: str, more: str = "") -> str:
        return (
            f'<qti-simple-associable-choice identifier="{name}" match-max="1"{more}>{name}'
            "</qti-simple-associable-choice>"
        )

    body = (
        '<qti-match-interaction response-identifier="RESPONSE" shuffle="true">'
        f"<qti-simple-match-set>{choice('A')}</qti-simple-match-set><qti-simple-match-set>"
        f"{choice('B', fixed)}{choice('C')}</qti-simple-match-set></qti-match-interaction>"
    )
    declared = (
        '<qti-response-declaration identifier="RESPONSE" cardinality="multiple"'
        ' base-type="directedPair"/>'
    )
    index = compiled({"x.xml": item(body, head=declared)}).bundle.index
    told = [(each.part, each.choices, each.fixed) for each in index.items["x"].shuffles]
    assert told == [("/0", ["A"], []), ("/1", ["B", "C"], ["B"])]


# --- published packages ---


@pytest.mark.skipif(not PACKAGING.exists(), reason="the shared test material is not here")
@pytest.mark.parametrize("name", ["ccPackage", "englishHighLevelV2", "metaData"])
def test_a_published_package_compiles_without_a_key(name: str) -> None:
    bundle = compile_package(open_package(PACKAGING / name)).bundle
    for path, file in bundle.index.files.items():
        if file.type == "application/xml":
            root = parse(bundle.blobs[file.sha256], file=path)
            assert not {local(element) for element in root.iter()} & KEYS
