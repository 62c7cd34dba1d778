# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-response-condition: if, else if, else. QTI 3.0 ASI information model, "ResponseCondition".

NULL: a condition that is NULL counts as false.
"""

from encrier_qti.model import Node
from encrier_qti.processing.programs import Evaluate, Frame, Run, Scope, refuse, truth

_ORDER = ("qti-response-if", "qti-response-else-if", "qti-response-else")


def build(node: Node, scope: Scope) -> Run:
    """Compile the branches; the first whose condition is true runs."""
    names = [child.name for child in node.children]
    if not names or names != sorted(names, key=_rank) or names[0] != _ORDER[0]:
        raise refuse(node, "if, puis else-if, puis else sont attendus dans cet ordre.")
    if names.count(_ORDER[0]) > 1 or names.count(_ORDER[2]) > 1:
        raise refuse(node, "un seul if et un seul else sont admis.")
    branches = tuple(_branch(child, scope) for child in node.children if child.name != _ORDER[2])
    last = next((child for child in node.children if child.name == _ORDER[2]), None)
    otherwise = scope.rules(last.children if last else ())

    def run(frame: Frame) -> bool:
        for condition, rules, place in branches:
            value = condition(frame)
            if value is not None and truth(value, place):
                return rules(frame)
        return otherwise(frame)

    return run


def _rank(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else -1


def _branch(node: Node, scope: Scope) -> tuple[Evaluate, Run, Node]:
    if not node.children:
        raise refuse(node, "une condition est attendue.")
    return scope.expression(node.children[0]), scope.rules(node.children[1:]), node
