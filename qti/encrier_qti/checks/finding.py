# SPDX-License-Identifier: AGPL-3.0-or-later
"""A finding: what is wrong, where, and what to do, for the person who wrote the item.

Never says what a key is, even when the key is wrong.
"""

from collections.abc import Mapping
from typing import Final, Literal

from encrier_qti.errors import QtiError
from encrier_qti.model import Record, Reference
from encrier_qti.words import Language, Words, place, say

Severity = Literal["error", "warning"]

_CHANGE: Final = say("Corrigez-le dans l’outil d’édition, puis exportez de nouveau.")
_COMPARE: Final = say("Comparez le maximum annoncé, la clé et le barème.")
_DECLARE: Final = say("Déclarez-la, ou corrigez le nom.")
_NAME: Final = say("Corrigez le nom, ou ajoutez ce qu’il désigne.")
# What to do about a kind of finding, where the finding itself does not say it.
_ADVICE: Final[Mapping[str, Words]] = {
    "feedback-undeclared": _DECLARE,
    "identifier-mismatch": say(
        "Les résultats portent le nom que donne le test\u00a0: vérifiez que c’est le bon."
    ),
    "key-not-best": say("Corrigez la clé ou le barème."),
    "key-outside-choices": say("Corrigez la clé, ou ajoutez le choix qu’elle nomme."),
    "key-unreachable": say("Corrigez la clé, ou les limites de l’interaction."),
    "no-maximum": say("Donnez une valeur à MAXSCORE, ou un normal-maximum à SCORE."),
    "not-in-manifest": say("Ajoutez-le aux ressources du manifeste."),
    "order-shown": say('Mettez-les dans un autre ordre, ou demandez shuffle="true".'),
    "printed-undeclared": _DECLARE,
    "reporting": say("Corrigez ce fichier d’après docs/spec/bundle.md."),
    "score-above-maximum": _COMPARE,
    "score-unreachable": _COMPARE,
    "shared-response": say("Donnez à chaque interaction sa propre variable."),
    "too-many-for-one": say(
        "Limitez l’interaction à une réponse, ou déclarez la variable multiple."
    ),
    "undeclared-response": say("Déclarez-la, ou corrigez response-identifier."),
    "unknown-catalog": _NAME,
    "unknown-element": say("Remplacez-le par un élément de QTI 3, ou retirez-le."),
    "unknown-item": _NAME,
    "unknown-variable": _NAME,
    "unknown-weight": _NAME,
    "unreachable": say("Corrigez la condition ou le tirage, ou retirez ce qui ne sert pas."),
    "unused-response": say(
        "Corrigez response-identifier dans l’interaction, ou retirez la déclaration."
    ),
}


class Finding(Record, frozen=True):
    """An error stops the campaign; a warning is for the author to judge."""

    kind: str  # a slug that does not change: "missing-alt"
    severity: Severity
    file: str
    line: int
    what: Words
    next_step: Words | None = None  # None: what is advised for all of its kind
    element: str = ""

    @property
    def advice(self) -> Words:
        """What to do about it."""
        return self.next_step or _ADVICE.get(self.kind, _CHANGE)

    def told(self, language: Language) -> str:
        """Say where, what is wrong and what to do, in this language."""
        where = place(self.file, self.line, self.element, language)
        return f"{where}{self.what.told(language)} {self.advice.told(language)}"

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
