# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-is-null: whether its operand is NULL. QTI 3.0 ASI information model, "IsNull".

NULL: never NULL itself. Empty containers and empty strings are NULL.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.programs import Evaluate, Scope, operand
from encrier_qti.values import FALSE, TRUE


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one test."""
    one = operand(node, operands)
    return lambda frame: TRUE if one(frame) is None else FALSE
