# SPDX-License-Identifier: AGPL-3.0-or-later
"""QTI 2 made QTI 3: the same answers give the same score, and the same lines are named."""

import builtins
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from encrier_qti.errors import NotSupported, XmlRefused
from encrier_qti.importing.upgrade import upgrade_item, upgrade_package
from encrier_qti.reading.item import read_item
from encrier_qti.reading.safe_xml import line
from encrier_qti.scoring import compile_item
from encrier_qti.values import printed

QTI = "{http://www.imsglobal.org/xsd/imsqtiasi_v3p0}"
V2P1 = 'xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"'

MAPPED = """<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string">
  <mapping defaultValue="0"><mapEntry mapKey="York" mappedValue="1"/></mapping>
 </responseDeclaration>
 <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
 <itemBody><p>Où ? <textEntryInteraction responseIdentifier="RESPONSE"/></p></itemBody>
 <responseProcessing
   template="{template}"/>"""
MAP_RESPONSE = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"


def item(inside: str, *, space: str = V2P1, before: str = "") -> bytes:
    return (
        f"{before}<assessmentItem {space} identifier='a' title='A' adaptive='false'"
        f" timeDependent='false'>\n {inside}\n</assessmentItem>"
    ).encode()


def upgraded(content: bytes) -> etree._Element:
    return etree.fromstring(upgrade_item(content, file="a.xml"))


def score(content: bytes, *answer: str) -> float:
    made = read_item(upgrade_item(content, file="a.xml"), file="a.xml")
    return compile_item(made).total({"RESPONSE": answer})


def test_an_entry_of_a_map_minds_case_unless_it_says_not_to() -> None:
    strict = item(MAPPED.format(template=MAP_RESPONSE))
    lax = strict.replace(b'mapKey="York"', b'mapKey="York" caseSensitive="false"')
    assert [score(strict, "York"), score(strict, "york")] == [1.0, 0.0]
    assert [score(lax, "York"), score(lax, "york")] == [1.0, 1.0]


@pytest.mark.parametrize(
    "template",
    [
        "http://www.imsglobal.org/question/qti_v2p0/rptemplates/map_response",
        "http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response.xml",
        "https://purl.imsglobal.org/spec/qti/v2p2/rptemplates/map_response",
        "RPtemplates/map_response.xml",
        "../rptemplates/map_response.xml",
        "map_response",
    ],
)
def test_a_standard_template_is_known_by_every_address_tools_give_it(template: str) -> None:
    assert score(item(MAPPED.format(template=template)), "York") == 1.0


def test_a_template_of_another_site_is_not_taken_for_a_standard_one() -> None:
    content = item(MAPPED.format(template="http://example.org/rptemplates/map_response"))
    with pytest.raises(NotSupported):
        score(content, "York")


@pytest.mark.parametrize(
    "space",
    [
        "",
        'xmlns="http://www.imsglobal.org/xsd/imsqti_v2p0"',
        'xmlns="http://www.imsglobal.org/xsd/imsqti_item_v2p0"',
        'xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2"',
        'xmlns="http://www.imsglobal.org/xsd/apip/apipv1p0/qtiitem/imsqti_v2p1"',
    ],
)
def test_the_namespace_may_be_any_of_qti_2_or_none(space: str) -> None:
    assert score(item(MAPPED.format(template=MAP_RESPONSE), space=space), "York") == 1.0


