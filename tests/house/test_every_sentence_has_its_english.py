# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every sentence of the names zone is said in English too, and says the same things.

`python tools/words.py` finds new sentences and adds them to the catalogue, without English.
"""

import ast
import re
from collections.abc import Collection
from typing import Final

import pytest

import words
from sentences import NotASentence, every, in_python, in_template

PLACES: Final = re.compile(r"%\(\w+\)[sd]|\{\w+\}|<[^>]+>")
ENGLISH: Final = words.read("en")
SAID: Final = [message for message in ENGLISH if message.id]


def texts_of(said: Collection[str] | None) -> tuple[str, ...]:
    """A sentence, or both of its numbers."""
    return (said,) if isinstance(said, str) else tuple(said or ())


def test_every_sentence_has_its_english() -> None:
    assert words.lacking(ENGLISH, every()) == []


def test_each_english_has_the_places_of_its_french() -> None:
    """A name left out, or one that is not given, would be seen when the page is shown."""
    wrong = []
    for message in SAID:
        french = texts_of(message.id)
        may_lack = {"%(n)s", "{n}"} if len(french) > 1 else set()  # one may be said as « un »
        wanted = set(PLACES.findall(french[-1]))
        wrong += [
            (french[-1], one)
            for one in texts_of(message.string)
            if one and (wanted ^ set(PLACES.findall(one))) - may_lack
        ]
    assert wrong == []


def pairs() -> list[tuple[str, str]]:
    """Each French and its English; of a plural, the last of each."""
    return [(texts_of(m.id)[-1], texts_of(m.string)[-1]) for m in SAID if m.string]


def test_percent_signs_are_doubled_alike() -> None:
    doubled = [(f.count("%%"), e.count("%%"), f) for f, e in pairs()]
    assert [f for n_french, n_english, f in doubled if n_french != n_english] == []


def test_english_has_the_quotes_and_spaces_of_english() -> None:
    """No space before a colon, no guillemets, no straight apostrophe."""
    assert [e for _f, e in pairs() if re.search(r"[\u00a0\u202f ][:;?!]|[«»']", e)] == []


def test_what_is_put_together_at_run_time_is_refused() -> None:
    source = 'from django.utils.translation import gettext as _\n_(f"Bonjour {name}")\n'
    with pytest.raises(NotASentence, match=re.escape("here.py:2")):
        list(in_python(ast.parse(source), "here.py"))


def test_a_template_is_read_as_django_reads_it() -> None:
    source = (
        '{% translate "À 100 %" %}{% include "x" with name=_("Bonjour") %}'
        "{% blocktranslate count n=a|length with b=c %}{{ n }} à {{ b }}"
        "{% plural %}{{ n }} aux {{ b }}{% endblocktranslate %}"
    )
    found = {(one.text, one.plural) for one in in_template(source, "x.html")}
    assert found == {
        ("À 100 %%", None),
        ("Bonjour", None),
        ("%(n)s à %(b)s", "%(n)s aux %(b)s"),
    }
