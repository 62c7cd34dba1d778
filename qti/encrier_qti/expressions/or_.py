# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-or: whether any is true. QTI 3.0 ASI information model, "Or".

NULL: true if any operand is true; else NULL if any is NULL.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.forms import deciding
from encrier_qti.processing.programs import Evaluate, Scope


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to a walk that stops at the first true."""
    return deciding(node, operands, decisive=True)
