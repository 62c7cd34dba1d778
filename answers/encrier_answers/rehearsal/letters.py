# SPDX-License-Identifier: AGPL-3.0-or-later
"""What simulated pupils send: who they are, their sheets, their envelopes sealed ahead.

The final envelope of every pupil, and every envelope of a sample of them, is really sealed, before
the clock starts. The others have a real header and the real size, and random bytes inside, which a
server that can open nothing cannot tell. The sheets hold a word that must be found nowhere.
"""

import hashlib
import mmap
import struct
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from encrier import boxes, seal, uploads
from encrier.ids import BundleId, CampaignId, KeyId, SittingId, StreamId, key_id
from encrier.records import Record, to_bytes
from encrier_answers.rehearsal import shape
from encrier_answers.rehearsal.shape import Day, Event, Kind

BUCKET: Final = seal.BUCKETS[0]
SEALED_SIZE: Final = 1120 + BUCKET + 16  # encapsulated key, smallest bucket, tag
ENVELOPE_SIZE: Final = seal.HEADER_SIZE + SEALED_SIZE
BOX_SIZE: Final = 512
LETTER_SIZE: Final = ENVELOPE_SIZE + BOX_SIZE
POOL_SIZE: Final = 1 << 20
MOST_ITEMS: Final = 12  # answers in a sheet: more would need the next bucket
PERCENT: Final = 100


class Script(Record, frozen=True):
    """All that a load process is told."""

    day: Day
    campaign: bytes
    sealing_key: bytes
    bundle: bytes
    secret: bytes  # 32 bytes: what every simulated pupil is derived from
    canary: str
    n_sample: int
    n_processes: int
    n_lines: int  # connections that pupils share; 0: each has one
    host: str
    port: int
    authority: str  # file of the certificate that is believed; empty: no TLS
    folder: str  # where what a process leaves is written
    drain_s: float  # how long after the last save replies are waited for

    def ranks(self, process: int) -> range:
        """The pupils of one process."""
        return range(process, self.day.pupils, self.n_processes)

    @property
    def sampled(self) -> frozenset[int]:
        """The pupils of whom every envelope is really sealed, spread over all."""
        return _sampled(self.day.pupils, self.n_sample)


class Who(Record, frozen=True):
    """One simulated pupil, as her code would give her."""

    sid: SittingId
    auth: bytes
    mac: bytes
    resume: bytes


def who(script: Script, rank: int) -> Who:
    """The pupil of a rank."""
    wide = hashlib.shake_256(script.secret + struct.pack(">I", rank)).digest(112)
    return Who(SittingId(wide[:16]), wide[16:48], wide[48:80], wide[80:])


def header(script: Script, sid: SittingId, event: Event) -> seal.Header:
    """What the host may read of one save."""
    is_final = event.kind is Kind.FINAL
    return seal.Header(
        _key_id(script.sealing_key),
        CampaignId(script.campaign),
        sid,
        stream(sid, event.epoch),
        event.epoch,
        event.seq,
        seal.Kind.FINAL if is_final else seal.Kind.SNAPSHOT,
        BundleId(script.bundle),
        PERCENT if is_final else min(event.nth, PERCENT - 1),
    )


def stream(sid: SittingId, epoch: int) -> StreamId:
    """The stream of one computer of a pupil."""
    return StreamId(sid[:7] + bytes([epoch]))


def sheet(script: Script, rank: int, event: Event) -> bytes:
    """What a pupil has answered by then; each answer holds the word that must be found nowhere."""
    sid = who(script, rank).sid
    stamp = (event.epoch, event.nth, stream(sid, event.epoch).hex())
    items = {
        f"q{n:02}": {
            "r": {"RESPONSE": [f"{script.canary} {rank}-{n}"]},
            "t_ms": 1_000 * n,
            "n": 1,
            "stamp": stamp,
        }
        for n in range(1 + min(event.nth, MOST_ITEMS - 1))
    }
    return to_bytes({"v": 1, "bundle": script.bundle.hex(), "items": items, "events": []})


def seal_ahead(script: Script, process: int) -> None:
    """Seal all that is to be sealed of a process's pupils into one file, with where each begins."""
    begins, size = array("Q"), 0
    folder = Path(script.folder)
    with (folder / f"sealed-{process}.bin").open("wb") as file:
        for rank in script.ranks(process):
            begins.append(size)
            for letter in _sealed(script, rank):
                size += file.write(letter)
    (folder / f"sealed-{process}.idx").write_bytes(begins.tobytes())


@lru_cache(maxsize=4)
def _sampled(n_pupils: int, n_sample: int) -> frozenset[int]:
    some = min(n_sample, n_pupils)
    return frozenset(n * n_pupils // some for n in range(some))


@lru_cache(maxsize=4)
def _key_id(sealing_key: bytes) -> KeyId:
    return key_id(sealing_key)


def _sealed(script: Script, rank: int) -> Iterator[bytes]:
    pupil = who(script, rank)
    planned: Sequence[Event] = shape.saves(script.day, rank)
    for event in planned if rank in script.sampled else planned[-1:]:
        written, head = sheet(script, rank, event), header(script, pupil.sid, event)
        envelope = seal.seal(written, head, to=script.sealing_key, mac=pupil.mac)
        assert len(envelope) == ENVELOPE_SIZE  # noqa: S101 MOST_ITEMS keeps it in its bucket
        context = uploads.resume_context(head.campaign, head.sid, head.stream, head.epoch, head.seq)
        plain = written[: BOX_SIZE - boxes.OVERHEAD].ljust(BOX_SIZE - boxes.OVERHEAD)
        yield envelope + boxes.close(plain, key=pupil.resume, context=context)


class Letters:
    """The envelopes and boxes of one process's pupils: the same whoever asks, and when."""

    def __init__(self, script: Script, process: int) -> None:
        """Read what was sealed ahead."""
        self._script, self._process = script, process
        folder = Path(script.folder)
        self._begins = array("Q", (folder / f"sealed-{process}.idx").read_bytes())
        with (folder / f"sealed-{process}.bin").open("rb") as file:
            self._file = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._sampled = script.sampled
        self._pool = hashlib.shake_256(script.secret).digest(POOL_SIZE)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def letter(self, rank: int, event: Event, head: bytes) -> tuple[bytes, bytes]:
        """The envelope and the box of one save; head: the bytes of its header."""
        is_sampled = rank in self._sampled
        if is_sampled or event.kind is Kind.FINAL:
            at = self._begins[rank // self._script.n_processes]
            at += event.nth * LETTER_SIZE if is_sampled else 0
            middle = at + ENVELOPE_SIZE
            return self._file[at:middle], self._file[middle : at + LETTER_SIZE]
        at = (rank * 7_919 + event.nth * 104_729) % (POOL_SIZE - LETTER_SIZE)
        middle = at + SEALED_SIZE
        return head + self._pool[at:middle], self._pool[middle : middle + BOX_SIZE]
