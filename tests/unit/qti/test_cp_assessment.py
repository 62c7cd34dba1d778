# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sample assessment on paper: whole, in right French, and scored as it was by hand."""

import json
import os
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from encrier_qti.checks.schema import Schemas
from encrier_qti.compile import compile_bundle
from encrier_qti.lint import lint
from encrier_qti.model import Section
from encrier_qti.package import open_package
from encrier_qti.scoring import compile_test
from stagecraft.kits_of_qti import kit_of

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "demo/assessments/cp-debut"
SHARED = Path(os.environ.get("ENCRIER_SHARED", ROOT.parent / "shared"))
SCHEMAS = SHARED / "data/qti/xsd/qtiv3p0"
IMSCP = "{http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1}"
PACKAGE = open_package(FOLDER)
KIT = kit_of(PACKAGE)
EXERCISES = [exercise for sequence in KIT.sequences for exercise in sequence.exercises]
ITEMS = sorted((FOLDER / "items").glob("*.xml"))
READ = ("alt", "title", "aria-label", "label")

each = pytest.mark.parametrize


def patterns() -> list[dict[str, Any]]:
    held: list[dict[str, Any]] = json.loads((FOLDER / "hand-scored.json").read_text("utf-8"))[
        "patterns"
    ]
    return held


def name_of(pattern: dict[str, Any]) -> str:
    return str(pattern["id"])


def test_the_engine_finds_nothing_wrong_with_it() -> None:
    assert [str(found.what) for found in lint(PACKAGE)] == []


def test_it_has_the_size_of_a_real_one_and_every_mask_that_paper_needs() -> None:
    masks = Counter(field.mask for exercise in EXERCISES for field in exercise.items)
    assert 110 <= masks.total() <= 140
    assert set(masks) == {"circle", "cross", "number", "judge", "code", "time", "fluency"}
    assert masks["circle"] > masks.total() / 3
    assert [len(sequence.exercises) for sequence in KIT.sequences] == [3, 4, 3, 3, 3]
    assert all(sequence.minutes for sequence in KIT.sequences)


def test_every_exercise_says_what_to_do_what_to_say_and_how_to_mark() -> None:
    sections = [e for e in PACKAGE.assessment.elements() if isinstance(e, Section)]
    by_name = {section.identifier: section for section in sections}
    for exercise in EXERCISES:
        blocks = {view: b.content for b in by_name[exercise.id].rubrics for view in b.views}
        assert set(blocks) == {"candidate", "proctor", "scorer"}
        assert b"<blockquote>" in blocks["proctor"], "nothing would be said word for word"
        assert exercise.instruction
        assert exercise.what


def test_there_is_one_domain_an_exercise() -> None:
    assert PACKAGE.reporting is not None
    told = [(domain.id, domain.items) for domain in PACKAGE.reporting.domains]
    assert told == [(e.id, tuple(field.id for field in e.items)) for e in EXERCISES]
    for domain in PACKAGE.reporting.domains:
        steps = domain.next_steps
        for words in (domain.measures, steps.besoins, steps.fragile, steps.satisfaisant):
            assert len(words) > 50, domain.id


@each("pattern", patterns(), ids=name_of)
def test_a_pupil_is_scored_as_by_hand(pattern: dict[str, Any]) -> None:
    scores = compile_test(PACKAGE.assessment, PACKAGE.items).score(pattern["answers"])
    assert scores == pattern["scores"]
    assert PACKAGE.reporting is not None
    domains = PACKAGE.reporting.by_domain(scores)
    assert domains == pattern["domains"]
    groups = {one.id: one.group(domains[one.id]) for one in PACKAGE.reporting.domains}
    assert groups == pattern["groups"]


def test_the_pupils_marked_by_hand_meet_every_group() -> None:
    assert len(patterns()) == 4
    assert {g for p in patterns() for g in p["groups"].values()} == {
        "besoins",
        "fragile",
        "satisfaisant",
    }


