# SPDX-License-Identifier: AGPL-3.0-or-later
"""Schemas are the operator's: found in a folder, never fetched, told without what is written."""

import os
from pathlib import Path

import pytest

from encrier_qti.checks.schema import MOST, Schemas
from encrier_qti.errors import PackageRefused, QtiError, XmlRefused
from encrier_qti.importing.upgrade import upgrade_item

QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
XS = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"'
# Ours, as small as can be: an item has an identifier, bodies, and pictures with a text.
SMALL = f"""<xs:schema {XS} targetNamespace="{QTI}" xmlns="{QTI}" elementFormDefault="qualified">
 <xs:include schemaLocation="https://example.org/somewhere/parts.xsd"/>
 <xs:element name="qti-assessment-item"><xs:complexType><xs:sequence>
  <xs:element name="qti-item-body" type="Body" maxOccurs="unbounded"/></xs:sequence>
  <xs:attribute name="identifier" type="xs:NCName" use="required"/></xs:complexType>
 </xs:element></xs:schema>"""
PARTS = f"""<xs:schema {XS} targetNamespace="{QTI}" xmlns="{QTI}" elementFormDefault="qualified">
 <xs:complexType name="Body"><xs:sequence>
  <xs:element name="img" minOccurs="0"><xs:complexType>
   <xs:attribute name="alt" use="required"/></xs:complexType></xs:element>
 </xs:sequence></xs:complexType></xs:schema>"""


@pytest.fixture
def schemas(tmp_path: Path) -> Schemas:
    (tmp_path / "imsqti_asiv3p0_small.xsd").write_text(SMALL, encoding="utf-8")
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "parts.xsd").write_text(PARTS, encoding="utf-8")
    return Schemas(tmp_path)


def told(schemas: Schemas, content: str) -> list[tuple[int, str, str]]:
    found = schemas.check(content.encode(), file="a.xml")
    return [(each.line, each.element, str(each.what)) for each in found]


def item(inside: str, attributes: str = 'identifier="a"') -> str:
    return f'<qti-assessment-item xmlns="{QTI}" {attributes}>\n{inside}</qti-assessment-item>'


def test_a_schema_named_by_an_address_is_the_file_of_that_name_in_the_folder(
    schemas: Schemas,
) -> None:
    assert told(schemas, item("<qti-item-body/>")) == []


def test_a_schema_that_is_not_there_is_refused_and_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "imsqti_asi.xsd").write_text(SMALL, encoding="utf-8")
    with pytest.raises(XmlRefused, match="schéma"):
        list(Schemas(tmp_path).check(item("").encode(), file="a.xml"))


def test_a_folder_without_the_schema_of_qti_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageRefused, match="schéma XML"):
        Schemas(tmp_path)


@pytest.mark.parametrize(
    ("content", "line", "element", "words"),
    [
        (item("<qti-item-body/>", 'identifier="a" x="1"'), 1, "qti-assessment-item", "attribut x"),
        (item("<qti-item-body/>", ""), 1, "qti-assessment-item", "demande un attribut identifier"),
        (item("\n<p/>"), 3, "p", "n’a pas sa place"),
        (item("<qti-item-body/>", 'identifier="1"'), 1, "qti-assessment-item", "de identifier"),
    ],
)
def test_a_finding_says_where_and_which_name_is_wrong(
    schemas: Schemas, content: str, line: int, element: str, words: str
) -> None:
    found = told(schemas, content)[0]
    assert found[:2] == (line, element)
    assert words in found[2]


def test_what_is_written_is_never_repeated(schemas: Schemas) -> None:
    assert "secret" not in str(told(schemas, item("<qti-item-body/>", 'identifier="1 secret"')))


def test_data_attributes_and_pictures_without_a_text_are_left_to_others(schemas: Schemas) -> None:
    assert told(schemas, item('<qti-item-body data-x="1"><img/></qti-item-body>')) == []


def test_a_namespace_that_has_no_schema_is_not_checked(schemas: Schemas) -> None:
    assert told(schemas, "<other/>") == []


def test_a_file_that_is_wrong_everywhere_gives_so_many_findings_and_no_more(
    schemas: Schemas,
) -> None:
    assert len(told(schemas, item("<qti-item-body x=''/>" * (MOST + 10)))) == MOST


ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("ENCRIER_SHARED", ROOT.parent / "shared")) / "data" / "qti"
EXAMPLES = SHARED / "1edtech-examples"
# Wrong where they were published: three against the schema, one that is not XML.
WRONG = {
    "extended_text_qti3.xml",
    "fractions_deps_2.xml",
    "full-example.xml",
    "QTI3_BeginnersGuide_Examples/imsmanifest.xml",
    "testWithLti/imsmanifest.xml",
}


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the shared test material is not here")
def test_the_examples_of_1edtech_follow_its_schema_before_and_after_conversion() -> None:
    schemas = Schemas(SHARED / "xsd")
    wrong = set()
    for path in EXAMPLES.rglob("*.xml"):
        content = path.read_bytes()
        try:
            if b"imsqti_v2p2" in content and b"<assessmentItem" in content:
                content = upgrade_item(content, file=path.name)
            if list(schemas.check(content, file=path.name)):
                wrong.add(str(path))
        except QtiError:
            wrong.add(str(path))
    assert {path for path in wrong if not path.endswith(tuple(WRONG))} == set()
