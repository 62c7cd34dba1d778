# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-substring: whether the first string is somewhere in the second.

QTI 3.0 ASI information model, "Substring".

NULL: NULL if either operand is.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.programs import Evaluate, Frame, Scope, flag, text, two
from encrier_qti.values import Value, boolean


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to a search."""
    left, right = two(node, operands)
    sensitive = flag(node, "case-sensitive", default=True)

    def evaluate(frame: Frame) -> Value | None:
        one, other = left(frame), right(frame)
        if one is None or other is None:
            return None
        part, whole = text(one, node), text(other, node)
        if not sensitive:
            part, whole = part.casefold(), whole.casefold()
        return boolean(part in whole)

    return evaluate