def test_elements_with_a_prefix_are_read() -> None:
    content = item(MAPPED.format(template=MAP_RESPONSE)).decode()
    prefixed = content.replace("<", "<q:").replace("<q:/", "</q:").replace("xmlns=", "xmlns:q=")
    assert score(prefixed.encode(), "York") == 1.0


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "ISO-8859-15", "windows-1252", "UTF-16"])
def test_a_file_is_read_in_the_encoding_it_declares(encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>\n'
    text = item(MAPPED.format(template=MAP_RESPONSE), before=declared).decode()
    content = text.replace("York", "Orléans").encode(encoding)
    assert score(content, "Orléans") == 1.0


def test_a_file_that_says_utf_16_and_is_not_is_read_in_utf_8() -> None:
    declared = '<?xml version="1.0" encoding="utf-16"?>'
    assert score(item(MAPPED.format(template=MAP_RESPONSE), before=declared), "York") == 1.0


def test_a_document_type_that_declares_nothing_is_passed_over() -> None:
    before = '<!DOCTYPE assessmentItem\n PUBLIC "-//IMS//DTD" "http://example.org/a.dtd">\n'
    content = item(MAPPED.format(template=MAP_RESPONSE) + "<p>&nbsp;</p>", before=before)
    assert score(content, "York") == 1.0


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd" [<!ENTITY % x SYSTEM "y"> %x;]>',
        '<!DOCTYPE a SYSTEM "x"><!DOCTYPE a [<!ENTITY x "y">]>',
    ],
)
def test_a_document_type_that_declares_is_refused(before: str) -> None:
    with pytest.raises(XmlRefused, match="DOCTYPE"):
        upgrade_item(item("<itemBody/>", before=before), file="a.xml")


def test_elements_stay_on_the_line_where_their_author_wrote_them() -> None:
    before = '<?xml version="1.0"?>\n<!-- two\nlines -->\n'
    inside = "<itemBody\n   class='a'>\n  <!-- one\n more -->\n  <div id='here'>x</div></itemBody>"
    made = upgraded(item(inside, before=before))
    assert [line(made), *(line(each) for each in made.iter(f"{QTI}div"))] == [4, 9]


def test_what_names_a_tool_and_what_it_says_to_itself_is_gone() -> None:
    space = V2P1 + ' xmlns:tao="http://www.taotesting.com/xsd/tao"'
    made = upgraded(item("<itemBody><p tao:x='1'>a <tao:y>b</tao:y> c</p></itemBody>", space=space))
    (paragraph,) = made.iter(f"{QTI}p")
    assert (paragraph.text, len(paragraph.attrib)) == ("a b c", 0)
    assert "taotesting" not in etree.tostring(made).decode()


def test_html_5_and_formulas_are_put_in_their_namespaces() -> None:
    html = 'xmlns:qh5="http://www.imsglobal.org/xsd/imsqtiv2p2_html5_v1p0"'
    inside = f"<itemBody><qh5:figure {html}><math><mi>x</mi></math></qh5:figure></itemBody>"
    names = [each.tag for each in upgraded(item(inside)).iter()][2:]
    math = "{http://www.w3.org/1998/Math/MathML}"
    assert names == [f"{QTI}figure", f"{math}math", f"{math}mi"]


def test_a_picture_without_words_is_not_taken_for_a_decoration() -> None:
    inside = "<itemBody><p><object data='a.png'/><img src='b.png' alt=''/></p></itemBody>"
    assert [each.get("alt") for each in upgraded(item(inside)).iter(f"{QTI}img")] == [None, ""]


def test_a_point_to_select_is_one_in_qti_2_1_and_as_many_as_wanted_in_2_2() -> None:
    inside = "<itemBody><selectPointInteraction responseIdentifier='R'/></itemBody>"
    later = 'xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2"'
    made = [upgraded(item(inside, space=space)) for space in (V2P1, later)]
    found = [next(each.iter(f"{QTI}qti-select-point-interaction")) for each in made]
    assert [each.get("max-choices") for each in found] == ["1", None]


def test_a_film_keeps_its_buttons_and_a_picture_loses_its_type() -> None:
    inside = "<itemBody><object data='a.mp4'/><img src='b.png' alt='' type='image/png'/></itemBody>"
    film, picture = (next(upgraded(item(inside)).iter(f"{QTI}{name}")) for name in ("video", "img"))
    assert (film.get("controls"), picture.get("type")) == ("true", None)


