# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-response-processing-fragment: rules grouped for reuse.

QTI 3.0 ASI information model, "ResponseProcessingFragment". Those written in
the item run in place; an inclusion from another file is refused on reading.
"""

from encrier_qti.model import Node
from encrier_qti.processing.programs import Run, Scope


def build(node: Node, scope: Scope) -> Run:
    """Compile to the rules inside."""
    return scope.rules(node.children)
