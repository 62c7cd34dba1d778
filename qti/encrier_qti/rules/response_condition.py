# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-response-condition: if, else if, else. QTI 3.0 ASI information model, "ResponseCondition".

NULL: a condition that is NULL counts as false.
"""

from encrier_qti.model import Node
from encrier_qti.processing.programs import Run, Scope
from encrier_qti.rules.conditional import conditional


def build(node: Node, scope: Scope) -> Run:
    """Compile the branches; the first whose condition is true runs."""
    return conditional(node, scope, stem="response")
