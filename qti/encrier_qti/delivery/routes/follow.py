# SPDX-License-Identifier: AGPL-3.0-or-later
"""Judge a condition from the table alone, as a player does: it has no key.

The reference of docs/spec/bundle.md, "Routes". Knows hashes of answers.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Final

from encrier_qti.answers import Answers
from encrier_qti.delivery.index import BundleItem, Condition, RoutingTable, Term
from encrier_qti.delivery.routes.points import answer_hash
from encrier_qti.values import BaseType, Cardinality

_THAN: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "equal": operator.eq,
}


def passes(
    condition: Condition,
    table: RoutingTable,
    items: Mapping[str, BundleItem],
    answers: Mapping[str, Answers | None],
) -> bool:
    """Tell whether a condition holds; `answers` of the items met so far, and only of those.

    None for one that is met and not submitted: it adds nothing. In a part
    without conditions all items are met when it begins. The sum is made in the
    order of the terms.
    """
    for cut in condition:
        if not all(answers.keys() & group for group in cut.needs):
            return False
        total = sum(_adds(term, table, items, answers) for term in cut.terms)
        if not _THAN[cut.than](total, cut.value):
            return False
    return True


def _adds(
    term: Term,
    table: RoutingTable,
    items: Mapping[str, BundleItem],
    answers: Mapping[str, Answers | None],
) -> float:
    answer = answers.get(term.item)
    if answer is None:
        return 0.0
    points = table.items[term.item]
    declared = items[term.item].responses[points.response]
    digest = answer_hash(
        (BaseType(declared.base_type), Cardinality(declared.cardinality)),
        answer.get(points.response, ()),
        named=(table.salt, term.item, points.response),
    )
    if term.right:
        return term.weight if digest == points.right else 0.0
    return term.weight * points.points.get(digest, 0.0)
