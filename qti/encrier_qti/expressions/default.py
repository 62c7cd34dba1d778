# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-default: the default of a variable. QTI 3.0 ASI information model, "Default".

In template processing, the default that has been set so far.

NULL: NULL if the variable has no qti-default-value, or is not declared (the check refuses it).
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.programs import Evaluate, Scope, looked_up, none, nothing, setting


def build(node: Node, operands: Sequence[Evaluate], scope: Scope) -> Evaluate:
    """Compile to a constant, the declared default."""
    none(node, operands)
    declaration = looked_up(node, scope)
    if declaration is None:
        return nothing
    return setting("default", declaration.identifier, declaration.default, scope)
