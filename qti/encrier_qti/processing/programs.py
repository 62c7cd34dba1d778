# SPDX-License-Identifier: AGPL-3.0-or-later
"""What expressions and rules share: a frame of variables, and closures over it.

An expression compiles ONCE into a function from a frame to a value, a rule
into a function that changes the frame; no XML is left when answers are
scored. Knows the shape of programs, no single expression.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from random import Random
from typing import Literal, Protocol, TypeVar

from encrier_qti.errors import ContentRefused, WrongType
from encrier_qti.model import Declaration, Node, Record
from encrier_qti.values import (
    FALSE,
    NUMERIC,
    TRUE,
    TRUTHS,
    BadForm,
    BaseType,
    Cardinality,
    Scalar,
    Value,
    parse,
)
from encrier_qti.words import say


class Frame(dict[str, Value | None]):
    """The variables of one item session, or of one test session, while processing runs.

    A dict, since nothing is faster to read by name; three things beside it are
    there for the few elements that need them, and cost nothing to the others: they are
    the class's until one is set, so that a frame is made at the speed of a dict.
    """

    chance: Random | None = None  # where qti-random and its kin draw
    sessions: "TestItems | None" = None  # the item sessions, in outcome processing
    # What template processing has set: ("correct" or "default", identifier) -> value.
    settings: dict[tuple[str, str], Value | None] | None = None


Evaluate = Callable[[Frame], Value | None]
Run = Callable[[Frame], bool]  # True: an exit rule was met, stop here


class TestItem(Protocol):
    """What the expressions of a test may ask of one item session (QTI 3.0, "ItemSubset").

    `declarations` and `variables` go by the names that the test gives them:
    the variable mappings of the item reference are applied.
    """

    @property
    def section_identifiers(self) -> Collection[str]: ...
    @property
    def categories(self) -> Collection[str]: ...
    @property
    def weights(self) -> Mapping[str, float]: ...
    @property
    def declarations(self) -> Mapping[str, Declaration]: ...
    @property
    def variables(self) -> Mapping[str, Value | None]: ...


class TestItems(Protocol):
    """The item sessions of a test session: in the order of the route, or by name.

    `named("Q01.2")` is the second occurrence of a reference selected with
    replacement; `named("Q01")` then the last one submitted, if submission is
    simultaneous. None: not in the route, or undefined.
    """

    def selected(self) -> Sequence[TestItem]: ...
    def named(self, identifier: str) -> TestItem | None: ...


Stage = Literal["template", "response", "outcome"]
Operator = Callable[[Node, Sequence[Value | None]], Value | None]


class Scope(Record, frozen=True):
    """What a builder may look at: the declarations, and how to compile what is inside.

    `operators`: registered custom operators by their `class`.
    """

    declarations: Mapping[str, Declaration]
    expression: Callable[[Node], Evaluate]
    rules: Callable[[Sequence[Node]], Run]
    stage: Stage = "response"
    operators: Mapping[str, Operator] = {}


_Operand = TypeVar("_Operand")
Build = Callable[[Node, Sequence[Evaluate], Scope], Evaluate]
BuildRule = Callable[[Node, Scope], Run]


def refuse(node: Node, what: str, **named: str | int) -> ContentRefused:
    """The error to raise when an element is written as QTI does not allow."""
    told = say(what, **named)
    return ContentRefused(told, file=node.file, line=node.line, element=node.name)


def wrong(node: Node, what: str) -> WrongType:
    """The error to raise when a value is not of a kind that this element takes."""
    return WrongType(what, file=node.file, line=node.line, element=node.name)


def operand(node: Node, operands: Sequence[Evaluate]) -> Evaluate:
    """The one operand of an element that takes one."""
    if len(operands) != 1:
        raise refuse(node, "une expression est attendue.")
    return operands[0]


def two(node: Node, operands: Sequence[_Operand]) -> tuple[_Operand, _Operand]:
    """The two operands of an element that takes two, or their values."""
    if len(operands) != 2:  # noqa: PLR2004  two
        raise refuse(node, "deux expressions sont attendues.")
    return operands[0], operands[1]


def some(node: Node, operands: Sequence[Evaluate]) -> tuple[Evaluate, ...]:
    """The operands of an element that takes one or more."""
    if not operands:
        raise refuse(node, "une expression au moins est attendue.")
    return tuple(operands)


def none(node: Node, operands: Sequence[Evaluate]) -> None:
    """Refuse operands in an element that takes none."""
    if operands:
        raise refuse(node, "cet élément ne contient pas d’expression.")


def flag(node: Node, attribute: str, *, default: bool | None = None) -> bool:
    """A boolean attribute; required if there is no default."""
    written = node.attributes.get(attribute)
    if written is None and default is not None:
        return default
    if written is None or written.strip() not in TRUTHS:
        what = "l’attribut {attribute} doit être true ou false."
        raise refuse(node, what, attribute=attribute)
    return TRUTHS[written.strip()]


def declared(node: Node, scope: Scope) -> Declaration:
    """The declaration that the attribute `identifier` names."""
    found = scope.declarations.get(node.attributes.get("identifier", "").strip())
    if found is None:
        raise refuse(node, "cette variable n’est pas déclarée.")
    return found


def looked_up(node: Node, scope: Scope) -> Declaration | None:
    """The same for what only reads: None if it is not declared, and then its value is NULL.

    TAO's engine reads it so, and banks in use hold such items; `checks.names` tells authors.
    """
    return scope.declarations.get(node.attributes.get("identifier", "").strip())


def nothing(_: Frame) -> Value | None:
    """What a look-up gives that finds no declaration."""
    return None


def amount(node: Node, attribute: str, base: BaseType) -> Evaluate:
    """An attribute that is a literal number, or the name of a variable that holds one.

    QTI 3.0 ASI information model, "IntegerOrVariableRef" and its kin.
    """
    return written_amount(node, node.attributes.get(attribute, "").strip(), base)


def written_amount(node: Node, written: str, base: BaseType) -> Evaluate:
    """The same, for one number of an attribute that holds several."""
    if not written:
        raise refuse(node, "il manque un nombre.")
    try:
        member = parse(base, written)
    except BadForm:
        return _reference(node, written.removeprefix("{").removesuffix("}"), base)
    constant = None if member is None else Value(Cardinality.SINGLE, base, (member,))
    return lambda _: constant


def _reference(node: Node, name: str, base: BaseType) -> Evaluate:
    allowed = NUMERIC if base is BaseType.FLOAT else frozenset({BaseType.INTEGER})

    def evaluate(frame: Frame) -> Value | None:
        value = frame.get(name)
        if value is not None and (value.base not in allowed or len(value.members) != 1):
            raise wrong(node, "la variable nommée par un attribut n’est pas du bon type.")
        return value

    return evaluate


def setting(name: str, identifier: str, declared: Value | None, scope: Scope) -> Evaluate:
    """What template processing has set ("correct" or "default"), else what is declared.

    A constant at any other stage.
    """
    if scope.stage != "template":
        return lambda _: declared
    key = (name, identifier)
    return lambda frame: declared if frame.settings is None else frame.settings.get(key, declared)


def truth(value: Value, node: Node) -> bool:
    """The boolean in a single boolean value."""
    if value is TRUE or value is FALSE:  # nearly always, and quicker to see
        return value is TRUE
    if value.base is not BaseType.BOOLEAN or value.cardinality is not Cardinality.SINGLE:
        raise wrong(node, "un booléen simple est attendu.")
    return value.members[0] is True


def number(value: Value, node: Node) -> int | float:
    """The number in a single integer or float value."""
    member = value.members[0] if value.members else None
    if (
        value.base not in NUMERIC
        or value.cardinality is not Cardinality.SINGLE
        or not isinstance(member, int | float)
    ):
        raise wrong(node, "un nombre simple est attendu.")
    return member


def numbers(value: Value, node: Node) -> list[int | float]:
    """The numbers in an integer or float value of any cardinality."""
    if value.base not in NUMERIC:
        raise wrong(node, "des nombres sont attendus.")
    return [member for member in value.members if isinstance(member, int | float)]


def text(value: Value, node: Node) -> str:
    """The text in a single string value."""
    member = value.members[0] if value.members else None
    if (
        value.base is not BaseType.STRING
        or value.cardinality is not Cardinality.SINGLE
        or not isinstance(member, str)
    ):
        raise wrong(node, "une chaîne simple est attendue.")
    return member


def members(value: Value, node: Node) -> tuple[Scalar, ...]:
    """The members of a multiple or ordered value."""
    if value.cardinality not in {Cardinality.MULTIPLE, Cardinality.ORDERED}:
        raise wrong(node, "un conteneur est attendu.")
    return value.members


def alike(one: Value, other: Value, node: Node) -> None:
    """Refuse two values of different base types."""
    if one.base is not other.base:
        raise wrong(node, "les deux valeurs doivent être du même type.")
