# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the expressions of outcome processing ask of the items of a test.

QTI 3.0 ASI information model, "ItemSubset". Knows item sessions by their
protocol only, and no single expression.
"""

from collections.abc import Callable, Sequence

from encrier_qti.model import ATTEMPTS, Declaration, Node
from encrier_qti.processing.programs import Evaluate, Frame, Scope, TestItem, none, refuse
from encrier_qti.values import Cardinality, Value, integer, same

Subset = Callable[[Frame], list[TestItem]]


def subset(node: Node, scope: Scope) -> Subset:
    """The selected items of a section and its sub-sections, with or without some categories."""
    if scope.stage != "outcome":
        raise refuse(node, "cette expression n’a de sens que dans le traitement d’un test.")
    section = node.attributes.get("section-identifier", "").strip()
    included = set(node.attributes.get("include-category", "").split())
    excluded = set(node.attributes.get("exclude-category", "").split())

    def items(frame: Frame) -> list[TestItem]:
        return [
            item
            for item in (frame.sessions.selected() if frame.sessions else ())
            if (not section or section in item.section_identifiers)
            and (not included or not included.isdisjoint(item.categories))
            and excluded.isdisjoint(item.categories)
        ]

    return items


def counting(
    node: Node, operands: Sequence[Evaluate], scope: Scope, counts: Callable[[TestItem], bool]
) -> Evaluate:
    """How many items of the subset count."""
    none(node, operands)
    items = subset(node, scope)

    def evaluate(frame: Frame) -> Value | None:
        return integer(sum(counts(item) for item in items(frame)))

    return evaluate


def attempted(item: TestItem) -> bool:
    """Whether an item has been attempted at least once."""
    attempts = item.variables.get(ATTEMPTS)
    return attempts is not None and attempts.members[0] != 0


def correct(item: TestItem) -> bool | None:
    """Whether every response is its key; None if one has no key, or there is no response."""
    responses = _responses(item)
    if not responses or any(response.correct is None for response in responses):
        return None
    return all(
        _agree(item.variables.get(response.identifier), response.correct) for response in responses
    )


def responded(item: TestItem) -> bool:
    """Whether a response differs from its default."""
    return any(
        not _agree(item.variables.get(response.identifier), response.default)
        for response in _responses(item)
    )


def weight(node: Node, item: TestItem) -> float:
    """The weight that an expression names; 1 if it names none, or the item has it not."""
    return item.weights.get(node.attributes.get("weight-identifier", "").strip(), 1.0)


def extremes(
    node: Node, bound: Callable[[Declaration], float | None]
) -> Callable[[TestItem], float | None]:
    """A bound of an outcome of an item, weighted; None if the item declares none."""
    name = node.attributes.get("outcome-identifier", "").strip()

    def found(item: TestItem) -> float | None:
        declaration = item.declarations.get(name)
        if declaration is None or declaration.cardinality is not Cardinality.SINGLE:
            return None
        most = bound(declaration)
        return None if most is None else most * weight(node, item)

    return found


def _responses(item: TestItem) -> list[Declaration]:
    return [each for each in item.declarations.values() if each.kind == "response"]


def _agree(one: Value | None, other: Value | None) -> bool:
    return one is other if one is None or other is None else same(one, other)
