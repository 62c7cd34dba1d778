# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a test to sequences and exercises on paper: first-level sections, second-level sections.

Paper is the same for everyone, so what chance or an answer decides is refused.
Never knows a key: of rubric blocks it reads those for pupils only.
"""

import re
from collections.abc import Iterable
from math import ceil
from typing import Final

from encrier_qti.delivery.index import NAME
from encrier_qti.delivery.shown import Shown
from encrier_qti.delivery.strip import strip_text
from encrier_qti.errors import ContentRefused
from encrier_qti.keying.asked import text_of
from encrier_qti.model import (
    Assessment,
    Controlled,
    ItemRef,
    Record,
    RubricBlock,
    Section,
    TimeLimits,
)
from encrier_qti.reading.safe_xml import parse
from encrier_qti.variables import first_value

ORAL: Final = "oral"  # the category of items that are taken one pupil at a time
_DASH: Final = re.compile(r"\s+—\s+")  # « Exercice 1 — Reconnaître des lettres »
_IDENTIFIER: Final = re.compile(NAME)


class PlannedExercise(Record, frozen=True):
    """`what` it measures, if its title says; `items`: identifiers of references, in order."""

    id: str
    line: int
    title: str
    what: str
    instruction: str
    oral: bool
    timed_s: int | None
    items: tuple[str, ...]


class Planned(Record, frozen=True):
    """A sequence; `minutes`: at most, 0: no limit."""

    id: str
    title: str
    minutes: int
    exercises: tuple[PlannedExercise, ...]


def plan_of(assessment: Assessment) -> tuple[Planned, ...]:
    """Give the sequences of a test. Raises ContentRefused for what paper cannot be."""
    for element in assessment.elements():
        drawn = isinstance(element, Section) and element.selection is not None
        if drawn or element.preconditions or element.branches:
            raise _refused(
                assessment,
                element,
                "ce qui est donné dépend ici du hasard ou des réponses\u00a0: un cahier sur papier"
                " est le même pour tous.",
                "Ôtez le tirage, la condition ou le branchement.",
            )
    sections = (section for part in assessment.parts for section in part.sections)
    return tuple(_sequence(assessment, section) for section in sections)


def _sequence(assessment: Assessment, section: Section) -> Planned:
    return Planned(
        id=_named(assessment, section),
        title=section.title,
        minutes=ceil(_most_s(section.limits) / 60),  # seconds
        exercises=tuple(
            _exercise(assessment, child, rank)
            for rank, child in enumerate(section.children, start=1)
        ),
    )


def _exercise(assessment: Assessment, section: Section | ItemRef, rank: int) -> PlannedExercise:
    if isinstance(section, ItemRef):
        raise _refused(
            assessment,
            section,
            "cet item n’est dans aucun exercice.",
            "Mettez-le dans une section de second niveau\u00a0: le premier est la séquence, le"
            " second l’exercice.",
        )
    refs = [child for child in section.children if isinstance(child, ItemRef)]
    if len(refs) < len(section.children):
        what = "une section d’exercice contient une autre section."
        raise _refused(assessment, section, what, "Mettez ses items directement dans l’exercice.")
    title, *what_for = _DASH.split(section.title, maxsplit=1)
    return PlannedExercise(
        id=_named(assessment, section),
        line=section.line,
        title=title or f"Exercice {rank}",
        what=what_for[0] if what_for else "",
        instruction=" ".join(_for_pupils(assessment, section.rubrics)),
        oral=bool(refs) and all(ORAL in ref.categories for ref in refs),
        timed_s=ceil(_most_s(section.limits)) or None,
        items=tuple(ref.identifier for ref in refs),
    )


def _for_pupils(assessment: Assessment, blocks: Iterable[RubricBlock]) -> Iterable[str]:
    outcomes = {name: first_value(each) for name, each in assessment.outcomes.items()}
    for block in blocks:
        if "candidate" in block.views:
            file = block.file or assessment.file
            travels = strip_text(block.content, file=file, shown=Shown(values=outcomes))
            yield text_of(parse(travels.xml, file=file))


def _most_s(limits: TimeLimits | None) -> float:
    return 0.0 if limits is None or limits.maximum is None else limits.maximum


def _named(assessment: Assessment, section: Section) -> str:
    if not _IDENTIFIER.fullmatch(section.identifier):
        raise _refused(
            assessment,
            section,
            "un identifiant n’est pas fait de lettres, de chiffres, et de _ . -, 128 signes au"
            " plus.",
            "Renommez cette section.",
        )
    return section.identifier


def _refused(
    assessment: Assessment, element: Controlled, what: str, next_step: str
) -> ContentRefused:
    return ContentRefused(what, next_step, file=assessment.file, line=element.line)
