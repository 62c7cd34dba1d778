# SPDX-License-Identifier: AGPL-3.0-or-later
"""Says in the language of the page what rosters wrote of a file in French.

Rosters are pure and give filled sentences, which also stand sealed in the database: what a
sentence was filled with is read back from it. Knows no file and no pupil: facts are line numbers,
counts, dates, levels.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from django.utils.translation import gettext

from encrier_names.rosters.defects import KINDS, SOURCES

# What facts themselves are written with, and the sentences of whole files that have facts.
PARTS: Final = (
    "Un élève n’est pas",
    "Un élève",
    "{n} élèves ne sont pas",
    "{n} élèves",
    "est",
    "sont",
    "a",
    "ont",
    "{n} cases",
    "une case",
    "{n} case",
    ", ligne {lines}",
    ", lignes {lines}",
    ", bien que son nom finisse par « {promised} »",
    "C’est un PDF{named}.",
    "Ce n’est pas un texte{named}.",
    "Ce fichier XML est coupé ou abîmé.",
    "Ce fichier XML est coupé ou abîmé à la ligne {line}.",
    "Un fichier de cette archive est abîmé à la ligne {line}.",
    "Ce fichier est celui de l’établissement {uai}, pas de {expected}.",
    "Refaites l’export dans SIECLE, depuis l’établissement {expected}.",
    "Cette archive ne contient pas l’établissement {expected}.",
    "L’établissement {uai} revient après un autre.",
)
_SHAPES: Final = {"be": "est|sont", "have": "a|ont"}  # of a fact beside another
_AS_WRITTEN: Final = {"column", "levels", "date", "line", "other", "uai", "expected", "promised"}


def again(text: str) -> str:
    """Give the sentence in the language of the page; as it is where it is none of ours."""
    there = gettext(text) if text else ""
    if not text or there != text:
        return there
    for french, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found:
            facts = found.groupdict()
            filled = {k: v if k in _AS_WRITTEN else again(v) for k, v in facts.items()}
            return gettext(french).format_map(filled)
    return text


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each sentence with facts; those that say most before « {who} … », which fits more."""
    filled = sorted({one for one in _sentences() if "{" in one}, key=_said, reverse=True)
    return tuple((one, re.compile(_pattern(one), re.DOTALL)) for one in filled)


def _sentences() -> Iterator[str]:
    for words in KINDS.values():
        yield from (words.sentence, words.advice)
    yield from SOURCES.values()
    yield from PARTS


def _said(french: str) -> int:
    return len(re.sub(r"\{\w+\}", "", french))


def _pattern(french: str) -> str:
    parts = re.split(r"\{(\w+)\}", french)
    seen: set[str] = set()
    pattern = ""
    for place, part in enumerate(parts):
        if place % 2 == 0:
            pattern += re.escape(part)
        elif part in seen:
            pattern += f"(?P={part})"
        else:
            seen.add(part)
            pattern += f"(?P<{part}>{_SHAPES.get(part, '.*?')})"
    return pattern