@pytest.mark.parametrize("name", ["gapMatchInteraction", "graphicGapMatchInteraction"])
def test_as_many_gaps_as_there_are_may_be_filled(name: str) -> None:
    (found,) = upgraded(item(f"<itemBody><{name} responseIdentifier='R'/></itemBody>"))[0]
    assert found.get("max-associations") == "0"


@pytest.mark.parametrize(("written", "base"), [("12", "integer"), ("A1", "identifier")])
def test_a_number_or_a_name_becomes_what_its_key_is(written: str, base: str) -> None:
    inside = (
        "<responseDeclaration identifier='R' cardinality='single' baseType='intOrIdentifier'>"
        f"<correctResponse><value>{written}</value></correctResponse></responseDeclaration>"
    )
    assert upgraded(item(inside))[0].get("base-type") == base


TAO_PCI = """<itemBody><customInteraction responseIdentifier="RESPONSE">
 <pci:portableCustomInteraction xmlns:pci="http://www.imsglobal.org/xsd/portableCustomInteraction"
   customInteractionTypeIdentifier="likert" hook="likert/runtime/likert.js">
  <pci:resources><pci:libraries><pci:lib id="likert/lib"/></pci:libraries></pci:resources>
  <pci:properties><pci:property key="maxLevel">5</pci:property>
   <pci:properties key="labels"><pci:property key="0">non</pci:property></pci:properties>
  </pci:properties>
  <pci:markup><div class="likert"/></pci:markup>
 </pci:portableCustomInteraction></customInteraction></itemBody>"""
IMS_PCI = """<itemBody><customInteraction responseIdentifier="RESPONSE">
 <portableCustomInteraction xmlns="http://www.imsglobal.org/xsd/portableCustomInteraction_v1"
   customInteractionTypeIdentifier="likert" module="likert">
  <modules><module id="likert" primaryPath="a/likert.js" fallbackPath="b/likert.js"/></modules>
  <markup><div class="likert"/></markup>
 </portableCustomInteraction></customInteraction></itemBody>"""


@pytest.mark.parametrize(
    ("inside", "modules", "given"),
    [
        (
            TAO_PCI,
            [("likert", "likert/runtime/likert.js"), ("likert/lib", None)],
            {"data-max-level": "5", "data-labels-0": "non"},
        ),
        (IMS_PCI, [("likert", "a/likert.js")], {}),
    ],
)
def test_a_portable_interaction_becomes_that_of_qti_3(
    inside: str, modules: list[tuple[str, str | None]], given: dict[str, str]
) -> None:
    made = upgraded(item(inside))
    (found,) = made.iter(f"{QTI}qti-portable-custom-interaction")
    assert not list(made.iter(f"{QTI}qti-custom-interaction"))
    assert (found.get("response-identifier"), found.get("module")) == ("RESPONSE", "likert")
    listed = found.iter(f"{QTI}qti-interaction-module")
    assert [(each.get("id"), each.get("primary-path")) for each in listed] == modules
    assert {name: str(found.get(name)) for name in given} == given
    (markup,) = found.iter(f"{QTI}qti-interaction-markup")
    assert [each.tag for each in markup] == [f"{QTI}div"]


MANIFEST = b"""<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M"
  xmlns:lom="http://ltsc.ieee.org/xsd/LOM"><metadata><schema>QTIv2.1 Package</schema></metadata>
 <organizations/><resources><resource identifier="R" type="imsqti_item_xmlv2p1" href="a.xml">
  <metadata><lom:lom><lom:general/></lom:lom></metadata><file href="a.xml"/></resource>
  <resource identifier="T" type="imsqti_rptemplate_xmlv2p2" href="t.xml"/></resources></manifest>"""


def test_a_package_is_upgraded_with_its_manifest_and_the_rest_is_left() -> None:
    kept = {"a.png": b"\x89PNG", "other.xml": b"<other>&broken</other>"}
    made = upgrade_package({"imsmanifest.xml": MANIFEST, "a.xml": item("<itemBody/>"), **kept})
    assert {name: made[name] for name in kept} == kept
    assert etree.fromstring(made["a.xml"]).tag == f"{QTI}qti-assessment-item"
    root = etree.fromstring(made["imsmanifest.xml"])
    types = [each.get("type") for each in root.iter("{*}resource")]
    assert types == ["imsqti_item_xmlv3p0", "imsqti_rptemplate_xmlv3p0"]
    assert list(root.iter("{http://ltsc.ieee.org/xsd/LOM}general"))


