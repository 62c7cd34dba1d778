# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-number-incorrect: how many attempted items have a response that is not its key.

Only items of which every response has a key count.

QTI 3.0 ASI information model, "NumberIncorrect", in outcome processing only.

NULL: never.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.items import attempted, correct, counting
from encrier_qti.processing.programs import Evaluate, Scope


def build(node: Node, operands: Sequence[Evaluate], scope: Scope) -> Evaluate:
    """Compile to one count."""
    return counting(node, operands, scope, lambda item: attempted(item) and correct(item) is False)
