# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-round: the nearest integer, halves upward (6.5 gives 7, -6.5 gives -6).

QTI 3.0 ASI information model, "Round".

NULL: NULL if its operand is, or is not a number (NaN). An infinity stays
one, as a float: no integer can hold it.
"""

from collections.abc import Sequence
from math import floor
from typing import Final

from encrier_qti.model import Node
from encrier_qti.processing.forms import rounding
from encrier_qti.processing.programs import Evaluate, Scope

_HALF: Final = 0.5


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one rounding."""
    return rounding(node, operands, _nearest)


def _nearest(found: float) -> int:
    below = floor(found)
    return below + (found - below >= _HALF)  # the difference is exact, found + 0.5 is not
