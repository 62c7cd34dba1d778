# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which rules this engine runs, and how elements become closures.

A new rule is a new file and two lines here.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from encrier_qti.errors import NotSupported
from encrier_qti.expressions.registry import EXPRESSIONS
from encrier_qti.model import Declaration, Node
from encrier_qti.processing.programs import BuildRule, Evaluate, Frame, Operator, Run, Scope, Stage
from encrier_qti.rules import (
    exit_response,
    lookup_outcome_value,
    response_condition,
    response_processing_fragment,
    set_outcome_value,
)

RULES: Final[Mapping[str, BuildRule]] = {
    "qti-exit-response": exit_response.build,
    "qti-lookup-outcome-value": lookup_outcome_value.build,
    "qti-response-condition": response_condition.build,
    "qti-response-processing-fragment": response_processing_fragment.build,
    "qti-set-outcome-value": set_outcome_value.build,
}


def scope_of(
    declarations: Mapping[str, Declaration],
    *,
    stage: Stage = "response",
    operators: Mapping[str, Operator] | None = None,
) -> Scope:
    """Give the scope in which the elements of one item, or of one test, compile."""

    def expression(node: Node) -> Evaluate:
        build = EXPRESSIONS.get(node.name)
        if build is None:
            raise _unknown("cette expression n’est pas prise en charge.", node)
        return build(node, [expression(child) for child in node.children], scope)

    def rules(nodes: Sequence[Node]) -> Run:
        return _in_order([_rule(node, scope) for node in nodes])

    scope = Scope(
        declarations=declarations,
        expression=expression,
        rules=rules,
        stage=stage,
        operators=operators or {},
    )
    return scope


def _rule(node: Node, scope: Scope) -> Run:
    build = RULES.get(node.name)
    if build is None:
        raise _unknown("cette règle n’est pas prise en charge.", node)
    return build(node, scope)


def _in_order(steps: Sequence[Callable[[Frame], bool]]) -> Run:
    if len(steps) == 1:
        return steps[0]
    all_steps = tuple(steps)

    def run(frame: Frame) -> bool:
        return any(step(frame) for step in all_steps)

    return run


def _unknown(what: str, node: Node) -> NotSupported:
    return NotSupported(what, file=node.file, line=node.line, element=node.name)
