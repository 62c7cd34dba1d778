# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an item and a linear test are, once read: frozen records.

Knows keys and scores, so nothing here may travel to the answers zone; what
travels is made by `delivery/`. Knows no pupil.
"""

from collections.abc import Iterator, Mapping

import msgspec

from encrier_qti.values import BaseType, Cardinality, Scalar, Value


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what is read from a package."""


class Node(Record, frozen=True):
    """One element of a processing tree, with the place it was written at."""

    name: str
    file: str
    line: int
    attributes: Mapping[str, str]
    children: tuple["Node", ...] = ()
    text: str = ""


class MapEntry(Record, frozen=True):
    key: Scalar | None  # None: the empty string, which no answer equals
    value: float
    case_sensitive: bool


class ScoreMap(Record, frozen=True):
    """A qti-mapping: from values to floats."""

    entries: tuple[MapEntry, ...]
    default: float = 0.0
    lower: float | None = None
    upper: float | None = None


class Area(Record, frozen=True):
    shape: str
    coords: tuple[float, ...]
    value: float


class AreaMap(Record, frozen=True):
    """A qti-area-mapping: from points to floats, the first area first."""

    areas: tuple[Area, ...]
    default: float = 0.0
    lower: float | None = None
    upper: float | None = None


class TableEntry(Record, frozen=True):
    source: float
    target: Value | None
    include_boundary: bool = True


class LookupTable(Record, frozen=True):
    """A qti-match-table (exact source) or a qti-interpolation-table (first source below)."""

    interpolated: bool
    entries: tuple[TableEntry, ...]
    default: Value | None = None


class Declaration(Record, frozen=True):
    """A response or outcome variable of an item."""

    identifier: str
    kind: str  # "response", "outcome" or "implied" (duration, numAttempts, completionStatus)
    cardinality: Cardinality
    base: BaseType | None  # None: a record
    file: str
    line: int
    default: Value | None = None
    correct: Value | None = None
    mapping: ScoreMap | None = None
    area_mapping: AreaMap | None = None
    table: LookupTable | None = None
    normal_maximum: float | None = None
    scored_by: str = ""  # "human", "externalMachine": not by the item's own processing

    def __repr__(self) -> str:
        return f"Declaration({self.identifier!r}, ‹hidden›)"  # it may hold a key


class Interaction(Record, frozen=True):
    """What the pupil acts on; `choices` can be chosen, `targets` are what they go into."""

    name: str  # "choice", "text-entry", …
    response: str
    line: int
    choices: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    shuffled: bool = False


class Reference(Record, frozen=True):
    """A file that a file names; `path` is from the root of the package, decoded."""

    path: str
    file: str
    line: int
    element: str = ""
    has_alt: bool = True


class Item(Record, frozen=True):
    identifier: str
    title: str
    lang: str
    file: str
    adaptive: bool
    responses: Mapping[str, Declaration]
    outcomes: Mapping[str, Declaration]
    interactions: tuple[Interaction, ...]
    processing: Node | None
    has_templates: bool = False
    stimuli: tuple[Reference, ...] = ()
    media: tuple[Reference, ...] = ()

    def __repr__(self) -> str:
        return f"Item({self.identifier!r}, ‹hidden›)"  # it holds the key


class ItemRef(Record, frozen=True):
    identifier: str
    reference: Reference


class Section(Record, frozen=True):
    identifier: str
    title: str
    items: tuple[ItemRef, ...]


class Assessment(Record, frozen=True):
    """A linear test: its sections in order, nested ones flattened."""

    identifier: str
    title: str
    lang: str
    file: str
    sections: tuple[Section, ...]
    ignored: tuple[Node, ...] = ()  # what the test asks that we do not do, harmless to a score

    def refs(self) -> Iterator[ItemRef]:
        """Give the item references in the order of the test."""
        for section in self.sections:
            yield from section.items
