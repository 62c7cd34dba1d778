# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each answer to an item is worth, by a salted hash of the answer.

Only for items with one response and few possible answers; the others are
refused. A hash hides an answer from who looks, not from who tries them all:
docs/spec/bundle.md, "Routes". Knows keys; what it gives tells some of them.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, combinations, permutations, product
from math import factorial, isfinite
from typing import Final

from encrier_qti.delivery.index import ItemPoints, RoutingTable, Term
from encrier_qti.errors import NotSupported
from encrier_qti.model import Declaration, Interaction, Item, Node
from encrier_qti.rules.templates import template
from encrier_qti.scoring import SCORE, Program
from encrier_qti.values import BadForm, BaseType, Cardinality, Value, parse, printed
from encrier_qti.variables import first_value

MOST_ANSWERS: Final = 4_096  # to one item
_MOST_DRAWN: Final = 12  # choices, where several may be taken: 2 to the 12th is 4,096
_HASH_SIZE: Final = 8  # bytes
_FINITE: Final = frozenset(
    {BaseType.IDENTIFIER, BaseType.PAIR, BaseType.DIRECTED_PAIR, BaseType.BOOLEAN}
)


def answer_hash(
    kind: tuple[BaseType | None, Cardinality], answer: Sequence[str], *, named: tuple[str, str, str]
) -> str:
    """Give the hash of an answer: 16 hex digits.

    `kind` of the response; `named`: the salt in hex, the item and the response.
    SHA-256 of these three and the values, each after its length in 4 bytes,
    big-endian. A pair is put in order; so are the values unless they are
    ordered. A value that is not of its form hashes as written.
    """
    base, cardinality = kind
    values = [_canonical(base, written) for written in answer]
    if cardinality is not Cardinality.ORDERED:
        values.sort()
    salt, *names = named
    parts = [bytes.fromhex(salt), *(each.encode() for each in (*names, *values))]
    content = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hashlib.sha256(content).digest()[:_HASH_SIZE].hex()


def routing_table(
    terms: Iterable[Term], items: Mapping[str, Item], programs: Mapping[str, Program], salt: str
) -> RoutingTable | None:
    """Give the points of the items that conditions look at, or nothing if none looks.

    Raises NotSupported for an item whose answers cannot all be listed.
    """
    asked: dict[str, set[bool]] = {}
    for term in terms:
        asked.setdefault(term.item, set()).add(term.right)
    if not asked:
        return None
    return RoutingTable(
        salt=salt,
        items={
            name: _Listed(name, items[name], programs[name], salt).points(kinds)
            for name, kinds in sorted(asked.items())
        },
    )


class _Listed:
    """One item whose answers are listed."""

    def __init__(self, name: str, item: Item, program: Program, salt: str) -> None:
        self.name = name
        self.item = item
        self.program = program
        self.salt = salt
        finite = [each for each in item.responses.values() if each.base in _FINITE]
        if len(item.responses) != 1 or not finite or item.adaptive or depends_on_more(item):
            raise _refused(item)
        self.declaration = finite[0]

    def points(self, kinds: set[bool]) -> ItemPoints:
        """Give the points and the right answer, as far as they are asked."""
        response, correct = self.declaration.identifier, self.declaration.correct
        right = self._hash(correct.texts()) if correct is not None and True in kinds else ""
        if False not in kinds:
            return ItemPoints(response=response, right=right)
        start = self.item.outcomes.get(SCORE)
        if start is None or _number(first_value(start), self.item) != 0.0:
            raise _refused(self.item)
        worth = {self._hash(answer): self._worth(answer) for answer in self._answers()}
        return ItemPoints(
            response=response,
            points={digest: points for digest, points in sorted(worth.items()) if points},
            right=right,
        )

    def _answers(self) -> Iterable[list[str]]:
        """Every answer that can be worth something."""
        correct = self.declaration.correct
        if correct is not None and _is_match(self.item.processing):
            return [correct.texts()]
        interaction = next(
            (e for e in self.item.interactions if e.response == self.declaration.identifier), None
        )
        if interaction is not None and _pairs(interaction) > MOST_ANSWERS:
            raise _refused(self.item)
        values = _values(self.declaration, interaction)
        if _how_many(self.declaration, len(values)) > MOST_ANSWERS:
            raise _refused(self.item)
        return _sets(self.declaration, values)

    def _worth(self, answer: list[str]) -> float:
        outcomes = self.program.score({self.declaration.identifier: answer} if answer else {})
        return _number(outcomes.get(SCORE), self.item)

    def _hash(self, answer: list[str]) -> str:
        declared = self.declaration
        return answer_hash(
            (declared.base, declared.cardinality),
            answer,
            named=(self.salt, self.name, declared.identifier),
        )


