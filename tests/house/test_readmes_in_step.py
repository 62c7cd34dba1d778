# SPDX-License-Identifier: AGPL-3.0-or-later
"""README.md and LISEZMOI.md say the same: sections, tables, what is typed, figures and links.

Reads the two pages only; whether what they say is true is for the other tests.
"""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENGLISH = (ROOT / "README.md").read_text(encoding="utf-8")
FRENCH = (ROOT / "LISEZMOI.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def prose(page: str) -> str:
    return re.sub(r"\]\([^)]*\)", "]", BLOCK.sub("", page))


def shape(page: str) -> list[str]:
    """Of each line what it is: a heading and its depth, a row and its cells, a sentence."""
    lines = BLOCK.sub("```", page).splitlines()
    marks = (re.match(r"#+ |\||```|$", line) for line in lines)
    return [
        f"{mark[0]}{line.count('|')}" if mark else "sentence"
        for mark, line in zip(marks, lines, strict=True)
    ]


def test_the_two_pages_have_the_same_sections_tables_and_sentences() -> None:
    assert shape(ENGLISH) == shape(FRENCH)


def test_the_two_pages_show_the_same_commands_and_what_they_print() -> None:
    assert BLOCK.findall(ENGLISH) == BLOCK.findall(FRENCH) != []


def test_the_two_pages_give_the_same_figures() -> None:
    figures = [Counter(re.findall(r"\d+(?:[.,]\d+)*", prose(page))) for page in (ENGLISH, FRENCH)]
    assert figures[0] == figures[1]
    assert figures[0]["37"] == 1


def test_the_two_pages_lead_to_the_same_places() -> None:
    there, ici = (re.findall(r"\]\(([^)]+)\)", page) for page in (ENGLISH, FRENCH))
    assert [link for link in there if link != "LISEZMOI.md"] == [
        link for link in ici if link != "README.md"
    ]
    assert "LISEZMOI.md" in there
    assert "README.md" in ici


def test_the_french_page_is_typeset_as_french() -> None:
    text = re.sub(r"`[^`]*`|https?:\S+|^\|[-:|]+$", "", prose(FRENCH), flags=re.MULTILINE)
    assert re.findall(r"[^\u00a0\u202f][:;!?»](?=\s|$)|«[^\u00a0\u202f]|\w'\w", text) == []
