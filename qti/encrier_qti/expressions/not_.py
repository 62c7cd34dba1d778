# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-not: the contrary. QTI 3.0 ASI information model, "Not".

NULL: NULL if its operand is.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.forms import alone
from encrier_qti.processing.programs import Evaluate, Scope, truth
from encrier_qti.values import FALSE, TRUE


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one negation."""
    return alone(node, operands, lambda value: FALSE if truth(value, node) else TRUE)
