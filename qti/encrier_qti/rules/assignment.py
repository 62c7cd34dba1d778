# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the rules that set something share: one variable, one expression, and what fits.

QTI 3.0 ASI information model, "SetValue": the value must have the base type
and the cardinality of the variable. Where the specification says nothing, as
TAO's engine does: a number goes into the other numeric type, a float toward
zero, and a single variable takes the first member of a container.
"""

from math import isfinite, trunc

from encrier_qti.model import Declaration, Node
from encrier_qti.processing.programs import Evaluate, Frame, Run, Scope, declared, refuse, wrong
from encrier_qti.values import NUMERIC, BaseType, Cardinality, Scalar, Value

_CONTAINERS = {Cardinality.MULTIPLE, Cardinality.ORDERED}


def target(node: Node, scope: Scope, *kinds: str) -> Declaration:
    """The variable that a rule sets; one of another kind is refused."""
    found = declared(node, scope)
    if found.kind not in kinds:
        raise refuse(node, "cette règle ne peut pas changer une variable de cette sorte.")
    return found


def failing(node: Node, what: str) -> Run:
    """What a rule does that has nothing to set, when an answer reaches it; others it does not harm.

    Banks in use hold such items; `checks.names` tells authors.
    """

    def run(_: Frame) -> bool:
        raise wrong(node, what)

    return run


def source(node: Node, scope: Scope) -> Evaluate:
    """The one expression of a rule."""
    if len(node.children) != 1:
        raise refuse(node, "une expression est attendue.")
    return scope.expression(node.children[0])


def fits(value: Value | None, declaration: Declaration) -> bool:
    """Whether a value has exactly the type of a variable; NULL fits all."""
    base = declaration.base or BaseType.NONE
    return value is None or (value.base is base and value.cardinality is declaration.cardinality)


def converted(value: Value, declaration: Declaration, node: Node) -> Value:
    """A value that does not fit, made to; raises WrongType where it cannot be."""
    base = declaration.base or BaseType.NONE
    members = value.members
    if declaration.cardinality is Cardinality.SINGLE and value.cardinality in _CONTAINERS:
        members = members[:1]
    elif value.cardinality is not declaration.cardinality:
        raise wrong(node, "la valeur n’est pas du type de la variable.")
    if value.base is not base:
        if base not in NUMERIC or value.base not in NUMERIC:
            raise wrong(node, "la valeur n’est pas du type de la variable.")
        members = tuple(_number(member, base, node) for member in members)
    return Value(declaration.cardinality, base, members)


def _number(member: Scalar, base: BaseType, node: Node) -> Scalar:
    if not isinstance(member, int | float):
        raise wrong(node, "un nombre simple est attendu.")
    if base is BaseType.FLOAT:
        return float(member)
    if not isfinite(member):
        raise wrong(node, "un entier ne peut pas être infini.")
    return trunc(member)
