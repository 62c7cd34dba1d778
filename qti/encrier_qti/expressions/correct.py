# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-correct: the key of a response. QTI 3.0 ASI information model, "Correct".

In template processing, the key that has been set so far.

NULL: NULL if the response has no qti-correct-response, or is not declared (the check refuses it).
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.programs import (
    Evaluate,
    Scope,
    looked_up,
    none,
    nothing,
    refuse,
    setting,
)


def build(node: Node, operands: Sequence[Evaluate], scope: Scope) -> Evaluate:
    """Compile to a constant, the declared key."""
    none(node, operands)
    declaration = looked_up(node, scope)
    if declaration is None:
        return nothing
    if declaration.kind != "response":
        raise refuse(node, "seule une réponse a une valeur correcte.")
    return setting("correct", declaration.identifier, declaration.correct, scope)
