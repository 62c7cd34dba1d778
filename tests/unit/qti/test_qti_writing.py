# SPDX-License-Identifier: AGPL-3.0-or-later
"""A package written back is one that we read the same, byte for byte where it counts."""

import os
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from encrier_qti.compile import compile_bundle
from encrier_qti.errors import ContentRefused
from encrier_qti.package import open_package, package_from
from encrier_qti.reading import archive
from encrier_qti.writing.package import write_item, write_package, zipped

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "demo" / "assessments" / "sixieme-debut"
SHARED = Path(os.environ.get("ENCRIER_SHARED", ROOT.parent / "shared"))
EXAMPLES = SHARED / "data" / "qti" / "1edtech-examples"
WHOLE = [
    EXAMPLES / "qtiv3-examples" / "packaging" / name
    for name in ("ccPackage", "englishHighLevelV2", "metaData")
]
SCHEMA = SHARED / "data" / "qti" / "xsd" / "qtiv3p0" / "imsqtiv3p0_imscpv1p2_v1p0.xsd"
MANIFEST = "imsmanifest.xml"
PACKAGES = [SAMPLE, *(folder for folder in WHOLE if folder.exists())]


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda folder: folder.name)
def test_a_package_written_back_is_read_the_same(folder: Path, tmp_path: Path) -> None:
    package = open_package(folder)
    (tmp_path / "again.zip").write_bytes(zipped(write_package(package)))
    again = open_package(tmp_path / "again.zip")
    assert {k: v for k, v in again.contents.items() if k != MANIFEST} == {
        k: v for k, v in package.contents.items() if k != MANIFEST
    }
    assert again.items == package.items
    if package.assessment.file:  # made from the manifest, it tells the lines of the manifest
        assert again.assessment == package.assessment
    assert compile_bundle(again).index_json == compile_bundle(package).index_json


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda folder: folder.name)
def test_what_is_written_twice_is_written_the_same(folder: Path) -> None:
    once = write_package(open_package(folder))
    assert zipped(write_package(package_from(once))) == zipped(once)


@pytest.mark.skipif(not SCHEMA.exists(), reason="the shared test material is not here")
@pytest.mark.parametrize("folder", PACKAGES, ids=lambda folder: folder.name)
def test_a_manifest_is_valid_by_its_schema_and_keeps_its_metadata(folder: Path) -> None:
    package = open_package(folder)
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    manifest = etree.fromstring(write_package(package)[MANIFEST])
    schema.assertValid(manifest)
    assert lom(manifest) == lom(etree.fromstring(package.contents[MANIFEST]))
    schema.assertValid(etree.fromstring(write_item(package, next(iter(package.items)))[MANIFEST]))


def lom(manifest: etree._Element) -> list[list[str]]:
    """The words of each piece of metadata."""
    return [" ".join(map(str, each.itertext())).split() for each in manifest.iter("{*}lom")]


def test_an_item_leaves_with_all_that_it_needs_and_nothing_else() -> None:
    package = open_package(SAMPLE)
    name = next(name for name, item in package.items.items() if item.stimuli)
    alone = write_item(package, name)
    again = package_from(alone)
    assert list(again.items) == [name]
    assert again.items[name] == package.items[name]
    assert compile_bundle(again).index.items.keys() == {name}
    others = {item.file for item in package.items.values()} - {package.items[name].file}
    assert not others & set(alone)
    for path in set(alone) - {MANIFEST}:
        assert alone[path] == package.contents[path]


def test_an_item_that_is_not_there_is_refused() -> None:
    with pytest.raises(ContentRefused):
        write_item(open_package(SAMPLE), "nobody")


def test_an_item_from_qti_2_leaves_in_qti_3() -> None:
    pytest.importorskip("qti_convert")
    item = (
        b'<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="a" title="a"'
        b' adaptive="false" timeDependent="false"><itemBody><p>Bonjour.</p></itemBody>'
        b"</assessmentItem>"
    )
    manifest = (
        b'<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m"><metadata/>'
        b'<organizations/><resources><resource identifier="a" type="imsqti_item_xmlv2p2"'
        b' href="a.xml"><file href="a.xml"/></resource></resources></manifest>'
    )
    written = write_package(package_from({"a.xml": item, MANIFEST: manifest}))
    assert b"imsqti_item_xmlv3p0" in written[MANIFEST]
    assert b"qti-assessment-item" in written["a.xml"]
    assert list(package_from(written).items) == ["a"]


def test_a_zip_has_its_manifest_first_and_no_date(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped(write_package(open_package(SAMPLE))))
    with zipfile.ZipFile(tmp_path / "a.zip") as opened:
        assert opened.namelist()[0] == MANIFEST
        assert {entry.date_time for entry in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert archive.read(tmp_path / "a.zip").keys() == open_package(SAMPLE).contents.keys()
