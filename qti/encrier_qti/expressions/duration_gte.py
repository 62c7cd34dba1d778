# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-duration-gte: whether the first duration is longer than, or as long as, the second.

QTI 3.0 ASI information model, "DurationGTE".

NULL: NULL if either operand is.
"""

from collections.abc import Sequence
from operator import ge

from encrier_qti.model import Node
from encrier_qti.processing.forms import comparing
from encrier_qti.processing.numbers import duration
from encrier_qti.processing.programs import Evaluate, Scope


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one comparison, of seconds."""
    return comparing(node, operands, ge, read=duration)
