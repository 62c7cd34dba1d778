# SPDX-License-Identifier: AGPL-3.0-or-later
"""English for the kit of what is keyed from paper."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "ce qu’un adulte juge a deux choix, «\u00a01\u00a0» (juste) et «\u00a00\u00a0» (faux).": (
        'what an adult judges has two choices, "1" (right) and "0" (wrong).'
    ),
    "ce qui est donné dépend ici du hasard ou des réponses\u00a0: un cahier sur papier est le même"
    " pour tous.": (
        "what is given here depends on chance or on answers: a paper booklet is the same for all."
    ),
    "cet item a plusieurs interactions\u00a0: un item qui se saisit n’en a qu’une.": (
        "this item has several interactions: an item that is keyed has only one."
    ),
    "cet item n’est dans aucun exercice.": "this item is in no exercise.",
    "cette interaction n’a aucun choix.": "this interaction has no choice.",
    "cette interaction ne peut pas être saisie d’après un cahier sur papier.": (
        "this interaction cannot be keyed from a paper booklet."
    ),
    "data-keying ne dit pas un masque de cette interaction.": (
        "data-keying does not name a mask of this interaction."
    ),
    "deux items d’un exercice porteraient le même numéro.": (
        "two items of an exercise would have the same number."
    ),
    "Déclarez WRONG (les mots), et les entiers RESPONSE, LAST et SECONDS.": (
        "Declare WRONG (the words), and the integers RESPONSE, LAST and SECONDS."
    ),
    "Dites dans alt ce que montre l’image.": "Say in alt what the picture shows.",
    "Donnez à chacun le sien.": "Give each its own.",
    "Donnez à chacun un attribut label, ou à aucun.": (
        "Give each of them a label attribute, or none."
    ),
    "Écrivez ce que l’élève peut choisir.": "Write what the pupil may choose.",
    "Employez un choix, un nombre entier ou des mots\u00a0: docs/spec/keying.md.": (
        "Use a choice, a whole number or words: docs/spec/keying.md."
    ),
    "Faites-en autant d’items.": "Make an item of each.",
    "la variable {name} n’est pas du type qui se saisit ici.": (
        "the variable {name} is not of the type that is keyed here."
    ),
    "Mettez ce texte dans les consignes de l’exercice.": (
        "Put this text into the instructions of the exercise."
    ),
    "Mettez-le dans une section de second niveau\u00a0: le premier est la séquence, le second"
    " l’exercice.": (
        "Put it into a section of the second level: the first is the sequence, the second the"
        " exercise."
    ),
    "Mettez ses items directement dans l’exercice.": "Put its items directly into the exercise.",
    "Mots admis ici\u00a0: {words}. Ou ôtez cet attribut.": (
        "Words allowed here: {words}. Or remove this attribute."
    ),
    "Nommez-les ainsi, ou écrivez data-keying=code pour d’autres codes.": (
        "Name them so, or write data-keying=code for other codes."
    ),
    "Ôtez le tirage, la condition ou le branchement.": (
        "Remove the selection, the condition or the branch."
    ),
    "Renommez ce choix, et la clé avec lui.": "Rename this choice, and the key with it.",
    "Renommez cette section.": "Rename this section.",
    "rien ne peut être saisi de cet item, qui n’a pas d’interaction.": (
        "nothing can be keyed of this item, which has no interaction."
    ),
    "un choix n’a ni texte, ni image décrite\u00a0: l’adulte ne saurait le nommer.": (
        "a choice has neither text nor a picture that is described: an adult could not name it."
    ),
    "une lecture chronométrée n’a pas les quatre réponses qui la disent.": (
        "a timed reading does not have the four responses that tell it."
    ),
    "une section d’exercice contient une autre section.": (
        "a section that is an exercise holds another section."
    ),
    "{kit}. Exercices\u00a0: {exercises}, items\u00a0: {items}, dont notés dès la saisie\u00a0:"
    " {marked}, fichiers\u00a0: {files}, octets\u00a0: {size_bytes}.": (
        "{kit}. Exercises: {exercises}, items: {items}, of which marked at once: {marked}, files:"
        " {files}, bytes: {size_bytes}."
    ),
}
