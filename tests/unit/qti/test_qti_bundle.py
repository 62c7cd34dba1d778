# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bundle: canonical, whole, without a key; and what check says before it is made."""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from encrier_qti.compile import compile_bundle, compile_package, write_bundle
from encrier_qti.delivery.allowed import KEYS
from encrier_qti.errors import ContentRefused, NotSupported, PackageRefused, QtiError
from encrier_qti.lint import lint_contents
from encrier_qti.package import open_package, package_from
from encrier_qti.reading import archive
from encrier_qti.reading.safe_xml import local, parse
from encrier_qti.reporting import read_reporting

SAMPLE = Path(__file__).resolve().parents[3] / "demo" / "assessments" / "sixieme-debut"
QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"

ITEM = f"""<qti-assessment-item xmlns="{QTI}" identifier="a-1" title="Un" xml:lang="fr">
  <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
    <qti-correct-response><qti-value>B</qti-value></qti-correct-response>
  </qti-response-declaration>
  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"
    normal-maximum="1"/>
  <qti-assessment-stimulus-ref identifier="s" href="../stimuli/s.xml"/>
  <qti-item-body>
    <p>Lequel\u202f? <img src="../media/a.png" alt="un plan"/></p>
    <qti-choice-interaction response-identifier="RESPONSE" max-choices="1" shuffle="true">
      <qti-simple-choice identifier="A">un</qti-simple-choice>
      <qti-simple-choice identifier="B">deux</qti-simple-choice>
    </qti-choice-interaction>
  </qti-item-body>
  <qti-response-processing
    template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/>
</qti-assessment-item>"""
STIMULUS = f"""<qti-assessment-stimulus xmlns="{QTI}" identifier="s" title="s" xml:lang="fr">
  <qti-stimulus-body><p>Un texte.</p></qti-stimulus-body></qti-assessment-stimulus>"""
TEST = f"""<qti-assessment-test xmlns="{QTI}" identifier="t" title="Un test" xml:lang="fr">
  <qti-test-part identifier="p" navigation-mode="linear" submission-mode="individual">
    <qti-assessment-section identifier="s1" title="Une partie" visible="true">
      <qti-assessment-item-ref identifier="a-1" href="items/a.xml"/>
    </qti-assessment-section></qti-test-part></qti-assessment-test>"""
MANIFEST = """<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" identifier="m">
  <resources>
    <resource identifier="t" type="imsqti_test_xmlv3p0" href="test.xml"><file href="test.xml"/>
    </resource>
    <resource identifier="a" type="imsqti_item_xmlv3p0" href="items/a.xml"/>
  </resources></manifest>"""
REPORTING = {
    "v": 1,
    "title": "Un test",
    "domains": [
        {
            "id": "d",
            "label": "Un domaine",
            "subject": "Français",
            "measures": "Lire.",
            "next_steps": {"besoins": "a", "fragile": "b", "satisfaisant": "c"},
            "items": ["a-1"],
            "max_score": 1.0,
            "thresholds": [0.4, 0.8],
        }
    ],
}

OUTLINE = {
    "id": "t",
    "parts": [
        {
            "id": "p",
            "navigation": "linear",
            "submission": "individual",
            "sections": [
                {
                    "kind": "section",
                    "id": "s1",
                    "title": "Une partie",
                    "children": [{"kind": "item", "id": "a-1"}],
                }
            ],
        }
    ],
}


def contents(**changed: str | bytes | None) -> dict[str, bytes]:
    """A small sound package; `items__a` stands for items/a.xml, None takes a file away."""
    files: dict[str, str | bytes | None] = {
        "imsmanifest": MANIFEST,
        "test": TEST,
        "items__a": ITEM,
        "stimuli__s": STIMULUS,
        "media__a": b"\x89PNG",
        "reporting": json.dumps(REPORTING),
        **changed,
    }
    names = {"media__a": "media/a.png", "reporting": "encrier-reporting.json"}
    return {
        names.get(name, name.replace("__", "/") + ".xml"): (
            content.encode() if isinstance(content, str) else content
        )
        for name, content in files.items()
        if content is not None
    }


def kinds(files: Mapping[str, bytes], *, severity: str = "error") -> list[str]:
    return [found.kind for found in lint_contents(files) if found.severity == severity]


# --- the bundle ---


def test_a_bundle_is_what_the_format_says() -> None:
    bundle = compile_bundle(package_from(contents()))
    digest = hashlib.sha256(bundle.blobs[bundle.index.files["items/a.xml"].sha256]).hexdigest()
    assert json.loads(bundle.index_json) == {
        "v": 1,
        "title": "Un test",
        "lang": "fr",
        "sections": [{"id": "s1", "title": "Une partie", "items": ["a-1"]}],
        "items": {
            "a-1": {
                "title": "Un",
                "href": "items/a.xml",
                "stimuli": ["stimuli/s.xml"],
                "responses": {"RESPONSE": {"cardinality": "single", "base_type": "identifier"}},
                "interactions": ["choice"],
                "shuffles": [{"response": "RESPONSE", "choices": ["A", "B"]}],
            }
        },
        "test": OUTLINE,
        "files": {
            name: {"sha256": file.sha256, "size": file.size, "type": file.type}
            for name, file in bundle.index.files.items()
        },
    }
    assert bundle.index.files["items/a.xml"].sha256 == digest
    assert sorted(bundle.index.files) == ["items/a.xml", "media/a.png", "stimuli/s.xml"]
    assert bundle.index.files["media/a.png"].type == "image/png"


