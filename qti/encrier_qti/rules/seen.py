# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the processing of an item sees of each response: all that two answers can differ in.

The largest expressions that name one response and no other variable say all
that processing can know of it: for match_correct one boolean, for map_response
one number and whether there is an answer, be the template named or written out.
Two answers for which they give the same have the same outcomes.
"""

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Final

from encrier_qti.expressions.registry import EXPRESSIONS
from encrier_qti.model import Node
from encrier_qti.processing.programs import Evaluate, Scope

_CHANGING: Final = ("qti-random", "qti-custom-operator")  # may give something else next time
_BRACES: Final = str.maketrans("{}", "  ")

Looks = tuple[Evaluate, ...]  # each says one thing of a response
_Names = dict[int, frozenset[str]]  # by id of a node: the variables named in and under it


def seen(rules: Sequence[Node], scope: Scope) -> Mapping[str, Looks] | None:
    """Give, by response, the expressions that say all that these rules see of it.

    None: they draw at random or run code that is not ours, so nothing can be said.
    """
    names: _Names = {}
    if any(_changes(rule, scope, names) for rule in rules):
        return None
    found: dict[str, list[Evaluate]] = {}
    for name, look in _looks(rules, scope, names):
        if scope.declarations[name].kind == "response":
            found.setdefault(name, []).append(look)
    return {name: tuple(looks) for name, looks in found.items()}


def _changes(node: Node, scope: Scope, names: _Names) -> bool:
    """Tell whether anything under a node may change by itself; fills `names` on the way."""
    changing = [_changes(child, scope, names) for child in node.children]
    under = (names[id(child)] for child in node.children)
    names[id(node)] = _own(node, scope).union(*under)
    return any(changing) or node.name.startswith(_CHANGING)


def _own(node: Node, scope: Scope) -> frozenset[str]:
    """The variables that a node itself names: any attribute may, some hold several words."""
    words = (word for each in node.attributes.values() for word in each.translate(_BRACES).split())
    return frozenset(word for word in words if word in scope.declarations)


def _looks(nodes: Sequence[Node], scope: Scope, names: _Names) -> Iterator[tuple[str, Evaluate]]:
    for node in nodes:
        if node.name in EXPRESSIONS and len(names[id(node)]) == 1:
            (name,) = names[id(node)]
            yield name, scope.expression(node)
        else:
            for name in _own(node, scope):
                yield name, itemgetter(name)
            yield from _looks(node.children, scope, names)
