# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether every item of a test can be met, and every name in its logic is that of something.

QTI 3.0 ASI information model, "BranchRule", "PreCondition", "Variable"
("ITEM.VARIABLE" in a test). What reading refuses already (branches that go
backwards, too many selected, a name given twice) is not checked again.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from encrier_qti.checks.finding import Finding
from encrier_qti.model import Assessment, Controlled, Item, ItemRef, Node, Part, Section
from encrier_qti.values import TRUTHS
from encrier_qti.variables import all_variables
from encrier_qti.words import Words, say

_OCCURRENCE: Final = re.compile(r"^[0-9]+\.")  # of an item selected with replacement
_BY_NAME: Final = {"qti-variable", "qti-correct", "qti-default"}


def check_routes(assessment: Assessment, items: Mapping[str, Item]) -> Iterable[Finding]:
    """Check the logic of a test; `items` by the identifier of their reference, those that read."""
    yield from _names(assessment, items)
    for ref in assessment.refs():
        if ref.identifier in items:
            yield from _given(ref, items[ref.identifier])
    for part in assessment.parts:
        yield from _never(part, part.sections, assessment.file)
    yield from _skipped(assessment.parts, assessment.file)


def _names(assessment: Assessment, items: Mapping[str, Item]) -> Iterable[Finding]:
    """What the logic names and is not there: items, their variables and their weights."""
    refs = {ref.identifier: ref for ref in assessment.refs()}
    for node in _logic(assessment):
        if node.name not in _BY_NAME:
            continue
        name, dot, variable = node.attributes.get("identifier", "").strip().partition(".")
        variable = _OCCURRENCE.sub("", variable)
        weight = node.attributes.get("weight-identifier", "").strip()
        if dot and name not in refs:
            what = say("ce test n’a pas d’item nommé {name}.", name=name)
            yield _found("unknown-item", node.file, node.line, what, element=node.name)
        elif dot and weight and weight not in refs[name].weights:
            what = say("l’item {name} n’a pas de poids nommé {weight}.", name=name, weight=weight)
            yield _found("unknown-weight", node.file, node.line, what, element=node.name)
        elif dot and name in items and variable not in _known(refs[name], items[name]):
            what = say(
                "l’item {name} n’a pas de variable {variable}.", name=name, variable=variable
            )
            yield _found("unknown-variable", node.file, node.line, what, element=node.name)


def _known(ref: ItemRef, item: Item) -> set[str]:
    """The variables of an item, by the names that the test may give them."""
    return {*all_variables(item), *(each.target for each in ref.mappings)}


def _given(ref: ItemRef, item: Item) -> Iterable[Finding]:
    """Variables that a reference renames or sets, and that its item does not have."""
    file, line = ref.reference.file, ref.line
    missing = [each.source for each in ref.mappings if each.source not in all_variables(item)]
    missing += [
        each.template for each in ref.template_defaults if each.template not in item.templates
    ]
    for variable in missing:
        what = say(
            "l’item {name} n’a pas de variable {variable}.", name=ref.identifier, variable=variable
        )
        yield _found("unknown-variable", file, line, what)


def _logic(assessment: Assessment) -> Iterator[Node]:
    """Every element of outcome processing, of branch rules and of preconditions."""
    if assessment.processing is not None:
        yield from assessment.processing.walk()
    for place in assessment.elements():
        for condition in (*place.preconditions, *(each.condition for each in place.branches)):
            yield from condition.walk()


def _children(place: Controlled) -> tuple[Controlled, ...]:
    match place:
        case Part():
            return place.sections
        case Section():
            return place.children
    return ()


def _never(place: Controlled, children: Iterable[Controlled], file: str) -> Iterable[Finding]:
    """What a precondition that is always false closes, and what follows a branch always taken."""
    if any(_constant(condition) is False for condition in place.preconditions):
        told = "aucun élève ne rencontre {name}\u00a0: sa condition est toujours fausse."
        what = say(told, name=place.identifier)
        yield _found("unreachable", file, place.line, what)
        return
    if isinstance(place, Section) and place.selection is not None and not place.selection.select:
        what = say("cette section ne choisit aucun de ses éléments.")
        yield _found("unreachable", file, place.line, what)
    yield from _skipped(children, file)
    for child in children:
        yield from _never(child, _children(child), file)


def _skipped(places: Iterable[Controlled], file: str) -> Iterable[Finding]:
    """What stands between a branch that is always taken and its target."""
    target = ""
    for place in places:
        if target and place.identifier != target:
            told = "aucun élève ne rencontre {name}\u00a0: un branchement toujours suivi le saute."
            what = say(told, name=place.identifier)
            yield _found("unreachable", file, place.line, what)
            continue
        taken = next((each for each in place.branches if _constant(each.condition)), None)
        target = "" if taken is None else taken.target


def _constant(condition: Node) -> bool | None:
    """What a condition is for every pupil, or None if it depends."""
    if condition.name == "qti-base-value":
        return TRUTHS.get(condition.text.strip())
    if condition.name == "qti-null":
        return False
    if condition.name == "qti-not" and len(condition.children) == 1:
        inner = _constant(condition.children[0])
        return None if inner is None else not inner
    return None


def _found(kind: str, file: str, line: int, what: Words, *, element: str = "") -> Finding:
    return Finding(kind=kind, severity="warning", file=file, line=line, what=what, element=element)
