# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conditions of a test on earlier scores, made into cut scores that need no key.

A condition is compiled to weighted sums of points compared with numbers
(QTI 3.0, "BranchRule" and "PreCondition"); what the points are is a table, made
by `points`. What is not a plain sum of scores, or a count of right answers, is
refused. Knows the test; knows no answer.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Final

from msgspec.structs import replace

from encrier_qti.delivery.index import Condition, Cut, Term
from encrier_qti.errors import NotSupported
from encrier_qti.model import Assessment, ItemRef, Node, Record, Section
from encrier_qti.scoring import SCORE
from encrier_qti.values import TRUTHS, BadForm, BaseType, parse

_COMPARED: Final = {
    "qti-lt": "lt", "qti-lte": "lte", "qti-gt": "gt", "qti-gte": "gte", "qti-equal": "equal",
}  # fmt: skip
_NEVER: Final = Cut(terms=[], than="gt", value=0.0, needs=[])  # nothing is more than nothing
_DEEPEST: Final = 20  # outcomes computed from outcomes


class _Sum(Record, frozen=True):
    """A weighted sum of scores and a constant; `needs`: NULL unless each holds an item met."""

    terms: tuple[Term, ...] = ()
    constant: float = 0.0
    needs: tuple[tuple[str, ...], ...] = ()

    def times(self, factor: float) -> "_Sum":
        terms = (Term(each.item, each.weight * factor, each.right) for each in self.terms)
        return replace(self, terms=tuple(terms), constant=self.constant * factor)

    def plus(self, other: "_Sum") -> "_Sum":
        return _Sum(
            terms=self.terms + other.terms,
            constant=self.constant + other.constant,
            needs=self.needs + other.needs,
        )


class _Place(Record, frozen=True):
    """An item reference, the sections around it, and how they take it."""

    ref: ItemRef
    sections: tuple[Section, ...]

    @property
    def drawn(self) -> bool:
        return any(section.selection is not None for section in self.sections)

    @property
    def repeated(self) -> bool:
        chosen = (section.selection for section in self.sections)
        return any(each is not None and each.with_replacement for each in chosen)


class Router:
    """Compiles the conditions of one test, and remembers the terms they are made of."""

    def __init__(self, assessment: Assessment) -> None:
        self.terms: list[Term] = []
        self._places: Mapping[str, _Place] = {
            place.ref.identifier: place
            for part in assessment.parts
            for section in part.sections
            for place in _places(section, ())
        }
        self._computed = _computed(assessment)

    def condition(self, node: Node) -> Condition:
        """Give the cuts that must all be passed. Raises NotSupported for any other condition."""
        if node.name == "qti-and" and node.children:
            return [cut for child in node.children for cut in self.condition(child)]
        if node.name == "qti-base-value" and node.text.strip() in TRUTHS:
            return [] if TRUTHS[node.text.strip()] else [_NEVER]
        exact = node.attributes.get("tolerance-mode", "exact").strip() == "exact"
        if node.name not in _COMPARED or len(node.children) != 2 or not exact:  # noqa: PLR2004  sides
            raise _refused(node)
        left, right = (self._sum(child, 0) for child in node.children)
        both = left.plus(right.times(-1.0))
        if not both.terms:
            raise _refused(node)
        self.terms += both.terms
        return [
            Cut(
                terms=list(both.terms),
                than=_COMPARED[node.name],
                value=0.0 - both.constant,
                needs=[list(group) for group in dict.fromkeys(both.needs)],
            )
        ]

    def _sum(self, node: Node, depth: int) -> _Sum:
        if depth > _DEEPEST:
            raise _refused(node)
        if node.name == "qti-base-value":
            return _Sum(constant=_constant(node))
        if node.name == "qti-variable":
            return self._variable(node, depth)
        if node.name == "qti-number-correct":
            return self._counted(node)
        inner = [
            self._scores(child)
            if child.name == "qti-test-variables" and node.name == "qti-sum"
            else self._sum(child, depth + 1)
            for child in node.children
        ]
        return _combined(node, inner)

    def _variable(self, node: Node, depth: int) -> _Sum:
        """Q1.SCORE, or an outcome of the test that one rule computes."""
        name = node.attributes.get("identifier", "").strip()
        if name in self._computed:
            return self._sum(self._computed[name], depth + 1)
        item, _, variable = name.rpartition(".")
        place = self._places.get(item)
        if place is None or place.drawn:  # not drawn, its score is NULL: no sum says so
            raise _refused(node)
        return replace(self._score(place, variable, node), needs=((item,),))

    def _scores(self, node: Node) -> _Sum:
        """qti-test-variables, inside a sum."""
        variable = node.attributes.get("variable-identifier", "").strip()
        places = self._subset(node)
        total = _Sum(needs=(tuple(place.ref.identifier for place in places),))
        for place in places:
            total = total.plus(self._score(place, variable, node))
        return total

    def _score(self, place: _Place, variable: str, node: Node) -> _Sum:
        ref = place.ref
        sources = {each.target: each.source for each in ref.mappings}
        if place.repeated or sources.get(variable, variable) != SCORE:
            raise _refused(node)
        weight = ref.weights.get(node.attributes.get("weight-identifier", "").strip(), 1.0)
        return _Sum(terms=(Term(item=ref.identifier, weight=weight),))

    def _counted(self, node: Node) -> _Sum:
        places = self._subset(node)
        if any(place.repeated for place in places):
            raise _refused(node)
        return _Sum(terms=tuple(Term(item=each.ref.identifier, right=True) for each in places))

    def _subset(self, node: Node) -> list[_Place]:
        """The items that an element is about (QTI 3.0, "ItemSubset")."""
        section = node.attributes.get("section-identifier", "").strip()
        wanted = set(node.attributes.get("include-category", "").split())
        unwanted = set(node.attributes.get("exclude-category", "").split())
        return [
            place
            for place in self._places.values()
            if (not section or any(each.identifier == section for each in place.sections))
            and (not wanted or wanted & set(place.ref.categories))
            and not unwanted & set(place.ref.categories)
        ]


