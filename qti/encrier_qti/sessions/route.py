# SPDX-License-Identifier: AGPL-3.0-or-later
"""The items that one pupil meets, in which order: selection and ordering, from a seed.

QTI 3.0 ASI information model, "Selection" and "Ordering"; how chance draws is
docs/spec/draws.md. A route is what may be met: preconditions and branches are
decided on the way. It can be stored, and given back instead of a seed.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

from encrier_qti.errors import ContentRefused
from encrier_qti.model import Assessment, ItemRef, Record, Section, Selection
from encrier_qti.sessions.draw import number, order, rank

MAX_MET: Final = 5_000  # items and sections of one sitting; selections in selections multiply


class Stop(Record, frozen=True):
    """One item on the way; `sections` from the outermost, each with its occurrence from 0."""

    part: str
    sections: tuple[tuple[str, int], ...]
    ref: str
    occurrence: int = 0

    @property
    def name(self) -> str:
        """The reference, with its number from the second occurrence: "Q2", "Q2.2"."""
        return numbered(self.ref, self.occurrence)


class Route(Record, frozen=True):
    """The stops of one sitting, in order."""

    stops: tuple[Stop, ...]


class _Block(Record, frozen=True):
    """Stops that stay together when the section around them is shuffled."""

    stops: tuple[Stop, ...]
    fixed: bool


def resolve(assessment: Assessment, seed: str) -> Route:
    """Draw the route of one sitting. Raises ContentRefused if that is longer than MAX_MET."""
    drawing = _Drawing(assessment.file, seed)
    stops = chain.from_iterable(
        block.stops
        for part in assessment.parts
        for section in part.sections
        for block in drawing.blocks(section, part.identifier, ())
    )
    met: Counter[str] = Counter()
    numbered_stops = []
    for stop in stops:
        numbered_stops.append(
            Stop(part=stop.part, sections=stop.sections, ref=stop.ref, occurrence=met[stop.ref])
        )
        met[stop.ref] += 1
    return Route(stops=tuple(numbered_stops))


def numbered(identifier: str, occurrence: int) -> str:
    """Give "S1" for occurrence 0, then "S1.2", "S1.3" and so on."""
    return f"{identifier}.{occurrence + 1}" if occurrence else identifier


class _Drawing:
    """One resolution: how often each section was met, and how much in all."""

    def __init__(self, file: str, seed: str) -> None:
        self._file = file
        self._seed = seed
        self._met: Counter[str] = Counter()
        self._count = 0

    def blocks(
        self, section: Section, part: str, around: tuple[tuple[str, int], ...]
    ) -> list[_Block]:
        """Give the blocks of a section, selected and ordered."""
        self._one_more(section)
        occurrence = self._met[section.identifier]
        self._met[section.identifier] += 1
        path = (*around, (section.identifier, occurrence))
        name = numbered(section.identifier, occurrence)
        blocks: list[_Block] = []
        for child in self._selected(section, name):
            if isinstance(child, ItemRef):
                blocks.append(self._item(child, part, path))
            else:
                blocks += _joined(child, self.blocks(child, part, path))
        return self._shuffled(blocks, name) if section.shuffle else blocks

    def _item(self, ref: ItemRef, part: str, path: tuple[tuple[str, int], ...]) -> _Block:
        self._one_more(ref)
        return _Block(stops=(Stop(part=part, sections=path, ref=ref.identifier),), fixed=ref.fixed)

    def _one_more(self, met: Section | ItemRef) -> None:
        self._count += 1
        if self._count > MAX_MET:
            raise ContentRefused(
                "ce test présente plus de {most} items et sections à un élève.",
                "Choisissez moins d’éléments dans ses sections.",
                file=self._file,
                line=met.line,
                most=MAX_MET,
            )

    def _selected(self, section: Section, name: str) -> Iterable[Section | ItemRef]:
        selection = section.selection
        if selection is None:
            return section.children
        if selection.with_replacement:
            return self._with_replacement(section.children, selection, name)
        required = {child.identifier for child in section.children if child.required}
        others = [child.identifier for child in section.children if not child.required]
        drawn = order(self._seed, "select", name, among=others)
        kept = required | set(drawn[: selection.select - len(required)])
        return [child for child in section.children if child.identifier in kept]

    def _with_replacement(
        self, children: Sequence[Section | ItemRef], selection: Selection, name: str
    ) -> Iterable[Section | ItemRef]:
        times = [int(child.required) for child in children]
        for draw in range(selection.select - sum(times)):
            drawn = number(self._seed, "select", name, str(draw), below=len(children))
            times[drawn] += 1
        return [child for child, n in zip(children, times, strict=True) for _ in range(n)]

    def _shuffled(self, blocks: list[_Block], name: str) -> list[_Block]:
        def drawn(place: int) -> bytes:
            return rank(self._seed, "order", name, str(place))

        free = [place for place, block in enumerate(blocks) if not block.fixed]
        after = list(blocks)
        for place, came_from in zip(free, sorted(free, key=drawn), strict=True):
            after[place] = blocks[came_from]
        return after


def _joined(section: Section, blocks: list[_Block]) -> list[_Block]:
    """A section as one block, or as its own blocks if it may be mixed with what is around."""
    if section.visible or section.keep_together:
        stops = tuple(chain.from_iterable(block.stops for block in blocks))
        return [_Block(stops=stops, fixed=section.fixed)] if stops else []
    return [_Block(stops=block.stops, fixed=block.fixed or section.fixed) for block in blocks]
