# SPDX-License-Identifier: AGPL-3.0-or-later
"""Papers of a booklet: every exercise on its pages, the script word for word, nothing of a key."""

import re
import struct
import sys
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree
from pypdf import PdfReader

from encrier_qti.model import Section
from encrier_qti.package import open_package, package_from
from encrier_qti.paper import Papers, typeset
from encrier_qti.paper.marks import MARKS
from encrier_qti.paper.setting import NotInstalled
from stagecraft.kits_of_qti import kit_of
from stagecraft.packages_on_paper import choices, files_of, numbered

SAMPLE = Path(__file__).parents[3] / "demo/assessments/cp-debut"
PACKAGE = open_package(SAMPLE)
MARKING = {"fr-l-01": {"B": 1.0, "*": 0.0, "": 0.0}}
KIT = kit_of(PACKAGE, MARKING)
EXERCISES = [exercise for sequence in KIT.sequences for exercise in sequence.exercises]


@cache
def sample() -> Papers:
    return typeset(PACKAGE, KIT)


def text_of(pdf: bytes) -> str:
    """The words of a PDF, without blanks: where lines end is the page's affair."""
    pages = PdfReader(BytesIO(pdf)).pages
    return squeezed(" ".join(page.extract_text() for page in pages))


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00a0\u200b]+", "", text)


def pupil_of(contents: dict[str, bytes]) -> bytes:
    package = package_from(contents)
    return typeset(package, kit_of(package)).files["eleve.pdf"]


def proctor_sentences() -> list[str]:
    blocks = [
        block.content
        for section in PACKAGE.assessment.elements()
        if isinstance(section, Section)
        for block in section.rubrics
        if "proctor" in block.views
    ]
    blocks += [
        block.content
        for item in PACKAGE.items.values()
        for block in item.rubrics
        if "proctor" in block.views
    ]
    said = [node for block in blocks for node in etree.fromstring(block).iter("{*}blockquote")]
    return ["".join(str(part) for part in node.itertext()) for node in said]


def test_every_exercise_stands_on_pages_that_are_there_and_small() -> None:
    papers = sample()
    assert list(papers.pages) == [exercise.id for exercise in EXERCISES]
    for names in papers.pages.values():
        assert names
        for name in names:
            head = papers.files[name][16:24]
            width, height = struct.unpack(">II", head)
            assert 880 <= width <= 920
            assert height > width
            assert len(papers.files[name]) < 120_000


def test_papers_are_those_that_the_files_hold() -> None:
    papers = sample()
    assert [paper.kind for paper in papers.papers] == ["pupil", "pupil-large", "teacher"]
    assert {paper.file for paper in papers.papers} == {
        name for name in papers.files if name.endswith(".pdf")
    }


def test_equal_packages_give_equal_bytes() -> None:
    contents = files_of({"a": choices(A="m", B="n")}, {"b": numbered()})
    once, again = (typeset(p, kit_of(p)) for p in (package_from(contents),) * 2)
    assert once == again


def test_the_large_booklet_is_an_a3_with_the_same_pages() -> None:
    usual, large = (PdfReader(BytesIO(sample().files[n])) for n in ("eleve.pdf", "eleve-grand.pdf"))
    assert [squeezed(page.extract_text()) for page in usual.pages] == [
        squeezed(page.extract_text()) for page in large.pages
    ]
    width, height = (round(float(side) / 72 * 25.4) for side in large.pages[1].mediabox[2:])
    assert (width, height) == (297, 420)


def test_the_teacher_finds_every_sentence_word_for_word_and_the_pages_by_their_pictures() -> None:
    told = text_of(sample().files["enseignant.pdf"])
    sentences = proctor_sentences()
    assert len(sentences) > 90
    assert [each for each in sentences if squeezed(each) not in told] == []
    n_pages = len(PdfReader(BytesIO(sample().files["eleve.pdf"])).pages)
    for mark in MARKS[: n_pages - 1]:
        assert squeezed(mark.label) in told


def test_no_pupil_is_told_what_is_for_adults_only() -> None:
    """Nor the codes of a written answer, nor « Juste » and « Faux » of what an adult judges."""
    shown = text_of(sample().files["eleve.pdf"])
    assert [each for each in proctor_sentences() if squeezed(each) in shown] == []
    for secret in ("Juste", "Faux", "Réponse attendue", "Tout est juste", "Dernier mot"):
        assert squeezed(secret) not in shown


def test_the_cover_asks_for_the_order_number_and_for_no_name() -> None:
    cover = PdfReader(BytesIO(sample().files["eleve.pdf"])).pages[0].extract_text()
    assert "Numéro d’ordre" in cover
    assert "pasdenom" in squeezed(cover)
    assert not re.search(r"Prénom|Nom\s*:|Classe", text_of(sample().files["eleve.pdf"]))


def test_what_is_expected_stands_in_the_teachers_booklet_only() -> None:
    contents = files_of({"a": choices(A="tulipe", B="jonquille")})
    package = package_from(contents)
    marking = {"a": {"A": 0.0, "B": 1.0, "*": 0.0, "": 0.0}}
    papers = typeset(package, kit_of(package, marking))
    teacher, pupil = (text_of(papers.files[name]) for name in ("enseignant.pdf", "eleve.pdf"))
    assert "jonquille" in teacher
    assert "tulipe" not in teacher
    assert "tulipejonquille" in pupil


def test_long_exercises_are_shared_out_evenly_and_short_ones_share_a_page() -> None:
    items = {f"i{n:02}": choices(*[("x" * 30)] * 6) for n in range(14)}
    package = package_from(files_of(items, {"b": numbered()}, {"c": numbered()}))
    pages = typeset(package, kit_of(package)).pages
    assert len(pages["e0"]) > 1
    assert pages["e1"] == pages["e2"]


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg' width='0' height='0'/>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><path d='nonsense'",
    ],
    ids=["missing", "with a program", "of no size", "cut"],
)
def test_a_picture_that_cannot_be_shown_leaves_its_words(content: bytes | None) -> None:
    contents = files_of({"a": choices(A='<img src="m.svg" alt="un hérisson"/>', B="n")})
    if content is not None:
        contents["m.svg"] = content
    assert "unhérisson" in text_of(pupil_of(contents))


def test_without_the_typesetter_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(NotInstalled) as refused:
        typeset(PACKAGE, KIT)
    assert "encrier-qti[paper]" in str(refused.value)


def test_papers_do_not_show_the_key_when_they_are_printed_in_a_log() -> None:
    assert "enseignant.pdf" in repr(sample())
    assert len(repr(sample())) < 2_000
