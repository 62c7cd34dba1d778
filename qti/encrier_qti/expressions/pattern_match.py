# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-pattern-match: whether a whole string has the form of a regular expression.

QTI 3.0 ASI information model, "PatternMatch": the regular expressions of XML
Schema, by an automaton of ours (processing/patterns.py) whose time grows with
the string only, whatever the pattern. A string that would take it more than
some tens of milliseconds (of 20,000 characters or more for a usual pattern) is
refused as a wrong value.

NULL: NULL if its operand is.
"""

from collections.abc import Sequence

from encrier_qti.model import Node
from encrier_qti.processing.automaton import BadPattern, TooLong
from encrier_qti.processing.patterns import compile_pattern
from encrier_qti.processing.programs import Evaluate, Frame, Scope, operand, refuse, text, wrong
from encrier_qti.values import Value, boolean


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile the pattern once."""
    one = operand(node, operands)
    try:
        matches = compile_pattern(node.attributes.get("pattern", ""))
    except BadPattern:
        raise refuse(
            node, "cette expression régulière ne se lit pas, ou est trop longue."
        ) from None

    def evaluate(frame: Frame) -> Value | None:
        value = one(frame)
        if value is None:
            return None
        try:
            return boolean(matches(text(value, node)))
        except TooLong:
            raise wrong(node, "ce texte est trop long pour cette expression régulière.") from None

    return evaluate
