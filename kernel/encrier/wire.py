# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that crosses a frontier between zones. Six doors, nothing else.

            names                 answers                results
              |                      |                      |
              |--- AdmissionList --->|                      |
              |<-- Progress ---------|--- EnvelopeBatch --->|
              |--- Register ------------------------------->|
              |<-- ScoreSheet ------------------------------|--- Release ---> public

A record is frozen, versioned by its tag and closed to unknown fields. One page each in docs/spec.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from encrier import receipts
from encrier.records import Record
from encrier.terms import Box

Id16 = Annotated[bytes, Meta(min_length=16, max_length=16)]
Id8 = Annotated[bytes, Meta(min_length=8, max_length=8)]
Hash32 = Annotated[bytes, Meta(min_length=32, max_length=32)]
Key32 = Annotated[bytes, Meta(min_length=32, max_length=32)]
Percent = Annotated[int, Meta(ge=0, le=100)]
Count = Annotated[int, Meta(ge=0, le=2**63 - 1)]  # what every database holds
Minute = Annotated[int, Meta(ge=0, le=2**31 - 1)]  # since 1970, UTC; every one is a date
Moment = Annotated[datetime, Meta(tz=True)]
Order = Annotated[str, Meta(pattern="^[0-9]{8}$")]
Opaque = Count  # a number that means nothing outside the zone that drew it
Label = Annotated[str, Meta(max_length=1_000)]
Group = Literal["besoins", "fragile", "satisfaisant"]


class Admission(Record, frozen=True):
    """One sitting that answers may take: no name, no school, no class."""

    sid: Id16
    auth_sha256: Hash32
    bundle: Id8
    terms: Box  # what the pupil is granted, sealed: docs/spec/terms.md
    opens_at: Moment | None = None  # None: as the campaign
    closes_at: Moment | None = None
    open: bool = True  # False: the code is withdrawn


class BookletKey(Record, frozen=True):
    """What opens a booklet that computers fetched ahead; handed over when the sittings open."""

    bundle: Id8
    key: Key32


class AdmissionList(Record, frozen=True, tag="admission-list/1"):
    """names -> answers. A later list amends the rows it names; serials only grow."""

    campaign: Id16
    serial: Count
    rows: list[Admission]
    booklet_keys: tuple[BookletKey, ...] = ()


class SittingProgress(Record, frozen=True, omit_defaults=True):
    """How far one sitting is; never an answer."""

    sid: Id16
    state: Literal["expected", "started", "finished"]
    percent: Percent
    unsent: Count  # answers newer than the save that arrived, when that was sent
    last_minute: Minute | None
    bundle: Id8 | None = None  # the booklet it was admitted to


class Progress(Record, frozen=True, tag="progress/1"):
    """answers -> names, pulled by names."""

    campaign: Id16
    minute: Minute
    rows: list[SittingProgress]


class SealedSave(Record, frozen=True):
    """One envelope as it came, with the receipt that was given for it."""

    envelope: Annotated[bytes, Meta(max_length=140_000)]
    receipt: Annotated[bytes, Meta(min_length=receipts.SIZE, max_length=receipts.MAX_SIZE)]


class EnvelopeBatch(Record, frozen=True, tag="envelope-batch/1"):
    """answers -> results, pulled by results. The last save of each stream, oldest change first."""

    campaign: Id16
    node: Annotated[bytes, Meta(min_length=4, max_length=4)]
    store: Id8  # of the node's disk: ranks mean something on this one only
    next: Count  # give it back as `after` to go on
    more: bool
    rows: list[SealedSave]


class Registered(Record, frozen=True):
    """One pupil as results may know her: a number, keys, settings, declared background."""

    order: Order
    sid: Id16
    mac: Key32
    level: Label
    bundle: Id8
    school: Opaque
    class_number: Opaque
    settings: list[Label]
    background: dict[Label, Label]
    set_aside: bool = False  # a number taken back: kept without a name, in no result and no count


class Register(Record, frozen=True, tag="register/1"):
    """names -> results, pulled by results."""

    campaign: Id16
    rows: list[Registered]


class Domain(Record, frozen=True):
    """What a group of items measures, and where its two thresholds stand."""

    id: Label
    label: Label
    subject: Label
    measures: Label
    next_steps: dict[Group, Label]
    max_score: float
    thresholds: tuple[float, float]  # below the first: besoins; below the second: fragile
    bundles: tuple[Id8, ...] = ()  # the booklets that have it; none named: every one


class DomainScore(Record, frozen=True):
    """A pupil's result in one domain; group is None where the sitting says too little."""

    domain: Label
    score: float
    group: Group | None


class ScoreRow(Record, frozen=True):
    """A pupil's results, by order number."""

    order: Order
    status: Literal["complete", "unfinished", "missing"]
    answered: Count
    domains: list[DomainScore]


class ScoreSheet(Record, frozen=True, tag="score-sheet/1"):
    """results -> names. Each sheet replaces the rows it names; serials only grow."""

    campaign: Id16
    serial: Count
    n_items: Count
    domains: list[Domain]
    rows: list[ScoreRow]


class ReleaseCell(Record, frozen=True):
    """How many pupils of a domain are in a group; None where too few to be shown."""

    domain: Label
    group: Group
    n_pupils: int | None


class Release(Record, frozen=True, tag="release/1"):
    """results -> public. Counts only, each at least `smallest_cell` or withheld."""

    campaign: Id16
    label: Label
    smallest_cell: Count
    n_pupils: int | None
    cells: list[ReleaseCell]
