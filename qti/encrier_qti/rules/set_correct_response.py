# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-set-correct-response: give a response its key, in this clone.

QTI 3.0 ASI information model, "SetCorrectResponse". qti-correct reads it in
the rules that follow, and in response processing.

NULL: the response has no key.
"""

from encrier_qti.model import Node
from encrier_qti.processing.programs import Run, Scope
from encrier_qti.rules.setting import setting


def build(node: Node, scope: Scope) -> Run:
    """Compile to one setting."""
    return setting(node, scope, "correct", "response")
