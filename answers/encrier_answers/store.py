# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the zone asks of its disk: one interface, whatever engine is behind it.

Knows records, no SQL. A method that writes returns once its change survives a power cut, and not
before. Must never be given a name, an address, or a time finer than a minute.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from encrier import receipts
from encrier.errors import EncrierError
from encrier.ids import BundleId, SittingId
from encrier.records import Record
from encrier.seal import Header
from encrier_answers.sittings import Admitted, Sitting, Verdict


class StoreFull(EncrierError):
    """The disk refuses for now; what was asked is not kept and may be asked again."""

    what = "The disk of the answers zone is full or busy."
    next_step = "Free some room; browsers keep the answers and send them again."


class StoreSilent(EncrierError):
    """What was sent is not kept yet; `wait_s`: when to send it again."""

    what = "Tes réponses ne sont pas encore arrivées."
    next_step = "Garde cette page ouverte : l’envoi recommence tout seul."

    def __init__(self, wait_s: int) -> None:
        super().__init__()
        self.wait_s = wait_s


class RanksWentBack(EncrierError):
    what = (
        "This node has given fewer envelopes than were pulled: an older copy was put in its place."
    )
    next_step = "Stop it, then: encrier answers restore --raise-ranks. Then pull again."


class StoreRefused(EncrierError):
    what = "The store of the answers zone cannot be opened."
    next_step = "Check the folder, the store key and the campaign in the settings."


class Taken(Record, frozen=True):
    """One save that was let in, on its way to the disk; nothing is signed for it yet."""

    header: Header
    envelope: bytes
    statement: bytes  # what its receipt will say
    unsent: int
    box: bytes
    minute: int

    def with_receipt(self, receipt: bytes) -> "Arrival":
        """The save as it is kept."""
        return Arrival(
            header=self.header,
            envelope=self.envelope,
            sha256=receipts.digest_in(self.statement),
            receipt=receipt,
            unsent=self.unsent,
            box=self.box,
            minute=self.minute,
        )


class Arrival(Record, frozen=True):
    """One save to be kept, with the receipt that will be given once it is."""

    header: Header
    envelope: bytes
    sha256: bytes  # of the envelope
    receipt: bytes
    unsent: int
    box: bytes
    minute: int


class SignInMark(Record, frozen=True):
    """A device has signed in; nothing is said of it but the minute."""

    sid: SittingId
    minute: int


class Outcome(Record, frozen=True):
    """What became of an arrival; the receipt is there for KEEP and SAME."""

    verdict: Verdict
    receipt: bytes = b""
    is_elsewhere: bool = False  # a device that signed in later has saved already
    rank: int = 0  # of the save that has this receipt; 0: of none
    is_beside: bool = False  # a device that signed in at the same time has saved already


class KeptSave(Record, frozen=True):
    """One envelope to be drained; ranks grow with each change and are never given twice."""

    rank: int
    envelope: bytes
    receipt: bytes


class ListMark(Record, frozen=True):
    """An admission list that was applied."""

    serial: int
    sha256: bytes
    n_rows: int


class TakenList(Record, frozen=True):
    """An admission list that was read and may be kept."""

    mark: ListMark
    rows: Sequence[Admitted]
    keys: Mapping[BundleId, bytes]  # of booklets, 32 bytes each


def draw_id() -> bytes:
    """A new name for a store: when it is made, and when an older copy is put in its place.

    Ranks mean something within one store only: whoever knows its id can tell that it is another.
    """
    return secrets.token_bytes(8)


class Keeps(Protocol):
    """What group commit asks of a disk."""

    def put_batch(self, batch: Sequence[Arrival | SignInMark]) -> list[Outcome]:
        """Keep a batch in one durable transaction; one outcome an entry, in order."""
        ...


class Store(Keeps, Protocol):
    """The disk. One thread writes (`put_batch`, `admit`, `forget`); reads come from others."""

    @property
    def is_remote(self) -> bool:
        """Whether a read may wait for a network: `last` is then not for the event loop's thread."""
        ...

    def last(self, sid: SittingId) -> Sitting | None:
        """Where a sitting stands."""
        ...

    def drain(self, after: int, *, at_most: int, at_most_bytes: int) -> list[KeptSave]:
        """The saves changed after a rank, oldest change first; at least one if there is any."""
        ...

    @property
    def id(self) -> bytes:
        """Which store this is: 8 bytes, drawn by `draw_id`."""
        ...

    def note_pulled(self, rank: int) -> None:
        """Results has all up to a rank on its own disk; believed once nothing is newer than that.

        Raises StoreFull.
        """
        ...

    def drained(self) -> int:
        """The rank up to which each save, or a newer one of its stream, is on results' disk."""
        ...

    def forget(self, *, boxes_before: int) -> int:
        """Delete the resume boxes older than a minute; how many there were."""
        ...

    def tidy(self) -> None:
        """Do beside the writer what would hold it up; may be called at any time, by one thread."""
        ...

    def admit(self, taken: TakenList) -> None:
        """Keep an admission list, all of it or nothing; once only, however often it is given."""
        ...

    def lists(self) -> list[ListMark]:
        """The admission lists applied so far."""
        ...

    def booklet_keys(self) -> dict[BundleId, bytes]:
        """The keys of booklets that names has handed over."""
        ...

    def admissions(self) -> Iterator[Admitted]:
        """All sittings that may be taken."""
        ...

    def sittings(self) -> Iterator[Sitting]:
        """All sittings begun, without their boxes."""
        ...

    def count_saves(self) -> int:
        """How many envelopes are kept."""
        ...

    def last_rank(self) -> int:
        """The last rank that this node gave, or a higher one that it will not give; 0: none."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...
