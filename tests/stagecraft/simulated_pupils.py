# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pupils of a simulated world and their devices, which keep to the rules of the player.

A save is sealed once and sent as the bytes that are stored; a newer one takes the place of an
older one of its stream; what waits is forgotten only for a receipt that checks and covers it.
Sealing itself is left out: an envelope has a real header, a real size and an inside of its own.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from encrier import receipts, seal, uploads
from encrier.errors import BadSignature
from encrier.ids import SittingId, StreamId
from stagecraft.simulated_node import BUNDLE, CAMPAIGN, RECEIPTS_BY, SEALED_FOR

INSIDE: Final = 1120 + 1024 + 16  # bytes: encapsulation, smallest bucket, tag
MOST_EPOCHS: Final = 250
MOST_DEVICES: Final = 3


@dataclass(frozen=True)
class Sealed:
    """One save as a device stores it."""

    header: seal.Header
    envelope: bytes
    box: bytes
    body: bytes  # of the request

    @property
    def sha256(self) -> bytes:
        return seal.digest(self.envelope)


@dataclass(eq=False)
class Device:
    """A browser on a computer; it has a stream once it was let in."""

    pupil: "Pupil"
    name: int
    stream: StreamId | None = None
    epoch: int = 0
    seq: int = 0
    has_finished: bool = False
    outbox: Sealed | None = None  # what its disk keeps until a receipt covers it
    latest: Sealed | None = None

    def come_in(self, signed_in: uploads.SignedIn) -> None:
        """Take the next epoch and draw a stream; a page that is in already has both."""
        if self.stream is None:
            self.stream = StreamId(self.name.to_bytes(8, "big"))
            self.epoch = 0 if signed_in.last is None else signed_in.last.epoch + 1

    def answer(self, kind: seal.Kind, *, openly: bool) -> Sealed:
        """Close what was answered under the next number. openly: as a tool does, under SV1."""
        assert self.stream is not None
        header = seal.Header(
            SEALED_FOR, CAMPAIGN, self.pupil.sid, self.stream, self.epoch, self.seq, kind, BUNDLE,
            min(100, self.seq),
        )  # fmt: skip
        head = header.to_bytes()
        inside = hashlib.sha256(head).digest()
        envelope = head + inside * (INSIDE // 32) + inside[: INSIDE % 32]
        box = b"" if kind is seal.Kind.FINAL else b"box of " + inside
        body = self.pupil.body(envelope, box, openly=openly)
        self.outbox = self.latest = Sealed(header, envelope, box, body)
        self.seq += 1
        self.has_finished = kind is seal.Kind.FINAL
        return self.outbox

    def hear(self, receipt: bytes) -> bool:
        """Forget what waits, if this is its receipt; whether it was believed."""
        try:
            read = receipts.check(receipt, by=RECEIPTS_BY)
        except BadSignature:
            return False
        waits = self.outbox
        if waits is None or not receipts.covers(read, waits.header, waits.envelope):
            return False
        self.outbox = None
        return True


@dataclass(eq=False)
class Pupil:
    """One sitting, and the computers on which it was taken."""

    rank: int
    devices: list[Device] = field(default_factory=list)  # with a page open
    drawers: list[Device] = field(default_factory=list)  # page gone, disk there

    def __post_init__(self) -> None:
        drawn = hashlib.sha512(b"pupil %d" % self.rank).digest()
        self.sid, self.auth = SittingId(drawn[:16]), drawn[16:48]
        self.auth_sha256 = hashlib.sha256(self.auth).digest()
        self.network = b"school %d" % (self.rank % 2)

    def body(self, envelope: bytes, box: bytes, *, openly: bool = False) -> bytes:
        if openly:
            return uploads.pack_save(uploads.Save(self.auth, 1, envelope, box))
        bare = uploads.Save(b"", 1, envelope, box, is_rescued=True)
        proof = uploads.rescue_proof(self.auth_sha256, bare)
        return uploads.pack_save(uploads.Save(proof, 1, envelope, box, is_rescued=True))

    @property
    def that_wait(self) -> Iterator[Device]:
        """The devices whose disk keeps a save that has had no receipt."""
        return (d for d in (*self.devices, *self.drawers) if d.outbox is not None)
