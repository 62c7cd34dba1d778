# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `check` tells an author to do: about this defect, not about defects in general."""

from pathlib import Path

import pytest

from encrier_qti.checks.finding import Finding
from encrier_qti.errors import QtiError
from encrier_qti.lint import lint_contents
from encrier_qti.package import package_from
from encrier_qti.words import say

ITEM = Path(__file__).parents[3] / "demo/assessments/sixieme-debut/items/ma-n-01.xml"


def finding(kind: str) -> Finding:
    return Finding(kind=kind, severity="warning", file="a.xml", line=3, what=say("le fichier."))


@pytest.mark.parametrize(
    ("kind", "advice"),
    [
        ("no-maximum", "Give MAXSCORE a value, or SCORE a normal-maximum."),
        ("identifier-mismatch", "Results go by the name in the test: make sure"),
        ("duplicate-id", "Correct it in the authoring tool, then export again."),
    ],
)
def test_a_kind_of_finding_has_its_own_advice_or_the_general_one(kind: str, advice: str) -> None:
    assert finding(kind).told("en").startswith(f"a.xml, line 3: le fichier. {advice}")


def test_advice_that_a_finding_brings_itself_is_kept() -> None:
    own = Finding(
        kind="no-maximum", severity="error", file="", line=0, what=say("a."), next_step=say("b.")
    )
    assert own.told("fr") == "a. b."


def test_an_item_by_itself_lacks_no_reporting_file() -> None:
    written = ITEM.read_bytes()
    assert [each.kind for each in lint_contents({"a.xml": written})] == []
    two = {"a.xml": written, "b.xml": written}
    assert [each.kind for each in lint_contents(two)] == ["identifier-mismatch", "no-reporting"]


@pytest.mark.parametrize(
    "contents",
    [
        {"a.png": b"\x89PNG"},
        {"a.txt": b"a", "b.xml": b"<notes/>"},
        {"a.xml": b"<qti-assessment-stimulus/>"},
    ],
)
def test_a_package_of_no_item_is_told_so_by_every_way_in(contents: dict[str, bytes]) -> None:
    (found,) = lint_contents(contents)
    assert found.told("en").startswith("this package has neither a test nor an item. Name a")
    with pytest.raises(QtiError, match="ni test ni item"):
        package_from(contents)


def test_a_style_sheet_that_is_left_out_is_told() -> None:
    written = ITEM.read_text("utf-8")
    style = '<qti-stylesheet href="a.css" type="text/css"/><qti-item-body'
    (found,) = lint_contents({"a.xml": written.replace("<qti-item-body", style, 1).encode()})
    assert (found.kind, found.severity, found.element) == ("ignored", "warning", "qti-stylesheet")
