# SPDX-License-Identifier: AGPL-3.0-or-later
"""A finding: what is wrong, where, and what to do, for the person who wrote the item.

Never says what a key is, even when the key is wrong.
"""

from typing import Literal

from encrier_qti.errors import QtiError, place
from encrier_qti.model import Record, Reference

CHANGE = "Corrigez-le dans l’outil d’édition, puis exportez de nouveau."


class Finding(Record, frozen=True):
    """An error stops the campaign; a warning is for the author to judge."""

    kind: str  # a slug that does not change: "missing-alt"
    severity: Literal["error", "warning"]
    file: str
    line: int
    what: str
    next_step: str = CHANGE

    def __str__(self) -> str:
        return f"{place(self.file, self.line)}{self.what} {self.next_step}"


def of_error(kind: str, error: QtiError) -> Finding:
    """Make a finding of an error that was raised."""
    return Finding(
        kind=kind,
        severity="error",
        file=error.file,
        line=error.line,
        what=error.reason,
        next_step=error.what_next,
    )


def missing(reference: Reference) -> Finding:
    """Make a finding of a file that is asked for and is not in the package."""
    return Finding(
        kind="missing-file",
        severity="error",
        file=reference.file,
        line=reference.line,
        what=f"le fichier {reference.path} n’est pas dans le paquet.",
        next_step="Ajoutez-le, ou retirez ce qui le demande.",
    )
