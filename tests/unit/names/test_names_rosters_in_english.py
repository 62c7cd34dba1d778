# SPDX-License-Identifier: AGPL-3.0-or-later
"""What rosters say of a file, in French and filled, is said again in English."""

import re
from itertools import product
from typing import Any

import pytest
from django.utils.translation import override
from unit.names.test_names_english import FRENCH

from encrier_names.language.words import words
from encrier_names.rosters.defects import KINDS, SOURCES, defect
from encrier_names.rosters.whole_list import where

FACTS: dict[str, int | str] = {
    "other": 12,
    "n": "9 cases",
    "width": "8",
    "days": 40,
    "levels": "6e\u00a0: 2",
    "date": "08/09/2026",
    "column": "INE",
}
SEVERAL = {"who": "3 élèves", "be": "sont", "have": "ont", "where": where([3, 7])}
ONE = {"who": "Un élève", "be": "est", "have": "a", "where": where([3])}


def test_each_defect_is_said_in_english(names: Any) -> None:
    left = []
    for kind, who, source in product(KINDS, (ONE, SEVERAL), SOURCES.values()):
        filled = {**FACTS, **who, "source": source}
        if kind == "outside":
            filled["who"] = "Un élève n’est pas" if who is ONE else "3 élèves ne sont pas"
        found = defect(kind, line=3, **filled)  # type: ignore[arg-type] # facts only
        for french in (found.sentence, found.advice):
            with override("en"):
                english = words(french)
            if FRENCH.search(re.sub("“.*?”", "", english)) or "{" in english:
                left.append(english)
            with override("fr"):
                assert words(french) == french
    assert sorted(set(left)) == []


@pytest.mark.parametrize(
    ("french", "english"),
    [
        (
            "Ce fichier est celui de l’établissement 9990001X, pas de 9990002Y.",
            "This file is that of school 9990001X, not of 9990002Y.",
        ),
        (
            "C’est un PDF, bien que son nom finisse par « .csv ».",
            "This is a PDF, although its name ends in “.csv”.",
        ),
        ("C’est un PDF.", "This is a PDF."),
        ("Ligne 3\u00a0: le prénom de Zoé.", "Ligne 3\u00a0: le prénom de Zoé."),
    ],
)
def test_why_a_file_is_refused_is_said_in_english(names: Any, french: str, english: str) -> None:
    with override("en"):
        assert words(french) == english
