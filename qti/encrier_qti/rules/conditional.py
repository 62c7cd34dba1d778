# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form of the three conditions (response, outcome, template): if, else if, else.

QTI 3.0 ASI information model, "ResponseCondition", "OutcomeCondition" and
"TemplateCondition". NULL: a condition that is NULL counts as false.
"""

from encrier_qti.model import Node
from encrier_qti.processing.programs import Evaluate, Frame, Run, Scope, refuse, truth

_CONSTRAINT = "qti-template-constraint"


def conditional(node: Node, scope: Scope, *, stem: str) -> Run:
    """Compile the branches; the first whose condition is true runs."""
    first, middle, last = (f"qti-{stem}-{end}" for end in ("if", "else-if", "else"))
    names = [child.name for child in node.children]
    n_else = names.count(last)
    n_middle = len(names) - 1 - n_else
    if n_else > 1 or names != [first] + [middle] * n_middle + [last] * n_else:
        raise refuse(node, "if, puis else-if, puis un seul else sont attendus dans cet ordre.")
    branches = tuple(_branch(child, scope) for child in node.children if child.name != last)
    otherwise = _inside(node.children[-1].children if n_else else (), scope)

    def run(frame: Frame) -> bool:
        for condition, rules, place in branches:
            value = condition(frame)
            if value is not None and truth(value, place):
                return rules(frame)
        return otherwise(frame)

    return run


def _branch(node: Node, scope: Scope) -> tuple[Evaluate, Run, Node]:
    if not node.children:
        raise refuse(node, "une condition est attendue.")
    return scope.expression(node.children[0]), _inside(node.children[1:], scope), node


def _inside(rules: tuple[Node, ...], scope: Scope) -> Run:
    for rule in rules:
        if rule.name == _CONSTRAINT:
            raise refuse(rule, "cette règle ne s’écrit que directement dans le traitement.")
    return scope.rules(rules)
