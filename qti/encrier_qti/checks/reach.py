# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether the score that an item promises can be had: every answer is tried, where they are few.

What is proved is proved for each answer that the interactions let a pupil
give: choices, orders, pairs, places, within their limits, and for texts those
that the item itself names, beside one that it does not, if its processing
compares them with nothing else. Where that makes more than MOST answers,
nothing is said. Knows keys; says none.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, islice, permutations, product
from typing import Final

from lxml import etree

from encrier_qti.checks.interactions import most_answers, whole
from encrier_qti.errors import QtiError
from encrier_qti.model import Declaration, Interaction, Item, Node
from encrier_qti.reading.body import INTERACTIONS
from encrier_qti.reading.safe_xml import QTI
from encrier_qti.rules.templates import template
from encrier_qti.scoring import Program, score_of
from encrier_qti.values import BaseType, Cardinality, printed

MOST: Final = 2_000  # answers tried for one item: a tenth of a second
_STEPS: Final = 100_000  # rules and expressions met by all these answers
_LONG: Final = {"qti-repeat", "qti-pattern-match", "qti-custom-operator"}  # no step like another
_CLOSED: Final = {"choice", "hotspot", "hottext", "inline-choice"}
_ORDERED: Final = {"order", "graphic-order"}
_TYPED: Final = {"text-entry"}
_PAIRED: Final = {"match", "gap-match", "associate", "graphic-associate"}
# Under these alone, a text that the item does not name is worth what any other such text is.
_BY_NAME: Final = frozenset(
    f"qti-{name}"
    for name in (
        "and", "base-value", "correct", "exit-response", "is-null", "lookup-outcome-value",
        "map-response", "match", "not", "or", "response-condition", "response-else",
        "response-else-if", "response-if", "response-processing-fragment", "set-outcome-value",
        "sum", "variable",
    )
)  # fmt: skip
UNNAMED: Final = "-987654321"  # a whole number that no item names
_OTHER: Final = {  # an answer that no item names
    BaseType.STRING: "\ue000",
    BaseType.INTEGER: UNNAMED,
    BaseType.FLOAT: "-987654321.5",
}


