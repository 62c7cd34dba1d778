# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-lookup-outcome-value: give an outcome the value that its table has for a number.

QTI 3.0 ASI information model, "LookupOutcomeValue", "MatchTable" and
"InterpolationTable": a match table wants the source itself; an interpolation
table takes the first entry whose source is below (or at, unless the entry
leaves its boundary out).

NULL: a source that is NULL gives the default of the table.
"""

from encrier_qti.model import LookupTable, Node
from encrier_qti.processing.programs import Frame, Run, Scope, looked_up, refuse, wrong
from encrier_qti.rules.assignment import failing, source
from encrier_qti.values import BaseType, Cardinality, Value

_INTERPOLATED = {BaseType.INTEGER, BaseType.FLOAT, BaseType.DURATION}
_EXACT = {BaseType.INTEGER}


def build(node: Node, scope: Scope) -> Run:
    """Compile to one walk down the table."""
    expression = source(node, scope)
    declaration = looked_up(node, scope)
    table = declaration.table if declaration else None
    if declaration is None or table is None:
        if scope.stage == "response":
            return failing(node, "cette variable n’a pas de table.")
        raise refuse(node, "cette variable n’a pas de table.")
    taken = _INTERPOLATED if table.interpolated else _EXACT
    name = declaration.identifier

    def run(frame: Frame) -> bool:
        value = expression(frame)
        if value is None:
            frame[name] = table.default
            return False
        source = value.members[0] if value.members else None
        if (
            value.base not in taken
            or value.cardinality is not Cardinality.SINGLE
            or not isinstance(source, int | float)
        ):
            raise wrong(node, "un nombre simple est attendu.")
        frame[name] = _found(table, source)
        return False

    return run


def _found(table: LookupTable, source: float) -> Value | None:
    for entry in table.entries:
        at = source == entry.source and (entry.include_boundary or not table.interpolated)
        if at or (table.interpolated and source > entry.source):
            return entry.target
    return table.default
