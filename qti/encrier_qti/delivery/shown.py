# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a pupil sees before any answer: the variables at the start, and what they show.

An assessment shows nothing that depends on an answer, so what an outcome
decides is settled once, by the value it starts from; what a template variable
decides, by the value of the clone. Knows keys only through what it is told.
"""

from collections.abc import Collection, Mapping

from lxml import etree

from encrier_qti.clones import clone
from encrier_qti.delivery.printing import print_variable
from encrier_qti.model import Item, Record
from encrier_qti.reading.safe_xml import local, to_node
from encrier_qti.values import NUMERIC, Cardinality, Value, printed
from encrier_qti.variables import first_value


class Shown(Record, frozen=True):
    """Variables by identifier; those of `math` stand in formulas by their value.

    `defaults`: what stands in the responses.
    """

    values: Mapping[str, Value | None] = {}
    math: Collection[str] = frozenset()
    defaults: Mapping[str, Value | None] = {}

    def shows(self, element: etree._Element, attribute: str) -> bool:
        """Tell whether what a variable decides is seen at the start.

        QTI 3.0, "ShowHide": seen if the variable named by `attribute` holds the
        element's identifier, or the reverse. A variable nobody declared shows nothing.
        """
        name = element.get(attribute, "").strip()
        identifier = element.get("identifier", "").strip()
        hides = element.get("show-hide", "show").strip() == "hide"
        return name in self.values and self.holds(name, identifier) != hides

    def holds(self, variable: str, identifier: str) -> bool:
        """Tell whether a variable holds an identifier at the start."""
        value = self.values.get(variable)
        if value is None:
            return False
        return identifier in value.texts()

    def hides(self, choice: etree._Element) -> bool:
        """Tell whether a choice is left out of this clone (QTI 3.0, "Choice")."""
        attribute = "template-identifier"
        return choice.get(attribute) is not None and not self.shows(choice, attribute)

    def print(self, element: etree._Element, *, file: str) -> str:
        """Give the text that a qti-printed-variable stands for."""
        return print_variable(to_node(element, file=file), self.values)

    def in_formula(self, element: etree._Element) -> tuple[str, str] | None:
        """Give the MathML name and text that replace a template variable in a formula."""
        name = (element.text or "").strip()
        if local(element) != "mi" or name not in self.math:
            return None
        value = self.values.get(name)
        if value is None or value.cardinality is not Cardinality.SINGLE:
            return None
        return ("mn" if value.base in NUMERIC else "mi"), printed(value.base, value.members[0])


def at_start(item: Item) -> Shown:
    """Give what decides what is seen of an item before any answer.

    An item with templates is shown as its clone of seed "0".
    """
    made = clone(item) if item.has_templates else item
    declared = {**made.contexts, **made.templates, **made.outcomes}
    return Shown(
        values={name: first_value(each) for name, each in declared.items()},
        math=frozenset(name for name, each in made.templates.items() if each.in_math),
        defaults={name: each.default for name, each in made.responses.items()},
    )
