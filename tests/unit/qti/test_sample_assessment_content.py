# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sample assessment, file by file: sound XML, whole references, right French.

Reads the files of `demo/assessments/sixieme-debut` and the schemas of the shared
test material; knows nothing of our own engine, so that it can accuse it.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "demo" / "assessments" / "sixieme-debut"
SHARED = Path(os.environ.get("ENCRIER_SHARED", ROOT.parent / "shared"))
SCHEMAS = SHARED / "data" / "qti" / "xsd" / "qtiv3p0"
QTI = "{http://www.imsglobal.org/xsd/imsqtiasi_v3p0}"
SVG = "{http://www.w3.org/2000/svg}"
IMSCP = "{http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1}"
ITEMS = sorted((PACKAGE / "items").glob("*.xml"))
STIMULI = sorted((PACKAGE / "stimuli").glob("*.xml"))
PICTURES = sorted((PACKAGE / "media").glob("*.svg"))
CONTENT = [PACKAGE / "assessment.xml", *ITEMS, *STIMULI]
READ_ALOUD = ("alt", "title", "aria-label", "hotspot-label", "data-first-column-header")

each = pytest.mark.parametrize


def name_of(path: Path) -> str:
    return path.name


def root_of(path: Path) -> etree._Element:
    return etree.parse(str(path)).getroot()


def elements(root: etree._Element) -> Iterator[etree._Element]:
    return (node for node in root.iter() if isinstance(node.tag, str))


def local(node: etree._Element) -> str:
    return etree.QName(node).localname


def words_of(node: etree._Element | None) -> str:
    assert node is not None
    return "".join(str(piece) for piece in node.itertext())


def interactions_of(root: etree._Element) -> list[etree._Element]:
    return [node for node in elements(root) if local(node).endswith("-interaction")]


def french_of(path: Path) -> list[str]:
    """Every piece of text a person reads or hears: text nodes and reading attributes."""
    root = root_of(path)
    hidden = {QTI + "qti-response-declaration", QTI + "qti-response-processing"}
    pieces = []
    for node in elements(root):
        if node.tag in hidden or any(above.tag in hidden for above in node.iterancestors()):
            continue
        pieces += [node.text, node.tail, *(node.get(name) for name in READ_ALOUD)]
    return [piece for piece in pieces if piece and piece.strip()]


def schema(name: str) -> etree.XMLSchema:
    if not SCHEMAS.is_dir():
        pytest.skip("the QTI 3 schemas are shared test material, absent here")
    return etree.XMLSchema(etree.parse(str(SCHEMAS / name)))


@pytest.fixture(scope="module")
def content_schema() -> etree.XMLSchema:
    return schema("imsqti_asiv3p0_sbacv1p0_v1p0.xsd")


def test_there_are_enough_items_sections_and_kinds_of_interaction() -> None:
    sections = root_of(PACKAGE / "assessment.xml").findall(f".//{QTI}qti-assessment-section")
    kinds = {local(node) for path in ITEMS for node in interactions_of(root_of(path))}
    assert len(ITEMS) >= 26
    assert len(sections) == 4
    assert len(kinds) >= 10


def test_content_is_valid_qti(content_schema: etree.XMLSchema) -> None:
    wrong = {path.name for path in CONTENT if not content_schema.validate(etree.parse(str(path)))}
    assert not wrong, content_schema.error_log


def test_the_schema_can_say_no(content_schema: etree.XMLSchema) -> None:
    tree = etree.parse(str(ITEMS[0]))
    tree.getroot().set("identifier", "two words")
    assert not content_schema.validate(tree)


def test_the_manifest_is_valid() -> None:
    rules = schema("imsqtiv3p0_imscpv1p2_v1p0.xsd")
    assert rules.validate(etree.parse(str(PACKAGE / "imsmanifest.xml"))), rules.error_log


def test_the_manifest_names_every_file_of_the_package_and_no_other() -> None:
    manifest = root_of(PACKAGE / "imsmanifest.xml")
    named = {node.get("href") for node in manifest.iter(IMSCP + "file")}
    beside = {"imsmanifest.xml", "hand-scored.json", "LICENSE"}
    there = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*") if path.is_file()}
    assert named == there - beside


def test_the_manifest_says_what_each_file_depends_on() -> None:
    manifest = root_of(PACKAGE / "imsmanifest.xml")
    resources = {node.get("identifier"): node for node in manifest.iter(IMSCP + "resource")}
    for resource in resources.values():
        href = str(resource.get("href"))
        needs = {
            str(resources[node.get("identifierref")].get("href"))
            for node in resource.iter(IMSCP + "dependency")
        }
        path = PACKAGE / href
        points_at = references_of(path) if path.suffix == ".xml" else set()
        assert {PACKAGE / need for need in needs} == points_at, href


def references_of(path: Path) -> set[Path]:
    links = [node.get(name) for node in elements(root_of(path)) for name in ("src", "href", "data")]
    return {(path.parent / link).resolve() for link in links if link}


def test_every_reference_leads_to_a_file_of_the_package() -> None:
    for path in CONTENT:
        for target in references_of(path):
            assert target.is_file(), f"{path.name}: {target.name}"
            assert target.is_relative_to(PACKAGE), path.name


