# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-field-value: one field of a record. QTI 3.0 ASI information model, "FieldValue".

NULL: NULL if its operand is, or if the record has no such field.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.forms import alone
from encrier_qti.processing.programs import Evaluate, Scope, refuse, wrong
from encrier_qti.values import Cardinality, Value


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one look-up."""
    name = node.attributes.get("field-identifier", "").strip()
    if not name:
        raise refuse(node, "l’attribut {attribute} manque.", attribute="field-identifier")

    def apply(value: Value) -> Value | None:
        if value.cardinality is not Cardinality.RECORD:
            raise wrong(node, "un enregistrement (record) est attendu.")
        return next((field for key, field in value.fields if key == name), None)

    return alone(node, operands, apply)
