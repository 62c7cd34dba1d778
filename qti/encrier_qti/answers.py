# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading the answers of a pupil: from texts, as they travel, to values of declared types.

docs/spec/bundle.md, "Answers to one item". Answers are hostile input: whatever
is not of its form is refused by BadForm, whose text says why and never what.
Knows declarations, no key; never knows whose answers they are.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from encrier_qti.model import Declaration
from encrier_qti.records import read_record
from encrier_qti.values import (
    MAX_MEMBERS,
    MAX_TEXT,
    NUMERIC,
    BadForm,
    BaseType,
    Cardinality,
    Scalar,
    Value,
    composed,
    finite,
    parse,
)

Answers = Mapping[str, Sequence[str]]  # response identifier -> values, in lexical form
Read = Callable[[Sequence[str]], Value | None]

# What a pupil types for a number: a French comma, spaces between thousands, a real minus sign.
_TYPED: Final = str.maketrans({",": ".", "\u2212": "-", "\u00a0": None, "\u202f": None, " ": None})
# Most texts are already the value that they stand for; seeing it is quicker than reading them.
_PLAIN: Final = {
    BaseType.IDENTIFIER: re.compile(r"[A-Za-z0-9_.-]{1,256}").fullmatch,
    BaseType.STRING: re.compile(r"[!-~](?:[ -~]{0,1000}[!-~])?").fullmatch,
}
_KEPT: Final = 256  # answers to one response that are kept once read: a choice has a few
_KEPT_SIZE: Final = 64  # values and characters in an answer that is kept


def reader(declaration: Declaration) -> Read:
    """Give the function that reads answers to one response, and raises BadForm.

    Its words are "bad-form" and "too-many". NULL is None.
    """
    base, cardinality = declaration.base, declaration.cardinality
    if base is None:
        return _record
    most = 1 if cardinality is Cardinality.SINGLE else MAX_MEMBERS
    member, plain = _member_of(base), _PLAIN.get(base)

    def read(values: Sequence[str]) -> Value | None:
        # The exact type first: asking whether it is a Sequence costs as much as reading it.
        if type(values) is not list and not _listed(values):
            raise BadForm("bad-form")
        if len(values) > most:
            raise BadForm("too-many")
        try:
            if plain and values and all(map(plain, values)):
                return Value(cardinality, base, tuple(values))
            members = [one for one in map(member, _bounded(values)) if one is not None]
        except (BadForm, TypeError):  # TypeError: not texts at all
            raise BadForm("bad-form") from None
        return Value(cardinality, base, tuple(members)) if members else None

    return read


def _bounded(values: Sequence[str]) -> Sequence[str]:
    if sum(map(len, values)) > MAX_TEXT:
        raise BadForm("too long in all")
    return values


def keeping(read: Read) -> Read:
    """Give the same function, which keeps the first short answers it read: few are asked often."""
    kept: dict[tuple[str, ...], Value | None] = {}

    def look_up(values: Sequence[str]) -> Value | None:
        if type(values) is not list:
            return read(values)
        try:
            return kept[tuple(values)]
        except (KeyError, TypeError):  # TypeError: not texts at all
            value = read(values)
        if len(kept) < _KEPT and len(values) + sum(map(len, values)) <= _KEPT_SIZE:
            kept[tuple(values)] = value
        return value

    return look_up


def _record(values: Sequence[str]) -> Value | None:
    if not _listed(values) or not all(isinstance(written, str) for written in values):
        raise BadForm("bad-form")
    if len(values) > 1:
        raise BadForm("too-many")
    try:
        return read_record(values[0]) if values else None
    except BadForm:
        raise BadForm("bad-form") from None


def _listed(values: object) -> bool:
    return isinstance(values, Sequence) and not isinstance(values, str)


def _member_of(base: BaseType) -> Callable[[str], Scalar | None]:
    """Give the function that reads one value of a base type, as pupils write it."""

    def member(written: str) -> Scalar | None:
        if not isinstance(written, str):
            raise BadForm("not a text")
        return parse(base, written)

    def number(written: str) -> Scalar | None:
        found = member(written.translate(_TYPED) if isinstance(written, str) else written)
        return finite(found) if isinstance(found, float) else found

    def text(written: str) -> Scalar | None:
        found = member(written)
        return composed(found.strip()) or None if isinstance(found, str) else None

    if base in NUMERIC:
        return number
    return text if base is BaseType.STRING else member
