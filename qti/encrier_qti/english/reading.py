# SPDX-License-Identifier: AGPL-3.0-or-later
"""English for opening, importing and reading packages, items and tests."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "Ajoutez le fichier, ou retirez la référence du test.": (
        "Add the file, or remove the reference from the test."
    ),
    "ce fichier de l’archive est chiffré.": "this file of the archive is encrypted.",
    "ce fichier est en QTI 2.": "this file is in QTI 2.",
    "ce fichier n’est pas en UTF-8.": "this file is not in UTF-8.",
    "ce fichier n’est pas un manifeste.": "this file is not a manifest.",
    "Ce fichier n’est pas une archive zip, ou elle est endommagée.": (
        "This file is not a zip archive, or it is damaged."
    ),
    "ce fichier se déplie à plus de {most} fois sa taille.": (
        "this file unfolds to more than {most} times its size."
    ),
    "ce fichier XML dépasse {size} Mo.": "this XML file is larger than {size} MB.",
    "ce mode de compression n’est pas admis.": "this method of compression is not allowed.",
    "ce n’est pas un fichier ordinaire.": "this is not an ordinary file.",
    "cet item n’a pas d’identifiant.": "this item has no identifier.",
    "cette forme n’existe pas.": "there is no such shape.",
    "cette référence n’a pas d’identifiant ou de fichier.": (
        "this reference has no identifier or no file."
    ),
    "cette variable n’a pas de base-type.": "this variable has no base-type.",
    "cette variable n’a pas d’identifiant.": "this variable has no identifier.",
    "Convertissez le paquet en QTI 3 avant de l’importer.": (
        "Convert the package to QTI 3 before you import it."
    ),
    "Coupez-le en deux.": "Cut it in two.",
    "Coupez-le en plusieurs.": "Cut it into several.",
    "C’est le signe d’une archive piégée\u00a0: demandez-en l’origine.": (
        "That is the sign of a trapped archive: ask where it comes from."
    ),
    "deux fichiers de l’archive portent le même nom.": (
        "two files of the archive have the same name."
    ),
    "deux variables de cet item portent le même identifiant.": (
        "two variables of this item have the same identifier."
    ),
    "Donnez à chaque référence son propre identifiant.": "Give each reference its own identifier.",
    "Enregistrez-le en UTF-8.": "Save it in UTF-8.",
    "Exportez un paquet par test.": "Export one package for each test.",
    "il n’y a pas de fichier imsmanifest.xml à la racine du paquet.": (
        "there is no imsmanifest.xml at the root of the package."
    ),
    "la cardinalité ou le type de cette variable n’existe pas.": (
        "the cardinality or the type of this variable does not exist."
    ),
    "la taille annoncée par l’archive est fausse.": "the size that the archive states is wrong.",
    "le chemin de ce fichier sort du paquet ou contient des signes interdits.": (
        "the path of this file leaves the package or has forbidden characters."
    ),
    "le paquet a plus de {most} fichiers.": "the package has more than {most} files.",
    "le test {path} n’est pas dans le paquet.": "the test {path} is not in the package.",
    "les coordonnées ne conviennent pas à cette forme.": "the coordinates do not suit this shape.",
    "les coordonnées ne sont pas des nombres.": "the coordinates are not numbers.",
    "les variables de cardinalité record ne sont pas prises en charge.": (
        "variables of record cardinality are not supported."
    ),
    "l’attribut {attribute} manque.": "the attribute {attribute} is missing.",
    "l’attribut {attribute} n’est pas un nombre fini.": (
        "the attribute {attribute} is not a finite number."
    ),
    "l’item {path} n’est pas dans le paquet.": "the item {path} is not in the package.",
    "l’élément attendu est {name}, en QTI 3.0.": "the element expected is {name}, in QTI 3.0.",
    "Mettez les images et les sons dans des fichiers à part.": (
        "Put pictures and sounds in files of their own."
    ),
    "Mettez-le dans le paquet et nommez-le par son chemin.": (
        "Put it in the package and name it by its path."
    ),
    "plus de {file_size} Mo pour un fichier, ou {total_size} Mo en tout.": (
        "more than {file_size} MB for one file, or {total_size} MB in all."
    ),
    "plus de {most} éléments sont dans ce fichier.": "more than {most} elements are in this file.",
    "plus de {most} éléments sont imbriqués.": "more than {most} elements are nested.",
    "Refaites l’archive en zip ordinaire.": "Make the archive again as an ordinary zip.",
    "Refaites l’archive et comparez sa taille à celle de l’original.": (
        "Make the archive again and compare its size with the original."
    ),
    "Refaites l’archive sans mot de passe.": "Make the archive again without a password.",
    (
        "Renommez-le sans «\u00a0..\u00a0», sans «\u00a0\\\u00a0» ni «\u00a0:\u00a0», puis refaites le "
        "paquet."
    ): ('Rename it without "..", "\\" or ":", then make the package again.'),
    "Retirez-le\u00a0: les items sont servis dans l’ordre du test.": (
        "Remove it: items are served in the order of the test."
    ),
    "Réduisez les images, les sons et les vidéos.": "Make the pictures, sounds and videos smaller.",
    "Simplifiez la mise en page.": "Make the layout simpler.",
    "Supprimez-la\u00a0: un fichier QTI 3 n’en a pas besoin.": (
        "Delete it: a QTI 3 file does not need one."
    ),
    "un fichier d’un autre site est demandé.": "a file of another site is asked for.",
    "un lien symbolique n’est pas admis.": "a symbolic link is not allowed.",
    "un lien symbolique ou un fichier spécial n’est pas admis.": (
        "a symbolic link or a special file is not allowed."
    ),
    "un nom de fichier est absolu, sort du paquet ou contient des signes interdits.": (
        "a file name is absolute, leaves the package or has forbidden characters."
    ),
    "un test est attendu dans le manifeste, {count} y sont.": (
        "one test is expected in the manifest, {count} are there."
    ),
    "une déclaration DOCTYPE n’est pas admise (elle peut cacher des entités).": (
        "a DOCTYPE is not allowed (it can hide entities)."
    ),
    "une valeur n’a pas la forme du type {base}.": (
        "a value does not have the form of the type {base}."
    ),
    "une variable simple a plusieurs valeurs.": "a single variable has several values.",
    "Vérifiez la version choisie à l’export.": "Check the version chosen on export.",
    "Zippez le contenu du dossier, et non le dossier lui-même.": (
        "Zip what is in the folder, not the folder itself."
    ),
    "l’attribut {attribute} n’est pas un identifiant.": (
        "the attribute {attribute} is not an identifier."
    ),
    "l’attribut {attribute} n’est pas un nombre entier de 0 à {most}.": (
        "the attribute {attribute} is not a whole number from 0 to {most}."
    ),
    "le temps minimal dépasse le temps maximal.": (
        "the minimum time is longer than the maximum time."
    ),
    "l’attribut {attribute} est négatif.": ("the attribute {attribute} is negative."),
    "une expression est attendue, et une seule.": ("one expression is expected, and one only."),
    "l’attribut {attribute} doit être {words}.": ("the attribute {attribute} must be {words}."),
    "ce test n’a aucune partie.": ("this test has no part."),
    "deux variables de ce test portent le même identifiant.": (
        "two variables of this test have the same identifier."
    ),
    "la cible {target} n’est pas dans le test.": ("the target {target} is not in the test."),
    "la cible {target} n’est pas après ce qui y mène.": (
        "the target {target} does not come after what leads to it."
    ),
    "Une règle de branchement mène plus loin dans le test, ou à une sortie.": (
        "A branch rule leads further on in the test, or to an exit."
    ),
    "l’identifiant {identifier} est déjà celui d’un autre élément du test.": (
        "the identifier {identifier} is already that of another element of the test."
    ),
    "Donnez à chaque partie, section et référence son propre identifiant.": (
        "Give each part, section and reference its own identifier."
    ),
    "plus de {most} sections sont imbriquées.": ("more than {most} sections are nested."),
    "la section {path} n’est pas dans le paquet.": ("the section {path} is not in the package."),
    "cette référence ne nomme aucun fichier.": ("this reference names no file."),
    "les items de cette section seraient choisis par un moteur adaptatif extérieur.": (
        "the items of this section would be chosen by an adaptive engine outside."
    ),
    "Remplacez-le par des règles de branchement, ou par des items donnés.": (
        "Replace it with branch rules, or with given items."
    ),
    "moins d’éléments sont choisis qu’il n’y en a d’obligatoires.": (
        "fewer elements are selected than are required."
    ),
    "aucun élément ne peut être choisi dans une section vide.": (
        "no element can be selected in an empty section."
    ),
    "plus d’éléments sont choisis que la section n’en contient.": (
        "more elements are selected than the section holds."
    ),
    "deux poids portent le même identifiant.": ("two weights have the same identifier."),
}
