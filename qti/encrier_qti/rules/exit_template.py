# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-exit-template: stop template processing. QTI 3.0 ASI information model, "ExitTemplate"."""

from encrier_qti.model import Node
from encrier_qti.processing.programs import Run, Scope


def build(_: Node, __: Scope) -> Run:
    """Compile to a stop."""
    return lambda _: True
