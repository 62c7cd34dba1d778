# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the page is told of points and groups is what the engine says today."""

import json
from pathlib import Path

import pytest

from encrier.records import from_bytes, to_bytes
from encrier.sheets import AnswerSheet
from encrier_qti.keying.kit import Kit
from encrier_qti.keying.marking import points_of
from stagecraft.keyed_vectors import KIT, sheet_of, vectors

WRITTEN = json.loads((Path(__file__).parents[2] / "vectors/marking.json").read_text("utf-8"))


def test_the_vectors_are_those_that_the_engine_makes_today() -> None:
    assert json.loads(json.dumps(vectors())) == WRITTEN, "run tests/vectors/make_marking.py"


def test_the_kit_of_the_vectors_is_one() -> None:
    assert from_bytes(json.dumps(WRITTEN["kit"]).encode(), Kit) == KIT


@pytest.mark.parametrize("case", WRITTEN["entries"], ids=lambda case: case["item"])
def test_the_table_of_the_kit_says_the_points_of_the_engine(case: dict[str, object]) -> None:
    entry, item = case["entry"], str(case["item"])
    assert isinstance(entry, dict)
    if case["points"] is not None:
        assert points_of(KIT.marking[item], entry["r"].get("RESPONSE", [])) == case["points"]


def test_the_vectors_show_every_case() -> None:
    entries, told = WRITTEN["entries"], [d for sheet in WRITTEN["sheets"] for d in sheet["domains"]]
    assert len(entries) >= 60
    assert {case["points"] for case in entries} == {None, 0.0, 0.5, 1.0}
    assert {one["group"] for one in told} == {None, "besoins", "fragile", "satisfaisant"}
    assert {one["open"] for one in told} == {True, False}
    assert {bool(one[of]) for one in told for of in ("awaited", "not_given")} == {True, False}


@pytest.mark.parametrize("sheet", WRITTEN["sheets"])
def test_the_sheets_of_the_vectors_are_answer_sheets(sheet: dict[str, dict[str, object]]) -> None:
    made = sheet_of(sheet["entries"])  # type: ignore[arg-type]
    assert from_bytes(to_bytes(made), AnswerSheet) == made
