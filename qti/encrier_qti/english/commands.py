# SPDX-License-Identifier: AGPL-3.0-or-later
"""English for the command line and the preview."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "adaptatif": "adaptive",
    "aperçu fermé.": "preview closed.",
    "aperçu ouvert. Ctrl+C pour arrêter.": "preview open. Ctrl+C to stop.",
    'Attendu\u00a0: {"RESPONSE": "B"}, ou une liste de valeurs par réponse.': (
        'Expected: {"RESPONSE": "B"}, or a list of values for each response.'
    ),
    "barème\u00a0: {scale}": "mapping: {scale}",
    "ce fichier de réponses dépasse 64 Mo.": "this file of responses is larger than 64 MB.",
    "ce fichier ne contient pas les réponses à un item.": (
        "this file does not hold the responses to an item."
    ),
    "ce fichier n’existe pas.": "this file does not exist.",
    "ce fichier ou ce dossier ne peut pas être lu ou écrit ({reason}).": (
        "this file or folder cannot be read or written ({reason})."
    ),
    "ce fichier, ou le dossier où il doit être, n’existe pas.": (
        "this file, or the folder where it should be, does not exist."
    ),
    "ce paquet n’a pas exactement un item.": "this package does not have exactly one item.",
    "ce paquet n’existe pas.": "this package does not exist.",
    "ce port n’est pas libre.": "this port is not free.",
    "cette demande n’a pas de sens.": "this request makes no sense.",
    "clé\u00a0: {key}": "key: {key}",
    "Donnez ANSWERS.json pour un test, ou --responses FILE.json pour un item.": (
        "Give ANSWERS.json for a test, or --responses FILE.json for an item."
    ),
    "Donnez le fichier XML d’un item.": "Give the XML file of one item.",
    "Donnez par --out un fichier de l’un de ces noms.": "Give --out a file of one of these names.",
    "Donnez un autre nom.": "Give another name.",
    "Donnez-en un autre par --port.": "Give another with --port.",
    "erreur": "error",
    "erreurs dans ce paquet\u00a0: {n}. La première\u00a0: {first}": (
        "errors in this package: {n}. The first: {first}"
    ),
    "Lancez «\u00a0encrier qti check\u00a0» pour les voir toutes.": (
        "Run `encrier qti check` to see them all."
    ),
    "erreurs\u00a0: {errors}, remarques\u00a0: {warnings}.": (
        "errors: {errors}, warnings: {warnings}."
    ),
    "essais sans limite": "attempts without limit",
    "fichiers convertis\u00a0: {n}, octets écrits\u00a0: {size}.": (
        "files converted: {n}, bytes written: {size}."
    ),
    "il faut un fichier de réponses, et un seul.": "one file of responses is needed, and only one.",
    "la page d’aperçu n’est pas construite.": "the preview page is not built.",
    "Lancez la commande avec --help.": "Run the command with --help.",
    "Lancez «\u00a0make player\u00a0» dans un clone, ou donnez --player DOSSIER.": (
        "Run `make player` in a clone, or give --player FOLDER."
    ),
    "le fichier de sortie existe déjà.": "the output file exists already.",
    "le traitement de la réponse de l’item échoue avec ces réponses.": (
        "the response processing of the item fails with these responses."
    ),
    "libre": "nonlinear",
    "linéaire": "linear",
    "lot {bundle}. Items\u00a0: {items}, fichiers\u00a0: {files}, octets\u00a0: {size_bytes}.": (
        "bundle {bundle}. Items: {items}, files: {files}, bytes: {size_bytes}."
    ),
    "l’item n’a pas de réponse de ce nom.": "the item has no response of this name.",
    "maximum inconnu": "unknown maximum",
    "non noté": "not scored",
    "ordre tiré": "shuffled",
    "partie {part}": "part {part}",
    "peut mener à {target}": "may branch to {target}",
    "plusieurs valeurs là où une seule est attendue\u00a0: comptée comme vide.": (
        "several values where one is expected: taken as no response."
    ),
    "remarque": "warning",
    "règles propres": "own rules",
    "réponse": "response",
    "résultat": "outcome",
    "section {section}": "section {section}",
    "sous condition": "on a precondition",
    "tout à la fin": "simultaneous",
    "un paquet s’écrit dans un fichier .zip, un item seul dans un fichier .xml.": (
        "a package is written to a .zip file, a single item to an .xml file."
    ),
    "une réponse à la fois": "individual",
    "une valeur n’a pas la forme attendue\u00a0: comptée comme vide.": (
        "a value is not of the expected form: taken as no response."
    ),
    "variable de modèle": "template variable",
    "variantes tirées": "clones",
    "Vérifiez le chemin et les droits.": "Check the path and the permissions.",
    "Vérifiez le chemin.": "Check the path.",
    "«\u00a0{title}\u00a0»": "“{title}”",
    "{item} n’est pas un item de ce test.": "{item} is not an item of this test.",
    "{n} au choix du tirage": "{n} selected",
    "{n} essais au plus": "{n} attempts at most",
    "{n} fichiers": "{n} files",
    "{n} item": "{n} item",
    "{n} items": "{n} items",
    "{points} point": "{points} point",
    "{points} points": "{points} points",
    "{seconds} s au plus": "{seconds} s at most",
    "un nom ou un argument n’est pas un texte en UTF-8.": (
        "a name or an argument is not text in UTF-8."
    ),
    "Changez-le.": "Change it.",
}
