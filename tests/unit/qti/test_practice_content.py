# SPDX-License-Identifier: AGPL-3.0-or-later
"""The practice test meets each kind of question once, and says how to answer with the keyboard."""

import re
from pathlib import Path

from encrier_qti.compile import compile_package
from encrier_qti.lint import lint
from encrier_qti.package import open_package

PACKAGE = Path(__file__).resolve().parents[3] / "demo/assessments/entrainement"
# All but the button that ends an attempt, files, films with counted plays, foreign programs.
TAUGHT = {
    "associate", "choice", "drawing", "extended-text", "gap-match", "graphic-associate",
    "graphic-gap-match", "graphic-order", "hotspot", "hottext", "inline-choice", "match", "order",
    "position-object", "select-point", "slider", "text-entry",
}  # fmt: skip
MAY_MEET_AGAIN = {"choice"}  # one answer, several answers, and the one of the sound


def test_it_has_no_error_and_no_key() -> None:
    package = open_package(PACKAGE)
    assert [f for f in lint(package) if f.severity == "error"] == []
    sources = [file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.xml")]
    assert not any("qti-correct-response" in source for source in sources)


def test_each_kind_of_question_is_met_and_taught() -> None:
    items = compile_package(open_package(PACKAGE)).bundle.index.items.values()
    met = [kind for item in items for kind in item.interactions]
    assert set(met) == TAUGHT
    assert {kind for kind in met if met.count(kind) > 1} <= MAY_MEET_AGAIN


def test_each_question_says_how_to_answer_with_the_keyboard() -> None:
    for file in sorted((PACKAGE / "items").glob("*.xml")):
        text = file.read_text(encoding="utf-8")
        assert re.search(r"Au clavier|touche", text), file.name


def test_its_french_is_well_set() -> None:
    for file in [PACKAGE / "assessment.xml", *sorted((PACKAGE / "items").glob("*.xml"))]:
        words = " ".join(re.findall(r">([^<]+)<", file.read_text(encoding="utf-8")))
        assert not re.search(r"[ \w][?!:;]|'|\"|\.\.\.", words), file.name
