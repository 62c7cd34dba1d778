# SPDX-License-Identifier: AGPL-3.0-or-later
"""docs/conformance.md says what the engine does, no more and no less.

The page is written by tools/conformance.py; what would make it lie is tested here.
"""

import ast
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import conformance
import encrier_qti
from conformance_code import probed
from conformance_figures import measure
from encrier_qti.delivery import allowed
from encrier_qti.expressions.registry import EXPRESSIONS
from encrier_qti.rules.registry import RULES

ROOT = Path(__file__).resolve().parents[3]
ENGINE = Path(encrier_qti.__file__).parent


FIGURES: dict[str, Any] = json.loads(conformance.FIGURES.read_text("utf-8"))
LISTED = tomllib.loads(conformance.LISTED.read_text("utf-8"))


def elements(kind: str) -> set[str]:
    groups = [group for group in LISTED["group"] if group["kind"] == kind]
    names = [name for g in groups for name in g.get("carried") or g["elements"].split()]
    return {conformance.element_of(name, kind) for name in names}


def test_the_page_is_what_the_command_writes() -> None:
    assert conformance.PAGE.read_text("utf-8") == conformance.page(FIGURES), (
        "run `make conformance`"
    )


@pytest.mark.skipif(
    not conformance.MATERIAL.exists(), reason="the shared test material is not here"
)
def test_the_figures_are_those_of_the_material() -> None:
    assert measure(conformance.MATERIAL) == FIGURES, "run `make conformance`"


def test_no_recorded_case_fails() -> None:
    assert {name: told["failed"] for name, told in FIGURES["cases"].items() if told["failed"]} == {}


def test_few_cases_are_explained_away() -> None:
    """Over all files: one file of 28 rules has two cases that one clause decides against."""
    told = FIGURES["cases"].values()
    n_explained = sum(each["explained"] for each in told)
    assert n_explained <= 0.02 * (sum(each["passed"] for each in told) + n_explained)


def test_the_page_gives_the_clause_of_each_difference() -> None:
    page = conformance.PAGE.read_text("utf-8")
    for reason, n in FIGURES["explained"].items():
        assert f"| {n} | {reason.replace(': ', ' | ', 1)} |" in page


def test_the_page_lists_all_that_the_engine_runs() -> None:
    assert set(EXPRESSIONS) <= elements("expression")
    assert set(RULES) <= elements("rule")


def test_the_page_lists_all_that_the_delivery_names() -> None:
    named = {*allowed.QTI, *allowed.DROPPED, *allowed.REFUSED, *allowed.KEYS}
    listed = elements("carried") | elements("interaction")
    assert {name for name in named if name.startswith("qti-")} <= listed


def test_a_note_is_about_an_element_of_the_page() -> None:
    listed = elements("carried") | elements("expression") | elements("rule")
    known = {name.removeprefix("qti-") for name in listed} | set(
        LISTED["group"][2]["elements"].split()
    )
    assert set(LISTED["notes"]) | set(LISTED["delivered"]) <= known


def test_an_interaction_that_the_reader_does_not_know_is_not_said_to_be_parsed() -> None:
    assert probed("choice")
    assert not probed("made up")


@pytest.mark.parametrize("folder", ["expressions", "rules"])
def test_each_element_has_a_file_that_cites_the_specification(folder: str) -> None:
    supported = EXPRESSIONS if folder == "expressions" else RULES
    for element in supported:
        stem = element.removeprefix("qti-").replace("-", "_")
        found = [path for path in (ENGINE / folder).glob("*.py") if path.stem.rstrip("_") == stem]
        assert len(found) == 1, element
        said = ast.get_docstring(ast.parse(found[0].read_text("utf-8"))) or ""
        assert said.startswith(f"{element}:")
        assert re.search("QTI 3.0 ASI information\\s+model", said), element
        assert folder == "rules" or "NULL" in said
