# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an item and a test are, once read: frozen records.

Knows keys and scores, so nothing here may travel to the answers zone; what
travels is made by `delivery/`. Knows no pupil.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec
from msgspec.structs import asdict, replace

from encrier_qti.values import BaseType, Cardinality, Scalar, Value

# QTI 3.0 ASI information model, "Built-in variables": those that no item declares.
COMPLETION: Final = "completionStatus"
ATTEMPTS: Final = "numAttempts"
DURATION: Final = "duration"
IMPLIED: Final = frozenset({COMPLETION, ATTEMPTS, DURATION})


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all records: frozen, and made by keywords."""


class Keyed(Record, frozen=True):
    """Base of what may hold a piece of a key, by itself."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(‹hidden›)"


class Node(Record, frozen=True):
    """One element of a processing tree, with the place it was written at."""

    name: str
    file: str
    line: int
    attributes: Mapping[str, str]
    children: tuple["Node", ...] = ()
    text: str = ""

    def __repr__(self) -> str:
        return f"Node({self.name!r}, {self.file!r}, {self.line}, ‹hidden›)"  # it may hold a key

    def walk(self) -> Iterator["Node"]:
        """Give this element and all that is in it, in the order of the document."""
        yield self
        for child in self.children:
            yield from child.walk()


class MapEntry(Keyed, frozen=True):
    key: Scalar | None  # None: the empty string, which no answer equals
    value: float
    case_sensitive: bool


class ScoreMap(Keyed, frozen=True):
    """A qti-mapping: from values to floats."""

    entries: tuple[MapEntry, ...]
    default: float = 0.0
    lower: float | None = None
    upper: float | None = None


class Area(Keyed, frozen=True):
    shape: str
    coords: tuple[float, ...]
    value: float


class AreaMap(Keyed, frozen=True):
    """A qti-area-mapping: from points to floats, the first area first."""

    areas: tuple[Area, ...]
    default: float = 0.0
    lower: float | None = None
    upper: float | None = None


class TableEntry(Keyed, frozen=True):
    source: float
    target: Value | None
    include_boundary: bool = True


class LookupTable(Keyed, frozen=True):
    """A qti-match-table (exact source) or a qti-interpolation-table (first source below)."""

    interpolated: bool
    entries: tuple[TableEntry, ...]
    default: Value | None = None


class Declaration(Record, frozen=True):
    """A variable of an item or a test.

    `kind`: "response", "outcome", "template", "context" or "implied"
    (see IMPLIED). `interpretation`: of the key, or of the outcome.
    """

    identifier: str
    kind: str
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
    normal_minimum: float | None = None
    mastery: float | None = None
    scored_by: str = ""  # "human", "externalMachine": not by the item's own processing
    interpretation: str = ""
    views: tuple[str, ...] = ()  # who may see an outcome; none said: all
    in_math: bool = False  # a template variable may stand in MathML

    def __repr__(self) -> str:
        return f"Declaration({self.identifier!r}, ‹hidden›)"  # it may hold a key


class Interaction(Record, frozen=True):
    """What the pupil acts on; `choices` can be chosen, `targets` are what they go into.

    `least` and `most`: values in a response that is valid, or times played;
    0: no bound. `pattern`: what its texts must match, if anything. `keying`: how
    a teacher keys it from paper (docs/spec/keying.md).
    """

    name: str  # "choice", "text-entry", …
    response: str
    line: int
    choices: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    shuffled: bool = False
    type_identifier: str = ""  # of a portable custom interaction, or the class of a custom one
    least: int = 0
    most: int = 0
    pattern: str = ""
    keying: str = ""


class Reference(Record, frozen=True):
    """A file that a file names; `path` is from the root of the package, decoded."""

    path: str
    file: str
    line: int
    element: str = ""
    has_alt: bool = True


class Feedback(Record, frozen=True):
    """Text of an item that an outcome shows or hides, or, of a template, a template variable.

    `form`: "modal", "block" or "inline", "template-block" or "template-inline";
    `when`: shown if the variable holds this identifier, unless `hides`.
    """

    form: str
    variable: str
    when: str
    hides: bool
    line: int


class Catalog(Record, frozen=True):
    """The accessibility supports of one place in an item: a qti-catalog, with its cards."""

    identifier: str
    cards: tuple[Node, ...]


class Item(Record, frozen=True):
    """An item as read; `template_processing` is what makes clones of it differ.

    `label`: how what is printed calls it, if it says.
    """

    identifier: str
    title: str
    lang: str
    file: str
    adaptive: bool
    responses: Mapping[str, Declaration]
    outcomes: Mapping[str, Declaration]
    interactions: tuple[Interaction, ...]
    processing: Node | None
    templates: Mapping[str, Declaration] = {}
    contexts: Mapping[str, Declaration] = {}
    template_processing: Node | None = None
    stimuli: tuple[Reference, ...] = ()
    media: tuple[Reference, ...] = ()
    included: tuple[Reference, ...] = ()  # files whose content has taken the place of an xi:include
    rubrics: tuple["RubricBlock", ...] = ()
    feedbacks: tuple[Feedback, ...] = ()
    printed: tuple[Node, ...] = ()  # qti-printed-variable, in order
    catalogs: tuple[Catalog, ...] = ()
    companions: Node | None = None  # tools and texts beside the item
    calculator: str = ""  # of these tools: basic or standard, where a pupil may use one
    label: str = ""

    @property
    def has_templates(self) -> bool:
        """Whether it must be cloned before it can be scored or shown."""
        return self.template_processing is not None

    def __repr__(self) -> str:
        return f"Item({self.identifier!r}, ‹hidden›)"  # it holds the key


