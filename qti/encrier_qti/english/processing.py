# SPDX-License-Identifier: AGPL-3.0-or-later
"""English for expressions, rules, operators, templates, scoring."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "ce base-type n’existe pas.": "there is no such base-type.",
    "ce modèle de traitement de la réponse n’est pas un modèle standard.": (
        "this response processing template is not a standard one."
    ),
    "cet item n’est pas dans le paquet.": "this item is not in the package.",
    "cet opérateur particulier (custom operator) n’est pas connu ici.": (
        "this custom operator is not known here."
    ),
    "cet élément ne contient pas d’expression.": "this element contains no expression.",
    "cette expression n’a de sens que dans le traitement d’un test.": (
        "this expression makes sense only in the processing of a test."
    ),
    "cette expression n’est pas prise en charge.": "this expression is not supported.",
    "cette expression régulière ne se lit pas, ou est trop longue.": (
        "this regular expression cannot be read, or is too long."
    ),
    "cette fonction mathématique n’existe pas.": "there is no such mathematical function.",
    "cette règle ne peut pas changer une variable de cette sorte.": (
        "this rule cannot change a variable of this kind."
    ),
    "cette règle ne s’écrit que directement dans le traitement.": (
        "this rule is written directly in the processing only."
    ),
    "cette règle n’a pas sa place dans ce traitement.": (
        "this rule has no place in this processing."
    ),
    "cette règle n’est pas prise en charge.": "this rule is not supported.",
    "cette statistique n’existe pas.": "there is no such statistic.",
    "cette variable n’a pas de correspondance (mapping).": "this variable has no mapping.",
    "seule une réponse a une correspondance (mapping).": "only a response has a mapping.",
    "cette variable n’a pas de table.": "this variable has no table.",
    "cette variable n’est pas déclarée.": "this variable is not declared.",
    "des nombres sont attendus.": "numbers are expected.",
    "des points sont attendus.": "points are expected.",
    "deux expressions sont attendues.": "two expressions are expected.",
    "figures doit être un entier assez grand pour cet arrondi.": (
        "figures must be an integer large enough for this rounding."
    ),
    "if, puis else-if, puis un seul else sont attendus dans cet ordre.": (
        "if, then else-if, then one else at most are expected in this order."
    ),
    "il manque un nombre.": "a number is missing.",
    "la constante doit être pi ou e.": "the constant must be pi or e.",
    "la première valeur doit être simple.": "the first value must be single.",
    "la valeur n’a pas la forme de son type.": "the value does not have the form of its type.",
    "la valeur n’est pas du type de la variable.": "the value is not of the type of the variable.",
    "la variable nommée par un attribut n’est pas du bon type.": (
        "the variable named by an attribute is not of the right type."
    ),
    "le conteneur aurait trop de valeurs.": "the container would have too many values.",
    "ce texte est trop long pour cette expression régulière.": (
        "this text is too long for this regular expression."
    ),
    "un nombre devient trop grand pour être calculé.": "a number grows too large to be computed.",
    "le texte serait trop long.": "the text would be too long.",
    "le test donne une valeur à une variable de modèle que cet item n’a pas.": (
        "the test gives a value to a template variable that this item does not have."
    ),
    "les deux conteneurs doivent avoir la même cardinalité.": (
        "the two containers must have the same cardinality."
    ),
    "les deux valeurs doivent avoir la même cardinalité.": (
        "the two values must have the same cardinality."
    ),
    "les deux valeurs doivent être du même type.": "the two values must be of the same type.",
    "l’attribut tolerance doit avoir un ou deux nombres.": (
        "the attribute tolerance must have one or two numbers."
    ),
    "l’attribut {attribute} doit être true ou false.": (
        "the attribute {attribute} must be true or false."
    ),
    "l’expression n’est pas du type que cette règle prend.": (
        "the expression is not of the type that this rule takes."
    ),
    "min et max ne peuvent pas être NULL.": "min and max cannot be NULL.",
    "min ne peut pas dépasser max, ni step être moindre que 1.": (
        "min cannot be greater than max, nor step less than 1."
    ),
    "min ne peut pas dépasser max.": "min cannot be greater than max.",
    "min, max et step ne peuvent pas être NULL.": "min, max and step cannot be NULL.",
    "n doit être un entier à partir de 1.": "n must be an integer, 1 or more.",
    "number-repeats ne peut pas être NULL.": "number-repeats cannot be NULL.",
    "rounding-mode doit être significantFigures ou decimalPlaces.": (
        "rounding-mode must be significantFigures or decimalPlaces."
    ),
    "seule une réponse a une valeur correcte.": "only a response has a correct value.",
    "tolerance-mode doit être exact, absolute ou relative.": (
        "tolerance-mode must be exact, absolute or relative."
    ),
    "un booléen simple est attendu.": "a single boolean is expected.",
    "un conteneur de chaînes est attendu.": "a container of strings is expected.",
    "un conteneur est attendu.": "a container is expected.",
    "un conteneur ordonné est attendu.": "an ordered container is expected.",
    "un enregistrement (record) est attendu.": "a record is expected.",
    "un entier est attendu.": "an integer is expected.",
    "un entier ne peut pas être infini.": "an integer cannot be infinite.",
    "un fichier ne peut pas être écrit dans le texte.": "a file cannot be written in the text.",
    "un nombre du traitement de modèle dépasse ce qui peut être calculé.": (
        "a number of the template processing is too large to be computed."
    ),
    "un nombre simple est attendu.": "a single number is expected.",
    "une chaîne simple est attendue.": "a single string is expected.",
    "une condition est attendue.": "a condition is expected.",
    "une durée simple est attendue.": "a single duration is expected.",
    "une expression au moins est attendue.": "one expression at least is expected.",
    "une expression est attendue.": "one expression is expected.",
    "une expression est d’un type que cet élément ne prend pas.": (
        "an expression is of a type that this element does not take."
    ),
    "une valeur simple ou un conteneur semblable est attendu.": (
        "a single value or a like container is expected."
    ),
    "Écrivez la règle avec les opérateurs de QTI.": "Write the rule with the operators of QTI.",
    "Écrivez les règles dans l’item.": "Write the rules in the item.",
}
