# SPDX-License-Identifier: AGPL-3.0-or-later
"""The teacher's booklet: what to prepare, what to say word for word, how to mark, what to press.

From the rubric blocks of the test and of the items: `proctor` is what is said and done (a
blockquote is said, a list is what to prepare), `scorer` how it is marked. Knows keys: what is
expected is printed beside each line. Never knows a pupil.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from encrier_qti.delivery.shown import Shown
from encrier_qti.delivery.strip import strip_text
from encrier_qti.keying.kit import Exercise, Kit
from encrier_qti.keying.mask import Field
from encrier_qti.model import Item, Record, RubricBlock, Section
from encrier_qti.package import Package
from encrier_qti.paper.booklet import Booklet, OnPaper
from encrier_qti.paper.marks import Mark
from encrier_qti.paper.reading import Line, lines_of, plain
from encrier_qti.reading.safe_xml import parse

_OTHERS: Final = {"*", ""}  # of a table of points: anything else, nothing


class Place(Record, frozen=True):
    """A page of the pupil's booklet. `picture`: how the page itself is called, seen small."""

    number: int
    mark: Mark
    picture: str


class Said(Record, frozen=True):
    """What is said for one item, and what is expected: "" where the marking rules say it."""

    label: str
    lines: tuple[Line, ...]
    expected: str


class Scene(Record, frozen=True):
    """An exercise, for whoever leads it."""

    id: str
    title: str
    what: str
    oral: bool
    timed_s: int | None
    masks: tuple[str, ...]
    places: tuple[Place, ...]
    to_prepare: tuple[Line, ...]
    steps: tuple[Line, ...]
    items: tuple[Said, ...]
    rules: tuple[Line, ...]
    record: OnPaper | None  # what one pupil's sheet of the oral part shows


class Act(Record, frozen=True):
    """A sequence. `minutes`: 0: no limit."""

    title: str
    minutes: int
    exercises: tuple[Scene, ...]


class Script(Record, frozen=True):
    """All that the template sets."""

    title: str
    lang: str
    sequences: tuple[Act, ...]


def script_of(
    package: Package, kit: Kit, *, booklet: Booklet, places: Mapping[str, tuple[Place, ...]]
) -> Script:
    """Write the script of a kit; `places`: the pages of each exercise."""
    writer = _Writer(package, kit.marking, booklet, places)
    return Script(
        title=plain(kit.title),
        lang=kit.lang,
        sequences=tuple(
            Act(
                title=plain(sequence.title),
                minutes=sequence.minutes,
                exercises=tuple(writer.scene(each) for each in sequence.exercises),
            )
            for sequence in kit.sequences
        ),
    )


class _Writer:
    """Writes the scenes of one script."""

    def __init__(
        self,
        package: Package,
        marking: Mapping[str, Mapping[str, float]],
        booklet: Booklet,
        places: Mapping[str, tuple[Place, ...]],
    ) -> None:
        self._rubrics = _Rubrics(package)
        self._marking = marking
        self._places = places
        on_paper = (each for part in booklet.sequences for each in part.exercises)
        self._on_paper = {each.id: each for each in on_paper}

    def scene(self, exercise: Exercise) -> Scene:
        led = self._rubrics.of_section(exercise.id, "proctor")
        rules = list(self._rubrics.of_section(exercise.id, "scorer"))
        for field in exercise.items:
            rules += self._rubrics.of_item(field.id, "scorer")
        return Scene(
            id=exercise.id,
            title=plain(exercise.title),
            what=plain(exercise.what),
            oral=exercise.oral,
            timed_s=exercise.timed_s,
            masks=tuple(dict.fromkeys(field.mask for field in exercise.items)),
            places=self._places.get(exercise.id, ()),
            to_prepare=tuple(line for line in led if line.kind == "li"),
            steps=tuple(line for line in led if line.kind != "li"),
            items=tuple(map(self._said, exercise.items)),
            rules=tuple(rules),
            record=self._on_paper[exercise.id] if exercise.oral else None,
        )

    def _said(self, field: Field) -> Said:
        return Said(
            label=plain(field.label),
            lines=self._rubrics.of_item(field.id, "proctor"),
            expected=_expected(field, self._marking.get(field.id, {})),
        )


def _expected(field: Field, table: Mapping[str, float]) -> str:
    """What gets the most points, in the words of the paper: "" where a person judges."""
    if field.mask not in {"circle", "cross", "number"}:
        return ""
    best = max(table.values(), default=0.0)
    named = {choice.id: choice.label for choice in field.choices}
    right = [key for key, points in table.items() if key not in _OTHERS and points == best > 0]
    if not right or table.get("*") == best:
        return ""
    shown = [", ".join(named.get(each, each) for each in key.split()) for key in right]
    return plain(" / ".join(shown))


class _Rubrics:
    """The rubric blocks of a package, by who they are for."""

    def __init__(self, package: Package) -> None:
        assessment = package.assessment
        self._file = assessment.file
        self._items: Mapping[str, Item] = package.items
        sections = (each for each in assessment.elements() if isinstance(each, Section))
        self._sections = {each.identifier: each.rubrics for each in sections}

    def of_section(self, name: str, view: str) -> tuple[Line, ...]:
        return tuple(self._lines(self._sections.get(name, ()), view, self._file))

    def of_item(self, name: str, view: str) -> tuple[Line, ...]:
        item = self._items[name]
        return tuple(self._lines(item.rubrics, view, item.file))

    def _lines(self, blocks: Iterable[RubricBlock], view: str, file: str) -> Iterable[Line]:
        for block in blocks:
            if view in block.views:
                where = block.file or file
                travels = strip_text(block.content, file=where, shown=Shown())
                yield from lines_of(parse(travels.xml, file=where))
