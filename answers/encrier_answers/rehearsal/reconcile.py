# SPDX-License-Identifier: AGPL-3.0-or-later
"""After the run: every receipt against what was sent, every stored envelope against both.

Plays the results zone: pulls all through its door. Decides from the shape of the day and the
letters sealed ahead, not from what the load processes believe they sent. Opens nothing.
"""

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from typing import Final

from encrier import calls, receipts, seal
from encrier.errors import BadEnvelope, BadSignature, EncrierError
from encrier.records import Record, from_bytes
from encrier.secret import Secret
from encrier.wire import EnvelopeBatch, SealedSave
from encrier_answers.rehearsal import shape
from encrier_answers.rehearsal.letters import Letters, Script, header, stream, who
from encrier_answers.rehearsal.load import RECORD
from encrier_answers.rehearsal.server import Door
from encrier_answers.rehearsal.shape import Event, Kind

MOST_SIGNATURES: Final = 20_000  # receipts whose signature is checked, besides those of the sample

Batches = Iterable[Sequence[SealedSave]]


class Unreconciled(EncrierError):
    what = "What the rehearsal left cannot be read back."
    next_step = "Rehearse again with --keep FOLDER and look at server.log there."


class Account(Record, frozen=True):
    """What became of all that was sent. All but the first four must be 0."""

    acknowledged: int  # replies that a save is kept, sent again included
    receipts: int  # of these, with a receipt whose digest was compared
    signatures: int  # of these, with the signature checked too
    stored: int
    lost: int  # acknowledged, and neither it nor a later save of its stream is stored
    altered: int  # stored, and not byte for byte what was sealed ahead
    forged: int  # stored, and never sent
    twice: int  # stored again for the same stream
    false_receipts: int  # given for something else, or not signed by the node

    @property
    def faults(self) -> int:
        """How many things are not as they must be."""
        return self.lost + self.altered + self.forged + self.twice + self.false_receipts


class Acknowledged:
    """What the server said it keeps, as the load processes wrote it down."""

    def __init__(self) -> None:
        self.newest: dict[tuple[int, int], int] = {}  # rank, epoch -> highest seq
        self.n = self.n_receipts = self.n_signatures = self.n_false = 0


