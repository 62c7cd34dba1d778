# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-substring: whether the first string is somewhere in the second.

QTI 3.0 ASI information model, "Substring".

NULL: NULL if either operand is.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.forms import both
from encrier_qti.processing.programs import Evaluate, Scope, flag, text
from encrier_qti.values import Value, boolean


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to a search."""
    sensitive = flag(node, "case-sensitive", default=True)

    def apply(one: Value, other: Value) -> Value:
        part, whole = text(one, node), text(other, node)
        if not sensitive:
            part, whole = part.casefold(), whole.casefold()
        return boolean(part in whole)

    return both(node, operands, apply)
