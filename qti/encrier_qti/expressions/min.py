# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-min: the smallest of all numbers, of any cardinality. QTI 3.0 ASI information model, "Min".

NULL: NULL if any operand is, or is not numeric (the one operator of which
the specification says so). An integer if all operands are, else a float.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.forms import extreme
from encrier_qti.processing.programs import Evaluate, Scope


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one comparison of all."""
    return extreme(node, operands, min)