class Ledger:
    """The letters of all processes, by sitting."""

    def __init__(self, script: Script, *, receipt_key: bytes) -> None:
        """receipt_key: the public half of the node's."""
        self._script, self._receipt_key = script, receipt_key
        self._letters = [Letters(script, process) for process in range(script.n_processes)]
        self._ranks = {who(script, rank).sid: rank for rank in range(script.day.pupils)}

    def acknowledged(self) -> Acknowledged:
        """Read all receipts, compare the digest in each, check the signature of many."""
        found = Acknowledged()
        for process in range(self._script.n_processes):
            for rank, event, receipt in _written(self._script, process):
                found.n += 1
                stream_ = (rank, event.epoch)
                found.newest[stream_] = max(event.seq, found.newest.get(stream_, -1))
                if receipt:
                    self._compare(rank, event, receipt, found)
        return found

    def account(self, acknowledged: Acknowledged, batches: Batches) -> Account:
        """Compare what is stored with what was sent and what was acknowledged."""
        stored: dict[tuple[int, int], int] = {}
        sent = [_sent(self._script, process) for process in range(self._script.n_processes)]
        n_stored = altered = forged = twice = n_false = 0
        for save in (row for rows in batches for row in rows):
            n_stored += 1
            try:
                head = seal.read_header(save.envelope)
            except BadEnvelope:
                altered += 1
                continue
            rank, event = self._event_of(head, sent)
            if rank is None or event is None:
                forged += 1
                continue
            place = (rank, event.epoch)
            twice += place in stored
            if self._envelope(rank, event) != save.envelope:
                altered += 1
                continue  # not kept: an acknowledged save whose bytes are others is lost too
            stored[place] = max(event.seq, stored.get(place, -1))
            n_false += not self._is_signed(save.receipt, head, save.envelope)
        lost = sum(stored.get(place, -1) < seq for place, seq in acknowledged.newest.items())
        return Account(
            acknowledged=acknowledged.n,
            receipts=acknowledged.n_receipts,
            signatures=acknowledged.n_signatures,
            stored=n_stored,
            lost=lost,
            altered=altered,
            forged=forged,
            twice=twice,
            false_receipts=acknowledged.n_false + n_false,
        )

    def close(self) -> None:
        """Let go of the files."""
        for letters in self._letters:
            letters.close()

    def _compare(self, rank: int, event: Event, receipt: bytes, found: Acknowledged) -> None:
        envelope = self._envelope(rank, event)
        found.n_receipts += 1
        is_true = hashlib.sha256(envelope).digest() in receipt
        if rank in self._script.sampled or found.n_signatures < MOST_SIGNATURES:
            found.n_signatures += 1
            head = header(self._script, who(self._script, rank).sid, event)
            is_true = is_true and self._is_signed(receipt, head, envelope)
        found.n_false += not is_true

    def _is_signed(self, receipt: bytes, head: seal.Header, envelope: bytes) -> bool:
        try:
            return receipts.covers(receipts.check(receipt, by=self._receipt_key), head, envelope)
        except BadSignature:
            return False

    def _envelope(self, rank: int, event: Event) -> bytes:
        script = self._script
        head = header(script, who(script, rank).sid, event).to_bytes()
        return self._letters[rank % script.n_processes].letter(rank, event, head)[0]

    def _event_of(
        self, head: seal.Header, sent: Sequence[Sequence[int]]
    ) -> tuple[int | None, Event | None]:
        """Whose save it is and which; None where nobody sent it."""
        rank = self._ranks.get(head.sid)
        if rank is None or head.stream != stream(head.sid, head.epoch):
            return None, None
        last = sent[rank % self._script.n_processes][rank // self._script.n_processes]
        planned = shape.saves(self._script.day, rank)[: last + 1]
        place = (head.epoch, head.seq)
        return rank, next((one for one in planned if (one.epoch, one.seq) == place), None)


def pulled(door: Door, *, key: Secret, after: int) -> Batches:
    """All envelopes since a rank, as the results zone pulls them; raises Unreconciled."""
    more = True
    while more:
        batch = _pull(door, key=key, after=after)
        yield batch.rows
        after, more = batch.next, batch.more


def newest_rank(door: Door, *, key: Secret) -> int:
    """Up to where a server holds envelopes of an earlier rehearsal."""
    batch = _pull(door, key=key, after=0)
    while batch.more:
        batch = _pull(door, key=key, after=batch.next)
    return batch.next


def _pull(door: Door, *, key: Secret, after: int) -> EnvelopeBatch:
    path = f"/v1/batch?after={after}"
    value = calls.sign(key, method="GET", path=path, body=b"", at=datetime.now(tz=UTC))
    try:
        status, body = door.ask("GET", path, headers={calls.HEADER: value})
    except (OSError, HTTPException) as error:
        raise Unreconciled("The server no longer answers.") from error
    if status != HTTPStatus.OK:
        raise Unreconciled(f"The door of envelopes answered {status}.")
    return from_bytes(body, EnvelopeBatch)


def reconcile(script: Script, *, receipt_key: bytes, batches: Batches) -> Account:
    """Account for the whole rehearsal: batches are what the server stores."""
    ledger = Ledger(script, receipt_key=receipt_key)
    try:
        return ledger.account(ledger.acknowledged(), batches)
    finally:
        ledger.close()


def _written(script: Script, process: int) -> Iterator[tuple[int, Event, bytes]]:
    with (Path(script.folder) / f"receipts-{process}.bin").open("rb") as file:
        while head := file.read(RECORD.size):
            rank, nth, seq, epoch, kind, size = RECORD.unpack(head)
            yield rank, Event(0.0, Kind(kind), epoch, seq, nth), file.read(size)


def _sent(script: Script, process: int) -> Sequence[int]:
    """The last save sent of each pupil of a process; -1: none."""
    return array("i", (Path(script.folder) / f"sent-{process}.bin").read_bytes())
