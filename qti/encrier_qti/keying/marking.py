# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each thing that can be keyed of an item is worth: a table that the engine itself fills.

docs/spec/keying.md, "Kit": every answer that the page can key is scored, once,
by the program that scores the campaign, so that the points a teacher sees at
once are the official ones. An item whose points depend on more than what is
keyed, or that can be answered in too many ways, has no table. Knows keys;
never knows a pupil.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, combinations
from math import comb
from typing import Final

from encrier_qti.checks.reach import UNNAMED, typed_to_try
from encrier_qti.delivery.routes.points import depends_on_more
from encrier_qti.keying.mask import DIGITS, Field
from encrier_qti.model import Item
from encrier_qti.scoring import SCORE, Program
from encrier_qti.values import BadForm, BaseType, parse

Table = Mapping[str, float]

REST: Final = "*"  # anything that the table does not name
NOTHING: Final = ""
_MOST_KEYS: Final = 4_096  # to one item: any of 12 choices
_MOST_DIGITS: Final = 3  # of numbers that are all tried


def table_of(item: Item, program: Program, field: Field) -> Table | None:
    """Give the points of an item by what is keyed, or None where only the opening can tell.

    `program`: of the same item. REST has the points of what is not named: where all
    answers are tried, the most frequent ones.
    """
    keyed = _keyed(item, field) if _is_told(item, program, field) else None
    if keyed is None:
        return None
    worth = {key_of(values): program.total({field.response: values}) for values in keyed}
    counted = Counter(worth.values())
    frequent = max(counted, key=lambda points: (counted[points], -points))
    rest = worth.pop(UNNAMED, frequent)
    named = {key: points for key, points in sorted(worth.items()) if points != rest}
    return {**named, REST: rest, NOTHING: program.total({})}


def points_of(table: Table, values: Sequence[str]) -> float:
    """Look up what these values are worth: none, identifiers in any order, or a number."""
    return table.get(key_of(values), table[REST])


def key_of(values: Sequence[str]) -> str:
    """Give the name of an answer in a table."""
    return " ".join(sorted(values))


def _is_told(item: Item, program: Program, field: Field) -> bool:
    """Whether its points depend on the keyed response alone, and on no person or machine after."""
    score = item.outcomes.get(SCORE)
    if item.adaptive or item.templates or (score is not None and score.scored_by):
        return False
    seen = program.seen()
    return seen is not None and seen.keys() <= {field.response} and not depends_on_more(item)


def _keyed(item: Item, field: Field) -> Iterable[list[str]] | None:
    """Every answer that can be keyed, or enough of them to know all; None: too many."""
    if field.mask in {"number", "time", "fluency"}:
        return _numbers(item, field)
    names = [each.id for each in field.choices or field.words]
    sizes = range(1, min(field.most or len(names), len(names)) + 1)
    if sum(comb(len(names), size) for size in sizes) > _MOST_KEYS:
        return None
    taken = chain.from_iterable(combinations(names, size) for size in sizes)
    return (list(each) for each in taken)


def _numbers(item: Item, field: Field) -> Iterable[list[str]] | None:
    """All numbers of few digits; of more, those that the item names, last one that it does not."""
    digits = field.digits or DIGITS
    if digits <= _MOST_DIGITS:
        return ([str(number)] for number in range(10**digits))
    texts = typed_to_try(item, item.responses[field.response])
    named = {number for number in map(_whole, texts) if number is not None}
    return [[str(number)] for number in sorted(named)] if named else None


def _whole(text: str) -> int | None:
    """The number in a text as the engine reads it: an item may write 012, or a name elsewhere."""
    try:
        number = parse(BaseType.INTEGER, text)
    except BadForm:
        return None
    return number if isinstance(number, int) else None
