# SPDX-License-Identifier: AGPL-3.0-or-later
"""TAO's Explode: the parts of the second string between the copies of the first.

NULL: NULL if either operand is. A part that is empty is NULL, so left out.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.programs import text, two, wrong
from encrier_qti.values import MAX_MEMBERS, BaseType, Cardinality, Value, container


def apply(node: Node, operands: Sequence[Value | None]) -> Value | None:
    """Give an ordered container of strings."""
    separator, whole = two(node, operands)
    if separator is None or whole is None:
        return None
    parts = [part for part in text(whole, node).split(text(separator, node)) if part]
    if len(parts) > MAX_MEMBERS:
        raise wrong(node, "le conteneur aurait trop de valeurs.")
    return container(Cardinality.ORDERED, BaseType.STRING, parts)
