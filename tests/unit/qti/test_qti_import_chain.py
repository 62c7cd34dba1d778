# SPDX-License-Identifier: AGPL-3.0-or-later
"""An export of QTI 2.2, as TAO lays it out, goes from its zip to a bundle and a score."""

import zipfile
from pathlib import Path

import pytest

from encrier_qti.compile import compile_package
from encrier_qti.lint import lint_contents
from encrier_qti.package import open_package
from encrier_qti.reading import archive

V2P2 = 'xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2"'
FILES = {
    "imsmanifest.xml": """<?xml version="1.0"?>
<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M">
 <metadata><schema>QTIv2.2 Package</schema><schemaversion>1.0.0</schemaversion></metadata>
 <organizations/><resources>
 <resource identifier="T" type="imsqti_test_xmlv2p2" href="tests/t/test.xml">
  <file href="tests/t/test.xml"/><dependency identifierref="i1"/></resource>
 <resource identifier="i1" type="imsqti_item_xmlv2p2" href="i1/qti.xml">
  <file href="i1/qti.xml"/><file href="i1/assets/a.png"/><dependency identifierref="rp"/></resource>
 <resource identifier="rp" href="rp/custom.xml"
  type="associatedcontent/imsqti_xmlv1p0/learning-application-resource"/>
 </resources></manifest>""",
    "tests/t/test.xml": f"""<assessmentTest {V2P2} identifier="T" title="T">
 <testPart identifier="p" navigationMode="linear" submissionMode="individual">
 <assessmentSection identifier="s" title="s" visible="true">
  <assessmentItemRef identifier="i1" href="../../i1/qti.xml"/>
 </assessmentSection></testPart></assessmentTest>""",
    "i1/qti.xml": f"""<assessmentItem {V2P2} identifier="i1" title="I" adaptive="false"
  timeDependent="false" toolName="TAO" xmlns:xi="http://www.w3.org/2001/XInclude">
 <responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">
  <correctResponse><value><![CDATA[A]]></value></correctResponse></responseDeclaration>
 <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"
  normalMaximum="3"/>
 <assessmentStimulusRef identifier="st" href="../st/s.xml"/>
 <itemBody><xi:include href="part.xml"/>
  <choiceInteraction responseIdentifier="RESPONSE" maxChoices="1" shuffle="false">
   <simpleChoice identifier="A">a</simpleChoice><simpleChoice identifier="B">b</simpleChoice>
  </choiceInteraction></itemBody>
 <responseProcessing template="../rp/custom.xml"/></assessmentItem>""",
    "i1/part.xml": "<p>Voici <img src='assets/a.png' alt='un chat'/></p>",
    "rp/custom.xml": f"""<responseProcessing {V2P2}><responseCondition><responseIf><match>
 <variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>
 <setOutcomeValue identifier="SCORE"><baseValue baseType="float">3</baseValue></setOutcomeValue>
 </responseIf></responseCondition></responseProcessing>""",
    "st/s.xml": f"""<assessmentStimulus {V2P2} identifier="st" title="s">
 <stimulusBody><p>Texte</p></stimulusBody></assessmentStimulus>""",
    "i1/assets/a.png": "\x89PNG",
}


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in FILES.items():
            package.writestr(name, content)
    return path


def test_it_has_no_error(export: Path) -> None:
    found = lint_contents(archive.read(export))
    assert [str(each) for each in found if each.severity == "error"] == []


def test_it_is_scored_by_the_template_that_it_brings(export: Path) -> None:
    program = compile_package(open_package(export)).program
    assert program.score({"i1": {"RESPONSE": ["A"]}}) == {"i1": 3.0}
    assert program.score({"i1": {"RESPONSE": ["B"]}}) == {"i1": 0.0}


def test_its_bundle_has_what_it_shows_and_is_the_same_each_time(export: Path) -> None:
    one, other = (compile_package(open_package(export)).bundle for _ in range(2))
    assert set(one.index.files) >= {"i1/qti.xml", "i1/assets/a.png", "st/s.xml"}
    assert one.index_json == other.index_json


def test_the_manifest_that_is_read_is_that_of_qti_3(export: Path) -> None:
    manifest = open_package(export).manifest
    assert {each.identifier: each.type for each in manifest.resources} == {
        "T": "imsqti_test_xmlv3p0",
        "i1": "imsqti_item_xmlv3p0",
        "rp": "webcontent",
    }
    assert [each.dependencies for each in manifest.resources] == [("i1",), ("rp",), ()]
