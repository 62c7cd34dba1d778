# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-string-match: whether two strings are the same, with or without case.

QTI 3.0 ASI information model, "StringMatch"; the deprecated attribute
`substring` asks whether the first contains the second.

NULL: NULL if either operand is.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.forms import both
from encrier_qti.processing.programs import Evaluate, Scope, flag, text
from encrier_qti.values import Value, boolean


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to a comparison; case is folded as Unicode says (ß is ss)."""
    sensitive = flag(node, "case-sensitive")
    anywhere = flag(node, "substring", default=False)

    def apply(one: Value, other: Value) -> Value:
        whole, part = text(one, node), text(other, node)
        if not sensitive:
            whole, part = whole.casefold(), part.casefold()
        return boolean(part in whole if anywhere else whole == part)

    return both(node, operands, apply)
