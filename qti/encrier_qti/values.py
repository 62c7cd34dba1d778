# SPDX-License-Identifier: AGPL-3.0-or-later
"""QTI values: a base type, a cardinality, and NULL, which is Python's None.

Knows the lexical form of every base type (QTI 3.0 ASI information model,
"BaseType" and "Cardinality") and how two values compare. An empty container
and an empty string are NULL. A pair has no order and is kept sorted; a
multiple container has no order and compares as a bag.

Knows nothing of items, responses or pupils.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from math import isfinite, isnan
from typing import Final
from unicodedata import combining, normalize

import msgspec

Scalar = bool | int | float | str | tuple[str, str] | tuple[int, int]

TRUTHS: Final = {"true": True, "1": True, "false": False, "0": False}  # as XML Schema has them
MAX_TEXT: Final = 100_000  # characters in one value; a long essay has 20,000
MAX_MEMBERS: Final = 1_000  # values in one container

_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,40}")
_FLOAT: Final = re.compile(
    r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?"
)
_INFINITE: Final = {"INF": float("inf"), "-INF": float("-inf"), "NaN": float("nan")}
_IDENTIFIER: Final = re.compile(r"[^\s\x00-\x1f]{1,256}")
_INT_MAX: Final = 2**31 - 1  # "a whole number in the range [-2147483648, 2147483647]"
_HUGE: Final = 1 << 1_000  # for what is computed: a float holds it

_HEAP: Final = bytes([True] * 31)  # marks in a row
# The marks that `combining` does not know, made of two that it does.
_MARKS: Final = tuple((one, normalize("NFD", one)) for one in "\u0f73\u0f75\u0f81")


class Cardinality(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    ORDERED = "ordered"
    RECORD = "record"


class BaseType(StrEnum):
    """The base types; NONE is that of a record, whose fields have their own."""

    BOOLEAN = "boolean"
    DIRECTED_PAIR = "directedPair"
    DURATION = "duration"
    FILE = "file"
    FLOAT = "float"
    IDENTIFIER = "identifier"
    INTEGER = "integer"
    PAIR = "pair"
    POINT = "point"
    STRING = "string"
    URI = "uri"
    NONE = ""


NUMERIC: Final = frozenset({BaseType.INTEGER, BaseType.FLOAT})


class Value(msgspec.Struct, frozen=True, gc=False):
    """A value that is not NULL: `members` has one scalar if single, else one or more.

    A record has no member but `fields`, sorted by name, single values or NULL.
    Two values are equal when cardinality, base type, members and fields are;
    use `same` to compare as QTI does.
    """

    cardinality: Cardinality
    base: BaseType
    members: tuple[Scalar, ...]
    fields: tuple[tuple[str, "Value | None"], ...] = ()

    def texts(self) -> list[str]:
        """Give the members in their lexical forms."""
        return [printed(self.base, member) for member in self.members]


class BadForm(ValueError):
    """A text that is not the lexical form of its base type; the text is not repeated."""


# Looking up a member of an enumeration costs as much as making a value: done once.
_SINGLE: Final = Cardinality.SINGLE
_MULTIPLE: Final = Cardinality.MULTIPLE
_REAL: Final = BaseType.FLOAT
_WHOLE: Final = BaseType.INTEGER
_STRING: Final = BaseType.STRING

TRUE: Final = Value(_SINGLE, BaseType.BOOLEAN, (True,))
FALSE: Final = Value(_SINGLE, BaseType.BOOLEAN, (False,))


def boolean(truth: bool) -> Value:  # noqa: FBT001  what it converts is the truth itself
    """Give the single boolean."""
    return TRUE if truth else FALSE


def integer(number: int) -> Value:
    """Give a single integer. Raises OverflowError for one that no float holds: squares explode."""
    if not -_HUGE < number < _HUGE:
        raise OverflowError("an integer of more than 1,000 bits")
    return Value(_SINGLE, _WHOLE, (number,))


def real(number: float) -> Value:
    """Give a single float."""
    return Value(_SINGLE, _REAL, (number,))


def single(base: BaseType, member: Scalar) -> Value:
    """Give a single value of any base type."""
    return Value(_SINGLE, base, (member,))


def container(cardinality: Cardinality, base: BaseType, members: Iterable[Scalar]) -> Value | None:
    """Give a container, or NULL if it has no member."""
    kept = tuple(members)
    return Value(cardinality, base, kept) if kept else None


def record(fields: Mapping[str, Value | None]) -> Value | None:
    """Give a record, or NULL if it has no field."""
    if not fields:
        return None
    return Value(Cardinality.RECORD, BaseType.NONE, (), tuple(sorted(fields.items(), key=_name)))


def same(one: Value, other: Value) -> bool:
    """Compare as qti-match does; base types and cardinalities must already agree."""
    if one.members == other.members:
        return one.fields == other.fields
    if one.cardinality is not _MULTIPLE or len(one.members) != len(other.members):
        return False
    return sorted(one.members, key=_order) == sorted(other.members, key=_order)


def parse(base: BaseType, text: str) -> Scalar | None:
    """Read one scalar; an empty text is NULL. Raises BadForm.

    Text is kept as it is for strings, stripped of surrounding space for the rest.
    """
    if len(text) > MAX_TEXT:
        raise BadForm("too long")
    if base is _STRING:
        return text or None
    text = text.strip()
    return _READERS[base](text) if text else None


def composed(text: str) -> str:
    """Give a text in composed Unicode (NFC). Raises BadForm for a heap of marks on one letter.

    Unicode Standard Annex 15, "Stream-Safe Text Format": 30 in a row are more than
    any language has, and to put them in order takes a time that grows with their square.
    """
    if text.isascii():
        return text
    if len(text) > MAX_TEXT:
        raise BadForm("too long")
    for one, marks in _MARKS:
        text = text.replace(one, marks)
    if _HEAP in bytes(map(bool, map(combining, text))):
        raise BadForm("too many marks on a letter")
    return normalize("NFC", text)


def finite(typed: float) -> float:
    """Give a number that a pupil gave, without the sign of a zero. Raises BadForm for no number."""
    if not isfinite(typed):
        raise BadForm("an infinity, or not a number: no pupil means it")
    return typed + 0.0


def printed(base: BaseType, member: Scalar) -> str:
    """Write one scalar in the lexical form that `parse` reads."""
    if isinstance(member, bool):
        return "true" if member else "false"
    if isinstance(member, tuple):
        return f"{member[0]} {member[1]}"
    if isinstance(member, float) and base in {BaseType.FLOAT, BaseType.DURATION}:
        if isnan(member):
            return "NaN"
        return repr(member).replace("inf", "INF")
    return str(member)


def _name(field: tuple[str, Value | None]) -> str:
    return field[0]


def _order(member: Scalar) -> tuple[object, ...]:
    return member if isinstance(member, tuple) else (member,)


def _boolean(text: str) -> bool:
    found = TRUTHS.get(text.lower())  # True, as some tools write it; TAO's engine reads it too
    if found is None:
        raise BadForm("not a boolean")
    return found


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise BadForm("not an integer")
    number = int(text)
    if not -_INT_MAX - 1 <= number <= _INT_MAX:
        raise BadForm("integer out of range")
    return number


def _float(text: str) -> float:
    if text in _INFINITE:
        return _INFINITE[text]
    if not _FLOAT.fullmatch(text):
        raise BadForm("not a float")
    return float(text)


def _duration(text: str) -> float:
    seconds = _float(text)
    if not 0 <= seconds < float("inf"):
        raise BadForm("not a duration in seconds")
    return seconds


def _identifier(text: str) -> str:
    if not _IDENTIFIER.fullmatch(text):
        raise BadForm("not an identifier")
    return text


def _directed(text: str) -> tuple[str, str]:
    two = text.split()
    if len(two) != 2:  # noqa: PLR2004  a pair
        raise BadForm("not two identifiers")
    return _identifier(two[0]), _identifier(two[1])


def _pair(text: str) -> tuple[str, str]:
    first, second = _directed(text)
    return (first, second) if first <= second else (second, first)


def _point(text: str) -> tuple[int, int]:
    two = text.split()
    if len(two) != 2:  # noqa: PLR2004  x and y
        raise BadForm("not two coordinates")
    return _integer(two[0]), _integer(two[1])


def _text(text: str) -> str:
    return text


def _nothing(_: str) -> Scalar:
    raise BadForm("a record is no scalar")


_READERS: Final[Mapping[BaseType, Callable[[str], Scalar]]] = {
    BaseType.BOOLEAN: _boolean,
    BaseType.DIRECTED_PAIR: _directed,
    BaseType.DURATION: _duration,
    BaseType.FILE: _text,
    BaseType.FLOAT: _float,
    BaseType.IDENTIFIER: _identifier,
    BaseType.INTEGER: _integer,
    BaseType.NONE: _nothing,
    BaseType.PAIR: _pair,
    BaseType.POINT: _point,
    BaseType.STRING: _text,
    BaseType.URI: _text,
}