def test_a_package_of_qti_3_is_given_back_as_it_is() -> None:
    contents = {"a.xml": b"<qti-assessment-item/>"}
    assert upgrade_package(contents) is contents


def test_a_crowd_in_one_element_is_refused_before_it_takes_a_minute() -> None:
    with pytest.raises(XmlRefused, match="plus de 2000"):
        upgrade_item(item(f"<itemBody>{'<br/>x' * 2_001}</itemBody>"), file="a.xml")


def test_what_is_not_closed_is_refused_at_once() -> None:
    with pytest.raises(XmlRefused):
        upgrade_item(b"<assessmentItem>" + b"<![CDATA[" * 200_000, file="a.xml")


def test_qti_1_is_refused_by_its_name() -> None:
    with pytest.raises(NotSupported, match="QTI 1"):
        upgrade_package({"a.xml": b"<questestinterop/>"})


def test_without_the_extra_the_error_says_how_to_bring_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:  # the signature of __import__
        if name == "qti_convert":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(NotSupported, match=r"pip install encrier-qti\[convert\]"):
        upgrade_item(item("<itemBody/>"), file="a.xml")


# --- items of QTI 2.2 by 1EdTech, scored as another engine scored them ---

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("ENCRIER_SHARED", ROOT.parent / "shared")) / "data" / "qti"
Case = Mapping[str, Any]  # JSON of another project
# A point on the border of a circle: inside, for us.
BORDER = {f"oracle-item-outcomes-0{number}" for number in (280, 282, 283, 284, 293)}


def recorded() -> Iterator[Case]:
    path = SHARED / "cases" / "oracle-item-outcomes.jsonl"
    for row in path.read_text("utf-8").splitlines() if path.exists() else []:
        case = json.loads(row)
        if case["src"] == "1edtech22" and case["id"] not in BORDER:
            yield case


CASES = list(recorded())


def lexical(declared: list[str], answer: Any) -> list[str]:
    many = [answer] if declared[0] == "single" else answer
    if declared[1] in {"pair", "directedPair", "point"}:
        return [" ".join(map(str, each)) for each in many]
    return [str(each).lower() if declared[1] == "boolean" else str(each) for each in many]


@pytest.mark.skipif(not CASES, reason="the shared test material is not here")
@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_an_item_of_qti_2_is_scored_as_the_other_engine_scored_it(case: Case) -> None:
    path = SHARED / "1edtech-examples" / case["file"].split("/", 1)[1]
    found = read_item(upgrade_item(path.read_bytes(), file=path.name), file=path.name)
    answers = {
        name: [] if each is None else lexical(case["decl"][name], each)
        for name, each in (case["responses"] or {}).items()
    }
    outcomes = compile_item(found).score(answers)
    for name in set(case["outcomes"]) - {"completionStatus"}:
        made, expected = outcomes[name], case["outcomes"][name]
        assert (made is None) == (expected is None)
        if made is not None and expected["cardinality"] == "single":
            assert [printed(made.base, each) for each in made.members] == [str(expected["value"])]


@pytest.mark.skipif(not CASES, reason="the shared test material is not here")
def test_every_item_of_1edtech_in_qti_2_is_upgraded() -> None:
    folder = SHARED / "1edtech-examples" / "qtiv2p2-examples" / "items"
    names = [path.name for path in folder.glob("*.xml") if path.name != "imsmanifest.xml"]
    for name in names:
        made = upgrade_item((folder / name).read_bytes(), file=name)
        assert etree.fromstring(made).tag == f"{QTI}qti-assessment-item"
    assert len(names) > 50
