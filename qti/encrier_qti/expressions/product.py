# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-product: the product of all numbers, of any cardinality.

QTI 3.0 ASI information model, "Product".

NULL: NULL if any operand is. An integer if all operands are, else a float.
"""

from collections.abc import Sequence
from math import prod

from encrier_qti.model import Node
from encrier_qti.processing.forms import accumulating
from encrier_qti.processing.programs import Evaluate, Scope


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to a running product."""
    return accumulating(node, operands, start=1, step=lambda total, found: total * prod(found))
