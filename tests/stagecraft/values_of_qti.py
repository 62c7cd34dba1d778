# SPDX-License-Identifier: AGPL-3.0-or-later
"""Values of QTI to play with, and one expression over them."""

from encrier_qti.expressions.registry import EXPRESSIONS
from encrier_qti.model import Node
from encrier_qti.processing.programs import Frame
from encrier_qti.rules.registry import scope_of
from encrier_qti.values import BaseType, Cardinality, Scalar, Value, integer, single

NULL = None


def text(written: str) -> Value:
    return single(BaseType.STRING, written)


def name(written: str) -> Value:
    return single(BaseType.IDENTIFIER, written)


def lasting(seconds: float) -> Value:
    return single(BaseType.DURATION, seconds)


def at(x: int, y: int) -> Value:
    return single(BaseType.POINT, (x, y))


def bag(*members: Scalar, of: BaseType = BaseType.INTEGER) -> Value:
    return Value(Cardinality.MULTIPLE, of, members)


def row(*members: Scalar, of: BaseType = BaseType.INTEGER) -> Value:
    return Value(Cardinality.ORDERED, of, members)


def evaluate(element: str, *operands: Value | None, **attributes: str) -> Value | None:
    """Give what an expression makes of its operands; an attribute may name N, which is 3."""
    node = Node(
        name=f"qti-{element}",
        file="item.xml",
        line=1,
        attributes={key.replace("_", "-"): written for key, written in attributes.items()},
    )
    constants = [lambda _, constant=constant: constant for constant in operands]
    return EXPRESSIONS[node.name](node, constants, scope_of({}))(Frame({"N": integer(3)}))
