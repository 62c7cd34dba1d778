# SPDX-License-Identifier: AGPL-3.0-or-later
"""docs/accessibility.md has every criterion of RGAA 4.1 once, and the tests it names exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/accessibility.md").read_text(encoding="utf-8")
THEMES = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)  # criteria in each of the thirteen themes
N_PAGES = 8


def rows() -> list[list[str]]:
    lines = re.findall(r"^\| \d+\.\d+ \|.*$", PAGE, re.MULTILINE)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_criterion_is_there_once_and_in_order() -> None:
    asked = [f"{theme}.{n}" for theme, most in enumerate(THEMES, 1) for n in range(1, most + 1)]
    assert [row[0] for row in rows()] == asked
    assert len(asked) == 106


def test_every_page_has_a_result_for_each_criterion() -> None:
    for row in rows():
        assert len(row) == N_PAGES + 3
        assert set(row[2 : 2 + N_PAGES]) <= {"C", "**N**", "–"}, row[0]


def test_what_does_not_conform_is_said_among_the_departures() -> None:
    departures = PAGE.partition("## Departures")[2]
    missing = [row[0] for row in rows() if "**N**" in row and f"- {row[0]}:" not in departures]
    assert missing == []


def test_the_tests_that_the_page_names_exist() -> None:
    sources = "".join(
        file.read_text(encoding="utf-8")
        for folder in ("tests", "player/test")
        for file in (ROOT / folder).rglob("*.*")
        if file.suffix in {".py", ".js"}
    )
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) > 8
    assert [name for name in named if f"def {name}(" not in sources] == []
