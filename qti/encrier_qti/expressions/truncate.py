# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-truncate: the integer part, toward zero (-6.8 gives -6).

QTI 3.0 ASI information model, "Truncate".

NULL: NULL if its operand is, or is not a number (NaN). An infinity stays
one, as a float: no integer can hold it.
"""

from collections.abc import Sequence
from math import trunc

from encrier_qti.model import Node
from encrier_qti.processing.forms import rounding
from encrier_qti.processing.programs import Evaluate, Scope


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one truncation."""
    return rounding(node, operands, trunc)