def test_the_index_is_canonical_json() -> None:
    bundle = compile_bundle(open_package(SAMPLE))
    again = json.dumps(
        json.loads(bundle.index_json), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    assert bundle.index_json == again.encode()
    assert bundle.id == hashlib.sha256(bundle.index_json).digest()[:8]


def test_the_same_package_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_bundle(compile_bundle(open_package(SAMPLE)), tmp_path / name)
    assert archive.read(tmp_path / "one") == archive.read(tmp_path / "two")


def test_what_is_written_is_named_by_its_digest(tmp_path: Path) -> None:
    bundle = compile_bundle(open_package(SAMPLE))
    write_bundle(bundle, tmp_path)
    written = dict(archive.read(tmp_path))
    assert written.pop("bundle.json") == bundle.index_json
    assert {f"files/{file.sha256}" for file in bundle.index.files.values()} == set(written)
    assert all(hashlib.sha256(written[name]).hexdigest() == name[6:] for name in written)
    sizes = {file.sha256: file.size for file in bundle.index.files.values()}
    assert all(len(content) == sizes[name[6:]] for name, content in written.items())


def test_no_key_of_the_sample_is_in_its_bundle() -> None:
    package = open_package(SAMPLE)
    bundle = compile_bundle(package)
    for name, file in bundle.index.files.items():
        if file.type == "application/xml":
            left = {
                local(element) for element in parse(bundle.blobs[file.sha256], file=name).iter()
            }
            assert not left & KEYS
    everything = b"\n".join([bundle.index_json, *bundle.blobs.values()])
    for word in (b"correct-response", b"map-key", b"mapped-value", b"response-processing"):
        assert word not in everything
    open_texts = [  # answers that no choice shows: they could come from a key only
        str(member)
        for item in package.items.values()
        for declared in item.responses.values()
        if declared.correct is not None and str(declared.base) == "string"
        for member in declared.correct.members
        if len(str(member)) > 3
    ]
    assert open_texts
    bodies = {name: bundle.blobs[file.sha256] for name, file in bundle.index.files.items()}
    items = [bodies[item.href].decode() for item in bundle.index.items.values()]
    shown = [text for text in open_texts if any(text in item for item in items)]
    assert shown == []


def test_every_file_that_an_item_names_is_in_the_bundle() -> None:
    bundle = compile_bundle(open_package(SAMPLE))
    named = {
        source
        for item in bundle.index.items.values()
        for name in (item.href, *item.stimuli)
        for source in re.findall(
            r' (?:src|poster)="([^"]*)"',
            bundle.blobs[bundle.index.files[name].sha256].decode(),
        )
    }
    assert named
    assert named <= bundle.index.files.keys()


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(PackageRefused):
        write_bundle(compile_bundle(package_from(contents())), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_compiling_again_replaces_the_old_bundle(tmp_path: Path) -> None:
    write_bundle(compile_bundle(open_package(SAMPLE)), tmp_path)
    small = compile_bundle(package_from(contents()))
    write_bundle(small, tmp_path)
    assert len(list((tmp_path / "files").iterdir())) == len(small.blobs)


@pytest.mark.parametrize("name", ["a 1", "a/1", "", "constructor", "__proto__", "a" * 129])
def test_an_identifier_that_a_page_or_a_sheet_cannot_carry_is_refused(name: str) -> None:
    with pytest.raises(ContentRefused):
        compile_bundle(package_from(contents(test=TEST.replace('"a-1"', f'"{name}"'))))


def test_an_item_is_known_by_its_reference_and_may_be_named_otherwise_inside() -> None:
    test = TEST.replace('"a-1"', '"Q.1_é"')
    compiled = compile_package(package_from(contents(test=test, reporting=None)))
    assert list(compiled.bundle.index.items) == ["Q.1_é"]
    assert compiled.program.score({"Q.1_é": {"RESPONSE": ["B"]}}) == {"Q.1_é": 1.0}


# --- what is refused on opening ---


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"imsmanifest": "<html/>"}, ContentRefused),
        ({"test": None}, ContentRefused),
        ({"items__a": None}, ContentRefused),
        ({"items__a": ITEM.replace("imsqtiasi_v3p0", "imsqti_v2p2")}, NotSupported),
        ({"items__a": ITEM.replace("identifier=", "identifier='x' identifier=", 1)}, QtiError),
        ({"test": TEST.replace("</qti-assessment-section>", "<qti-assessment-item-ref "
                               "identifier='a-1' href='items/a.xml'/></qti-assessment-section>")},
         ContentRefused),
        ({"reporting": "{}"}, ContentRefused),
        ({"reporting": b"\xff"}, ContentRefused),
    ],
)  # fmt: skip
def test_a_package_that_cannot_be_used_is_refused(
    changed: dict[str, str | bytes | None], error: type[QtiError]
) -> None:
    with pytest.raises(error):
        package_from(contents(**changed))


