# SPDX-License-Identifier: AGPL-3.0-or-later
"""A sentence in French that can be said again in another language. Pure, and needs no Django.

What decides makes sentences without knowing who will read them: they are French text wherever
text is wanted (a log, a file, a test), and a page puts them in its own language with `words`.

    said("Ligne %(line)s\u00a0: le sexe n’est pas indiqué.", line=3)
    counted("%(n)s élève", "%(n)s élèves", 12)

A value may itself be such a sentence, or a tuple of them, which commas then separate.
"""

from collections.abc import Mapping
from typing import Self


class Said(str):
    """French text that remembers what it was made of."""

    __slots__ = ("n", "plural", "sentence", "values")
    n: int
    plural: str | None
    sentence: str
    values: Mapping[str, object]

    @classmethod
    def of(
        cls, sentence: str, values: Mapping[str, object], *, plural: str | None = None, n: int = 1
    ) -> Self:
        """Fill a sentence, or its plural where `n` asks for it; French counts 0 and 1 alike."""
        chosen = sentence if plural is None or n < 2 else plural  # noqa: PLR2004 it begins at two
        filled = {name: _joined(value) for name, value in values.items()}
        made = cls(chosen % filled)
        made.sentence, made.plural, made.n, made.values = sentence, plural, n, values
        return made


def said(sentence: str, **values: object) -> Said:
    """Fill a sentence: `%(name)s` gives the value of that name, `%%` a percent sign."""
    return Said.of(sentence, values)


def counted(one: str, many: str, n: int, **values: object) -> Said:
    """Fill the sentence for one or for many; `%(n)s` is how many."""
    return Said.of(one, {"n": n, **values}, plural=many, n=n)


def _joined(value: object) -> str:
    return ", ".join(map(_joined, value)) if isinstance(value, tuple) else str(value)