class TimeLimits(Record, frozen=True):
    """A qti-time-limits, in seconds; None: no limit on that side."""

    minimum: float | None = None
    maximum: float | None = None
    allow_late_submission: bool = False


class SessionControl(Record, frozen=True):
    """A qti-item-session-control as written; None: inherited, in the end from UNSAID."""

    max_attempts: int | None = None  # 0: no limit
    show_feedback: bool | None = None
    allow_review: bool | None = None
    show_solution: bool | None = None
    allow_comment: bool | None = None
    allow_skipping: bool | None = None
    validate_responses: bool | None = None

    def within(self, above: "SessionControl") -> "SessionControl":
        """Give what is said here, else what is said above."""
        said = {name: value for name, value in asdict(self).items() if value is not None}
        return replace(above, **said)


# QTI 3.0 ASI information model, "ItemSessionControl": what holds where nothing is written.
UNSAID: Final = SessionControl(
    max_attempts=1,
    show_feedback=False,
    allow_review=True,
    show_solution=False,
    allow_comment=False,
    allow_skipping=True,
    validate_responses=False,
)


class BranchRule(Record, frozen=True):
    """Where to go if `condition` holds.

    `target`: an identifier ("Q02.3": the third occurrence of an item selected
    with replacement), EXIT_SECTION, EXIT_TESTPART or EXIT_TEST.
    """

    target: str
    condition: Node
    line: int = 0


class VariableMapping(Record, frozen=True):
    """In the test, the item's variable `source` is called `target`."""

    source: str
    target: str


class TemplateDefault(Record, frozen=True):
    template: str
    expression: Node


class Controlled(Record, frozen=True):
    """What parts, sections and item references have in common."""

    identifier: str
    line: int = 0
    preconditions: tuple[Node, ...] = ()
    branches: tuple[BranchRule, ...] = ()
    control: SessionControl = SessionControl()
    limits: TimeLimits | None = None


class ItemRef(Controlled, frozen=True, kw_only=True):
    reference: Reference
    required: bool = False
    fixed: bool = False
    categories: tuple[str, ...] = ()
    weights: Mapping[str, float] = {}
    mappings: tuple[VariableMapping, ...] = ()
    template_defaults: tuple[TemplateDefault, ...] = ()


class Selection(Record, frozen=True):
    select: int
    with_replacement: bool = False


class RubricBlock(Record, frozen=True):
    """Text shown with a section, a part or a test, to some views only.

    `content`: the XML of the whole element (UTF-8); `file`: where it is written,
    if that is not the file of the test or the item.
    """

    views: tuple[str, ...]
    use: str
    content: bytes
    file: str = ""


class Section(Controlled, frozen=True, kw_only=True):
    title: str = ""
    required: bool = False
    fixed: bool = False
    visible: bool = True
    keep_together: bool = True
    shuffle: bool = False
    selection: Selection | None = None
    rubrics: tuple[RubricBlock, ...] = ()
    children: tuple["Section | ItemRef", ...] = ()

    def elements(self) -> Iterator[Controlled]:
        """Give this section, the sections and the item references in it, in document order."""
        yield self
        for child in self.children:
            if isinstance(child, Section):
                yield from child.elements()
            else:
                yield child

    def refs(self) -> Iterator[ItemRef]:
        """Give the item references in the order of the document."""
        return (each for each in self.elements() if isinstance(each, ItemRef))


class TestFeedback(Record, frozen=True):
    """Text shown at the end ("atEnd") or during a part or the test, if an outcome says so.

    `content`: the XML of the whole element (UTF-8).
    """

    identifier: str
    outcome: str
    access: str
    show: bool
    title: str
    content: bytes


class Part(Controlled, frozen=True, kw_only=True):
    """A test part.

    `navigation`: "linear" or "nonlinear"; `submission`: "individual" or "simultaneous".
    """

    navigation: str
    submission: str
    title: str = ""
    rubrics: tuple[RubricBlock, ...] = ()
    sections: tuple[Section, ...] = ()
    feedbacks: tuple[TestFeedback, ...] = ()


class Assessment(Record, frozen=True):
    """A test as written: nothing is selected, ordered or branched yet."""

    identifier: str
    title: str
    lang: str
    file: str
    parts: tuple[Part, ...]
    outcomes: Mapping[str, Declaration] = {}
    processing: Node | None = None
    limits: TimeLimits | None = None
    rubrics: tuple[RubricBlock, ...] = ()
    feedbacks: tuple[TestFeedback, ...] = ()
    ignored: tuple[Node, ...] = ()  # what the test asks that we do not do, harmless to a score

    def elements(self) -> Iterator[Controlled]:
        """Give the parts, sections and item references in the order of the document."""
        for part in self.parts:
            yield part
            for section in part.sections:
                yield from section.elements()

    def refs(self) -> Iterator[ItemRef]:
        """Give the item references in the order of the document."""
        return (each for each in self.elements() if isinstance(each, ItemRef))
