# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every page × every role, in English: not a word of French is left.

What stays French says so (`lang="fr"`): names of assessments, what the host of the words wrote.
"""

import re
from functools import cache
from html.parser import HTMLParser
from typing import Any, Final

import pytest
from django.template import engines
from django.utils.translation import override
from unit.names import test_names_rights as rights

from sentences import every

ENGLISH: Final = {"headers": {"accept-language": "en"}}
# Words that no English sentence has, and letters that only names have.
FRENCH: Final = re.compile(
    r"\b(le|la|les|un|une|des|du|de|et|ou|à|au|aux|en|pas|ne|est|sont|votre|vos|cette|ce|élèves?|"
    r"dans|pour|sur|avec|sans|qui|que)\b|[«»]|\b[cdjlnqs]’",
    re.IGNORECASE,
)
VOID: Final = {"meta", "link", "img", "input", "br", "hr", "wbr", "source", "col"}
READ: Final = ("aria-label", "title", "alt", "placeholder")
NAMES: Final = ("Collège 9990001X", "Collège 9990002Y", "le.")  # of the fixture


@cache
def _ours() -> frozenset[str]:
    """The sentences of more than a word: a word may be the same in both languages."""
    return frozenset(" ".join(one.text.split()) for one in every() if " " in one.text)


class _Reader(HTMLParser):
    """What a page says in its own language: text and what is read aloud, but for `lang="fr"`."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_french = given.get("lang") == "fr" or tag in {"style", "script"}
        if not self._is_french and not is_french:
            self.said += [given[name] or "" for name in READ if given.get(name)]
        if tag not in VOID:
            self._open.append((tag, is_french))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, text: str) -> None:
        if not self._is_french and text.strip():
            self.said.append(" ".join(text.split()))

    @property
    def _is_french(self) -> bool:
        return any(french for _tag, french in self._open)


def read(page: str) -> list[str]:
    reader = _Reader()
    reader.feed(page)
    return reader.said


def french_in(page: str) -> list[str]:
    """What a page says that is French: a word, or a whole sentence of ours."""
    found = []
    for text in read(page):
        bare = text
        for name in NAMES:
            bare = bare.replace(name, "")
        if FRENCH.search(bare) or text in _ours():
            found.append(text)
    return found


def test_each_page_of_each_role_is_in_english(names: Any) -> None:
    places, people = rights.staged(names)
    found = {
        (page, who): french_in(answer.content.decode())
        for page, (method, address, statuses) in rights.MATRIX.items()
        for who in (*statuses, "nobody")
        if (answer := people[who]().generic(method, address.format(**places), **ENGLISH))
        and answer["content-type"].startswith("text/html")
    }
    assert len(found) > len(rights.MATRIX)
    assert {where: said for where, said in found.items() if said} == {}


@pytest.mark.parametrize("page", ["400.html", "403_csrf.html", "404.html", "405.html", "500.html"])
def test_each_page_of_a_fault_is_in_english(names: Any, page: str) -> None:
    with override("en"):
        assert french_in(engines["django"].get_template(page).render()) == []


def test_french_is_found_where_it_is_left() -> None:
    page = '<p>Hello</p><p lang="fr">la liste</p><input aria-label="Votre nom"><p>La liste<br></p>'
    assert french_in(page) == ["Votre nom", "La liste"]
