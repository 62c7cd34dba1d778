# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a test asks and the player does not do: said to the author, not found by the pupil.

The bundle says all that the test says (docs/spec/bundle.md, "The test"). The
player follows parts, sections, selection, ordering, conditions and times; it
has no key, so it shows neither feedback nor solution.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from encrier_qti.checks.finding import Finding
from encrier_qti.model import Assessment, Controlled, Part, Section, SessionControl
from encrier_qti.words import say

_UNSEEN: Final = "Retirez-le, ou acceptez que les élèves n’en voient rien."


def check_delivered(assessment: Assessment) -> Iterable[Finding]:
    """Remark once on each kind of thing that the player leaves out."""
    first: dict[str, int] = {}
    for element, line in _asked(assessment):
        first.setdefault(element, line)
    for element, line in first.items():
        yield Finding(
            kind="not-delivered",
            severity="warning",
            file=assessment.file,
            line=line,
            what=say("le lecteur d’encrier n’en tient pas compte."),
            next_step=say(_UNSEEN),
            element=element,
        )


def meets_items_once(assessment: Assessment) -> bool:
    """Tell whether no item can be met twice in one sitting."""
    return not any(
        isinstance(each, Section) and each.selection and each.selection.with_replacement
        for each in _elements(assessment)
    )


def _asked(assessment: Assessment) -> Iterator[tuple[str, int]]:
    """The elements that the player does nothing of, with a line."""
    if assessment.feedbacks:
        yield "qti-test-feedback", 0
    for each in _elements(assessment):
        if _asks_more(each.control):
            yield "qti-item-session-control", each.line


def _asks_more(control: SessionControl) -> bool:
    """Whether more than one attempt, a feedback, a solution, a comment or a check is asked."""
    more = (
        control.show_feedback,
        control.show_solution,
        control.allow_comment,
        control.validate_responses,
    )
    return any(more) or control.max_attempts not in {None, 1}


def _elements(assessment: Assessment) -> Iterator[Controlled]:
    for part in assessment.parts:
        yield from _within(part)


def _within(element: Controlled) -> Iterator[Controlled]:
    yield element
    children: tuple[Controlled, ...] = ()
    if isinstance(element, Part):
        children = element.sections
    if isinstance(element, Section):
        children = element.children
    for child in children:
        yield from _within(child)
