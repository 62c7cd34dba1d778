# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-number-correct: how many items have every response equal to its key.

Only items of which every response has a key count.

QTI 3.0 ASI information model, "NumberCorrect", in outcome processing only.

NULL: never.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.items import correct, counting
from encrier_qti.processing.programs import Evaluate, Scope


def build(node: Node, operands: Sequence[Evaluate], scope: Scope) -> Evaluate:
    """Compile to one count."""
    return counting(node, operands, scope, lambda item: correct(item) is True)
