# SPDX-License-Identifier: AGPL-3.0-or-later
"""TAO's Implode: the strings of a container as one, with the first string between them.

NULL: NULL if either operand is.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.programs import members, text, two, wrong
from encrier_qti.values import MAX_TEXT, BaseType, Value, single


def apply(node: Node, operands: Sequence[Value | None]) -> Value | None:
    """Give a single string."""
    glue, pieces = two(node, operands)
    if glue is None or pieces is None:
        return None
    if pieces.base is not BaseType.STRING:
        raise wrong(node, "un conteneur de chaînes est attendu.")
    joined = text(glue, node).join(str(piece) for piece in members(pieces, node))
    if len(joined) > MAX_TEXT:
        raise wrong(node, "le texte serait trop long.")
    return single(BaseType.STRING, joined)
