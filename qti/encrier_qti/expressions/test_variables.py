# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-test-variables: the values of one variable in the items that have been selected.

QTI 3.0 ASI information model, "TestVariables", in outcome processing only: a
multiple container of the single values of that base type; without base type,
of numbers, integers if all are and no weight is named, else floats.

NULL: values that are NULL are left out; NULL if none is left.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.items import subset, weight
from encrier_qti.processing.programs import Evaluate, Frame, Scope, none, refuse
from encrier_qti.values import NUMERIC, BaseType, Cardinality, Scalar, Value, container


def build(node: Node, operands: Sequence[Evaluate], scope: Scope) -> Evaluate:
    """Compile to one walk over the items."""
    none(node, operands)
    items = subset(node, scope)
    name = node.attributes.get("variable-identifier", "").strip()
    wanted = _wanted(node)
    weighted = "weight-identifier" in node.attributes and wanted & NUMERIC

    def evaluate(frame: Frame) -> Value | None:
        found: list[tuple[BaseType, Scalar]] = []
        for item in items(frame):
            value = item.variables.get(name)
            if value is None or value.base not in wanted:
                continue
            if value.cardinality is Cardinality.SINGLE:
                factor = weight(node, item) if weighted else None
                found.append((value.base, _weighted(value.members[0], factor)))
        base = _base(wanted, {base for base, _ in found}) if not weighted else BaseType.FLOAT
        return container(Cardinality.MULTIPLE, base, (_as(base, member) for _, member in found))

    return evaluate


def _wanted(node: Node) -> frozenset[BaseType]:
    written = node.attributes.get("base-type", "").strip()
    if not written:
        return NUMERIC
    try:
        return frozenset({BaseType(written)})
    except ValueError:
        raise refuse(node, "ce base-type n’existe pas.") from None


def _base(wanted: frozenset[BaseType], found: set[BaseType]) -> BaseType:
    """The base type of the result without a weight."""
    if len(wanted) == 1:
        return next(iter(wanted))
    return BaseType.INTEGER if found == {BaseType.INTEGER} else BaseType.FLOAT


def _weighted(member: Scalar, factor: float | None) -> Scalar:
    if factor is None or not isinstance(member, int | float):
        return member
    return member * factor


def _as(base: BaseType, member: Scalar) -> Scalar:
    return float(member) if base is BaseType.FLOAT and isinstance(member, int) else member
