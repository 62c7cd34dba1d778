# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which rules this engine runs, and how elements become closures.

A new rule is a new file and two lines here.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from encrier_qti.errors import NotSupported
from encrier_qti.expressions.registry import EXPRESSIONS
from encrier_qti.model import Declaration, Node
from encrier_qti.operators.registry import OPERATORS
from encrier_qti.processing.programs import (
    BuildRule,
    Evaluate,
    Frame,
    Operator,
    Run,
    Scope,
    Stage,
    refuse,
)
from encrier_qti.rules import (
    exit_response,
    exit_template,
    exit_test,
    lookup_outcome_value,
    outcome_condition,
    outcome_processing_fragment,
    response_condition,
    response_processing_fragment,
    set_correct_response,
    set_default_value,
    set_outcome_value,
    set_template_value,
    template_condition,
    template_constraint,
)

RULES: Final[Mapping[str, BuildRule]] = {
    "qti-exit-response": exit_response.build,
    "qti-exit-template": exit_template.build,
    "qti-exit-test": exit_test.build,
    "qti-lookup-outcome-value": lookup_outcome_value.build,
    "qti-outcome-condition": outcome_condition.build,
    "qti-outcome-processing-fragment": outcome_processing_fragment.build,
    "qti-response-condition": response_condition.build,
    "qti-response-processing-fragment": response_processing_fragment.build,
    "qti-set-correct-response": set_correct_response.build,
    "qti-set-default-value": set_default_value.build,
    "qti-set-outcome-value": set_outcome_value.build,
    "qti-set-template-value": set_template_value.build,
    "qti-template-condition": template_condition.build,
    "qti-template-constraint": template_constraint.build,
}

# The rules whose name does not say their stage, or not all of it.
_SHARED: Final[Mapping[str, frozenset[Stage]]] = {
    "qti-lookup-outcome-value": frozenset({"response", "outcome"}),
    "qti-set-outcome-value": frozenset({"response", "outcome"}),
    "qti-set-correct-response": frozenset({"template"}),
    "qti-set-default-value": frozenset({"template"}),
    "qti-set-template-value": frozenset({"template"}),
    "qti-exit-test": frozenset({"outcome"}),
}


def stages(rule: str) -> frozenset[Stage]:
    """Give the stages of processing in which a rule may stand."""
    if rule in _SHARED:
        return _SHARED[rule]
    every: tuple[Stage, ...] = ("template", "response", "outcome")
    return frozenset(stage for stage in every if stage in rule.split("-"))


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
        operators=OPERATORS if operators is None else operators,
    )
    return scope


def _rule(node: Node, scope: Scope) -> Run:
    build = RULES.get(node.name)
    if build is None:
        raise _unknown("cette règle n’est pas prise en charge.", node)
    if scope.stage not in stages(node.name):
        raise refuse(node, "cette règle n’a pas sa place dans ce traitement.")
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
