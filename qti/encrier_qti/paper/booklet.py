# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pupil's booklet: from items, as pupils see them, to rows on pages.

How an exercise is laid out follows from what its items ask, so that no author lays out anything:
rows of choices, boxes for numbers, cards or a text to read aloud. Never knows what is right.
"""

from collections.abc import Mapping
from typing import Final

from encrier_qti.clones import clones_of
from encrier_qti.delivery.shown import at_start
from encrier_qti.delivery.strip import strip_item, strip_stimulus
from encrier_qti.keying.kit import Exercise, Kit
from encrier_qti.keying.mask import Field
from encrier_qti.model import Item, Record
from encrier_qti.package import Package
from encrier_qti.paper.marks import MARKS, Mark
from encrier_qti.paper.reading import Body, Line, Run, body_of, lines_of, plain
from encrier_qti.reading.safe_xml import parse

_ANSWERS: Final = {  # where the pupil answers, by mask; anything else: nothing is written
    "circle": "choices",
    "cross": "choices",
    "number": "box",
    "code": "line",
}
_CARD: Final = 14  # letters: what is longer is no card to read but a sentence


class Row(Record, frozen=True):
    """An item on paper. `answer`: "choices", "box", "line" or "none"; `digits` of the box."""

    label: str
    stem: tuple[Line, ...]
    choices: tuple[tuple[Run, ...], ...] = ()
    text: tuple[Line, ...] = ()
    answer: str = "none"
    digits: int = 0


class OnPaper(Record, frozen=True):
    """An exercise. `layout`: "rows", "boxes", "cards" or "text"."""

    id: str
    title: str
    instruction: str
    layout: str
    rows: tuple[Row, ...]


class Part(Record, frozen=True):
    """A sequence: it begins on a page of its own."""

    title: str
    exercises: tuple[OnPaper, ...]


class Booklet(Record, frozen=True):
    """All that the template sets, but for the pictures."""

    title: str
    lang: str
    marks: tuple[Mark, ...]
    sequences: tuple[Part, ...]


def booklet_of(package: Package, kit: Kit) -> Booklet:
    """Lay out the exercises of a kit."""
    clones = clones_of(package.assessment, package.items)
    bodies = {name: _body(package, item) for name, item in clones.items()}
    return Booklet(
        title=plain(kit.title),
        lang=kit.lang,
        marks=MARKS,
        sequences=tuple(
            Part(
                title=plain(sequence.title),
                exercises=tuple(_exercise(each, bodies) for each in sequence.exercises),
            )
            for sequence in kit.sequences
        ),
    )


def _body(package: Package, item: Item) -> Body:
    contents = package.contents
    travels = strip_item(
        contents[item.file], file=item.file, files=contents, shown=at_start(item)
    ).xml
    body = body_of(parse(travels, file=item.file))
    above: list[Line] = []
    for stimulus in item.stimuli:
        if stimulus.path in contents:
            xml = strip_stimulus(contents[stimulus.path], file=stimulus.path, files=contents).xml
            above += lines_of(parse(xml, file=stimulus.path))
    return Body(lines=(*above, *body.lines), choices=body.choices, text=body.text)


def _exercise(exercise: Exercise, bodies: Mapping[str, Body]) -> OnPaper:
    rows = [_row(field, bodies[field.id]) for field in exercise.items]
    seen = tuple(row for row in rows if row.stem or row.text or row.answer != "none")
    return OnPaper(
        id=exercise.id,
        title=plain(exercise.title),
        instruction=plain(exercise.instruction),
        layout=_layout(seen),
        rows=seen,
    )


def _row(field: Field, body: Body) -> Row:
    answer = _ANSWERS.get(field.mask, "none")
    boxes = [run.box for line in body.lines for run in line.runs if run.box]
    alone = [line for line in body.lines if [run.box for run in line.runs] == boxes]
    stem = tuple(line for line in body.lines if line not in alone and _is_seen(field, line))
    return Row(
        label=plain(field.label),
        stem=stem,
        choices=tuple(each.runs for each in body.choices) if answer == "choices" else (),
        text=body.text,
        # A box within a sentence is where the number is written: no second one beside it.
        answer="none" if answer == "box" and boxes and not alone else answer,
        digits=max(boxes, default=0),
    )


def _is_seen(field: Field, line: Line) -> bool:
    """Whether pupils see the line: not the boxes that a teacher keys times and words in."""
    return not any(run.box for run in line.runs) or field.mask == "number"


def _layout(rows: tuple[Row, ...]) -> str:
    if any(row.text for row in rows):
        return "text"
    if rows and all(row.answer == "box" and not row.stem for row in rows):
        return "boxes"
    if rows and all(row.answer == "none" and _is_card(row) for row in rows):
        return "cards"
    return "rows"


def _is_card(row: Row) -> bool:
    pieces = [run for line in row.stem for run in line.runs]
    if len(pieces) != 1 or pieces[0].picture:
        return False
    return 0 < len(pieces[0].text) <= _CARD
