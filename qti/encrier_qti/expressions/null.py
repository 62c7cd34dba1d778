# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-null: NULL. QTI 3.0 ASI information model, "NullValue".

NULL: always.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.programs import Evaluate, Scope, none


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to the constant NULL."""
    none(node, operands)
    return lambda _: None
