# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-sum: the sum of all numbers, of any cardinality. QTI 3.0 ASI information model, "Sum".

NULL: NULL if any operand is. An integer if all operands are, else a float.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.forms import accumulating
from encrier_qti.processing.programs import Evaluate, Scope


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to a running total."""
    return accumulating(node, operands, start=0, step=lambda total, found: total + sum(found))
