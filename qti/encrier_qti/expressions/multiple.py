# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-multiple: a container without order, made of all its operands.

QTI 3.0 ASI information model, "Multiple". Operands are single values or
multiple containers of one base type.

NULL: operands that are NULL are left out; NULL if none is left.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.forms import gathering
from encrier_qti.processing.programs import Evaluate, Scope
from encrier_qti.values import Cardinality


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one gathering; without any operand it is the constant NULL."""
    return gathering(node, operands, Cardinality.MULTIPLE)