def test_a_text_read_faster_than_a_minute_counts_sixty_words_at_most() -> None:
    program = compile_test(PACKAGE.assessment, PACKAGE.items)
    for read, points in (("0", 0.0), ("59", 59.0), ("61", 60.0), ("128", 60.0)):
        assert program.score({"fr-f-01": {"RESPONSE": [read]}})["fr-f-01"] == points


def test_what_answers_would_serve_holds_no_key() -> None:
    bundle = compile_bundle(PACKAGE)
    assert bundle.index.items.keys() == PACKAGE.items.keys()
    for blob in bundle.blobs.values():
        assert not any(word in blob for word in (b"correct-response", b"map-entry", b"proctor"))


def test_the_manifest_names_every_file_and_what_each_depends_on() -> None:
    manifest = etree.parse(str(FOLDER / "imsmanifest.xml")).getroot()
    named = {str(node.get("href")) for node in manifest.iter(IMSCP + "file")}
    there = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file()}
    assert named == there - {"imsmanifest.xml", "hand-scored.json", "LICENSE"}
    resources = {node.get("identifier"): node for node in manifest.iter(IMSCP + "resource")}
    for resource in resources.values():
        if not str(resource.get("href")).startswith("items/"):
            continue
        needs = {
            str(resources[node.get("identifierref")].get("href"))
            for node in resource.iter(IMSCP + "dependency")
        }
        item = (FOLDER / str(resource.get("href"))).read_text("utf-8")
        assert needs == {f"media/{name}" for name in re.findall(r"\.\./media/([\w.-]+)", item)}


def test_it_is_valid_but_for_the_digits_that_name_what_an_adult_keys() -> None:
    """`1` and `0` are right and wrong on the sheet; QTI's schema wants a letter first."""
    if not SCHEMAS.is_dir():
        pytest.skip("the QTI 3 schemas are shared test material, absent here")
    schemas = Schemas(SCHEMAS)
    for path in (FOLDER / "imsmanifest.xml", FOLDER / "assessment.xml", *ITEMS):
        written = path.read_text("utf-8")
        if 'data-keying="judge"' in written or 'data-keying="code"' in written:
            written = re.sub(r'(simple-choice identifier=")(?=\d)', r"\1_", written)
        found = list(schemas.check(written.encode(), file=path.name))
        assert [(one.line, str(one.what)) for one in found] == [], path.name


def french_of(path: Path) -> list[str]:
    pieces: list[str | None] = []
    for node in etree.parse(str(path)).getroot().iter("{*}*"):
        if not str(node.tag).endswith("qti-value"):
            pieces += [node.text, *(node.get(name) for name in READ)]
        pieces.append(node.tail)
    return [piece for piece in pieces if piece and piece.strip()]


@each(
    "path",
    [FOLDER / "assessment.xml", *ITEMS, *sorted((FOLDER / "media").glob("*.svg"))],
    ids=lambda path: path.name,
)
def test_french_text_has_french_typography(path: Path) -> None:
    for piece in french_of(path):
        assert not re.search("['\"`]", piece), f"straight quote: {piece!r}"
        assert "..." not in piece
        assert not re.search(r"(?<![\u00a0\u202f])[;!?»:]", piece), f"no no-break space: {piece!r}"
        assert not re.search(r"«(?!\u00a0)", piece), f"no no-break space: {piece!r}"


def test_the_readme_gives_its_exercises_as_they_are() -> None:
    page = (FOLDER.parent / "README.md").read_text("utf-8")
    assert PACKAGE.reporting is not None
    for domain, exercise in zip(PACKAGE.reporting.domains, EXERCISES, strict=True):
        low, high = (f"{bound:g}".replace(".", ",") for bound in domain.thresholds)
        masks = ", ".join(dict.fromkeys(field.mask for field in exercise.items))
        rank = next(s.id[1:] for s in KIT.sequences if exercise in s.exercises)
        cells = (domain.label, rank, masks, len(exercise.items), f"{domain.max_score:g}", low, high)
        assert f"| {' | '.join(map(str, cells))} |" in page
    assert (
        f"{len(ITEMS)} items, {len(EXERCISES)} exercises in {len(KIT.sequences)} sequences" in page
    )
