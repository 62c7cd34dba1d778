# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-set-default-value: give a response or an outcome its default, in this clone.

QTI 3.0 ASI information model, "SetDefaultValue". The session starts from it;
the value in template processing does not change.

NULL: the variable has no default.
"""

from encrier_qti.model import Node
from encrier_qti.processing.programs import Run, Scope
from encrier_qti.rules.setting import setting


def build(node: Node, scope: Scope) -> Run:
    """Compile to one setting."""
    return setting(node, scope, "default", "response", "outcome")
