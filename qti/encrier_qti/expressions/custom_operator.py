# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-custom-operator: an operation that QTI does not define, registered by its class.

QTI 3.0 ASI information model, "CustomOperator". One that is not registered is
refused on compiling: no code ever comes with an item.

NULL: the operator decides.
"""

from collections.abc import Sequence

from encrier_qti.errors import NotSupported
from encrier_qti.model import Node
from encrier_qti.processing.programs import Evaluate, Frame, Scope
from encrier_qti.values import Value


def build(node: Node, operands: Sequence[Evaluate], scope: Scope) -> Evaluate:
    """Compile to one call of the registered operator."""
    named = node.attributes.get("class", "").strip()
    operator = scope.operators.get(named)
    if operator is None:
        raise NotSupported(
            "cet opérateur particulier (custom operator) n’est pas connu ici.",
            "Écrivez la règle avec les opérateurs de QTI.",
            file=node.file,
            line=node.line,
            element=node.name,
        )
    each = tuple(operands)

    def evaluate(frame: Frame) -> Value | None:
        return operator(node, [one(frame) for one in each])

    return evaluate