def _places(section: Section, around: tuple[Section, ...]) -> Iterable[_Place]:
    for child in section.children:
        if isinstance(child, Section):
            yield from _places(child, (*around, section))
        else:
            yield _Place(ref=child, sections=(*around, section))


def _computed(assessment: Assessment) -> Mapping[str, Node]:
    """The outcomes that outcome processing sets once, whatever happens, and to what."""
    if assessment.processing is None:
        return {}
    times = Counter(
        _name(rule)
        for rule in assessment.processing.walk()
        if rule.name in {"qti-set-outcome-value", "qti-lookup-outcome-value"}
    )
    return {
        _name(rule): rule.children[0]
        for rule in assessment.processing.children
        if rule.name == "qti-set-outcome-value"
        and len(rule.children) == 1
        and times[_name(rule)] == 1
    }


def _name(rule: Node) -> str:
    return rule.attributes.get("identifier", "").strip()


def _combined(node: Node, inner: list[_Sum]) -> _Sum:
    if node.name == "qti-sum" and inner:
        total = _Sum()
        for each in inner:
            total = total.plus(each)
        return total
    if node.name == "qti-subtract" and len(inner) == 2:  # noqa: PLR2004  two operands
        return inner[0].plus(inner[1].times(-1.0))
    if node.name == "qti-integer-to-float" and len(inner) == 1:
        return inner[0]
    varying = [each for each in inner if each.terms]
    if node.name != "qti-product" or not inner or len(varying) > 1:
        raise _refused(node)
    total = varying[0] if varying else _Sum(constant=1.0)
    for each in inner:
        if not each.terms:
            total = total.times(each.constant)
    return total


def _constant(node: Node) -> float:
    base = node.attributes.get("base-type", "").strip()
    if base not in {BaseType.INTEGER, BaseType.FLOAT}:
        raise _refused(node)
    try:
        member = parse(BaseType.FLOAT, node.text)
    except BadForm:
        member = None
    if not isinstance(member, float) or not isfinite(member):
        raise _refused(node)
    return member


def _refused(node: Node) -> NotSupported:
    return NotSupported(
        "cette condition ne peut pas être jugée sans la correction, sur l’écran de l’élève.",
        "Comparez à un nombre une somme des SCORE d’items, ou un nombre de réponses justes.",
        file=node.file,
        line=node.line,
        element=node.name,
    )
