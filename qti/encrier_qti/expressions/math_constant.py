# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-math-constant: pi or e. QTI 3.0 ASI information model, "MathConstant".

NULL: never.
"""

import math
from collections.abc import Sequence
from typing import Final

from encrier_qti.model import Node
from encrier_qti.processing.programs import Evaluate, Scope, none, refuse
from encrier_qti.values import real

_CONSTANTS: Final = {"pi": math.pi, "e": math.e}


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to a constant."""
    none(node, operands)
    found = _CONSTANTS.get(node.attributes.get("name", "").strip())
    if found is None:
        raise refuse(node, "la constante doit être pi ou e.")
    constant = real(found)
    return lambda _: constant
