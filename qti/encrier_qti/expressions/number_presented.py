# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-number-presented: how many items have been attempted, answered or not.

QTI 3.0 ASI information model, "NumberPresented", in outcome processing only.

NULL: never.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.items import attempted, counting
from encrier_qti.processing.programs import Evaluate, Scope


def build(node: Node, operands: Sequence[Evaluate], scope: Scope) -> Evaluate:
    """Compile to one count."""
    return counting(node, operands, scope, attempted)
