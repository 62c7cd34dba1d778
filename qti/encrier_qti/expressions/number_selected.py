# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-number-selected: how many items have been selected.

QTI 3.0 ASI information model, "NumberSelected", in outcome processing only.

NULL: never.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.items import counting
from encrier_qti.processing.programs import Evaluate, Scope


def build(node: Node, operands: Sequence[Evaluate], scope: Scope) -> Evaluate:
    """Compile to one count."""
    return counting(node, operands, scope, lambda _: True)
