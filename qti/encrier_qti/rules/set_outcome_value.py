# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-set-outcome-value: give an outcome a value. QTI 3.0 ASI information model, "SetOutcomeValue".

The value must have the type of the outcome, but an integer goes into a float
and a float into an integer, toward zero, as TAO's engine does.

NULL: the outcome becomes NULL.
"""

from math import isfinite, trunc

from encrier_qti.model import Declaration, Node
from encrier_qti.processing.programs import NUMERIC, Frame, Run, Scope, declared, refuse, wrong
from encrier_qti.values import BaseType, Value


def build(node: Node, scope: Scope) -> Run:
    """Compile to one assignment."""
    declaration = declared(node, scope)
    if declaration.kind == "response":
        raise refuse(node, "une réponse ne peut pas être changée ici.")
    if len(node.children) != 1:
        raise refuse(node, "une expression est attendue.")
    expression = scope.expression(node.children[0])
    name, base, cardinality = declaration.identifier, declaration.base, declaration.cardinality

    def run(frame: Frame) -> bool:
        value = expression(frame)
        if value is not None and (value.base is not base or value.cardinality is not cardinality):
            value = _converted(value, declaration, node)
        frame[name] = value
        return False

    return run


def _converted(value: Value, declaration: Declaration, node: Node) -> Value:
    base = declaration.base
    numeric = base in NUMERIC and value.base in NUMERIC
    if value.cardinality is not declaration.cardinality or not numeric or base is None:
        raise wrong(node, "la valeur n’est pas du type de la variable.")
    members = [member for member in value.members if isinstance(member, int | float)]
    if base is BaseType.FLOAT:
        return Value(value.cardinality, base, tuple(float(member) for member in members))
    if not all(isfinite(member) for member in members):
        raise wrong(node, "un entier ne peut pas être infini.")
    return Value(value.cardinality, base, tuple(trunc(member) for member in members))
