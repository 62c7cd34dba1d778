# SPDX-License-Identifier: AGPL-3.0-or-later
"""Wrong types told before any pupil answers: what an expression gives against what is taken.

QTI 3.0 ASI information model, "Expressions", the base types and cardinalities
of each. Only what is certain is told: an expression whose type is not known
before it runs is taken for right. What is told here would raise WrongType on
the first answer that reaches it. For authors; scoring itself refuses nothing
on this ground, since a rule that no answer reaches does no harm.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeVar

from encrier_qti.errors import WrongType
from encrier_qti.model import Assessment, Declaration, Item, Node, Record
from encrier_qti.processing.programs import wrong
from encrier_qti.rules.templates import template
from encrier_qti.values import NUMERIC, BaseType, Cardinality
from encrier_qti.variables import all_variables

_T = TypeVar("_T", BaseType, Cardinality)

_SINGLE: Final = frozenset({Cardinality.SINGLE})
_ORDERED: Final = frozenset({Cardinality.ORDERED})
_MULTIPLE: Final = frozenset({Cardinality.MULTIPLE})
_CONTAINERS: Final = _ORDERED | _MULTIPLE


class Kind(Record, frozen=True):
    """The types that an expression may give, or that an element takes; None: any."""

    bases: frozenset[BaseType] | None = None
    shapes: frozenset[Cardinality] | None = None

    def meets(self, other: "Kind") -> bool:
        """Tell whether some type is of both kinds."""
        bases, shapes = self.bases, self.shapes
        return (bases is None or other.bases is None or bool(bases & other.bases)) and (
            shapes is None or other.shapes is None or bool(shapes & other.shapes)
        )


class Form(Record, frozen=True):
    """What an element takes, the last kind as often as needed, and what it gives.

    `alike`: its operands have one base type; `even`: and one cardinality.
    `gives` None: the base types of its operands, in `shapes`.
    """

    takes: tuple[Kind, ...] = (Kind(),)
    gives: Kind | None = Kind()
    alike: bool = False
    even: bool = False
    shapes: frozenset[Cardinality] | None = None


def _one(*bases: BaseType) -> Kind:
    return Kind(bases=frozenset(bases), shapes=_SINGLE)


_BOOLEAN: Final = _one(BaseType.BOOLEAN)
_STRING: Final = _one(BaseType.STRING)
_INTEGER: Final = _one(BaseType.INTEGER)
_FLOAT: Final = _one(BaseType.FLOAT)
_DURATION: Final = _one(BaseType.DURATION)
_NUMBER: Final = Kind(bases=NUMERIC, shapes=_SINGLE)
_AMOUNT: Final = _one(*NUMERIC, BaseType.DURATION)
_NUMBERS: Final = Kind(bases=NUMERIC)
_ANY_SINGLE: Final = Kind(shapes=_SINGLE)
_CONTAINER: Final = Kind(shapes=_CONTAINERS)
_NO_RECORD: Final = Kind(shapes=_SINGLE | _CONTAINERS)
_SAMPLE: Final = Kind(bases=NUMERIC, shapes=_CONTAINERS)
_ROW: Final = Kind(shapes=_SINGLE | _ORDERED)
_BAG: Final = Kind(shapes=_SINGLE | _MULTIPLE)

_LOGIC: Final = Form(takes=(_BOOLEAN,), gives=_BOOLEAN)
_ORDER: Final = Form(takes=(_NUMBER,), gives=_BOOLEAN)
_TEXT: Final = Form(takes=(_STRING,), gives=_BOOLEAN)
_LENGTH: Final = Form(takes=(_DURATION,), gives=_BOOLEAN)
_TOTAL: Final = Form(takes=(_NUMBERS,), gives=_NUMBER)

_COUNTS: Final = (
    "qti-number-correct",
    "qti-number-incorrect",
    "qti-number-presented",
    "qti-number-responded",
    "qti-number-selected",
)

FORMS: Final[Mapping[str, Form]] = {
    "qti-and": _LOGIC,
    "qti-or": _LOGIC,
    "qti-not": _LOGIC,
    "qti-any-n": _LOGIC,
    "qti-gt": _ORDER,
    "qti-gte": _ORDER,
    "qti-lt": _ORDER,
    "qti-lte": _ORDER,
    "qti-equal": _ORDER,
    "qti-equal-rounded": _ORDER,
    "qti-duration-lt": _LENGTH,
    "qti-duration-gte": _LENGTH,
    "qti-string-match": _TEXT,
    "qti-substring": _TEXT,
    "qti-pattern-match": _TEXT,
    "qti-match": Form(gives=_BOOLEAN, alike=True, even=True),
    "qti-is-null": Form(gives=_BOOLEAN),
    "qti-member": Form(takes=(_ANY_SINGLE, _NO_RECORD), gives=_BOOLEAN, alike=True),
    "qti-contains": Form(takes=(_CONTAINER,), gives=_BOOLEAN, alike=True, even=True),
    "qti-delete": Form(takes=(_ANY_SINGLE, _CONTAINER), gives=None, alike=True, shapes=_CONTAINERS),
    "qti-index": Form(takes=(Kind(shapes=_ORDERED),), gives=None, shapes=_SINGLE),
    "qti-multiple": Form(takes=(_BAG,), gives=None, alike=True, shapes=_MULTIPLE),
    "qti-ordered": Form(takes=(_ROW,), gives=None, alike=True, shapes=_ORDERED),
    "qti-repeat": Form(takes=(_ROW,), gives=None, alike=True, shapes=_ORDERED),
    "qti-random": Form(takes=(_CONTAINER,), gives=None, shapes=_SINGLE),
    "qti-container-size": Form(takes=(_CONTAINER,), gives=_INTEGER),
    "qti-field-value": Form(takes=(Kind(shapes=frozenset({Cardinality.RECORD})),)),
    "qti-sum": _TOTAL,
    "qti-product": _TOTAL,
    "qti-max": Form(gives=_NUMBER),
    "qti-min": Form(gives=_NUMBER),
    "qti-gcd": Form(takes=(_NUMBERS,), gives=_INTEGER),
    "qti-lcm": Form(takes=(_NUMBERS,), gives=_INTEGER),
    "qti-subtract": Form(takes=(_NUMBER,), gives=_NUMBER),
    "qti-divide": Form(takes=(_NUMBER,), gives=_FLOAT),
    "qti-power": Form(takes=(_NUMBER,), gives=_FLOAT),
    "qti-integer-divide": Form(takes=(_NUMBER,), gives=_NUMBER),
    "qti-integer-modulus": Form(takes=(_NUMBER,), gives=_NUMBER),
    "qti-round": Form(takes=(_NUMBER,), gives=_NUMBER),
    "qti-truncate": Form(takes=(_NUMBER,), gives=_NUMBER),
    "qti-round-to": Form(takes=(_NUMBER,), gives=_FLOAT),
    "qti-integer-to-float": Form(takes=(_NUMBERS,), gives=Kind(bases=frozenset({BaseType.FLOAT}))),
    "qti-math-operator": Form(takes=(_NUMBER,), gives=_NUMBER),
    "qti-math-constant": Form(gives=_FLOAT),
    "qti-stats-operator": Form(takes=(_SAMPLE,), gives=_FLOAT),
    "qti-random-integer": Form(gives=_INTEGER),
    "qti-random-float": Form(gives=_FLOAT),
    **dict.fromkeys(_COUNTS, Form(gives=_INTEGER)),
    "qti-map-response": Form(gives=_FLOAT),
    "qti-map-response-point": Form(gives=_FLOAT),
    "qti-inside": Form(takes=(Kind(bases=frozenset({BaseType.POINT})),), gives=_BOOLEAN),
}
_SETTING: Final = ("qti-set-outcome-value", "qti-set-template-value")
_KEYS: Final = ("qti-set-correct-response", "qti-set-default-value")
_CONDITIONS: Final = tuple(
    f"qti-{stem}-{end}" for stem in ("response", "outcome", "template") for end in ("if", "else-if")
)


def wrong_types(item: Item) -> Iterator[WrongType]:
    """Give what is certainly of a wrong type in an item's processing, in order, with its line."""
    variables = all_variables(item)
    for root in (item.template_processing, item.processing):
        if root is not None:
            yield from in_rules(template(root), variables)