def test_a_package_does_not_show_its_keys() -> None:
    assert repr(package_from(contents())) == "Package(‹hidden›)"


# --- check ---


def test_a_sound_package_has_no_finding() -> None:
    assert lint_contents(contents()) == ()


def test_the_sample_has_no_error() -> None:
    assert kinds(archive.read(SAMPLE)) == []


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"media__a": None}, "missing-file"),
        ({"stimuli__s": None}, "missing-file"),
        ({"items__a": ITEM.replace(' alt="un plan"', "")}, "missing-alt"),
        ({"items__a": ITEM.replace(">B<", ">C<")}, "key-outside-choices"),
        ({"items__a": ITEM.replace('identifier="B"', 'identifier="A"')}, "duplicate-identifier"),
        ({"items__a": ITEM.replace('-identifier="RESPONSE"', '-identifier="R"')},
         "undeclared-response"),
        ({"items__a": ITEM.replace('identifier="a-1"', 'identifier="b-1"')}, "identifier-mismatch"),
        ({"items__a": ITEM.replace('normal-maximum="1"', 'normal-maximum="2"')},
         "score-unreachable"),
        ({"items__a": ITEM.replace("match_correct.xml", "my_own.xml")}, "cannot-score"),
        ({"items__a": ITEM.replace('type="float"', 'type="point"')}, "cannot-score"),
        ({"items__a": ITEM.replace("<p>", "<p><qti-custom-interaction/>")}, "cannot-travel"),
        ({"items__a": "<oops"}, "unreadable"),
        ({"stimuli__s": "<oops"}, "cannot-travel"),
        ({"reporting": None}, "no-reporting"),
        ({"reporting": json.dumps(REPORTING).replace("a-1", "b-1")}, "reporting"),
        ({"reporting": json.dumps(REPORTING).replace("[0.4, 0.8]", "[0.8, 0.4]")}, "reporting"),
        ({"reporting": json.dumps(REPORTING).replace('"max_score": 1.0', '"max_score": 5.0')},
         "reporting"),
    ],
)  # fmt: skip
def test_check_finds(changed: dict[str, str | bytes | None], kind: str) -> None:
    found = lint_contents(contents(**changed))
    assert kind in [each.kind for each in found]
    assert all(each.file and each.what and each.advice for each in found)


ORDER = (
    ITEM.replace("qti-choice-interaction", "qti-order-interaction")
    .replace(' max-choices="1"', "")
    .replace('"single" base-type="identifier"', '"ordered" base-type="identifier"')
    .replace("<qti-value>B</qti-value>", "<qti-value>A</qti-value><qti-value>B</qti-value>")
)


def test_an_order_that_the_page_shows_is_found() -> None:
    shown = ORDER.replace('shuffle="true"', 'shuffle="false"')
    assert kinds(contents(items__a=shown)) == ["order-shown"]
    assert kinds(contents(items__a=ORDER), severity="warning") == ["order-in-names"]


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"items__a": ITEM.replace("<p>", "<p><x-y/>")}, "unknown-element"),
        ({"items__a": ITEM.replace('normal-maximum="1"', "")}, "no-maximum"),
        ({"imsmanifest": MANIFEST.replace("items/a.xml", "test.xml")}, "not-in-manifest"),
        ({"test": TEST.replace("<qti-test-part", "<qti-stylesheet href='a.css'/><qti-test-part")},
         "ignored"),
    ],
)  # fmt: skip
def test_check_remarks_on(changed: dict[str, str | bytes | None], kind: str) -> None:
    files = contents(**changed)
    assert kinds(files) == []
    assert kind in kinds(files, severity="warning")


def test_an_item_that_a_person_scores_is_no_finding() -> None:
    human = ITEM.replace('normal-maximum="1"', 'normal-maximum="1" external-scored="human"')
    assert lint_contents(contents(items__a=human)) == ()


def test_no_finding_tells_the_key() -> None:
    wrong = ITEM.replace(">B<", ">secret-key<")
    found = lint_contents(contents(items__a=wrong))
    assert "key-outside-choices" in {each.kind for each in found}
    assert "secret-key" not in repr(found)


# --- reporting ---


@pytest.mark.parametrize(
    ("score", "group"),
    [(0.0, "besoins"), (0.39, "besoins"), (0.4, "fragile"), (0.8, "satisfaisant")],
)
def test_a_score_at_a_threshold_is_in_the_group_above(score: float, group: str) -> None:
    domain = read_reporting(json.dumps(REPORTING).encode()).domains[0]
    assert domain.group(score) == group


def test_an_unknown_field_of_the_reporting_file_is_refused_with_its_place() -> None:
    with pytest.raises(ContentRefused, match=r"domains\[0\]"):
        read_reporting(json.dumps(REPORTING).replace('"label"', '"lable"').encode())
