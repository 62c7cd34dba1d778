# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answers that are records: a number as it was typed, or what a custom interaction gives.

QTI 3.0 ASI information model, "TextEntryInteraction": its fields tell how a
number was written. Portable Custom Interaction 1.0, "Response JSON": a record
is `{"record": [{"name": "x", "base": {"integer": 3}}]}`. Hostile input: what is
neither is refused by BadForm, whose text says why and never what.
"""

import re
from typing import Final

import msgspec

from encrier_qti.values import (
    MAX_MEMBERS,
    MAX_TEXT,
    BadForm,
    BaseType,
    Value,
    finite,
    integer,
    parse,
    real,
    record,
    single,
)

_TYPED: Final = re.compile(r"([+-]?)(\d{0,40})(?:(\.)(\d{0,40}))?(?:[eE]([+-]?\d{1,3}))?")
_FIELDS: Final = (
    "floatValue",
    "integerValue",
    "leftDigits",
    "rightDigits",
    "ndp",
    "nsf",
    "exponent",
)


class _Field(msgspec.Struct):
    name: str
    base: dict[str, object] | None = None


class _Answer(msgspec.Struct):
    record: list[_Field]


def read_record(written: str) -> Value | None:
    """Read one answer; an empty one is NULL. Raises BadForm."""
    if len(written) > MAX_TEXT:
        raise BadForm("too long")
    if not written.strip():
        return None
    return _custom(written) if written.lstrip().startswith("{") else _typed(written)


def _custom(written: str) -> Value | None:
    try:
        answer = msgspec.json.decode(written, type=_Answer)
    except (msgspec.DecodeError, RecursionError):
        raise BadForm("not the JSON of a record") from None
    fields = {field.name: _base(field.base) for field in answer.record}
    if len(fields) != len(answer.record) or len(fields) > MAX_MEMBERS:
        raise BadForm("a field twice, or too many fields")
    return record(fields)


def _base(held: dict[str, object] | None) -> Value | None:
    """One value of the JSON: an object with one member, named like its base type."""
    if held is None:
        return None
    if len(held) != 1:
        raise BadForm("a value of several types")
    ((name, member),) = held.items()
    try:
        base = BaseType(name or "?")
    except ValueError:
        raise BadForm("no such base type") from None
    parts = member if isinstance(member, list) else [member]
    found = parse(base, " ".join(map(_lexical, parts)))
    if found is None:
        return None
    return single(base, finite(found) if isinstance(found, float) else found)


def _lexical(part: object) -> str:
    if isinstance(part, bool):
        return "true" if part else "false"
    if not isinstance(part, str | int | float):
        raise BadForm("a value that is no scalar")
    return str(part)


def _typed(written: str) -> Value | None:
    """The fields of a number as typed; of a text that is none, all but the text are NULL.

    `ndp`: digits after the point once the exponent is applied; `nsf`: digits
    of the mantissa from the first that is not zero.
    """
    fields: dict[str, Value | None] = dict.fromkeys(_FIELDS)
    fields["stringValue"] = single(BaseType.STRING, written)
    found = _TYPED.fullmatch(written.strip().replace(",", ".").replace("\u2212", "-"))
    if not found or not (found[2] or found[4]):
        return record(fields)
    sign, left, point, right, power = found.groups()
    exponent = int(power) if power else 0
    digits = left + (right or "")
    fields["floatValue"] = _finite(f"{sign}{left or 0}.{right or 0}e{exponent}")
    if not point and power is None and _fits(sign + left):
        fields["integerValue"] = integer(int(sign + left))
    fields["leftDigits"] = integer(len(left))
    fields["rightDigits"] = integer(len(right or ""))
    fields["ndp"] = integer(max(0, len(right or "") - exponent))
    fields["nsf"] = integer(len(digits.lstrip("0")) or 1)
    fields["exponent"] = integer(exponent) if power else None
    return record(fields)


def _finite(written: str) -> Value | None:
    try:
        return real(finite(float(written)))
    except BadForm:
        return None


def _fits(written: str) -> bool:
    """Whether a whole number is one of QTI's, which have 32 bits."""
    try:
        parse(BaseType.INTEGER, written)
    except BadForm:
        return False
    return True
