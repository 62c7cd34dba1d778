# SPDX-License-Identifier: AGPL-3.0-or-later
"""English for sessions of items and of tests."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "ce test ne permet pas de revoir cet item.": (
        "this test does not allow this item to be seen again."
    ),
    "ce test présente plus de {most} items et sections à un élève.": (
        "this test presents more than {most} items and sections to a pupil."
    ),
    "ceci n’est pas possible à ce moment de l’item.": (
        "this is not possible at this moment of the item."
    ),
    "ceci n’est pas possible à ce moment du test.": (
        "this is not possible at this moment of the test."
    ),
    "Choisissez moins d’éléments dans ses sections.": "Select fewer elements in its sections.",
    "Continuez le test à partir de son état actuel.": "Go on with the test from its present state.",
    "dans cette partie, on ne peut qu’avancer.": "in this part one can only go forward.",
    "il n’y a pas d’item à cette place.": "there is no item at this place.",
    "le temps est écoulé.": "time is up.",
    "le temps minimal n’est pas écoulé.": "the minimum time has not gone by.",
    "plus aucun essai n’est permis.": "no attempt is left.",
    "une durée positive est attendue.": "a duration that is not negative is expected.",
    "une réponse est attendue avant de continuer.": "a response is expected before going on.",
    "une réponse n’est pas complète ou pas permise.": "a response is not complete or not allowed.",
}
