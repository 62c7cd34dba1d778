# SPDX-License-Identifier: AGPL-3.0-or-later
"""English for opening, importing and reading packages, items and tests."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "Ajoutez le fichier, ou retirez la référence du test.": (
        "Add the file, or remove the reference from the test."
    ),
    "aucun élément ne peut être choisi dans une section vide.": (
        "no element can be selected in an empty section."
    ),
    "ce dossier n’a pas le schéma XML de QTI 3 (imsqti_asiv3p0….xsd).": (
        "this folder does not have the XML schema of QTI 3 (imsqti_asiv3p0….xsd)."
    ),
    "ce fichier de l’archive est chiffré.": "this file of the archive is encrypted.",
    "ce fichier est en QTI 1, qui n’est pas lu.": "this file is in QTI 1, which is not read.",
    "ce fichier est en QTI 2, et la conversion n’est pas installée.": (
        "this file is in QTI 2, and the conversion is not installed."
    ),
    "ce fichier est en QTI 2.": "this file is in QTI 2.",
    "ce fichier n’est ni un item, ni un test, ni un support QTI.": (
        "this file is no QTI item, test or stimulus."
    ),
    "ce fichier n’est pas un manifeste.": "this file is not a manifest.",
    "ce fichier n’est pas une archive zip, ou elle est endommagée.": (
        "this file is not a zip archive, or it is damaged."
    ),
    "ce fichier QTI 2 n’a pas pu être converti.": "this QTI 2 file could not be converted.",
    "ce fichier se déplie à plus de {most} fois sa taille.": (
        "this file unfolds to more than {most} times its size."
    ),
    "ce fichier XML dépasse {size} Mo.": "this XML file is larger than {size} MB.",
    "ce mode de compression n’est pas admis.": "this method of compression is not allowed.",
    "ce n’est pas un fichier ordinaire.": "this is not an ordinary file.",
    "ce schéma XML n’est pas utilisable, ou un schéma qu’il nomme n’est pas là.": (
        "this XML schema cannot be used, or a schema that it names is not there."
    ),
    "ce test n’a aucune partie.": "this test has no part.",
    "ceci ne suit pas le schéma de QTI 3.": "this does not follow the schema of QTI 3.",
    "ces inclusions sont en cercle ou trop profondes.": (
        "these inclusions go in a circle or too deep."
    ),
    "cet item n’a pas d’identifiant.": "this item has no identifier.",
    "cet élément n’a pas sa place ici, ou il en manque un, d’après le schéma.": (
        "this element has no place here, or one is missing, says the schema."
    ),
    "cette forme n’existe pas.": "there is no such shape.",
    "cette référence ne nomme aucun fichier.": "this reference names no file.",
    "cette variable n’a pas de base-type.": "this variable has no base-type.",
    "cette variable n’a pas d’identifiant.": "this variable has no identifier.",
    "Convertissez le paquet en QTI 3 avant de l’importer.": (
        "Convert the package to QTI 3 before you import it."
    ),
    "Coupez ce fichier en plusieurs.": "Split this file into several.",
    "Coupez-le en deux.": "Cut it in two.",
    "Coupez-le en plusieurs.": "Cut it into several.",
    "C’est le signe d’une archive piégée\u00a0: demandez-en l’origine.": (
        "That is the sign of a trapped archive: ask where it comes from."
    ),
    "deux fichiers de l’archive portent le même nom.": (
        "two files of the archive have the same name."
    ),
    "deux poids portent le même identifiant.": "two weights have the same identifier.",
    "deux variables de ce test portent le même identifiant.": (
        "two variables of this test have the same identifier."
    ),
    "deux variables de cet item portent le même identifiant.": (
        "two variables of this item have the same identifier."
    ),
    "Donnez un zip, un dossier ou le fichier XML d’un item, ou refaites l’archive.": (
        "Name a zip, a folder or the XML file of an item, or make the archive again."
    ),
    "Donnez un paquet, ou le fichier XML d’un item ou d’un test.": (
        "Name a package, or the XML file of an item or a test."
    ),
    "Donnez à chaque partie, section et référence son propre identifiant.": (
        "Give each part, section and reference its own identifier."
    ),
    "Enregistrez-le en UTF-8.": "Save it in UTF-8.",
    "Choisissez-en un par --test, ou exportez un paquet par test.": (
        "Choose one with --test, or export one package per test."
    ),
    "Exportez-le en QTI 2.1 ou plus récent depuis l’outil d’édition.": (
        "Export it in QTI 2.1 or later from the authoring tool."
    ),
    "Exportez-le en QTI 3 depuis l’outil d’édition.": "Export it in QTI 3 from the authoring tool.",
    "il n’y a pas de fichier imsmanifest.xml à la racine du paquet.": (
        "there is no imsmanifest.xml at the root of the package."
    ),
    "Installez-la\u00a0: pip install encrier-qti[convert]": (
        "Install it: pip install encrier-qti[convert]"
    ),
    "la cardinalité ou le type de cette variable n’existe pas.": (
        "the cardinality or the type of this variable does not exist."
    ),
    "la cible {target} n’est pas après ce qui y mène.": (
        "the target {target} does not come after what leads to it."
    ),
    "la cible {target} n’est pas dans le test.": "the target {target} is not in the test.",
    "la section {path} n’est pas dans le paquet.": "the section {path} is not in the package.",
    "la taille annoncée par l’archive est fausse.": "the size that the archive states is wrong.",
    "la valeur de {attribute} n’est pas admise par le schéma.": (
        "the schema does not allow this value of {attribute}."
    ),
    "la variable QTI_CONTEXT doit être de cardinalité record.": (
        "the variable QTI_CONTEXT must be of record cardinality."
    ),
    "le chemin de ce fichier sort du paquet ou contient des signes interdits.": (
        "the path of this file leaves the package or has forbidden characters."
    ),
    "le paquet a plus de {most} fichiers.": "the package has more than {most} files.",
    "le schéma de QTI 3 demande un attribut {attribute} ici.": (
        "the schema of QTI 3 wants an attribute {attribute} here."
    ),
    "le schéma de QTI 3 n’a pas d’attribut {attribute} ici.": (
        "the schema of QTI 3 has no attribute {attribute} here."
    ),
    "le temps minimal dépasse le temps maximal.": (
        "the minimum time is longer than the maximum time."
    ),
    "le test {path} n’est pas dans le paquet.": "the test {path} is not in the package.",
    "le type de ce champ n’existe pas.": "the type of this field does not exist.",
    "les accents de ce nom de fichier sont décomposés, comme un Mac les écrit.": (
        "the accents in the name of this file are decomposed, as a Mac writes them."
    ),
    "les coordonnées ne conviennent pas à cette forme.": "the coordinates do not suit this shape.",
    "les items de cette section seraient choisis par un moteur adaptatif extérieur.": (
        "the items of this section would be chosen by an adaptive engine outside."
    ),
    "l’attribut {attribute} doit être {words}.": "the attribute {attribute} must be {words}.",
    "l’attribut {attribute} est négatif.": "the attribute {attribute} is negative.",
    "l’attribut {attribute} manque.": "the attribute {attribute} is missing.",
    "l’attribut {attribute} n’est pas un identifiant.": (
        "the attribute {attribute} is not an identifier."
    ),
    "l’attribut {attribute} n’est pas un nombre entier de 0 à {most}.": (
        "the attribute {attribute} is not a whole number from 0 to {most}."
    ),
    "l’attribut {attribute} n’est pas un nombre fini.": (
        "the attribute {attribute} is not a finite number."
    ),
    "l’encodage de ce fichier n’est pas celui qu’il annonce, ou n’est pas lu.": (
        "the encoding of this file is not the one that it states, or is not read."
    ),
    "l’identifiant {identifier} est déjà celui d’un autre élément du test.": (
        "the identifier {identifier} is already that of another element of the test."
    ),
    "l’item {path} n’est pas dans le paquet.": "the item {path} is not in the package.",
    "l’élément attendu est {name}, en QTI 3.0.": "the element expected is {name}, in QTI 3.0.",
    "Mettez les images et les sons dans des fichiers à part.": (
        "Put pictures and sounds in files of their own."
    ),
    "Mettez tous les schémas de QTI 3 dans le même dossier.": (
        "Put all the schemas of QTI 3 in the same folder."
    ),
    "Mettez-le dans le paquet et nommez-le par son chemin.": (
        "Put it in the package and name it by its path."
    ),
    "moins d’éléments sont choisis qu’il n’y en a d’obligatoires.": (
        "fewer elements are selected than are required."
    ),
    "plus de {file_size} Mo pour un fichier, ou {total_size} Mo en tout.": (
        "more than {file_size} MB for one file, or {total_size} MB in all."
    ),
    "plus de {most} sections sont imbriquées.": "more than {most} sections are nested.",
    "ce test a plus de {most} éléments.": "this test has more than {most} elements.",
    "les fichiers inclus dépassent {size} Mo en tout.": (
        "the files included exceed {size} MB in all."
    ),
    "les sections de ce test dépassent {size} Mo en tout.": (
        "the sections of this test exceed {size} MB in all."
    ),
    "un élément a plus de {most} attributs.": "an element has more than {most} attributes.",
    "Mettez ces réglages dans un fichier à part.": "Put these settings in a file of their own.",
    "plus de {most} éléments sont dans ce fichier.": "more than {most} elements are in this file.",
    "plus de {most} éléments sont imbriqués.": "more than {most} elements are nested.",
    "plus d’éléments sont choisis que la section n’en contient.": (
        "more elements are selected than the section holds."
    ),
    "Recopiez ce contenu dans l’item.": "Copy this content into the item.",
    "Refaites l’archive en zip ordinaire.": "Make the archive again as an ordinary zip.",
    "Refaites l’archive sans mot de passe.": "Make the archive again without a password.",
    "Remplacez-le par des règles de branchement, ou par des items donnés.": (
        "Replace it with branch rules, or with given items."
    ),
    (
        "Renommez-le sans «\u00a0..\u00a0», sans «\u00a0\\\u00a0» ni "
        "«\u00a0:\u00a0», puis refaites le paquet."
    ): ('Rename it without "..", "\\" or ":", then make the package again.'),
    "Renommez-le sans accents, puis refaites le paquet.": (
        "Rename it without accents, then make the package again."
    ),
    "Réduisez les images, les sons et les vidéos.": "Make the pictures, sounds and videos smaller.",
    "seul un fichier XML entier peut être inclus.": "only a whole XML file can be included.",
    "Simplifiez la mise en page.": "Make the layout simpler.",
    "Supprimez-la\u00a0: un fichier QTI 3 n’en a pas besoin.": (
        "Delete it: a QTI 3 file does not need one."
    ),
    "Téléchargez les schémas chez 1EdTech et donnez leur dossier.": (
        "Download the schemas from 1EdTech and name their folder."
    ),
    "un champ n’a pas de nom, ou porte celui d’un autre.": (
        "a field has no name, or has that of another."
    ),
    "un fichier d’un autre site est demandé.": "a file of another site is asked for.",
    "un lien symbolique n’est pas admis.": "a symbolic link is not allowed.",
    "un lien symbolique ou un fichier spécial n’est pas admis.": (
        "a symbolic link or a special file is not allowed."
    ),
    "un nom de fichier est absolu, sort du paquet ou contient des signes interdits.": (
        "a file name is absolute, leaves the package or has forbidden characters."
    ),
    "un test est attendu dans le manifeste, {count} y sont\u00a0: {paths}.": (
        "one test is expected in the manifest, {count} are there: {paths}."
    ),
    "un élément en contient plus de {most} autres.": "one element holds more than {most} others.",
    "une déclaration DOCTYPE n’est pas admise (elle peut cacher des entités).": (
        "a DOCTYPE is not allowed (it can hide entities)."
    ),
    "une expression est attendue, et une seule.": "one expression is expected, and one only.",
    "Une règle de branchement mène plus loin dans le test, ou à une sortie.": (
        "A branch rule leads further on in the test, or to an exit."
    ),
    "une valeur n’a pas la forme du type {base}.": (
        "a value does not have the form of the type {base}."
    ),
    "une variable simple a plusieurs valeurs.": "a single variable has several values.",
    "Vérifiez la version choisie à l’export.": "Check the version chosen on export.",
    "Zippez le contenu du dossier, et non le dossier lui-même.": (
        "Zip what is in the folder, not the folder itself."
    ),
    "la cible {target} n’est pas une partie du test.": (
        "the target {target} is not a part of the test."
    ),
    "la cible {target} est dans une autre partie du test.": (
        "the target {target} is in another part of the test."
    ),
}
