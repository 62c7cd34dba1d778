# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-map-response: the score of a response by its mapping.

QTI 3.0 ASI information model, "MapResponse". The members of a container add
up, each distinct value counted once; a value without an entry scores the
default; the sum is then kept within the bounds. Keys compare as typed values
(01 is 1; a pair has no direction); strings without case unless the entry says so,
but an entry spelled exactly like the value is taken first.

NULL: the specification is silent. A response that is NULL scores 0, kept
within the bounds, as the standard template map_response makes it; TAO's
engine gives the default of the mapping instead. Without a mapping every
response scores 0, as in TAO's engine; the check refuses such an item.
"""

from collections.abc import Sequence
from math import fsum

from encrier_qti.model import Declaration, Node, ScoreMap
from encrier_qti.processing.programs import Evaluate, Frame, Scope, looked_up, none, refuse, wrong
from encrier_qti.values import BaseType, Scalar, Value, real

_Table = dict[Scalar, tuple[Scalar, float]]  # key -> which entry, and its score


def build(node: Node, operands: Sequence[Evaluate], scope: Scope) -> Evaluate:
    """Compile the mapping to look-up tables."""
    none(node, operands)
    declaration = mapped(node, scope)
    if declaration is None:
        return raising(node)
    if declaration.mapping is None:
        return unmapped
    mapping = declaration.mapping
    name = declaration.identifier
    exact, folded = _tables(mapping, declaration.base)
    default, lower, upper = mapping.default, mapping.lower, mapping.upper
    scores = [score for _, score in (*exact.values(), *folded.values())]
    alone = {score: real(float(within(score, lower, upper))) for score in scores}
    missed = real(within(default, lower, upper))
    nothing = real(within(0.0, lower, upper))

    def evaluate(frame: Frame) -> Value | None:
        value = frame[name]
        if value is None:
            return nothing
        if len(value.members) == 1:
            entry = _entry(value.members[0], exact, folded)
            return missed if entry is None else alone[entry[1]]
        found = {_entry(member, exact, folded) or (member, default) for member in value.members}
        total = fsum([score for _, score in found])  # exact: no order of the members shows
        return real(within(total, lower, upper))

    return evaluate


def mapped(node: Node, scope: Scope) -> Declaration | None:
    """Give the response to be mapped, None if nothing of that name is declared."""
    declaration = looked_up(node, scope)
    if declaration is not None and declaration.kind != "response":
        raise refuse(node, "seule une réponse a une correspondance (mapping).")
    return declaration


def raising(node: Node) -> Evaluate:
    """What mapping an undeclared response does, when an answer reaches it."""

    def evaluate(_: Frame) -> Value | None:
        raise wrong(node, "cette variable n’est pas déclarée.")

    return evaluate


def unmapped(_: Frame) -> Value | None:
    """What a response scores that has no mapping."""
    return real(0.0)


def within(total: float, lower: float | None, upper: float | None) -> float:
    """Keep a score within bounds, either of which may be absent."""
    if lower is not None and total < lower:
        return lower
    if upper is not None and total > upper:
        return upper
    return total


def _entry(member: Scalar, exact: _Table, folded: _Table) -> tuple[Scalar, float] | None:
    found = exact.get(member)
    if found is None and folded and isinstance(member, str):
        found = folded.get(member.casefold())
    return found


def _tables(mapping: ScoreMap, base: BaseType | None) -> tuple[_Table, _Table]:
    """Give the entries that mind case and those that do not; the first of two wins."""
    exact: _Table = {}
    folded: _Table = {}
    for rank, entry in enumerate(mapping.entries):
        scored = (("an entry", str(rank)), entry.value)  # the space: no identifier has one
        if base is BaseType.STRING and not entry.case_sensitive and isinstance(entry.key, str):
            folded.setdefault(entry.key.casefold(), scored)
        if entry.key is not None:
            exact.setdefault(entry.key, scored)
    return exact, folded
