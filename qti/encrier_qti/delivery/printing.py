# SPDX-License-Identifier: AGPL-3.0-or-later
"""The text that a qti-printed-variable stands for.

QTI 3.0 ASI information model, "PrintedVariable", and the number formatting
rules of the implementation guide. Where they are silent: a float without a
format is written as short as it can be, an index counts from 0 and one that is
beyond the end is left out, as TAO's engine does. Knows values, never where
they come from.
"""

import re
from collections.abc import Mapping
from math import isfinite, trunc
from typing import Final

from encrier_qti.errors import ContentRefused
from encrier_qti.model import Node
from encrier_qti.values import NUMERIC, BaseType, Cardinality, Scalar, Value, printed

_NUMERIC: Final = NUMERIC | {BaseType.DURATION}
# %, flags, width, precision, conversion; wider than 99 is written as it stands.
_CONVERSION: Final = re.compile(r"%([-+ #0]*)(\d{1,2})?(?:\.(\d{1,2}))?([diuoxXeEfgGrRs%])")
_EXPONENT: Final = re.compile(r"[eE]([+-]\d+)")
_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+")
_UNSIGNED: Final = 2**32  # integers of QTI have 32 bits
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_DECIMAL: Final = 10


def print_variable(node: Node, values: Mapping[str, Value | None]) -> str:
    """Give the text of one qti-printed-variable; NULL, and a variable not there, are "".

    Raises ContentRefused for a file, which is no text.
    """
    value = values.get(node.attributes.get("identifier", "").strip())
    if value is None:
        return ""
    how = _How(node, values)
    if value.cardinality is Cardinality.RECORD:
        return _record(value, how)
    if value.cardinality is Cardinality.ORDERED:
        at = how.amount("index", -1)
        if 0 <= at < len(value.members):
            return how.written(value.base, value.members[at])
    return how.delimiter.join(how.written(value.base, member) for member in value.members)


def _record(value: Value, how: "_How") -> str:
    fields = dict(value.fields)
    chosen = how.node.attributes.get("field", "").strip()
    if chosen in fields:
        return how.single(fields[chosen])
    each = (f"{name}{how.indicator}{how.single(held)}" for name, held in value.fields)
    return how.delimiter.join(each)


class _How:
    """What the attributes of one qti-printed-variable ask."""

    __slots__ = ("delimiter", "indicator", "node", "values")

    def __init__(self, node: Node, values: Mapping[str, Value | None]) -> None:
        self.node = node
        self.values = values
        self.delimiter = node.attributes.get("delimiter", ";")
        self.indicator = node.attributes.get("mapping-indicator", "=")

    def amount(self, attribute: str, default: int) -> int:
        """A whole number, written or held by the variable that is named; else the default."""
        written = self.node.attributes.get(attribute, "").strip()
        if re.fullmatch(r"-?\d{1,9}", written):
            return int(written)
        held = self.values.get(written.removeprefix("{").removesuffix("}"))
        member = held.members[0] if held and held.base is BaseType.INTEGER else None
        return member if isinstance(member, int) else default

    def single(self, value: Value | None) -> str:
        return "" if value is None else self.written(value.base, value.members[0])

    def written(self, base: BaseType, member: Scalar) -> str:
        if base is BaseType.FILE:
            raise ContentRefused(
                "un fichier ne peut pas être écrit dans le texte.",
                file=self.node.file,
                line=self.node.line,
                element=self.node.name,
            )
        if base not in _NUMERIC or isinstance(member, bool) or not isinstance(member, int | float):
            return printed(base, member)
        power = self.node.attributes.get("power-form", "").strip() in {"true", "1"}
        form = self.node.attributes.get("format", "")
        if form:
            text = _CONVERSION.sub(lambda found: self._converted(found, member), form)
        else:
            text = _plain(member, scientific=power and isinstance(member, float))
        return _EXPONENT.sub(_raised, text) if power else text

    def _converted(self, found: re.Match[str], number: float) -> str:
        """One conversion of a format, as C's printf has it, with QTI's i, r and R."""
        flags, width, precision, kind = found.groups()
        if kind == "%":
            return "%"
        if not isfinite(number):
            return f"{printed(BaseType.FLOAT, float(number)):>{width or 0}}"
        if kind in "iouxX" and (kind != "i" or self.amount("base", _DECIMAL) != _DECIMAL):
            text = self._in_base(trunc(number), kind, flags)
            text = text.rjust(int(precision or 0), "0")
            fill = "0" if "0" in flags and not precision else " "
            wide = int(width or 0)
            return text.ljust(wide) if "-" in flags else text.rjust(wide, fill)
        before = f"%{flags}{width or ''}" + (f".{precision}" if precision else "")
        if kind in "di":
            return f"{before}d" % trunc(number)
        if kind in "rR":  # as g, but the zeros that are significant stay
            text = f"%#{flags}.{precision or 6}{'g' if kind == 'r' else 'G'}" % number
            bare = re.sub(r"\.(?=$|[eE])", "", text)
            wide = int(width or 0)
            return bare.ljust(wide) if "-" in flags else bare.rjust(wide)
        return f"{before}{kind}" % (_plain(number) if kind == "s" else number)

    def _in_base(self, number: int, kind: str, flags: str) -> str:
        """An integer in the base that a conversion, or for i the attribute, says."""
        if kind == "i":
            base = self.amount("base", _DECIMAL)
            sign, rest = ("-" if number < 0 else ""), abs(number)
        else:
            base = {"o": 8, "u": 10}.get(kind, 16)
            sign, rest = "", number % _UNSIGNED
        if not 2 <= base <= len(_DIGITS):  # noqa: PLR2004  the least base there is
            base = _DECIMAL
        text = "" if rest else "0"
        while rest:
            rest, last = divmod(rest, base)
            text = _DIGITS[last] + text
        mark = {"o": "0", "x": "0x", "X": "0X"}.get(kind, "") if "#" in flags and number else ""
        return sign + mark + (text.upper() if kind == "X" else text)


def _plain(number: float, *, scientific: bool = False) -> str:
    """As short as a number can be written and read back: 25, 0.1, 1e+22."""
    if isinstance(number, int):
        return str(number)
    if not isfinite(number):
        return printed(BaseType.FLOAT, number)
    text = repr(number)
    if scientific:
        digits = len(text.split("e")[0].replace(".", "").replace("-", "").strip("0"))
        return f"{number:.{max(digits - 1, 0)}e}"
    return text.removesuffix(".0").replace(".0e", "e")


def _raised(found: re.Match[str]) -> str:
    """The power form: 1.5e+03 is 1.5 × 10³."""
    return f" × 10{str(int(found[1])).translate(_RAISED)}"
