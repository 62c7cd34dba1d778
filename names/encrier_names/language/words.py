# SPDX-License-Identifier: AGPL-3.0-or-later
"""Puts in the language of the page what was written in French elsewhere. Knows no page.

What decides (phases, fixes, errors, rosters) holds French sentences, marked by `gettext_noop`, by
`said` or by where they stand; a template puts them in words: `{{ phase.name|words }}`.
"""

from collections.abc import Mapping
from typing import Final

from django.template import Library
from django.utils.translation import gettext, ngettext

from encrier_names.language.again import again
from encrier_names.language.said import Said

register: Final = Library()


@register.filter
def words(sentence: object, filled_with: Mapping[str, object] | None = None) -> str:
    """Give a sentence of ours in the language of the page, filled with what it says.

    What is no sentence of ours comes back as it is.
    """
    if isinstance(sentence, Said):
        return _again(sentence)
    if isinstance(sentence, tuple):
        return ", ".join(map(words, sentence))
    there = again(str(sentence))
    return there % filled_with if filled_with else there


def _again(sentence: Said) -> str:
    one, many, n = sentence.sentence, sentence.plural, sentence.n
    there = gettext(one) if many is None else ngettext(one, many, n)
    return there % {name: _value(value) for name, value in sentence.values.items()}


def _value(value: object) -> str:
    """Only what is marked as ours is put in words: a name may look like a word of ours."""
    if isinstance(value, tuple):
        return ", ".join(map(_value, value))
    return _again(value) if isinstance(value, Said) else str(value)