def wrong_in_test(assessment: Assessment) -> Iterator[WrongType]:
    """The same in what decides in a test: its conditions, its branches, its processing."""
    variables = assessment.outcomes
    for element in assessment.elements():
        for condition in (*element.preconditions, *(each.condition for each in element.branches)):
            yield from _inside(condition, variables)
            if not _kind(condition, variables).meets(_BOOLEAN):
                yield wrong(condition, "un booléen simple est attendu.")
    if assessment.processing is not None:
        yield from in_rules(assessment.processing.children, variables)


def in_rules(rules: Sequence[Node], variables: Mapping[str, Declaration]) -> Iterator[WrongType]:
    """The same in some rules, of an item or of a test."""
    for rule in rules:
        if rule.name in FORMS or rule.name in {"qti-variable", "qti-correct", "qti-default"}:
            yield from _inside(rule, variables)
            continue
        yield from in_rules(rule.children, variables)
        wanted = _wanted(rule, variables)
        if wanted and rule.children and not _kind(rule.children[0], variables).meets(wanted):
            yield wrong(rule, "l’expression n’est pas du type que cette règle prend.")


def _wanted(rule: Node, variables: Mapping[str, Declaration]) -> Kind | None:
    """What a rule takes of its first expression; None: whatever it is."""
    if rule.name in _CONDITIONS or rule.name == "qti-template-constraint":
        return _BOOLEAN
    declared = variables.get(rule.attributes.get("identifier", "").strip())
    if declared is None:
        return None
    if rule.name == "qti-lookup-outcome-value" and declared.table is not None:
        return _AMOUNT if declared.table.interpolated else _INTEGER
    if rule.name not in _SETTING + _KEYS:
        return None
    kind = _declared(declared)
    numeric = rule.name in _SETTING and declared.base in NUMERIC
    loose = rule.name in _SETTING and declared.cardinality is Cardinality.SINGLE
    return Kind(
        bases=NUMERIC if numeric or declared.base is BaseType.FLOAT else kind.bases,
        shapes=_SINGLE | _CONTAINERS if loose else kind.shapes,
    )


