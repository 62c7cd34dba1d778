# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-lcm: the lowest common multiple of all integers, of any cardinality.

QTI 3.0 ASI information model, "Lcm". If any integer is 0, so is the result.

NULL: NULL if any operand is.
"""

from collections.abc import Sequence
from math import lcm

from encrier_qti.model import Node
from encrier_qti.processing.forms import over_integers
from encrier_qti.processing.programs import Evaluate, Scope


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one computation over all integers."""
    return over_integers(node, operands, lcm)
