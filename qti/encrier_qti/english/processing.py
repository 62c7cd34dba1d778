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
    "cet élément ne contient pas d’expression.": "this element contains no expression.",
    "cette expression n’est pas prise en charge.": "this expression is not supported.",
    "cette règle n’est pas prise en charge.": "this rule is not supported.",
    "cette variable n’a pas de qti-area-mapping.": "this variable has no qti-area-mapping.",
    "cette variable n’a pas de qti-mapping.": "this variable has no qti-mapping.",
    "cette variable n’a pas de table.": "this variable has no table.",
    "cette variable n’est pas déclarée.": "this variable is not declared.",
    "des nombres sont attendus.": "numbers are expected.",
    "des points sont attendus.": "points are expected.",
    "deux expressions sont attendues.": "two expressions are expected.",
    "if, puis else-if, puis else sont attendus dans cet ordre.": (
        "if, then else-if, then else are expected in this order."
    ),
    "il manque un nombre.": "a number is missing.",
    "la première valeur doit être simple.": "the first value must be single.",
    "la valeur n’a pas la forme de son type.": "the value does not have the form of its type.",
    "la valeur n’est pas du type de la variable.": "the value is not of the type of the variable.",
    "la variable nommée par un attribut n’est pas du bon type.": (
        "the variable named by an attribute is not of the right type."
    ),
    "les deux conteneurs doivent avoir la même cardinalité.": (
        "the two containers must have the same cardinality."
    ),
    "les deux valeurs doivent avoir la même cardinalité.": (
        "the two values must have the same cardinality."
    ),
    "les deux valeurs doivent être du même type.": "the two values must be of the same type.",
    "les items à variables de modèle (template) ne sont pas encore pris en charge.": (
        "items with template variables are not supported yet."
    ),
    "l’attribut tolerance doit avoir un ou deux nombres.": (
        "the attribute tolerance must have one or two numbers."
    ),
    "l’attribut {attribute} doit être true ou false.": (
        "the attribute {attribute} must be true or false."
    ),
    "min et max ne peuvent pas être NULL.": "min and max cannot be NULL.",
    "n doit être un entier à partir de 1.": "n must be an integer, 1 or more.",
    "seule une réponse a une valeur correcte.": "only a response has a correct value.",
    "tolerance-mode doit être exact, absolute ou relative.": (
        "tolerance-mode must be exact, absolute or relative."
    ),
    "un booléen simple est attendu.": "a single boolean is expected.",
    "un conteneur est attendu.": "a container is expected.",
    "un conteneur ordonné est attendu.": "an ordered container is expected.",
    "un entier est attendu.": "an integer is expected.",
    "un entier ne peut pas être infini.": "an integer cannot be infinite.",
    "un nombre simple est attendu.": "a single number is expected.",
    "un seul if et un seul else sont admis.": "only one if and one else are allowed.",
    "une chaîne simple est attendue.": "a single string is expected.",
    "une condition est attendue.": "a condition is expected.",
    "une expression au moins est attendue.": "one expression at least is expected.",
    "une expression est attendue.": "one expression is expected.",
    "une réponse ne peut pas être changée ici.": "a response cannot be changed here.",
    "une valeur simple ou un conteneur semblable est attendu.": (
        "a single value or a like container is expected."
    ),
    "Écrivez les règles dans l’item.": "Write the rules in the item.",
    "Écrivez un item par variante.": "Write one item for each variant.",
}
