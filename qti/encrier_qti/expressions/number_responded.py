# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-number-responded: how many items have been attempted and answered.

Answered: at least one response differs from its default.

QTI 3.0 ASI information model, "NumberResponded", in outcome processing only.

NULL: never.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.items import attempted, counting, responded
from encrier_qti.processing.programs import Evaluate, Scope


def build(node: Node, operands: Sequence[Evaluate], scope: Scope) -> Evaluate:
    """Compile to one count."""
    return counting(node, operands, scope, lambda item: attempted(item) and responded(item))
