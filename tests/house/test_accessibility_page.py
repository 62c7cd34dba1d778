# SPDX-License-Identifier: AGPL-3.0-or-later
"""Both pages on accessibility have every criterion of RGAA 4.1 once; the tests named exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
THEMES = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)  # criteria in each of the thirteen themes
N_PAGES = 8

pytestmark = pytest.mark.parametrize("page", ["accessibility", "accessibility-names"])


def text_of(page: str) -> str:
    return (ROOT / f"docs/{page}.md").read_text(encoding="utf-8")


def rows(page: str) -> list[list[str]]:
    lines = re.findall(r"^\| \d+\.\d+ \|.*$", text_of(page), re.MULTILINE)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_criterion_is_there_once_and_in_order(page: str) -> None:
    asked = [f"{theme}.{n}" for theme, most in enumerate(THEMES, 1) for n in range(1, most + 1)]
    assert [row[0] for row in rows(page)] == asked
    assert len(asked) == 106


def test_every_page_has_a_result_for_each_criterion(page: str) -> None:
    for row in rows(page):
        assert len(row) == N_PAGES + 3
        assert set(row[2 : 2 + N_PAGES]) <= {"C", "**N**", "–"}, row[0]


def test_what_does_not_conform_is_said_among_the_departures(page: str) -> None:
    departures = text_of(page).partition("## Departures")[2]
    found = rows(page)
    assert [r[0] for r in found if "**N**" in r and f"- {r[0]}:" not in departures] == []


def test_the_tests_that_the_page_names_exist(page: str) -> None:
    sources = "".join(
        file.read_text(encoding="utf-8")
        for folder in ("tests", "player/test")
        for file in (ROOT / folder).rglob("*.*")
        if file.suffix in {".py", ".js"}
    )
    named = set(re.findall(r"`(test_\w+)`", text_of(page)))
    assert len(named) > 2
    assert [name for name in named if f"def {name}(" not in sources] == []
