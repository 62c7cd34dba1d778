# SPDX-License-Identifier: AGPL-3.0-or-later
"""The JSON in which cases are recorded: values, variables and elements, read and written.

A value is `{"cardinality": "single", "baseType": "float", "value": 1.0}`, with
`values` for a container, `fields` for a record, or null; a pair is ["A", "B"],
a point [x, y], a duration ISO 8601, a float beyond numbers "INF", "-INF" or
"NAN". A NULL among the values of a container is left out: QTI's containers
have none. Knows the form, never what a case is about.
"""

import re
from collections.abc import Mapping
from math import isfinite
from typing import Final

from encrier_qti.model import Declaration, Node
from encrier_qti.processing.programs import Frame
from encrier_qti.reading import declarations as reading
from encrier_qti.reading.safe_xml import QTI, parse, to_node
from encrier_qti.values import (
    BadForm,
    BaseType,
    Cardinality,
    Scalar,
    Value,
    container,
    record,
)
from encrier_qti.values import parse as parse_scalar

Case = Mapping[str, object]

_NUMBERS: Final = {"INF": float("inf"), "-INF": float("-inf"), "NAN": float("nan")}
_EITHER: Final = "intOrIdentifier"  # its value tells which
_PAIRS: Final = {BaseType.PAIR, BaseType.DIRECTED_PAIR, BaseType.POINT}
_ROOT: Final = re.compile(r"\s*<(?:qti-)?([\w-]+)")
_NEW: Final = "case"  # the file that errors name
_DURATION: Final = re.compile(
    r"P(?:(?P<Y>\d{1,6})Y)?(?:(?P<M>\d{1,6})M)?(?:(?P<W>\d{1,6})W)?(?:(?P<D>\d{1,9})D)?"
    r"(?:T(?:(?P<h>\d{1,9})H)?(?:(?P<m>\d{1,9})M)?(?:(?P<s>\d{1,12}(?:\.\d{1,9})?)S)?)?"
)
_SECONDS: Final = {
    "Y": 31_536_000,  # 365 days, and a month of 30, as the recorded engine counts
    "M": 2_592_000,
    "W": 604_800,
    "D": 86_400,
    "h": 3_600,
    "m": 60,
    "s": 1,
}


class BadCase(ValueError):
    """A line that is not a case; its text says why."""


class NotRunnable(ValueError):
    """A case that lacks what it takes to run it again; its text says what."""


def value(written: object) -> Value | None:
    """Read a value. Raises BadCase."""
    if written is None:
        return None
    held = mapping(written, "a value")
    try:
        kind = Cardinality(str(held.get("cardinality")))
    except ValueError:
        raise BadCase("a value without cardinality") from None
    if kind is Cardinality.RECORD:
        fields = mapping(held.get("fields") or held.get("value") or {}, "fields")
        return record({name: value(each) for name, each in fields.items()})
    each = held.get("values") if "values" in held else [held.get("value")]
    if not isinstance(each, list):
        raise BadCase("values that are no list")
    present = [one for one in each if one is not None and one != ""]
    base = base_of(held.get("baseType"), present)
    return container(kind, base, (_scalar(base, one) for one in present))


def written(found: Value | None) -> object:
    """Write a value in the form that `value` reads."""
    if found is None:
        return None
    told: dict[str, object] = {"cardinality": str(found.cardinality)}
    if found.cardinality is Cardinality.RECORD:
        return told | {"fields": {name: written(each) for name, each in found.fields}}
    told["baseType"] = str(found.base)
    each = [_native(found.base, member) for member in found.members]
    if found.cardinality is Cardinality.SINGLE:
        return told | {"value": each[0]}
    return told | {"values": each}


def base_of(name: object, members: list[object]) -> BaseType:
    """Read a base type; intOrIdentifier is one or the other by its members."""
    if name == _EITHER:
        whole = all(isinstance(one, int) for one in members)
        return BaseType.INTEGER if whole and members else BaseType.IDENTIFIER
    try:
        return BaseType(str(name))
    except ValueError:
        raise BadCase("a base type that does not exist") from None


def variables(case: Case) -> tuple[dict[str, Declaration], Frame]:
    """Give the declarations of a case and the frame it starts from. Raises BadCase."""
    state = mapping(case.get("state") or {}, "a state")
    declared = {name: _declaration(name, each) for name, each in state.items()}
    start = {name: value(mapping(each, "a variable").get("value")) for name, each in state.items()}
    return declared, Frame(start)


def after(case: Case) -> dict[str, Value | None]:
    """Give the variables that were recorded after processing."""
    each = mapping(case.get("after") or {}, "what is after")
    return {name: value(one) for name, one in each.items()}


def node(case: Case) -> Node:
    """Give the element of a case in QTI 3. Raises BadCase, XmlRefused."""
    modern = case.get("qti3")
    xml = str(modern) if modern else in_qti_3(str(case.get("xml", "")))
    marked = re.sub(r"^\s*<([\w-]+)", rf'<\1 xmlns="{QTI}"', xml)
    return to_node(parse(marked.encode(), file=_NEW), file=_NEW)


