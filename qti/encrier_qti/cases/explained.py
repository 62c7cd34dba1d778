# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where we differ from the recorded engine because the specification decides against it.

Each explanation is a clause and a predicate over the case and its difference,
never over its name, so that it explains cases of the same kind that nobody
has seen yet, and no others. Clauses are those of the QTI 3.0 ASI information
model unless another page is named.

A whole item is scored once more as the recorded engine reads the clause: only
if all that was recorded comes out of that, the clause explains the case.
"""

from collections.abc import Callable, Sequence
from math import fmod, inf, isinf
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from encrier_qti.cases.items import answers, compared, item_of
from encrier_qti.cases.recorded import Case, after, node, value, variables
from encrier_qti.errors import QtiError
from encrier_qti.expressions.map_response import within
from encrier_qti.model import AreaMap, Declaration, Item, Node, Record, TableEntry
from encrier_qti.processing.areas import inside
from encrier_qti.rules.registry import scope_of
from encrier_qti.values import FALSE, TRUE, BaseType, Cardinality, Scalar, Value

NO_ERROR: Final = "found no error, an error was recorded"
REFUSED: Final = "refused: "


class Explanation(Record, frozen=True):
    """`clause`: where the specification says so; `applies` looks at element, case, difference."""

    clause: str
    reason: str
    applies: Callable[[Node, Case, str], bool]


def explanation(case: Case, difference: str) -> str | None:
    """Give the clause that decides against this case of one element, None if none does.

    None too for a case that is broken: nothing excuses it.
    """
    try:
        element = node(case)
        found = (each for each in EXPLANATIONS if each.applies(element, case, difference))
        first = next(found, None)
    except (QtiError, ValueError, LookupError):
        return None
    return f"{first.clause}: {first.reason}" if first else None


def _recorded(case: Case) -> Value | None:
    return value(case.get("result"))


def _null(case: Case) -> bool:
    return "error" not in case and _recorded(case) is None


def _operands(case: Case) -> Sequence[Value | None]:
    each = case.get("operands")
    return [value(one) for one in each] if isinstance(each, list) else ()


def _number(case: Case) -> float | None:
    """The only operand, where it is a number."""
    each = _operands(case)
    member = each[0].members[0] if len(each) == 1 and each[0] and each[0].members else None
    return member if isinstance(member, int | float) else None


def _points(element: Node, case: Case) -> tuple[AreaMap | None, Sequence[Scalar]]:
    """The areas of a mapping and the points of the response."""
    declared, frame = variables(case)
    named = element.attributes.get("identifier", "")
    if element.name != "qti-map-response-point" or "error" in case or named not in declared:
        return None, ()
    held = frame[named]
    return declared[named].area_mapping, held.members if held else ()


def _summed(areas: AreaMap, points: Sequence[Scalar]) -> float:
    """What the recorded engine makes of points: every area that holds one scores, once."""
    held = [area for area in areas.areas if any(inside(area, point) for point in points)]
    if not held:
        return areas.default
    return within(sum(area.value for area in held), areas.lower, areas.upper)


def _mapped_null(element: Node, case: Case, _: str) -> bool:
    areas, points = _points(element, case)
    return areas is not None and not points and _member(_recorded(case)) == areas.default


def _overlap(element: Node, case: Case, _: str) -> bool:
    areas, points = _points(element, case)
    if areas is None or _member(_recorded(case)) != _summed(areas, points):
        return False
    return any(sum(inside(area, point) for area in areas.areas) > 1 for point in points)


def _beside(element: Node, case: Case, _: str) -> bool:
    areas, points = _points(element, case)
    if areas is None or areas.default == 0 or _member(_recorded(case)) != _summed(areas, points):
        return False
    beside = [point for point in points if not any(inside(area, point) for area in areas.areas)]
    return len(points) > 1 and len(beside) > 0


def _decided(element: Node, case: Case, _: str) -> bool:
    decisive = {"qti-and": FALSE, "qti-or": TRUE}.get(element.name)
    return decisive is not None and decisive in _operands(case) and _null(case)


def _empty(_: Node, case: Case, difference: str) -> bool:
    each = case.get("operands")
    written = [one for one in each if one is not None] if isinstance(each, list) else []
    return difference == NO_ERROR and any(value(one) is None for one in written)


def _null_inside(_: Node, case: Case, difference: str) -> bool:
    each = case.get("operands")
    written = [one for one in each if isinstance(one, dict)] if isinstance(each, list) else []
    holds = any(None in one["values"] for one in written if isinstance(one.get("values"), list))
    return holds and REFUSED not in difference


def _container_of_points(element: Node, case: Case, difference: str) -> bool:
    several = any(
        held is not None
        and held.base is BaseType.POINT
        and held.cardinality is not Cardinality.SINGLE
        for held in _operands(case)
    )
    return element.name == "qti-inside" and several and difference == NO_ERROR


def _signs(element: Node, case: Case, _: str) -> bool:
    numbers = [_member(one) for one in _operands(case)]
    if element.name != "qti-integer-modulus" or "error" in case:
        return False
    x, y = numbers
    return x * y < 0 and _member(_recorded(case)) == fmod(x, y)


def _log_of_zero(element: Node, case: Case, _: str) -> bool:
    logarithm = _is_function(element) and element.attributes.get("name") in {"log", "ln"}
    return logarithm and _number(case) == 0 and _member(_recorded(case)) == -inf


def _reciprocal(element: Node, case: Case, _: str) -> bool:
    """Coth of an infinity is 1 / 1, sech of 0 is 1 / 1: neither function is 0 or infinite there."""
    if not _is_function(element) or "error" in case:
        return False
    number = _number(case)
    function = element.attributes.get("name")
    coth = function == "coth" and number is not None and isinf(number)
    return (coth and _member(_recorded(case)) == 0) or (
        function == "sech" and number == 0 and _null(case)
    )


def _sign_of_infinity(element: Node, case: Case, _: str) -> bool:
    number = _number(case)
    rounds = element.name in {"qti-truncate", "qti-round"}
    if not rounds or number is None or not isinf(number) or "error" in case:
        return False
    return _member(_recorded(case)) == -number


def _interpolated(element: Node, case: Case, _: str) -> bool:
    """Whether the first entry at or above the value was recorded, and not that at or below."""
    if element.name != "qti-lookup-outcome-value" or "error" in case:
        return False
    declared, frame = variables(case)
    named = element.attributes.get("identifier", "")
    table = declared[named].table
    sought = scope_of(declared).expression(element.children[0])(frame)
    if table is None or not table.interpolated or sought is None:
        return False
    x = _member(sought)
    above = (
        entry.target
        for entry in table.entries
        if x < entry.source or (x == entry.source and entry.include_boundary)
    )
    return after(case)[named] == next(above, table.default)


def _is_function(element: Node) -> bool:
    return element.name == "qti-math-operator"


def _member(held: Value | None) -> float:
    """The number in a value; 0 if there is none."""
    member = held.members[0] if held and held.members else 0
    return member if isinstance(member, int | float) else 0


EXPLANATIONS: Final[tuple[Explanation, ...]] = (
    Explanation(
        clause="Standard Response Processing Templates, map_response_point",
        reason="a response that is NULL scores 0, not the default of the mapping",
        applies=_mapped_null,
    ),
    Explanation(
        clause="AreaMapEntry",
        reason="where areas overlap, those listed first take priority; a point scores once",
        applies=_overlap,
    ),
    Explanation(
        clause="Mapping, attribute default-value",
        reason="each source value without an entry scores the default, also beside others",
        applies=_beside,
    ),
    Explanation(
        clause="And, Or",
        reason="NULL only if the operands that are not NULL do not already decide",
        applies=_decided,
    ),
    Explanation(
        clause="Cardinality, Value",
        reason="an empty container or string is always NULL, so of no wrong type",
        applies=_empty,
    ),
    Explanation(
        clause="Multiple, Ordered",
        reason="values that are NULL are left out, so no container holds one",
        applies=_null_inside,
    ),
    Explanation(
        clause="Inside",
        reason="for a container, true if any of the points is inside",
        applies=_container_of_points,
    ),
    Explanation(
        clause="IntegerModulus, IntegerDivide",
        reason="x - y * integerDivide(x, y), which rounds down: the sign of y, not of x",
        applies=_signs,
    ),
    Explanation(
        clause="MathOperator",
        reason="outside the natural domain, e.g. log(0), the result is NULL",
        applies=_log_of_zero,
    ),
    Explanation(
        clause="MathOperator, reciprocal functions",
        reason="0 if the function is infinite, NULL if it is 0; tanh(INF) and cosh(0) are 1",
        applies=_reciprocal,
    ),
    Explanation(
        clause="Truncate, Round",
        reason="if the argument is -INF, then the result is -INF",
        applies=_sign_of_infinity,
    ),
    Explanation(
        clause="InterpolationTable",
        reason="the first entry whose source is less than or equal to the value looked up",
        applies=_interpolated,
    ),
)


class Departure(Record, frozen=True):
    """As an explanation; `read` makes of an item and a case what the recorded engine makes of them.

    None: what the clause is about is not in the item.
    """

    clause: str
    reason: str
    read: Callable[[Item, Case], tuple[Item, Case] | None]


def explanation_of_item(case: Case, folders: Sequence[Path]) -> str | None:
    """Give the clause that decides against this case of an item, None if none does."""
    try:
        item = item_of(case, folders)
        read = ((each, each.read(item, case)) for each in DEPARTURES)
        found = (each for each, other in read if other and compared(*other) is None)
        first = next(found, None)
    except (QtiError, ValueError, LookupError):
        return None
    return f"{first.clause}: {first.reason}" if first else None


def _unanswered(item: Item, case: Case) -> frozenset[str]:
    """The responses that are NULL when processing starts."""
    given = answers(case)
    defaults = {name: each.default for name, each in item.responses.items()}
    absent = {name for name in defaults if name not in given and defaults[name] is None}
    return frozenset({name for name, texts in given.items() if not any(texts)} | absent)


def _kept_defaults(item: Item, case: Case) -> tuple[Item, Case] | None:
    """Leave NULL out of the responses, so that those with a default have it still."""
    null = _unanswered(item, case)
    given = answers(case)
    left = {name: each for name, each in given.items() if name not in null}
    return (item, {**case, "responses": left, "decl": {}}) if left != given else None


def _mapped_null_in(item: Item, case: Case) -> tuple[Item, Case] | None:
    """Give for each mapped response that is NULL the default of its mapping."""
    null = _unanswered(item, case)

    def change(node: Node) -> Node:
        named = node.attributes.get("identifier", "")
        default = _default(node, item.responses[named]) if named in null else None
        if default is None:
            return node
        kind = {"base-type": "float"}
        return replace(node, name="qti-base-value", attributes=kind, text=repr(default))

    return _changed(item, case, change)


def _default(node: Node, declared: Declaration) -> float | None:
    mapping, areas = declared.mapping, declared.area_mapping
    if node.name == "qti-map-response" and mapping is not None:
        return within(mapping.default, mapping.lower, mapping.upper)
    return areas.default if node.name == "qti-map-response-point" and areas is not None else None


def _interpolated_in(item: Item, case: Case) -> tuple[Item, Case] | None:
    """Look for the first entry at or above: what is below, once value and table are negated."""
    interpolated = {
        name: replace(each, table=replace(each.table, entries=tuple(map(_negated, entries))))
        for name, each in item.outcomes.items()
        if each.table is not None and each.table.interpolated and (entries := each.table.entries)
    }

    def change(node: Node) -> Node:
        named = node.attributes.get("identifier")
        if node.name != "qti-lookup-outcome-value" or named not in interpolated:
            return node
        base = {"base-type": "float"}
        nothing = replace(node, name="qti-base-value", attributes=base, children=(), text="0")
        negative = replace(nothing, name="qti-subtract", children=(nothing, *node.children))
        return replace(node, children=(negative,))

    return _changed(replace(item, outcomes={**item.outcomes, **interpolated}), case, change)


def _negated(entry: TableEntry) -> TableEntry:
    return replace(entry, source=-entry.source)


def _changed(item: Item, case: Case, change: Callable[[Node], Node]) -> tuple[Item, Case] | None:
    """The case, with an item whose processing is changed everywhere; None if nowhere."""
    if item.processing is None:
        return None
    processing = _everywhere(item.processing, change)
    same = processing == item.processing
    return None if same else (replace(item, processing=processing), case)


def _everywhere(node: Node, change: Callable[[Node], Node]) -> Node:
    children = tuple(_everywhere(child, change) for child in node.children)
    return change(replace(node, children=children))


DEPARTURES: Final[tuple[Departure, ...]] = (
    Departure(
        clause="ResponseDeclaration, default-value",
        reason="set at the start of the first attempt; a response emptied since then is NULL",
        read=_kept_defaults,
    ),
    Departure(
        clause="MapResponse, MapResponsePoint",
        reason="a response that is NULL has no source value, so it scores 0, not the default",
        read=_mapped_null_in,
    ),
    Departure(
        clause="InterpolationTable, in an item",
        reason="the first entry whose source is less than or equal to the value looked up",
        read=_interpolated_in,
    ),
)
