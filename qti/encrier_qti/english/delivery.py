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
    "cet élément ne peut pas être servi aux élèves.": "this element cannot be served to pupils.",
    "Donnez le même identifiant à l’item et à sa référence.": (
        "Give the item and its reference the same identifier."
    ),
    "Donnez un dossier vide ou nouveau.": "Name an empty or a new folder.",
    "Exportez-le en «\u00a0SVG simple\u00a0», images incluses.": (
        "Export it as plain SVG, with its pictures inside."
    ),
    "Le dossier de sortie contient déjà autre chose.": (
        "The output folder already holds something else."
    ),
    "le test nomme cet item autrement que lui-même.": (
        "the test names this item otherwise than it names itself."
    ),
    "l’identifiant de cet item n’est pas fait de a-z, 0-9 et -, 40 signes au plus.": (
        "the identifier of this item is not made of a-z, 0-9 and -, 40 characters at most."
    ),
    "N’utilisez pas ce paquet, et signalez-le\u00a0: c’est un défaut d’encrier.": (
        "Do not use this package, and report it: this is a fault of encrier."
    ),
    "Renommez l’item, dans son fichier et dans le test.": (
        "Rename the item, in its file and in the test."
    ),
    "Types admis\u00a0: {types}.": "Types allowed: {types}.",
    "une clé de correction resterait dans l’item servi aux élèves.": (
        "a key would be left in the item served to pupils."
    ),
}
