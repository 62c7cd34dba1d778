# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-duration-lt: whether the first duration is shorter than the second.

QTI 3.0 ASI information model, "DurationLT".

NULL: NULL if either operand is.
"""

from collections.abc import Sequence
from operator import lt

from encrier_qti.model import Node
from encrier_qti.processing.forms import comparing
from encrier_qti.processing.numbers import duration
from encrier_qti.processing.programs import Evaluate, Scope


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one comparison, of seconds."""
    return comparing(node, operands, lt, read=duration)