def in_qti_3(xml: str) -> str:
    """Turn the element and attribute names of QTI 2 into those of QTI 3."""
    renamed = re.sub(r"<(/?)(\w+)", lambda found: f"<{found[1]}qti-{kebab(found[2])}", xml)
    return re.sub(r" (\w+)=", lambda found: f" {kebab(found[1])}=", renamed)


def root_name(case: Case) -> str:
    """Give the name in QTI 3 of the element of a case, without reading its XML."""
    xml = str(case.get("qti3") or case.get("xml", ""))
    found = _ROOT.match(xml)
    return f"qti-{kebab(found[1])}" if found else ""


def kebab(camel: str) -> str:
    """Turn `mapEntry` into `map-entry`."""
    return re.sub(r"[A-Z]", lambda found: f"-{found[0].lower()}", camel)


def seconds(text: str) -> float:
    """Read a duration, in seconds. Raises BadForm."""
    found = _DURATION.fullmatch(text)
    if not found:
        raise BadForm("not a duration")
    return sum(float(part) * _SECONDS[unit] for unit, part in found.groupdict("0").items())


def iso(length: float) -> str:
    """Write a length in seconds, such as `P1DT2M0.5S`."""
    days, rest = divmod(length, _SECONDS["D"])
    hours, rest = divmod(rest, _SECONDS["h"])
    minutes, last = divmod(rest, _SECONDS["m"])
    day = f"{days:.0f}D" if days else ""
    each = (("H", hours), ("M", minutes), ("S", round(last, 9)))
    time = "".join(f"{part:.9g}{unit}" for unit, part in each if part)
    if not day and not time:
        return "PT0S"
    return f"P{day}T{time}" if time else f"P{day}"


def mapping(written: object, what: str) -> Case:
    """Give a JSON object; an empty list is an empty object, as PHP writes it."""
    if isinstance(written, list) and not written:
        return {}
    if not isinstance(written, dict):
        raise BadCase(f"{what} that is no object")
    return written


def _declaration(identifier: str, written: object) -> Declaration:
    variable = mapping(written, "a variable")
    held = variable.get("value") or variable.get("default") or variable.get("correct")
    try:
        cardinality = Cardinality(str(variable.get("cardinality")))
    except ValueError:
        raise BadCase("a variable without cardinality") from None
    base = None
    if cardinality is not Cardinality.RECORD:
        known = value(held)
        base = base_of(variable.get("baseType"), list(known.members) if known else [])
    tables = _with_tables(identifier, variable)
    return Declaration(
        identifier=identifier,
        kind=str(variable.get("kind")),
        cardinality=cardinality,
        base=base,
        file=_NEW,
        line=0,
        default=value(variable.get("default")),
        correct=value(variable.get("correct")),
        mapping=tables.mapping if tables else None,
        area_mapping=tables.area_mapping if tables else None,
        table=tables.table if tables else None,
    )


def _with_tables(identifier: str, variable: Case) -> Declaration | None:
    """Read the mapping, the areas and the table, which are recorded as XML of QTI 2."""
    names = ("mapping", "areaMapping", "lookupTable")
    lost = [name for name in names if name in variable and not variable[name]]
    if lost:
        raise NotRunnable(f"the recording lacks the {kebab(lost[0]).replace('-', ' ')}")
    inside = "".join(in_qti_3(str(variable[name])) for name in names if name in variable)
    if not inside:
        return None
    kind = "response" if variable.get("kind") == "response" else "outcome"
    xml = (
        f'<qti-{kind}-declaration xmlns="{QTI}" identifier="{identifier}"'
        f' cardinality="{variable.get("cardinality")}" base-type="{variable.get("baseType")}">'
        f"{inside}</qti-{kind}-declaration>"
    )
    read = reading.response if kind == "response" else reading.outcome
    return read(parse(xml.encode(), file=_NEW), file=_NEW)


def _scalar(base: BaseType, one: object) -> Scalar:
    if base is BaseType.DURATION:
        return seconds(str(one))
    if base is BaseType.FLOAT and isinstance(one, str) and one.upper() in _NUMBERS:
        return _NUMBERS[one.upper()]
    try:
        member = parse_scalar(base, _lexical(base, one))
    except BadForm as error:
        raise BadCase(f"a value that is {error}") from None
    if member is None:
        raise BadCase("a value of spaces")
    return member


def _lexical(base: BaseType, one: object) -> str:
    if base is BaseType.FILE and isinstance(one, dict):
        return f"{one.get('mime')} {one.get('file')}"
    if base in _PAIRS and isinstance(one, list):
        return " ".join(str(part) for part in one)
    if isinstance(one, bool):
        return "true" if one else "false"
    return str(one)


def _native(base: BaseType, member: Scalar) -> object:
    if isinstance(member, tuple):
        return list(member)
    if base is BaseType.DURATION and isinstance(member, int | float):
        return iso(member)
    if base is BaseType.FILE and isinstance(member, str):
        mime, _, name = member.partition(" ")
        return {"file": name, "mime": mime}
    if isinstance(member, float) and not isfinite(member):
        return next(name for name, each in _NUMBERS.items() if repr(each) == repr(member))
    return member
