# SPDX-License-Identifier: AGPL-3.0-or-later
"""A finding: what is wrong, where, and what to do, for the person who wrote the item.

Never says what a key is, even when the key is wrong.
"""

from typing import Literal

from encrier_qti.errors import QtiError
from encrier_qti.model import Record, Reference
from encrier_qti.words import Language, Words, place, say

Severity = Literal["error", "warning"]

CHANGE = "Corrigez-le dans l’outil d’édition, puis exportez de nouveau."


class Finding(Record, frozen=True):
    """An error stops the campaign; a warning is for the author to judge."""

    kind: str  # a slug that does not change: "missing-alt"
    severity: Severity
    file: str
    line: int
    what: Words
    next_step: Words = say(CHANGE)
    element: str = ""

    def told(self, language: Language) -> str:
        """Say where, what is wrong and what to do, in this language."""
        where = place(self.file, self.line, self.element, language)
        return f"{where}{self.what.told(language)} {self.next_step.told(language)}"

    def __str__(self) -> str:
        return self.told("fr")


def of_error(kind: str, error: QtiError) -> Finding:
    """Make a finding of an error that was raised."""
    return Finding(
        kind=kind,
        severity="error",
        file=error.file,
        line=error.line,
        what=error.reason,
        next_step=error.advice,
        element=error.element,
    )


def missing(reference: Reference) -> Finding:
    """Make a finding of a file that is asked for and is not in the package."""
    return Finding(
        kind="missing-file",
        severity="error",
        file=reference.file,
        line=reference.line,
        what=say("le fichier {path} n’est pas dans le paquet.", path=reference.path),
        next_step=say("Ajoutez-le, ou retirez ce qui le demande."),
        element=reference.element,
    )
