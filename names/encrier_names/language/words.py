# SPDX-License-Identifier: AGPL-3.0-or-later
"""Puts in the language of the page what was written in French elsewhere. Knows no page.

What decides (phases, fixes, errors, rosters) holds French sentences as plain text, marked by
`gettext_noop` or by where they stand; a template puts them in words: `{{ phase.name|words }}`.
"""

from collections.abc import Mapping
from typing import Final

from django.template import Library
from django.utils.translation import gettext

register: Final = Library()


@register.filter
def words(sentence: object, said: Mapping[str, object] | None = None) -> str:
    """Give a sentence of ours in the language of the page, filled with what it says.

    What is no sentence of ours comes back as it is.
    """
    text = str(sentence)
    there = gettext(text) if text else ""
    return there % said if said else there
