# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one process of an opening does: it opens, or scores, a few hundred sittings at a time.

Made before the processes are forked, with all that they hold in common; tasks and replies are
bytes between us, on a pipe. Knows answers by sitting; never a name.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from encrier.errors import BadRecord
from encrier.ids import BundleId, SittingId
from encrier.records import Record
from encrier.wire import ScoreRow
from encrier_results.booklets import Booklet
from encrier_results.publish import score_rows
from encrier_results.reconcile import Opener
from encrier_results.rounds.kept import Kept, Line, line_of
from encrier_results.rounds.saves import Place, Reader

SITTINGS: Final = 512  # of a share: 3 MB of sheets in memory, half a second of work


class ToOpen(Record, frozen=True, array_like=True):
    """One sitting to open."""

    sid: bytes
    mac: bytes | None  # None: the register does not know it
    fingerprint: bytes
    strict: bytes  # its fingerprint where an envelope was put aside: depends on the manifest too
    streams: list[list[Place]]


class Opening(Record, frozen=True, array_like=True):
    """A share of sittings to open into one box."""

    box: int
    sittings: list[ToOpen]


class ToScore(Record, frozen=True, array_like=True):
    """One sitting to score, under the order number that names knows."""

    sid: bytes
    order: str
    bundle: bytes
    made_from: bytes  # digest, given back with the row


class Scoring(Record, frozen=True, array_like=True):
    """A share of sittings to score, of one box."""

    box: int
    sittings: list[ToScore]


class Scored(Record, frozen=True, array_like=True):
    """The rows of a share, each with what it was made from; None where its box is damaged."""

    box: int
    rows: list[tuple[bytes, ScoreRow]] | None


def written(task: Opening | Scoring) -> bytes:
    """A task as it goes to a child."""
    return msgspec.msgpack.encode(task)


class OpeningHand:
    """Opens shares; holds the private key, in memory only."""

    def __init__(self, opener: Opener, reader: Reader, kept: Kept) -> None:
        self._opener, self._reader, self._kept = opener, reader, kept

    def work(self, task: bytes) -> bytes:
        """Open a share, keep what came of it, and tell that without the answers."""
        share = msgspec.msgpack.decode(task, type=Opening)
        lines, opened = [], []
        for asked in share.sittings:
            sid = SittingId(asked.sid)
            saves = (map(self._reader.save, stream) for stream in asked.streams)
            sitting, rejected = self._opener.open(sid, saves, mac=asked.mac)
            if sitting is not None:
                opened.append(sitting)
            fingerprint = asked.strict if rejected else asked.fingerprint
            lines.append(line_of(sid, fingerprint, sitting, rejected))
        self._kept.write(share.box, lines, opened)
        return msgspec.msgpack.encode((share.box, lines))


def lines_in(reply: bytes) -> tuple[int, list[Line]]:
    """What the opening of a share says: its box and a line a sitting."""
    return msgspec.msgpack.decode(reply, type=tuple[int, list[Line]])


class ScoringHand:
    """Scores shares of what is kept; needs no private key but that of the boxes."""

    def __init__(self, kept: Kept, booklets: Mapping[BundleId, Booklet]) -> None:
        self._kept, self._booklets = kept, booklets

    def work(self, task: bytes) -> bytes:
        """Score a share."""
        share = msgspec.msgpack.decode(task, type=Scoring)
        try:
            opened = self._kept.opened(share.box)
        except BadRecord:
            return msgspec.msgpack.encode(Scored(share.box, None))
        rows: list[tuple[bytes, ScoreRow]] = []
        for bundle in {asked.bundle for asked in share.sittings}:
            those = [asked for asked in share.sittings if asked.bundle == bundle]
            sat = [(asked.order, opened[SittingId(asked.sid)]) for asked in those]
            scored = score_rows(sat, self._booklets[BundleId(bundle)])
            rows += zip([asked.made_from for asked in those], scored, strict=True)
        return msgspec.msgpack.encode(Scored(share.box, rows))


def scored_in(reply: bytes) -> Scored:
    """What the scoring of a share says."""
    return msgspec.msgpack.decode(reply, type=Scored)
