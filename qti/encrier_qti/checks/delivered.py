# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a test asks and the player does not do yet: said to the author, not found by the pupil.

The bundle says all that the test says (docs/spec/bundle.md, "The test"); the
player shows the items in the order written.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from encrier_qti.checks.finding import Finding
from encrier_qti.model import Assessment, Controlled, Part, Section, SessionControl
from encrier_qti.words import say

# These change which items a pupil meets.
_ROUTED: Final = frozenset(
    {"qti-branch-rule", "qti-ordering", "qti-pre-condition", "qti-selection"}
)
_ALL_SHOWN: Final = "Il montre tous les items, dans l’ordre écrit\u00a0: n’ouvrez pas de campagne."
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
            what=say("le lecteur d’encrier n’en tient pas encore compte."),
            next_step=say(_ALL_SHOWN if element in _ROUTED else _UNSEEN),
            element=element,
        )


def is_followed(assessment: Assessment) -> bool:
    """Tell whether the player shows the items that the test asks for, in its order."""
    return not any(element in _ROUTED for element, _ in _asked(assessment))


def _asked(assessment: Assessment) -> Iterator[tuple[str, int]]:
    """The elements that the player does nothing of, with a line."""
    if assessment.limits is not None:
        yield "qti-time-limits", 0
    if assessment.feedbacks:
        yield "qti-test-feedback", 0
    if any("candidate" in block.views for block in assessment.rubrics):
        yield "qti-rubric-block", 0
    for part in assessment.parts:
        yield from _of(part)


def _of(element: Controlled) -> Iterator[tuple[str, int]]:
    parts: dict[str, object] = {
        "qti-pre-condition": element.preconditions,
        "qti-branch-rule": element.branches,
        "qti-time-limits": element.limits,
        "qti-item-session-control": element.control != SessionControl(),
    }
    children: tuple[Controlled, ...] = ()
    if isinstance(element, Part):
        children = element.sections
        parts["qti-test-feedback"] = element.feedbacks
    if isinstance(element, Section):
        children = element.children
        parts["qti-selection"] = element.selection
        parts["qti-ordering"] = element.shuffle
    if isinstance(element, Part | Section):
        parts["qti-rubric-block"] = [e for e in element.rubrics if "candidate" in e.views]
    yield from ((name, element.line) for name, asked in parts.items() if asked)
    for child in children:
        yield from _of(child)
