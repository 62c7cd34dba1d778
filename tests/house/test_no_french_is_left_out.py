# SPDX-License-Identifier: AGPL-3.0-or-later
"""No French that a page shows stands outside of what is translated, in templates or in Python."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from django.template import Template
from django.template.base import TextNode

from sentences import PACKAGE, TEMPLATES, engine, every, modules

OUR_NAME: Final = {"encrier", "English", "Français", "min"}  # languages in their own words; a unit
WORD: Final = re.compile(r"[^\W\d_]{2,}")
READ: Final = re.compile(r'\b(?:aria-label|title|alt|placeholder|value)="([^"]*)"')
FRENCH: Final = re.compile(r"[àâçéèêëîïôùûüœÀÂÇÉÈÊËÎÏÔÙÛŒ\u00a0\u202f]|\b[cdjlns]’", re.IGNORECASE)
# What is written in French on purpose and is on no page, or is no sentence.
ELSEWHERE: Final = {
    "codesheets": "on paper, which is French",
    "documents": "on paper, which is French, or in the language of a letter",
    "restitution/pupil_sheet.py": "on paper, which is French",
    "imports/template.py": "a file to fill in, with the columns that rosters read",
    "rosters": "said by kind: test_rosters_are_said_in_english",
    "schools/directory.py": "columns of the ministry's file",
    "typesetting": "on paper",
    "commands": "for operators",
    "cli.py": "for operators",
    "shredder": "for operators",
    "rooms/papers/agenda.py": "a calendar file, French like paper",
}


def texts_of(source: str) -> Iterator[str]:
    """The words that a template shows as they are written."""
    template = Template(source, engine=engine())
    nodes = template.nodelist.get_nodes_by_type(TextNode)
    whole = "".join(node.s for node in nodes if isinstance(node, TextNode))
    for attribute in READ.findall(whole):
        yield from WORD.findall(attribute) if " " in attribute else ()
    without_tags = re.sub(r"<[^>]*>?|[^<]*>", " ", whole)
    yield from WORD.findall(without_tags)


@pytest.mark.parametrize("file", sorted(TEMPLATES.rglob("*.html")), ids=lambda file: file.name)
def test_a_template_writes_no_word_that_is_not_translated(file: Path) -> None:
    assert set(texts_of(file.read_text(encoding="utf-8"))) - OUR_NAME == set()


def test_a_word_that_is_not_translated_is_found() -> None:
    assert list(texts_of('<p class="a">Bonjour {{ name }}</p><a title="Le menu">x</a>')) == [
        "Le",
        "menu",
        "Bonjour",
    ]


def _left_out(file: Path) -> list[str]:
    said = {part for one in every() for part in (one.text, one.plural) if part}
    tree = ast.parse(file.read_text(encoding="utf-8"))
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if id(node) not in documents and node.value not in said | OUR_NAME
        if FRENCH.search(node.value) and WORD.search(node.value)
    ]


def test_python_writes_no_french_that_is_not_translated() -> None:
    found = {}
    for file in modules():
        place = file.relative_to(PACKAGE).as_posix()
        if place not in ELSEWHERE and place.partition("/")[0] not in ELSEWHERE:
            found[place] = _left_out(file)
    assert {place: texts for place, texts in found.items() if texts} == {}