def _values(declaration: Declaration, interaction: Interaction | None) -> list[str]:
    if declaration.base is BaseType.BOOLEAN:
        return ["true", "false"]
    if interaction is None:
        return []
    choices = interaction.choices
    if declaration.base is BaseType.IDENTIFIER:
        return list(dict.fromkeys(choices))
    pairs = (f"{one} {other}" for one, other in product(choices, interaction.targets or choices))
    return list(dict.fromkeys(_canonical(declaration.base, pair) for pair in pairs))


def _pairs(interaction: Interaction) -> int:
    return len(interaction.choices) * len(interaction.targets or interaction.choices)


def _how_many(declaration: Declaration, n_values: int) -> int:
    if declaration.cardinality is Cardinality.SINGLE:
        return n_values + 1
    if n_values > _MOST_DRAWN:
        return MOST_ANSWERS + 1
    if declaration.cardinality is Cardinality.MULTIPLE:
        return 1 << n_values
    return sum(factorial(n_values) // factorial(n_values - k) for k in range(n_values + 1))


def _sets(declaration: Declaration, values: Sequence[str]) -> Iterable[list[str]]:
    if declaration.cardinality is Cardinality.SINGLE:
        return [[], *([each] for each in values)]
    draw = permutations if declaration.cardinality is Cardinality.ORDERED else combinations
    drawn = chain.from_iterable(draw(values, size) for size in range(len(values) + 1))
    return (list(each) for each in drawn)


def _is_match(processing: Node | None) -> bool:
    """Tell whether a processing is match_correct, by its name or written out."""
    if processing is None:
        return False
    named = Node(name=processing.name, file="", line=0, attributes={"template": "match_correct"})
    return [_shape(rule) for rule in template(processing)] == [
        _shape(rule) for rule in template(named)
    ]


def depends_on_more(item: Item) -> bool:
    """Tell whether a score depends on more than the answer: chance, time, attempts, context."""
    own = item.responses.keys() | item.outcomes.keys() | item.templates.keys()
    for node in () if item.processing is None else item.processing.walk():
        foreign = node.name == "qti-variable" and _named(node) not in own
        if foreign or node.name.startswith("qti-random") or node.name == "qti-custom-operator":
            return True
    return False


def _named(node: Node) -> str:
    return node.attributes.get("identifier", "").strip()


def _shape(node: Node) -> tuple[object, ...]:
    """A node without its place."""
    written = sorted((name, value.strip()) for name, value in node.attributes.items())
    return (node.name, written, node.text.strip(), [_shape(child) for child in node.children])


def _canonical(base: BaseType | None, written: str) -> str:
    if base is None:
        return written
    try:
        member = parse(base, written)
    except BadForm:
        return written
    return "" if member is None else printed(base, member)


def _number(value: Value | None, item: Item) -> float:
    """The number in a score; a score that is none cannot be listed."""
    member = value.members[0] if value is not None and len(value.members) == 1 else None
    if isinstance(member, bool) or not isinstance(member, int | float) or not isfinite(member):
        raise _refused(item)
    return float(member)


def _refused(item: Item) -> NotSupported:
    return NotSupported(
        "les réponses possibles à cet item, dont dépend une condition, ne peuvent être énumérées.",
        "Un item de ce rôle a une seule interaction et peu de choix.",
        file=item.file,
    )