def test_the_test_lists_every_item_once_and_lets_pupils_move_freely() -> None:
    test = root_of(PACKAGE / "assessment.xml")
    refs = list(test.iter(QTI + "qti-assessment-item-ref"))
    assert sorted(str(ref.get("identifier")) for ref in refs) == [path.stem for path in ITEMS]
    assert all(ref.get("href") == f"items/{ref.get('identifier')}.xml" for ref in refs)
    parts = list(test.iter(QTI + "qti-test-part"))
    assert [part.get("navigation-mode") for part in parts] == ["nonlinear"]
    assert [part.get("submission-mode") for part in parts] == ["individual"]


@each("path", ITEMS, ids=name_of)
def test_an_item_says_who_it_is(path: Path) -> None:
    root = root_of(path)
    assert root.get("identifier") == path.stem
    assert re.fullmatch(r"[a-z0-9-]{1,40}", path.stem)
    assert root.get("title")
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    assert root.get("time-dependent") == "false"


@each("path", CONTENT, ids=name_of)
def test_every_picture_and_sound_says_in_words_what_it_is(path: Path) -> None:
    root = root_of(path)
    assert all(len(str(node.get("alt") or "")) > 20 for node in root.iter(QTI + "img"))
    assert all(node.get("aria-label") for node in root.iter(QTI + "audio"))
    assert not list(root.iter(QTI + "object"))


@each("path", ITEMS, ids=name_of)
def test_every_field_inside_a_sentence_and_every_hotspot_has_a_label(path: Path) -> None:
    for node in elements(root_of(path)):
        if local(node) in {"qti-text-entry-interaction", "qti-inline-choice-interaction"}:
            assert node.get("aria-label"), path.stem
        if local(node) in {"qti-hotspot-choice", "qti-associable-hotspot"}:
            assert node.get("hotspot-label"), path.stem


@each("path", ITEMS, ids=name_of)
def test_hotspots_stay_inside_their_picture_and_apart(path: Path) -> None:
    root = root_of(path)
    names = {QTI + "qti-hotspot-choice", QTI + "qti-associable-hotspot"}
    spots = [node for node in root.iter() if node.tag in names]
    boxes = [[int(n) for n in str(node.get("coords")).split(",")] for node in spots]
    for index, (left, top, right, bottom) in enumerate(boxes):
        picture = next(root.iter(QTI + "img"))
        assert 0 <= left < right <= int(str(picture.get("width")))
        assert 0 <= top < bottom <= int(str(picture.get("height")))
        assert min(right - left, bottom - top) >= 40, "a finger needs room"
        assert not any(
            left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
            for other in boxes[index + 1 :]
        )


@each("path", PICTURES, ids=name_of)
def test_a_picture_is_titled_self_contained_and_fits_a_telephone(path: Path) -> None:
    root = root_of(path)
    assert root.findtext(SVG + "title")
    assert int(str(root.get("width"))) <= 358
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    known = {"svg", "title", "g", "rect", "path", "line", "polygon", "polyline", "text", "tspan"}
    assert {local(node) for node in elements(root)} <= known | {"defs", "pattern"}
    for node in elements(root):
        assert not any("href" in str(name) or str(name)[:2] == "on" for name in node.attrib)
        assert float(node.get("font-size") or 14) >= 11


@each("path", ITEMS, ids=name_of)
def test_an_item_shows_each_picture_at_its_own_size(path: Path) -> None:
    for node in root_of(path).iter(QTI + "img"):
        picture = root_of((path.parent / str(node.get("src"))).resolve())
        assert (node.get("width"), node.get("height")) == (
            picture.get("width"),
            picture.get("height"),
        )


def test_the_sound_is_small_enough_for_a_school_line() -> None:
    sounds = list((PACKAGE / "media").glob("*.mp3"))
    assert len(sounds) == 1
    assert sounds[0].stat().st_size < 300_000


def test_the_transcript_is_kept_out_of_what_pupils_see() -> None:
    root = root_of(PACKAGE / "stimuli" / "annonce-college.xml")
    assert "chauffage" in words_of(root.find(QTI + "qti-catalog-info"))
    assert "chauffage" not in words_of(root.find(QTI + "qti-stimulus-body"))


def test_the_story_is_long_enough_to_read_and_short_enough_for_the_time() -> None:
    root = root_of(PACKAGE / "stimuli" / "recit-boite-noire.xml")
    assert 220 <= len(words_of(root.find(QTI + "qti-stimulus-body")).split()) <= 320


@each("path", [*CONTENT, *PICTURES], ids=name_of)
def test_french_text_has_french_typography(path: Path) -> None:
    for piece in french_of(path):
        assert not re.search("['\"`]", piece), f"straight quote: {piece!r}"
        assert "..." not in piece
        assert not re.search(r"(?<![\u00a0\u202f])[;!?»]", piece), f"no no-break space: {piece!r}"
        assert not re.search(r"«(?!\u00a0)", piece), f"no no-break space: {piece!r}"
        assert not re.search(r"(?<!\u00a0):", piece), f"no no-break space: {piece!r}"
        assert not re.search(r"\d (m|km|g|kg|h|min|€|%)\b", piece), f"breakable unit: {piece!r}"
        assert not re.search(r"\d \d{3}\b", piece), f"breakable number: {piece!r}"
