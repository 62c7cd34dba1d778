# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be wrong with an assessment, told to the person who wrote it.

    QtiError
    ├── PackageRefused      the folder or zip cannot be trusted or lacks a file
    ├── XmlRefused          a file is not XML that we read
    ├── ContentRefused      an item, a test or the reporting file says something impossible
    ├── NotSupported        right in QTI 3, not yet done by this engine
    ├── WrongType           an expression got a value of a kind it does not take
    ├── AnswersRefused      a file of answers that is not one
    └── SessionRefused      something that a session does not allow at this moment

Each names the file and the line, never what is written there: it may be a key.
"""

from typing import ClassVar

from encrier.errors import EncrierError
from encrier_qti.words import Language, Words, place, say


class QtiError(EncrierError):
    """Base of the tree; `file`, `line` (0: the whole file) and `element` say where.

    Sentences are French templates; further keywords fill their blanks. `told`
    gives the whole in either language, `str()` of the error in French.
    """

    what: ClassVar[str] = "le contenu de l’évaluation n’est pas utilisable."
    next_step: ClassVar[str] = "Corrigez-le dans l’outil d’édition, puis exportez-le de nouveau."

    def __init__(
        self,
        what: str | Words | None = None,
        next_step: str | None = None,
        *,
        file: str = "",
        line: int = 0,
        element: str = "",
        **named: str | int,
    ) -> None:
        self.file = file
        self.line = line
        self.element = element
        self.reason = what if isinstance(what, Words) else say(what or type(self).what, **named)
        self.advice = say(next_step or type(self).next_step, **named)
        where = place(file, line, element)
        super().__init__(f"{where}{self.reason}", str(self.advice))

    def told(self, language: Language) -> str:
        """Say where, what happened and what to do, in this language."""
        where = place(self.file, self.line, self.element, language)
        return f"{where}{self.reason.told(language)} {self.advice.told(language)}"


class PackageRefused(QtiError):
    what = "ce paquet n’est pas un paquet QTI 3 que l’on peut ouvrir sans risque."
    next_step = "Exportez-le de nouveau depuis l’outil d’édition."


class XmlRefused(QtiError):
    what = "ce fichier n’est pas du XML lisible."
    next_step = "Exportez-le de nouveau, ou corrigez la ligne indiquée."


class ContentRefused(QtiError):
    pass


class NotSupported(QtiError):
    what = "cet élément de QTI 3 n’est pas encore pris en charge."
    next_step = "Voyez docs/conformance.md pour ce qui l’est, et écrivez l’item autrement."


class WrongType(QtiError):
    what = "une expression reçoit une valeur d’un type qu’elle ne prend pas."
    next_step = "Corrigez le traitement à l’endroit indiqué."


class AnswersRefused(QtiError):
    what = "ce fichier n’est pas un fichier de réponses."
    next_step = (
        'Attendu\u00a0: {"RESPONSE": "B"} pour un item,'
        ' {"identifiant d’item": {"RESPONSE": "B"}} pour un test.'
    )


class SessionRefused(QtiError):
    """A step that a session does not allow; nothing has changed when it is raised.

    `why`, for programs: "not-now" (wrong moment), "time", "too-early", "attempts",
    "skipped", "invalid", "not-allowed", "linear" (no way but forward),
    "no-such-place", "no-such-time".
    """

    what = "le temps est écoulé."
    next_step = "Continuez le test à partir de son état actuel."

    def __init__(self, what: str | None = None, *, why: str) -> None:
        super().__init__(what)
        self.why = why
