# SPDX-License-Identifier: AGPL-3.0-or-later
"""What must be true of a simulated world: nothing lost, nothing twice, nothing forged.

Knows what devices wrote, what was acknowledged, what the disk held when it was last looked at.
"""

from dataclasses import dataclass, field
from typing import Final

from encrier import seal, uploads
from encrier.ids import SittingId, StreamId
from encrier_answers.sittings import Progress
from encrier_answers.store import KeptSave
from encrier_answers.store_sqlite import SqliteStore
from stagecraft.simulated_node import everything
from stagecraft.simulated_pupils import Sealed

KINDS: Final = ("lost", "duplicated", "forged", "broken")
Place = tuple[SittingId, StreamId]
Mark = tuple[int, int, StreamId]


class Violation(AssertionError):
    """A law of the world was broken; kind: one of KINDS."""

    def __init__(self, kind: str, what: str) -> None:
        super().__init__(f"{kind}: {what}")
        self.kind = kind


def hold(holds: object, kind: str, what: str) -> None:
    """Go on if this is true; raises Violation."""
    if not holds:
        raise Violation(kind, what)


@dataclass
class Truth:
    """The memory of whoever sees all."""

    written: dict[bytes, Sealed] = field(default_factory=dict)  # by digest of the envelope
    bodies: dict[bytes, Sealed] = field(default_factory=dict)  # that a pupil's device made
    acknowledged: dict[Place, int] = field(default_factory=dict)
    receipts: dict[bytes, bytes] = field(default_factory=dict)  # given, by digest
    disk: dict[Place, tuple[int, bytes]] = field(default_factory=dict)  # number, digest
    rank: int = 0
    newest: dict[SittingId, Mark] = field(default_factory=dict)
    finished: set[SittingId] = field(default_factory=set)

    def write(self, save: Sealed) -> None:
        self.written[save.sha256] = save
        self.bodies[save.body] = save

    def look(self, store: SqliteStore) -> None:
        """What the disk has more than when it was last looked at."""
        for row in everything(store, after=self.rank):
            hold(row.rank > self.rank, "broken", "ranks do not grow")
            self.rank = row.rank
            self._see(row)

    def look_at_all(self, store: SqliteStore) -> None:
        """Nothing that was there has gone, and each stream is there once."""
        self.look(store)
        found: dict[Place, tuple[int, bytes]] = {}
        for row in everything(store, after=0):
            header = seal.read_header(row.envelope)
            place = (header.sid, header.stream)
            hold(place not in found, "duplicated", "a stream is on disk twice")
            found[place] = (header.seq, seal.digest(row.envelope))
        hold(found == self.disk, "lost", "what was on disk is not there any more")
        for place, seq in self.acknowledged.items():
            hold(place in found and found[place][0] >= seq, "lost", "an acknowledged save")
        ended = {s.sid for s in store.sittings() if s.progress is Progress.FINISHED}
        hold(ended == self.finished, "broken", "a final is final, and nothing else is")

    def acknowledge(self, save: Sealed, receipt: bytes) -> None:
        """A receipt was given: the save, or a later one of its stream, is on disk now."""
        place = (save.header.sid, save.header.stream)
        on_disk = self.disk.get(place, (-1, b""))
        hold(on_disk[0] >= save.header.seq, "lost", "a receipt came before its save was kept")
        known = self.receipts.setdefault(save.sha256, receipt)
        hold(known == receipt, "broken", "the same bytes got another receipt")
        self.acknowledged[place] = max(save.header.seq, self.acknowledged.get(place, -1))

    def supersede(self, save: Sealed) -> None:
        """A save was said to be out of date: a later one of its stream is on disk."""
        seq = self.disk.get((save.header.sid, save.header.stream), (-1, b""))[0]
        hold(seq > save.header.seq, "lost", "a save was put aside for one that is not there")

    def let_in(self, sid: SittingId, signed_in: uploads.SignedIn) -> None:
        """What a device was told when it signed in is where the sitting stands on disk."""
        finished, last = sid in self.finished, signed_in.last
        hold((signed_in.state == "finished") == finished, "broken", "a final is final")
        told = None if last is None else (last.epoch, last.seq, StreamId(last.stream))
        hold(told == self.newest.get(sid), "broken", "a device is told of an older save")
        if last is not None and last.box:
            hold(not finished, "broken", "a finished sitting has a box")
            save = self.written[self._boxed[sid]]
            hold(last.box == save.box, "broken", "the box is not that of the newest save")

    def __post_init__(self) -> None:
        self._boxed: dict[SittingId, bytes] = {}

    def _see(self, row: KeptSave) -> None:
        digest = seal.digest(row.envelope)
        save = self.written.get(digest)
        if save is None or save.envelope != row.envelope:
            raise Violation("forged", "an envelope on disk that no device wrote")
        header = save.header
        place = (header.sid, header.stream)
        before = self.disk.get(place, (-1, b""))[0]
        hold(header.seq >= before, "lost", "a newer save was replaced by an older one")
        hold(header.seq > before, "duplicated", "a save was kept twice")
        given = self.receipts.get(digest, row.receipt)
        hold(given == row.receipt, "broken", "the receipt kept is not the one given")
        self.disk[place] = (header.seq, digest)
        mark = (header.epoch, header.seq, header.stream)
        if mark > self.newest.get(header.sid, (-1, 0, b"")):
            self.newest[header.sid], self._boxed[header.sid] = mark, digest
        if header.kind is seal.Kind.FINAL:
            self.finished.add(header.sid)


@dataclass
class Results:
    """The results zone: pulls after the last rank it has, keeps the newest of each stream."""

    after: int = 0
    pulled: dict[Place, tuple[int, bytes]] = field(default_factory=dict)
    n_pulled: int = 0

    def pull(self, store: SqliteStore, *, at_most: int) -> bool:
        """One batch; whether there was any."""
        rows = store.drain(self.after, at_most=at_most, at_most_bytes=3000 * at_most)
        for row in rows:
            header = seal.read_header(row.envelope)
            place, found = (header.sid, header.stream), (header.seq, seal.digest(row.envelope))
            before = self.pulled.get(place)
            hold(before is None or before[0] < found[0], "duplicated", "results saw a save twice")
            self.pulled[place] = found
            self.after = row.rank
            self.n_pulled += 1
        return bool(rows)
