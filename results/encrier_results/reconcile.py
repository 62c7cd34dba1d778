# SPDX-License-Identifier: AGPL-3.0-or-later
"""From envelopes to one sheet a pupil, and the account of what came and what did not.

Pure: no clock, no store, no network. Knows sittings; never a name.
"""

from collections import Counter
from collections.abc import Iterable

import msgspec
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from encrier import receipts
from encrier.errors import EncrierError
from encrier.ids import SittingId, StreamId
from encrier.manifest import Manifest
from encrier.records import Record
from encrier.seal import Header, Kind, read_header
from encrier.sheets import AnswerSheet, ItemAnswer
from encrier.wire import EnvelopeBatch, Register, SealedSave
from encrier_results.unseal import EnvelopeRejected, open_envelope


class BadReceipt(EnvelopeRejected):
    what = "The receipt handed over with this envelope is not for it."
    next_step = "Ask the host: its own log must show which is right."


class Opened(Record, frozen=True):
    """One sitting, all its devices merged."""

    sid: SittingId
    items: dict[str, ItemAnswer]
    finished: bool
    n_devices: int


class Completeness(Record, frozen=True):
    """Every figure of an opening."""

    expected: int  # pupils of the register
    received: int  # of whom at least one envelope opened
    missing: int
    finished: int  # of those received: the pupil said so
    unfinished: int
    several_devices: int
    opened: int  # envelopes, the newest good one of each stream
    rejected: dict[str, int]  # reason -> envelopes
    set_aside: int = 0  # sittings under numbers taken back; in no other figure
    complete: int | None = None  # of those received, as the score sheet has it; None: not scored

    @property
    def reconciled(self) -> bool:
        """Whether the figures add up; an opening whose figures do not is not published."""
        return (
            self.expected == self.received + self.missing
            and self.received == self.finished + self.unfinished
            and self.opened >= self.received
            and (self.complete is None or self.finished <= self.complete <= self.received)
        )


def open_all(
    batches: Iterable[EnvelopeBatch],
    register: Register,
    manifest: Manifest,
    *,
    private_key: MLKEM768X25519PrivateKey,
) -> tuple[dict[SittingId, Opened], Completeness]:
    """Open the newest good envelope of each stream and merge the streams of each sitting.

    An envelope that is refused is counted with its reason and costs the others nothing: where
    the newest of a stream does not open, the one before it is taken.
    """
    macs = {SittingId(row.sid): row.mac for row in register.rows}
    rejected: Counter[str] = Counter()
    opener = Opener(manifest, private_key)
    opened: dict[SittingId, Opened] = {}
    for sid, streams in _by_sitting(batches, rejected).items():
        sitting, why = opener.open(sid, streams, mac=macs.get(sid))
        rejected.update(why)
        if sitting is not None:
            opened[sid] = sitting
    aside = {SittingId(row.sid) for row in register.rows if row.set_aside}
    named = {sid: sitting for sid, sitting in opened.items() if sid not in aside}
    account = _account(named, len(macs) - len(aside), rejected)
    return opened, msgspec.structs.replace(account, set_aside=len(opened) - len(named))


class Opener:
    """Opens sittings of one campaign; holds the private key, in memory only."""

    def __init__(self, manifest: Manifest, private_key: MLKEM768X25519PrivateKey) -> None:
        self._manifest, self._private_key = manifest, private_key

    def open(
        self, sid: SittingId, streams: Iterable[Iterable[SealedSave]], *, mac: bytes | None
    ) -> tuple[Opened | None, Counter[str]]:
        """Open the newest good save of each stream, merged; None where none opens.

        streams: the saves of each, newest first; no more are taken than are looked at. mac: of
        the register, if it knows this sitting. Gives as well how many were put aside, by reason.
        """
        rejected: Counter[str] = Counter()
        parts = []
        macs = {} if mac is None else {sid: mac}
        for saves in streams:
            for save in saves:
                try:
                    _check_receipt(save, self._manifest)
                    part = open_envelope(
                        save.envelope, self._manifest, macs, private_key=self._private_key
                    )
                except EncrierError as reason:
                    rejected[type(reason).__name__] += 1
                else:
                    parts.append(part)
                    break
        return (_merged(sid, parts) if parts else None), rejected


def merge(sheets: Iterable[AnswerSheet]) -> dict[str, ItemAnswer]:
    """Per item, the answer with the highest stamp (epoch, event, stream).

    Two answers of one stamp (the same, seen longer on another device; or made by a hostile
    browser) are told apart by the rest of them, so that the order in which the host hands the
    sheets over decides nothing; with (epoch, event) alone two devices could tie.
    """
    best: dict[str, ItemAnswer] = {}
    for sheet in sheets:
        for item, answer in sheet.items.items():
            if item not in best or _rank(answer) > _rank(best[item]):
                best[item] = answer
    return best


def _rank(
    answer: ItemAnswer,
) -> tuple[tuple[int, int, str], int, int, list[tuple[str, list[str]]], str]:
    return answer.stamp, answer.t_ms, answer.n, sorted(answer.r.items()), answer.mark or ""


def _by_sitting(
    batches: Iterable[EnvelopeBatch], rejected: Counter[str]
) -> dict[SittingId, list[list[SealedSave]]]:
    """The streams of each sitting, each newest first; the same save pulled twice counts once."""
    found: dict[SittingId, dict[StreamId, dict[SealedSave, int]]] = {}
    for batch in batches:
        for save in batch.rows:
            try:
                header = read_header(save.envelope)
            except EncrierError as reason:
                rejected[type(reason).__name__] += 1
                continue
            stream = found.setdefault(header.sid, {}).setdefault(header.stream, {})
            stream.setdefault(save, header.seq)
    return {
        sid: [sorted(saves, key=saves.__getitem__, reverse=True) for saves in streams.values()]
        for sid, streams in found.items()
    }


def _check_receipt(save: SealedSave, manifest: Manifest) -> None:
    header = read_header(save.envelope)
    node = next((n for n in manifest.nodes if n.node == receipts.node_of(save.receipt)), None)
    if node is None:
        raise BadReceipt
    receipt = receipts.check(save.receipt, by=node.receipt_key)
    if not receipts.covers(receipt, header, save.envelope):
        raise BadReceipt


def _merged(sid: SittingId, parts: list[tuple[Header, AnswerSheet]]) -> Opened:
    return Opened(
        sid=sid,
        items=merge(sheet for _, sheet in parts),
        finished=any(header.kind is Kind.FINAL for header, _ in parts),
        n_devices=len(parts),
    )


def _account(
    opened: dict[SittingId, Opened], expected: int, rejected: Counter[str]
) -> Completeness:
    finished = sum(sitting.finished for sitting in opened.values())
    return Completeness(
        expected=expected,
        received=len(opened),
        missing=expected - len(opened),
        finished=finished,
        unfinished=len(opened) - finished,
        several_devices=sum(sitting.n_devices > 1 for sitting in opened.values()),
        opened=sum(sitting.n_devices for sitting in opened.values()),
        rejected=dict(rejected),
    )
