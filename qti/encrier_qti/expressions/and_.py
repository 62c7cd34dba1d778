# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-and: whether all are true. QTI 3.0 ASI information model, "And".

NULL: false if any operand is false; else NULL if any is NULL.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.forms import deciding
from encrier_qti.processing.programs import Evaluate, Scope


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to a walk that stops at the first false."""
    return deciding(node, operands, decisive=False)
