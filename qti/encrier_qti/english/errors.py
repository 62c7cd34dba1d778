# SPDX-License-Identifier: AGPL-3.0-or-later
"""English for the errors themselves, and sentences that several areas share."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    (
        'Attendu\u00a0: {"RESPONSE": "B"} pour un item,'
        ' {"identifiant d’item": {"RESPONSE": "B"}} pour un test.'
    ): (
        'Expected: {"RESPONSE": "B"} for an item,'
        ' {"item identifier": {"RESPONSE": "B"}} for a test.'
    ),
    "ce fichier n’est pas du XML lisible.": "this file is not readable XML.",
    "ce fichier n’est pas un fichier de réponses.": "this file is not a file of answers.",
    "ce paquet n’est pas un paquet QTI 3 que l’on peut ouvrir sans risque.": (
        "this is not a QTI 3 package that can be opened without risk."
    ),
    "cet élément de QTI 3 n’est pas encore pris en charge.": (
        "this element of QTI 3 is not supported yet."
    ),
    "Corrigez le traitement à l’endroit indiqué.": "Correct the processing at the place named.",
    "Corrigez-le dans l’outil d’édition, puis exportez-le de nouveau.": (
        "Correct it in the authoring tool, then export it again."
    ),
    "Exportez-le de nouveau depuis l’outil d’édition.": "Export it again from the authoring tool.",
    "Exportez-le de nouveau, ou corrigez la ligne indiquée.": (
        "Export it again, or correct the line that is named."
    ),
    "le contenu de l’évaluation n’est pas utilisable.": (
        "the content of the assessment cannot be used."
    ),
    "une expression reçoit une valeur d’un type qu’elle ne prend pas.": (
        "an expression gets a value of a type that it does not take."
    ),
    "Voyez docs/conformance.md pour ce qui l’est, et écrivez l’item autrement.": (
        "See docs/conformance.md for what is, and write the item another way."
    ),
}
