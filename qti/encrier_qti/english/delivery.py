# SPDX-License-Identifier: AGPL-3.0-or-later
"""English for compiling, stripping and writing."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "ce dessin contient du code, un lien ou l’adresse d’un autre fichier.": (
        "this drawing contains code, a link or the address of another file."
    ),
    "ce support n’a pas de texte (qti-stimulus-body).": (
        "this stimulus has no text (qti-stimulus-body)."
    ),
    "ce type de fichier n’est pas servi aux élèves.": "this type of file is not served to pupils.",
    "ce type d’interaction portable n’est pas sur la liste des types admis.": (
        "this type of portable interaction is not on the list of types allowed."
    ),
    "cet item a plus de {most} réponses.": "this item has more than {most} responses.",
    "cet élément ne peut pas être servi aux élèves.": "this element cannot be served to pupils.",
    "cette condition ne peut pas être jugée sans la correction, sur l’écran de l’élève.": (
        "this condition cannot be judged on the pupil's screen, where there is no key."
    ),
    "Comparez à un nombre une somme des SCORE d’items, ou un nombre de réponses justes.": (
        "Compare a number with a sum of the SCORE of items, or with a count of right responses."
    ),
    "Donnez un dossier vide ou nouveau.": "Name an empty or a new folder.",
    "Donnez à la partie le mode «\u00a0individual\u00a0», ou ôtez la condition.": (
        'Give the part the mode "individual", or remove the condition.'
    ),
    "Exportez-le en «\u00a0SVG simple\u00a0», images incluses.": (
        "Export it as plain SVG, with its pictures inside."
    ),
    "Faites relire son programme, puis admettez son type par --allow-pci.": (
        "Have its program reviewed, then let its type in with --allow-pci."
    ),
    "le dossier de sortie contient déjà autre chose.": (
        "the output folder already holds something else."
    ),
    "le test n’a pas d’item de ce nom.": "the test has no item of that name.",
    "les réponses possibles à cet item, dont dépend une condition, ne peuvent être énumérées.": (
        "the possible answers to this item, on which a condition depends, cannot be listed."
    ),
    "N’utilisez pas ce paquet, et signalez-le\u00a0: c’est un défaut d’encrier.": (
        "Do not use this package, and report it: this is a fault of encrier."
    ),
    "Renommez l’item dans le test, ou la réponse dans l’item.": (
        "Rename the item in the test, or the response in the item."
    ),
    "Types admis\u00a0: {types}.": "Types allowed: {types}.",
    "un identifiant n’est pas fait de lettres, de chiffres, et de _ . -, 128 signes au plus.": (
        "an identifier is not made of letters, digits and _ . -, 128 characters at most."
    ),
    "Un item de ce rôle a une seule interaction et peu de choix.": (
        "An item in this role has one interaction and few choices."
    ),
    "une clé de correction resterait dans l’item servi aux élèves.": (
        "a key would be left in the item served to pupils."
    ),
    "une condition dépend de réponses qui ne sont rendues qu’à la fin de la partie.": (
        "a condition depends on responses that are handed in only at the end of the part."
    ),
}
