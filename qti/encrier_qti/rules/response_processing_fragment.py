# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-response-processing-fragment: rules grouped for reuse.

QTI 3.0 ASI information model, "ResponseProcessingFragment". One in a file of
its own has taken the place of its xi:include when the item was read.
"""

from encrier_qti.model import Node
from encrier_qti.processing.programs import Run, Scope


def build(node: Node, scope: Scope) -> Run:
    """Compile to the rules inside."""
    return scope.rules(node.children)
