# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-base-value: a literal. QTI 3.0 ASI information model, "BaseValue".

Letters are put in Unicode's composed form (NFC), as those of answers are.

NULL: an empty literal is NULL.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.programs import Evaluate, Scope, none, refuse
from encrier_qti.values import BadForm, BaseType, Cardinality, Value, composed, parse


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to a constant, read once."""
    none(node, operands)
    try:
        base = BaseType(node.attributes.get("base-type", ""))
        member = parse(base, composed(node.text))
    except BadForm:
        raise refuse(node, "la valeur n’a pas la forme de son type.") from None
    except ValueError:
        raise refuse(node, "ce base-type n’existe pas.") from None
    constant = None if member is None else Value(Cardinality.SINGLE, base, (member,))
    return lambda _: constant