def _inside(node: Node, variables: Mapping[str, Declaration]) -> Iterator[WrongType]:
    """What is wrong in an expression, the innermost first."""
    for child in node.children:
        yield from _inside(child, variables)
    form = FORMS.get(node.name)
    if form is None:
        return
    kinds = [_kind(child, variables) for child in node.children]
    wanted = [form.takes[min(at, len(form.takes) - 1)] for at in range(len(kinds))]
    if not all(kind.meets(want) for kind, want in zip(kinds, wanted, strict=True)):
        yield wrong(node, "une expression est d’un type que cet élément ne prend pas.")
    elif form.alike and not _common([kind.bases for kind in kinds]):
        yield wrong(node, "les deux valeurs doivent être du même type.")
    elif form.even and not _common([kind.shapes for kind in kinds]):
        yield wrong(node, "les deux valeurs doivent avoir la même cardinalité.")


def _kind(node: Node, variables: Mapping[str, Declaration]) -> Kind:
    """What an expression gives, as far as it is known before it runs."""
    if node.name == "qti-base-value":
        try:
            return _one(BaseType(node.attributes.get("base-type") or "?"))
        except ValueError:
            return Kind()
    if node.name in {"qti-variable", "qti-correct", "qti-default"}:
        declared = variables.get(node.attributes.get("identifier", "").strip())
        return _declared(declared) if declared else Kind()
    form = FORMS.get(node.name)
    if form is None:
        return Kind()
    if form.gives is not None:
        return form.gives
    known = [_kind(child, variables).bases for child in node.children]
    return Kind(bases=known[-1] if known else None, shapes=form.shapes)


def _declared(declaration: Declaration) -> Kind:
    base = declaration.base
    return Kind(
        bases=None if base is None else frozenset({base}),
        shapes=frozenset({declaration.cardinality}),
    )


def _common(each: Sequence[frozenset[_T] | None]) -> bool:
    """Whether one type could be that of all."""
    known = [types for types in each if types is not None]
    return not known or bool(frozenset.intersection(*known))
