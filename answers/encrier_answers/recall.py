# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the store remembers of its log: where each sitting stands, which saves are of no more use.

Pure memory: knows no SQL and no disk. A batch is decided on a draft; the draft is learnt once it
is on disk, and thrown away else. What is not remembered is asked of whoever holds the disk.
"""

from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Final

from msgspec.structs import replace

from encrier.ids import SittingId, StreamId
from encrier.records import Record
from encrier_answers import tables
from encrier_answers.sittings import Kept, Progress, Sitting, Verdict
from encrier_answers.store import Arrival, Outcome, SignInMark

MOST_KNOWN: Final = 250_000  # sittings remembered that are on disk as well
LAG: Final = 10_000  # saves of no more use that may wait: their pages are then freed whole
FOLD_FROM: Final = 10_000  # saves since the last folding: a page is then rewritten a fifth as often
AT_ONCE: Final = 64  # sittings folded, saves swept with a batch, however small


class Newest(Record, frozen=True):
    """The newest save of one stream."""

    seq: int
    sha256: bytes
    rank: int


class Known(Record, frozen=True):
    """One sitting, its box left on disk: `box_rank` is the save that has it, 0 where none has."""

    sitting: Sitting
    box_rank: int
    streams: dict[StreamId, Newest]


class Row(Record, frozen=True):
    """A save to be written, and the rank of the one it takes the place of; 0: of none."""

    rank: int
    older: int
    box: bytes
    arrival: Arrival


Find = Callable[[SittingId], Known | None]
Read = Callable[[int], tuple[bytes, bytes]]  # receipt and box of a save on disk, by its rank


class Draft:
    """A batch that is being decided."""

    def __init__(self, recall: "Recall", find: Find, read: Read) -> None:
        """find: what the disk holds of a sitting; read: of a save."""
        self._recall, self._find, self._read = recall, find, read
        self.known: dict[SittingId, Known] = {}
        self.rows: dict[int, Row] = {}
        self.marks: list[SignInMark] = []
        self.blanked: list[int] = []  # on disk: their box goes, and that of those they replaced
        self.rank = recall.rank

    def put(self, entry: Arrival | SignInMark) -> Outcome:
        """Decide one entry, those before it decided."""
        sid = tables.sid_of(entry)
        before = self.known.get(sid) or self._recall.known.get(sid) or self._find(sid)
        kept = self._kept(before, entry) if isinstance(entry, Arrival) else None
        outcome, after = tables.decide(entry, before=before.sitting if before else None, kept=kept)
        if outcome.verdict is Verdict.SAME and isinstance(entry, Arrival) and before:
            return self._same(before, entry, outcome)
        if after is None:
            return outcome
        if isinstance(entry, Arrival):
            self.known[sid] = self._write(entry, before, after)
            return replace(outcome, rank=self.rank)
        self.marks.append(entry)
        self.known[sid] = moved(before, after)
        return outcome

    def _kept(self, before: Known | None, entry: Arrival) -> Kept | None:
        newest = before.streams.get(entry.header.stream) if before else None
        return Kept(newest.seq, newest.sha256, b"") if newest else None

    def _same(self, before: Known, entry: Arrival, outcome: Outcome) -> Outcome:
        """A save that is on disk already, or stands earlier in this batch, with its receipt."""
        rank = before.streams[entry.header.stream].rank
        row = self.rows.get(rank)
        receipt = row.arrival.receipt if row else self._read(rank)[0]
        return replace(outcome, receipt=receipt, rank=rank)

    def _write(self, entry: Arrival, before: Known | None, after: Sitting) -> Known:
        stream, streams = entry.header.stream, before.streams if before else {}
        replaced = streams[stream].rank if stream in streams else 0
        earlier = self.rows.pop(replaced, None)  # of this very batch: it need not be written
        self.rank += 1
        box = after.box  # what is remembered has none, so that this is the entry's or nothing
        older = earlier.older if earlier else replaced
        box_rank, is_finished = before.box_rank if before else 0, _is_finished(after)
        if after.newest == _mark(entry) or is_finished:
            if box_rank != replaced:
                self._blank(box_rank)
            elif is_finished:
                self._blank(older)
            box_rank = self.rank if box else 0
        elif box_rank and box_rank == replaced:  # an older device took over a newer one's stream
            box = earlier.box if earlier else self._read(replaced)[1]
            box_rank = self.rank
        self.rows[self.rank] = Row(self.rank, older, box, entry)
        newest = Newest(entry.header.seq, entry.sha256, self.rank)
        return Known(replace(after, box=b""), box_rank, {**streams, stream: newest})

    def _blank(self, rank: int) -> None:
        """No box is left in this save, nor in those whose place it took."""
        row = self.rows.get(rank)
        if row is not None:
            self.rows[rank] = replace(row, box=b"")
            rank = row.older
        if rank:
            self.blanked.append(rank)


class Work(Record, frozen=True):
    """What is folded and swept with a batch, and how far the log then is."""

    folded: list[Known]  # in the order of their keys
    swept: list[int]  # ranks, in order
    folded_to: int
    swept_to: int
    marks_to: int | None  # the sign-in up to which all is folded, at the end of a round


class Recall:
    """All that is remembered. One thread changes it; others may look a sitting up."""

    def __init__(self, *, rank: int, folded: int) -> None:
        """rank: the last one given; folded: up to which the disk has its tables right."""
        self.rank, self._folded = rank, folded
        self.known: dict[SittingId, Known] = {}
        self._changed: set[SittingId] = set()  # since they were last folded
        self._folding: list[SittingId] = []  # from the end, in the order of their keys
        self._folding_to = (0, 0)  # rank and sign-in that are folded once that list is empty
        self._dead: set[int] = set()  # ranks of saves that a newer one has replaced
        self._oldest: list[int] = []  # those of them whose turn has not come, as a heap
        self._sweeping: list[int] = []  # those whose turn it is, in order
        self._replaced: deque[tuple[int, int]] = deque()  # newer and older, as they came

    def is_dead(self, rank: int) -> bool:
        """Whether a newer save of its stream is on disk."""
        return rank in self._dead

    def take(self, known: dict[SittingId, Known]) -> None:
        """Remember sittings that are newer than what is folded of them."""
        self.known.update(known)
        self._changed.update(known)

    def replaced(self, rank: int, older: int) -> None:
        """Note that a save has taken the place of an older one; 0: of none."""
        if older:
            self._dead.add(older)
            heappush(self._oldest, older)
            self._replaced.append((rank, older))

    @property
    def n_dead(self) -> int:
        """How many saves on disk are of no more use."""
        return len(self._dead)

    def work(self, n_entries: int, *, last_mark: int) -> Work:
        """What is to be folded and swept with a batch of this size."""
        if not self._folding and self._changed and self.rank - self._folded >= FOLD_FROM:
            self._folding = sorted(self._changed, reverse=True)
            self._changed = set()
            self._folding_to = (self.rank, last_mark)
        turn = self._folding[-max(n_entries, AT_ONCE) :]
        is_last = len(turn) > 0 and len(turn) == len(self._folding)
        return Work(
            folded=[self.known[sid] for sid in reversed(turn)],
            swept=self._to_sweep(n_entries),
            folded_to=self._folding_to[0] if is_last else self._folded,
            swept_to=self._swept(),
            marks_to=self._folding_to[1] if is_last else None,
        )

    def learn(self, draft: Draft, work: Work) -> None:
        """Take a batch, and what was done with it, into memory once it is on disk."""
        if work.folded:
            del self._folding[-len(work.folded) :]
            self._folded = work.folded_to
        for rank in work.swept:
            self._dead.discard(rank)
        del self._sweeping[: len(work.swept)]
        self.rank = draft.rank
        self.take(draft.known)
        for row in draft.rows.values():
            self.replaced(row.rank, row.older)
        self._let_go()

    def _to_sweep(self, n_entries: int) -> list[int]:
        """The oldest saves of no use, side by side on disk; not those that folding needs."""
        if len(self._dead) <= LAG and self.rank - self._swept() <= 4 * LAG:
            return []
        n = max(2 * n_entries, AT_ONCE)
        while len(self._sweeping) < n and self._oldest and self._oldest[0] <= self._folded:
            self._sweeping.append(heappop(self._oldest))
        return self._sweeping[:n]

    def _swept(self) -> int:
        """Up to which save all that it replaced is gone."""
        while self._replaced and self._replaced[0][1] not in self._dead:
            self._replaced.popleft()
        return self._replaced[0][0] - 1 if self._replaced else self.rank

    def _let_go(self) -> None:
        """Forget sittings that the disk knows as well, where too many are remembered."""
        spare = len(self.known) - MOST_KNOWN
        if spare < MOST_KNOWN // 10 or self._folding:
            return
        for sid in [sid for sid in self.known if sid not in self._changed][:spare]:
            del self.known[sid]


def moved(before: Known | None, after: Sitting) -> Known:
    """A sitting that stands elsewhere now, its box and its streams as they were."""
    return replace(before, sitting=after) if before else Known(after, 0, {})


def _is_finished(sitting: Sitting) -> bool:
    return sitting.progress is Progress.FINISHED


def _mark(entry: Arrival) -> tuple[int, int, StreamId]:
    return entry.header.epoch, entry.header.seq, entry.header.stream