def best_score(item: Item, program: Program, root: etree._Element) -> float | None:
    """Give the highest SCORE of all answers, or None if they cannot all be tried."""
    if item.adaptive or item.templates or item.processing is None:
        return None
    rules = template(item.processing)
    nodes = [node for rule in rules for node in rule.walk()]
    names = [node.name for node in nodes]
    most = min(MOST, _STEPS // max(len(names), 1))
    if not _LONG.isdisjoint(names):
        return None
    written = _compared(nodes)
    each_response: dict[str, list[Sequence[str]]] = {}
    n_answers = 1
    for interaction, element in zip(item.interactions, root.iter(*INTERACTIONS), strict=True):
        declaration = item.responses.get(interaction.response)
        if declaration is None or interaction.response in each_response:
            return None
        if interaction.name in _TYPED:
            found = _texts_to_try(declaration, written)
        else:
            found = _answers(interaction, declaration, element)
        answers = list(islice(found, most + 1))
        n_answers *= len(answers)
        if not answers or n_answers > most:
            return None
        each_response[interaction.response] = answers
    return _best(program, each_response)


def typed_to_try(item: Item, declaration: Declaration) -> tuple[str, ...]:
    """Give what stands for all that can be typed: what the item names, last what it does not.

    Nothing, where its processing does more than compare with what it names.
    """
    rules = () if item.processing is None else template(item.processing)
    written = _compared([node for rule in rules for node in rule.walk()])
    return tuple(text for given in _texts_to_try(declaration, written) for text in given)


def _compared(nodes: Sequence[Node]) -> tuple[str | None, ...]:
    """The constants that these compare with; None among them for what does more."""
    return tuple(node.text if node.name in _BY_NAME else None for node in nodes)


def _best(program: Program, each_response: Mapping[str, list[Sequence[str]]]) -> float | None:
    best = float("-inf")
    for given in product(*each_response.values()):
        try:
            outcomes = program.prove(dict(zip(each_response, given, strict=True)))
        except (QtiError, OverflowError):
            return None
        best = max(best, score_of(outcomes))
    return best


def _answers(
    interaction: Interaction, declaration: Declaration, element: etree._Element
) -> Iterator[Sequence[str]]:
    """Every answer to one interaction, none at all if they are not to be listed."""
    most = most_answers(interaction.name, element)
    name, choices = interaction.name, tuple(dict.fromkeys(interaction.choices))
    if declaration.cardinality is Cardinality.SINGLE:
        if name in _CLOSED:
            yield from ((), *((choice,) for choice in choices))
    elif name in _CLOSED:
        yield from _up_to(most or len(choices), choices)
    elif name in _ORDERED:
        for size in range(min(most or len(choices), len(choices)) + 1):
            yield from permutations(choices, size)
    if name in _PAIRED:
        single = declaration.cardinality is Cardinality.SINGLE
        limits = _limits(element, dict.fromkeys(interaction.targets, 1))
        yield from _matched(_pairs(interaction), limits, 1 if single else most)
    elif name == "slider":
        yield from _steps(element, declaration)


def _pairs(interaction: Interaction) -> list[tuple[str, str]]:
    """The pairs that can be made, "A B" and not "B A" where they have no order."""
    if interaction.targets:
        return list(islice(product(interaction.choices, interaction.targets), MOST))
    return list(islice(combinations(interaction.choices, 2), MOST))


def _limits(element: etree._Element, gaps: Mapping[str, int]) -> Mapping[str, int]:
    """How many times each choice can be used; a gap once, no limit where nothing is written."""
    written = {
        str(each.get("identifier")): whole(each, "match-max", default=0)
        for each in element.iter(f"{{{QTI}}}*")
        if each.get("match-max") is not None
    }
    return {**gaps, **written}


def _matched(
    pairs: Sequence[tuple[str, str]], limits: Mapping[str, int], most: int
) -> Iterator[Sequence[str]]:
    """Every set of pairs in which no choice is used more often than it can be."""
    yield ()
    # Of each set on the way: its pairs, how often each choice is used, the pairs that may follow.
    way: list[tuple[tuple[str, ...], Counter[str], Iterator[int]]]
    way = [((), Counter[str](), iter(range(len(pairs))))]
    while way:
        taken, used, following = way[-1]
        for at in following:
            now = used + Counter(pairs[at])
            if any(0 < limits.get(name, 0) < now[name] for name in pairs[at]):
                continue
            more = (*taken, " ".join(pairs[at]))
            yield more
            if not most or len(more) < most:
                way.append((more, now, iter(range(at + 1, len(pairs)))))
                break
        else:
            way.pop()


def _steps(element: etree._Element, declaration: Declaration) -> Iterator[Sequence[str]]:
    """Every place of a slider, and none."""
    try:
        lower, upper, step = (
            float(element.get(name, default))
            for name, default in (("lower-bound", "nan"), ("upper-bound", "nan"), ("step", "1"))
        )
    except ValueError:
        return
    if not (lower <= upper and 0 < step < float("inf") and (upper - lower) / step < MOST):
        return
    yield ()
    for number in range(int((upper - lower) / step + 1e-9) + 1):
        value = lower + number * step
        yield (str(int(value) if declaration.base is BaseType.INTEGER else value),)


def _up_to(most: int, choices: Sequence[str]) -> Iterator[Sequence[str]]:
    for size in range(min(most, len(choices)) + 1):
        yield from combinations(choices, size)


def _texts_to_try(
    declaration: Declaration, written: Sequence[str | None]
) -> Iterator[Sequence[str]]:
    """The texts or numbers that an item names, one that it does not, and none.

    `written`: the constants that its processing compares with; None among them
    for what makes more than comparisons.
    """
    base = declaration.base
    if base not in _OTHER or declaration.cardinality is not Cardinality.SINGLE or None in written:
        return
    keys = list(declaration.correct.members) if declaration.correct else []
    entries = declaration.mapping.entries if declaration.mapping else ()
    keys += [entry.key for entry in entries if entry.key is not None]
    named = (*(printed(base, key) for key in keys), *(each for each in written if each))
    yield from ((), *((each,) for each in dict.fromkeys((*named, _OTHER[base]))))
