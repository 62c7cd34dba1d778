# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sentences for authors: written in French, told in French or in English.

The French template is the key, as in gettext; `english.py` holds the other
language. A sentence never holds what is written in an item: it may be a key.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from encrier_qti.english import ENGLISH

Language = Literal["fr", "en"]


class Words(msgspec.Struct, frozen=True):
    """A sentence with its blanks filled; `str()` of it is French."""

    template: str
    named: Mapping[str, str | int]

    def told(self, language: Language) -> str:
        """Give the sentence; one that has no English yet is told in French."""
        template = self.template if language == "fr" else ENGLISH.get(self.template, self.template)
        return template.format_map(self.named) if self.named else template

    def __str__(self) -> str:
        return self.told("fr")


def say(template: str, **named: str | int) -> Words:
    """Fill the blanks of a French template: `say("l’item {item} manque.", item="a")`."""
    return Words(template, named)


def place(file: str, line: int, element: str, language: Language = "fr") -> str:
    """Give "items/a.xml, ligne 12 : qti-sum : ", or as much of it as is known."""
    before = "" if language == "en" else "\u00a0"
    told = f"{element}{before}: " if element else ""
    if not file:
        return told
    word = "line" if language == "en" else "ligne"
    where = f"{file}, {word} {line}" if line else file
    return f"{where}{before}: {told}"
