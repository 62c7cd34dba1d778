# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `check` tells an author to do: about this defect, not about defects in general."""

import pytest

from encrier_qti.checks.finding import Finding
from encrier_qti.words import say


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
