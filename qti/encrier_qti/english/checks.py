# SPDX-License-Identifier: AGPL-3.0-or-later
"""English for what `check` finds, and the reporting file."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "Ajoutez-le aux ressources du manifeste.": "Add it to the resources of the manifest.",
    "Ajoutez-le, ou retirez ce qui le demande.": "Add it, or remove what asks for it.",
    "aucun élève ne peut donner la réponse correcte de {name}.": (
        "no pupil can give the correct response of {name}."
    ),
    "aucun élève ne rencontre {name}\u00a0: sa condition est toujours fausse.": (
        "no pupil meets {name}: its condition is always false."
    ),
    "aucun élève ne rencontre {name}\u00a0: un branchement toujours suivi le saute.": (
        "no pupil meets {name}: a branch that is always taken skips it."
    ),
    "aucune interaction ne répond à {name}.": "no interaction answers to {name}.",
    "aucune ressource ne se nomme {name}.": "no resource is named {name}.",
    "aucune réponse n’obtient le score maximal que l’item annonce.": (
        "no answer gets the maximum score that the item announces."
    ),
    "ce fichier dépasse 1 Mo.": "this file is larger than 1 MB.",
    "ce fichier manque\u00a0: aucun domaine ne peut être restitué.": (
        "this file is missing: no domain can be reported."
    ),
    "ce fichier n’a pas la forme attendue ({place}).": (
        "this file does not have the expected form ({place})."
    ),
    "ce paquet n’a ni test ni item.": "this package has neither a test nor an item.",
    "ce test n’a pas d’item nommé {name}.": "this test has no item named {name}.",
    "ce texte dépend de la variable {name}, qui n’est pas déclarée.": (
        "this text depends on the variable {name}, which is not declared."
    ),
    "ceci n’est pas pris en compte.": "this is not taken into account.",
    "cet item ne calcule pas de SCORE\u00a0: il compte 0 pour tous.": (
        "this item computes no SCORE: it counts 0 for everyone."
    ),
    "cet élément est inconnu\u00a0: il n’est pas montré aux élèves.": (
        "this element is unknown: it is not shown to pupils."
    ),
    "cette image n’a pas de texte de remplacement.": "this picture has no alternative text.",
    "cette section ne choisit aucun de ses éléments.": "this section selects none of its children.",
    "Comparez le maximum annoncé, la clé et le barème.": (
        "Compare the maximum announced, the key and the mapping."
    ),
    "Comparez-le avec l’exemple de docs/spec/bundle.md.": (
        "Compare it with the example in docs/spec/bundle.md."
    ),
    "Corrigez ce fichier d’après docs/spec/bundle.md.": (
        "Correct this file after docs/spec/bundle.md."
    ),
    "Corrigez la clé ou le barème.": "Correct the key or the mapping.",
    "Corrigez la clé, ou ajoutez le choix qu’elle nomme.": (
        "Correct the key, or add the choice that it names."
    ),
    "Corrigez la clé, ou les limites de l’interaction.": (
        "Correct the key, or the limits of the interaction."
    ),
    "Corrigez la condition ou le tirage, ou retirez ce qui ne sert pas.": (
        "Correct the condition or the selection, or take out what serves nothing."
    ),
    "Corrigez le nom, ou ajoutez ce qu’il désigne.": "Correct the name, or add what it stands for.",
    "Corrigez response-identifier dans l’interaction, ou retirez la déclaration.": (
        "Correct response-identifier in the interaction, or take out the declaration."
    ),
    "Corrigez-le dans l’outil d’édition, puis exportez de nouveau.": (
        "Correct it in the authoring tool, then export again."
    ),
    "C’est voulu si une personne corrige\u00a0; sinon, ajoutez un traitement.": (
        "Intended if a person marks it; otherwise, add response processing."
    ),
    "Déclarez-la, ou corrigez le nom.": "Declare it, or correct the name.",
    "Déclarez-la, ou corrigez response-identifier.": "Declare it, or correct response-identifier.",
    "deux catalogues d’aides portent le même identifiant.": (
        "two catalogs of supports have the same identifier."
    ),
    "deux choix de cette interaction portent le même identifiant.": (
        "two choices of this interaction have the same identifier."
    ),
    "deux interactions répondent à la même variable.": (
        "two interactions answer to the same variable."
    ),
    "deux ressources se nomment {name}.": "two resources are named {name}.",
    "Donnez à chaque interaction sa propre variable.": (
        "Give each interaction a variable of its own."
    ),
    "Donnez aux ressources le type imsqti_item_xmlv3p0 ou imsqti_test_xmlv3p0.": (
        "Give the resources the type imsqti_item_xmlv3p0 or imsqti_test_xmlv3p0."
    ),
    "Déclarez-la ainsi\u00a0: cardinality {cardinalities}, base-type {bases}.": (
        "Declare it so: cardinality {cardinalities}, base-type {bases}."
    ),
    'Décrivez-la dans alt, ou mettez alt="" si elle ne fait que décorer.': (
        'Describe it in alt, or write alt="" if it is only decoration.'
    ),
    "Donnez une valeur à MAXSCORE, ou un normal-maximum à SCORE.": (
        "Give MAXSCORE a value, or SCORE a normal-maximum."
    ),
    "la réponse donnée comme correcte n’obtient pas le score maximal de l’item.": (
        "the response given as correct does not get the highest score of the item."
    ),
    "la variable {name} n’est pas du type que cette interaction donne.": (
        "the variable {name} is not of the type that this interaction gives."
    ),
    "la variable {name}, à écrire ici, n’est pas déclarée.": (
        "the variable {name}, to be written here, is not declared."
    ),
    "le catalogue d’aides {name} n’est pas dans cet item.": (
        "the catalog of supports {name} is not in this item."
    ),
    "le domaine {domain} est écrit deux fois.": "the domain {domain} is written twice.",
    "le fichier {path} n’est pas dans le paquet.": "the file {path} is not in the package.",
    "le lecteur d’encrier n’en tient pas compte.": (
        "the player of encrier takes no account of it."
    ),
    "le manifeste ne nomme pas cet item.": "the manifest does not name this item.",
    "le maximum du domaine {domain} devrait être {total}.": (
        "the maximum of the domain {domain} should be {total}."
    ),
    "les feuilles de style ne sont pas servies\u00a0: le lecteur a les siennes.": (
        "style sheets are not served: the player has its own."
    ),
    "les fichiers n’ont pas été comparés au schéma de QTI 3.": (
        "the files were not compared with the schema of QTI 3."
    ),
    "Les résultats portent le nom que donne le test\u00a0: vérifiez que c’est le bon.": (
        "Results go by the name in the test: make sure that it is the right one."
    ),
    "les seuils du domaine {domain} ne sont pas croissants, de 0 au maximum.": (
        "the thresholds of the domain {domain} do not rise from 0 to the maximum."
    ),
    "les éléments à ordonner sont montrés dans le bon ordre.": (
        "what is to be put in order is shown in the right order."
    ),
    "Limitez l’interaction à une réponse, ou déclarez la variable multiple.": (
        "Limit the interaction to one response, or declare the variable multiple."
    ),
    "l’id {name} est donné deux fois.": "the id {name} is given twice.",
    "l’identifiant de l’item n’est pas fait de lettres, chiffres et _ . -, 128 au plus.": (
        "the identifier of the item is not made of letters, digits and _ . -, 128 at most."
    ),
    "l’interaction {name} répond à une variable qui n’est pas déclarée.": (
        "the interaction {name} answers to a variable that is not declared."
    ),
    "l’item se nomme autrement que dans le test.": (
        "the item goes by another name than in the test."
    ),
    "l’item ne dit pas son score maximal (MAXSCORE ou normal-maximum).": (
        "the item does not tell its highest score (MAXSCORE or normal-maximum)."
    ),
    "l’item {item} est compté deux fois.": "the item {item} is counted twice.",
    "l’item {item} n’est dans aucun domaine.": "the item {item} is in no domain.",
    "l’item {item} n’est pas dans le test.": "the item {item} is not in the test.",
    "l’item {name} n’a pas de poids nommé {weight}.": "item {name} has no weight named {weight}.",
    "l’ordre alphabétique des identifiants est le bon ordre.": (
        "the alphabetical order of the identifiers is the right order."
    ),
    'Mettez-les dans un autre ordre, ou demandez shuffle="true".': (
        'Put them in another order, or ask for shuffle="true".'
    ),
    "plusieurs réponses sont permises, la variable {name} n’en tient qu’une.": (
        "several responses are allowed, the variable {name} holds only one."
    ),
    "Remplacez-le par un élément de QTI 3, ou retirez-le.": (
        "Replace it with an element of QTI 3, or take it out."
    ),
    "Renommez les choix\u00a0: le navigateur de l’élève voit leurs identifiants.": (
        "Rename the choices: the pupil's browser sees their identifiers."
    ),
    "Regardez l’item par encrier qti preview.": "Look at the item with encrier qti preview.",
    "Retirez-le, ou acceptez que les élèves n’en voient rien.": (
        "Take it out, or accept that pupils see nothing of it."
    ),
    "Réglez-le dans la campagne s’il le faut.": "Set it in the campaign if needed.",
    "Téléchargez-le chez 1EdTech et donnez son dossier par --schemas.": (
        "Download it from 1EdTech and give its folder with --schemas."
    ),
    "un choix de cette interaction n’a pas d’identifiant.": (
        "a choice of this interaction has no identifier."
    ),
    "Une campagne le demande\u00a0: écrivez-le d’après docs/spec/bundle.md.": (
        "A campaign needs it: write it after docs/spec/bundle.md."
    ),
    "une clé de {name} n’est pas parmi les choix proposés.": (
        "a key of {name} is not among the choices offered."
    ),
    "une réponse obtient plus que le score maximal que l’item annonce.": (
        "an answer gets more than the maximum score that the item announces."
    ),
    "l’item {name} n’a pas de variable {variable}.": "item {name} has no variable {variable}.",
}
