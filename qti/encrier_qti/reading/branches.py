# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the branches of a test lead: only forward, to what exists.

QTI 3.0 ASI information model, "BranchRule": from an item or a section, to an
item or a section of the same part that is still to come; from a part, to
another part; or one of three exits. From an item or a section to a part is
not in the specification, but test editors write it. Knows the order of the document;
what shuffling will make of it is seen by the session, which passes by a rule
whose target is no longer ahead.
"""

from collections.abc import Iterator
from typing import Final

from encrier_qti.errors import ContentRefused
from encrier_qti.model import Assessment, BranchRule, Controlled, Part, Record, Section

EXITS: Final = frozenset({"EXIT_SECTION", "EXIT_TESTPART", "EXIT_TEST"})


class _Place(Record, frozen=True):
    """One element of the test, the numbers of its first and last, what shuffles it."""

    element: Controlled
    first: int
    last: int
    shuffled_in: tuple[str, ...]
    part: Part

    @property
    def is_followed(self) -> bool:
        """Whether its branches count: "in nonlinear mode, branch rules are ignored"."""
        return self.part.navigation == "linear" or isinstance(self.element, Part)


def check_branches(assessment: Assessment) -> None:
    """Refuse a branch to nothing, to the branch's own inside, or backwards."""
    places = {place.element.identifier: place for place in _places(assessment)}
    for place in places.values():
        if place.is_followed:
            for rule in place.element.branches:
                _check(rule, place, places)


def target_item(target: str) -> tuple[str, int]:
    """Split "Q02.3" into the reference and its occurrence, from 0; "Q02" is its first."""
    name, dot, written = target.rpartition(".")
    if dot and written.isascii() and written.isdigit() and int(written[:6]) > 0:
        return name, int(written[:6]) - 1
    return target, 0


def _check(rule: BranchRule, place: _Place, places: dict[str, _Place]) -> None:
    if rule.target in EXITS:
        return
    to = places.get(rule.target) or places.get(target_item(rule.target)[0])
    if to is None:
        raise _refused(rule, "la cible {target} n’est pas dans le test.")
    if not isinstance(to.element, Part):
        if isinstance(place.element, Part):
            raise _refused(rule, "la cible {target} n’est pas une partie du test.")
        if to.part is not place.part:
            raise _refused(rule, "la cible {target} est dans une autre partie du test.")
    if to.first > place.last or set(to.shuffled_in) & set(place.shuffled_in):
        return
    raise _refused(rule, "la cible {target} n’est pas après ce qui y mène.")


def _refused(rule: BranchRule, what: str) -> ContentRefused:
    return ContentRefused(
        what,
        "Une règle de branchement mène plus loin dans le test, ou à une sortie.",
        file=rule.condition.file,
        line=rule.line,
        element="qti-branch-rule",
        target=rule.target,
    )


def _places(assessment: Assessment) -> Iterator[_Place]:
    number = 0
    for part in assessment.parts:
        places = list(_inside(part, number, (), part=part))
        number += len(places)
        yield from places


def _inside(
    element: Controlled, number: int, shuffled_in: tuple[str, ...], *, part: Part
) -> Iterator[_Place]:
    """An element and all that it holds, numbered from `number`, itself first."""
    children: tuple[Controlled, ...] = ()
    inner = shuffled_in
    if isinstance(element, Part):
        children = element.sections
    elif isinstance(element, Section):
        children = element.children
        if element.shuffle:
            inner = (*shuffled_in, element.identifier)
    below: list[_Place] = []
    for child in children:
        below += _inside(child, number + 1 + len(below), inner, part=part)
    yield _Place(
        element=element,
        first=number,
        last=number + len(below),
        shuffled_in=shuffled_in,
        part=part,
    )
    yield from below
