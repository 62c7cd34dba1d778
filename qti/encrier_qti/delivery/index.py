# SPDX-License-Identifier: AGPL-3.0-or-later
"""bundle.json: the index of what the answers zone serves and the player shows.

Knows items, the test and digests; holds no key, no score and no domain, but
what a table of routes gives away (docs/spec/bundle.md, "Routes"). The optional
fields are not written where they hold their default.
"""

from typing import Final, Literal

import msgspec

# The name of an item in a test, or of a response: what answer sheets and pages can carry.
NAME: Final = r"^\w[\w.-]{0,127}$"
# Every object of a page has these names already.
TAKEN: Final = frozenset(
    {
        "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable",
        "toLocaleString", "toString", "valueOf", "__defineGetter__", "__defineSetter__",
        "__lookupGetter__", "__lookupSetter__", "__proto__",
    }
)  # fmt: skip


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of what bundle.json holds."""


class ResponseType(Written, frozen=True):
    """What an answer is, as QTI names it; a record has no base type ("")."""

    cardinality: str
    base_type: str


class BundleCard(Written, frozen=True):
    """One accessibility support: `href` is a name in `files`, of words (XML) or a media file."""

    support: str
    href: str
    lang: str = ""
    preferred: bool = False


class BundleShuffle(Written, frozen=True):
    """A set of choices that the player shuffles, as they stand in the item."""

    response: str
    choices: list[str]
    fixed: list[str] = []
    part: str = ""


class BundleItem(Written, frozen=True):
    """One item; `href`, `stimuli` and `modules` are names in `files`.

    `seed`: what its template variables were drawn from; `modules`: the programs
    of its portable custom interactions.
    """

    title: str
    href: str
    stimuli: list[str]
    responses: dict[str, ResponseType]
    interactions: list[str]
    seed: str = ""
    shuffles: list[BundleShuffle] = []
    modules: list[str] = []
    calculator: str = ""  # basic or standard, where one is allowed


class BundleSection(Written, frozen=True):
    id: str
    title: str
    items: list[str]


class BundleFile(Written, frozen=True):
    """A file by its digest (SHA-256, hex), size in bytes and MIME type."""

    sha256: str
    size: int
    type: str


class Term(Written, frozen=True):
    """What an item adds to a sum: its points, or 1 if it is right, times a weight."""

    item: str
    weight: float = 1.0
    right: bool = False


class Cut(Written, frozen=True):
    """A sum over items, compared with a number; `than`: "lt", "lte", "gt", "gte" or "equal".

    `needs`: the sum is NULL, and the cut not passed, unless each list has an item met.
    """

    terms: list[Term]
    than: str
    value: float
    needs: list[list[str]]


Condition = list[Cut]  # holds if every cut does


class ItemPoints(Written, frozen=True):
    """What the answers to an item are worth, by the hash of the answer; not listed: 0.

    `right`: the hash of the right answer, where a condition counts right answers.
    """

    response: str
    points: dict[str, float] = {}
    right: str = ""


class RoutingTable(Written, frozen=True):
    """The points that the conditions of the test need, and nothing else; `salt` in hex."""

    salt: str
    items: dict[str, ItemPoints]


class Limits(Written, frozen=True):
    """Seconds; none: no limit on that side."""

    min_s: float | None = None
    max_s: float | None = None
    late: bool = False  # a submission after the limit still counts


class Control(Written, frozen=True):
    """What an item session allows, inherited already (QTI 3.0, "ItemSessionControl")."""

    max_attempts: int = 1  # 0: no limit
    show_feedback: bool = False
    allow_review: bool = True
    show_solution: bool = False
    allow_comment: bool = False
    allow_skipping: bool = True
    validate_responses: bool = False


class Text(Written, frozen=True):
    """A rubric block or a test feedback for pupils; `href` is a name in `files`."""

    href: str
    use: str = ""
    access: str = ""  # of a feedback: "during" or "atEnd"


class Branch(Written, frozen=True):
    """Go to `to` if the condition holds: a later identifier, or EXIT_SECTION and its kin."""

    to: str
    when: Condition


class OutlineItem(Written, frozen=True, tag="item", tag_field="kind"):
    id: str
    required: bool = False
    fixed: bool = False
    limits: Limits | None = None
    control: Control | None = None  # none: as QTI has it
    only_if: list[Condition] = []
    branches: list[Branch] = []


class OutlineSection(Written, frozen=True, tag="section", tag_field="kind"):
    """`select`: how many of the children are drawn; none: all."""

    id: str
    children: list["OutlineSection | OutlineItem"]
    title: str = ""
    required: bool = False
    fixed: bool = False
    visible: bool = True
    keep_together: bool = True
    shuffle: bool = False
    select: int | None = None
    with_replacement: bool = False
    limits: Limits | None = None
    rubrics: list[Text] = []
    only_if: list[Condition] = []
    branches: list[Branch] = []


class OutlinePart(Written, frozen=True):
    """`navigation`: linear, nonlinear; `submission`: individual, simultaneous."""

    id: str
    navigation: str
    submission: str
    sections: list[OutlineSection]
    title: str = ""
    limits: Limits | None = None
    rubrics: list[Text] = []
    feedbacks: list[Text] = []
    only_if: list[Condition] = []
    branches: list[Branch] = []


class BundleTest(Written, frozen=True):
    id: str
    parts: list[OutlinePart]
    limits: Limits | None = None
    rubrics: list[Text] = []
    feedbacks: list[Text] = []


class BundleIndex(Written, frozen=True):
    """All of bundle.json, version 1.

    `sections`: the items in the order of the document; `test`: all that the
    test says; `catalogs`: the accessibility supports of a file, by the name that
    its data-catalog-idref give; `routing`: only if a condition needs it.
    """

    v: Literal[1]
    title: str
    lang: str
    sections: list[BundleSection]
    items: dict[str, BundleItem]
    files: dict[str, BundleFile]
    test: BundleTest
    catalogs: dict[str, dict[str, list[BundleCard]]] = {}
    routing: RoutingTable | None = None
