# SPDX-License-Identifier: AGPL-3.0-or-later
"""Responses to one item as a person or another program writes them in JSON, read as they travel.

`{"RESPONSE": "B"}`, `["A", "B"]`, pairs `[["A", "B"]]` or `"A B"`, points
`[12, 34]`, numbers, booleans, null, `{}` or `[]` for none; the values of
recorded cases (`cardinality`, `baseType`, `value`); those that portable custom
interactions give (`base`, `list`). Knows no key. How tolerant the reading of
each value then is, is for `answers`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, cast

import msgspec

from encrier_qti.answers import Answers
from encrier_qti.cases import recorded
from encrier_qti.errors import AnswersRefused
from encrier_qti.model import Declaration
from encrier_qti.values import BaseType, Cardinality, Value, printed

MAX_ANSWERS: Final = 64 * 1024 * 1024  # bytes
_TWO: Final = frozenset({BaseType.PAIR, BaseType.DIRECTED_PAIR, BaseType.POINT})
_PORTABLE: Final = ("base", "list")  # IMS PCI 1.0, "JSON representation of variables"


def read_json(path: Path) -> object:
    """Read a file of answers. Raises AnswersRefused or OSError."""
    with path.open("rb") as file:
        content = file.read(MAX_ANSWERS + 1)  # no size is known of a pipe, or of a device
    if len(content) > MAX_ANSWERS:
        raise AnswersRefused("ce fichier de réponses dépasse 64 Mo.", file=path.name)
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise AnswersRefused(file=path.name) from None


def responses(written: object, declared: Mapping[str, Declaration], *, file: str) -> Answers:
    """Give the responses of one item in lexical form, by identifier.

    A value of no known shape stays one that the reading reports as "bad-form".
    Raises AnswersRefused if they are no object at all.
    """
    if isinstance(written, dict) and isinstance(written.get("responses"), dict | list):
        written = written["responses"]
    if written is None or written == []:
        return {}
    if not isinstance(written, dict):
        raise AnswersRefused(
            "ce fichier ne contient pas les réponses à un item.",
            'Attendu\u00a0: {"RESPONSE": "B"}, ou une liste de valeurs par réponse.',
            file=file,
        )
    return {name: _values(declared.get(name), given) for name, given in written.items()}


def _values(declared: Declaration | None, given: object) -> list[str]:
    base = None if declared is None else declared.base
    if isinstance(given, dict):
        is_record = declared is not None and declared.cardinality is Cardinality.RECORD
        given = _record(given) if is_record else _unwrapped(given)
    if given is None:
        return []
    if not isinstance(given, list):
        return [_text(base, given)]
    if base in _TWO and len(given) == 2 and not any(map(_whole, given)):  # noqa: PLR2004  a pair
        return [_text(base, given)]
    return [_text(base, one) for one in given if one is not None]


def _record(given: Mapping[str, object]) -> object:
    """Give a record in the one form that travels, that of portable custom interactions."""
    if "record" in given:
        return msgspec.json.encode(given).decode()
    try:
        value = recorded.value(given)
    except ValueError:  # not a case, or a text that is not of its base type
        return given
    if value is None or not value.fields:
        return None if value is None else given
    fields = [{"name": name, "base": _field(each)} for name, each in value.fields]
    return msgspec.json.encode({"record": fields}).decode()


def _field(value: Value | None) -> dict[str, str] | None:
    if value is None or not value.members:
        return None
    return {str(value.base): printed(value.base, value.members[0])}


def _whole(one: object) -> bool:
    """Whether this is a pair or a point, and not half of one."""
    return isinstance(one, list) or (isinstance(one, str) and len(one.split()) > 1)


def _unwrapped(given: Mapping[str, object]) -> object:
    """Take a value out of the forms that say its type; another object is given as it is."""
    if "cardinality" in given:
        try:
            value = recorded.value(given)
        except ValueError:  # not a case, or a text that is not of its base type
            return given
        if value is None:
            return None
        return value.texts() or given
    form = next((name for name in _PORTABLE if name in given), "")
    held = given.get(form)
    if isinstance(held, dict) and len(held) == 1:
        return next(iter(held.values()))
    return None if form and held is None else given


def _text(base: BaseType | None, one: object) -> str:
    if isinstance(one, bool):
        return "true" if one else "false"
    if isinstance(one, float) and base is BaseType.INTEGER and one.is_integer():
        return str(int(one))  # JSON has one kind of number
    if isinstance(one, int | float):
        return repr(one)
    if isinstance(one, list) and all(isinstance(part, bool | int | float | str) for part in one):
        return " ".join(_text(base, part) for part in one)
    return cast("str", one)  # not always a text: what reads it then says "bad-form"
