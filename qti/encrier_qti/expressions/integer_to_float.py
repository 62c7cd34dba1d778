# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-integer-to-float: the same number as a float.

QTI 3.0 ASI information model, "IntegerToFloat".

NULL: NULL if its operand is.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.forms import alone
from encrier_qti.processing.programs import Evaluate, Scope, number, wrong
from encrier_qti.values import BaseType, Value, real


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one conversion."""

    def apply(value: Value) -> Value:
        if value.base is not BaseType.INTEGER:
            raise wrong(node, "un entier est attendu.")
        return real(float(number(value, node)))

    return alone(node, operands, apply)
