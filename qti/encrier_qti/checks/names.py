# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether the processing of an item names variables, mappings and tables that it declares.

QTI 3.0 ASI information model, "Variable", "Correct", "Default", "MapResponse",
"MapResponsePoint", "SetOutcomeValue" and "LookupOutcomeValue": what they name
must have been declared. Scoring takes what is not for NULL, and a rule that
has nothing to set fails only when it is reached, as in TAO's engine, so that
an item already in use scores as it did; an author is told here, before any
pupil answers.
"""

from collections.abc import Iterator

from encrier_qti.errors import ContentRefused
from encrier_qti.model import Item
from encrier_qti.processing.programs import refuse
from encrier_qti.rules.templates import template
from encrier_qti.variables import all_variables

_MAPPED = {"qti-map-response": "mapping", "qti-map-response-point": "area_mapping"}
_TABLED = "qti-lookup-outcome-value"
_NAMING = {
    "qti-variable",
    "qti-correct",
    "qti-default",
    "qti-set-outcome-value",
    _TABLED,
    *_MAPPED,
}


def unknown_names(item: Item) -> Iterator[ContentRefused]:
    """Give every element that names what is not declared, in order, with its line."""
    variables = all_variables(item)
    roots = [root for root in (item.template_processing, item.processing) if root is not None]
    for node in (below for root in roots for rule in template(root) for below in rule.walk()):
        if node.name not in _NAMING:
            continue
        found = variables.get(node.attributes.get("identifier", "").strip())
        if found is None:
            yield refuse(node, "cette variable n’est pas déclarée.")
        elif node.name in _MAPPED and getattr(found, _MAPPED[node.name]) is None:
            yield refuse(node, "cette variable n’a pas de correspondance (mapping).")
        elif node.name == _TABLED and found.table is None:
            yield refuse(node, "cette variable n’a pas de table.")
