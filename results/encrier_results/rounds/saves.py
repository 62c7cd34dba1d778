# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was pulled, by sitting: which saves there are and in which file, not the saves themselves.

A country's envelopes do not fit in memory; where each stands takes some 250 bytes a sitting.
Reads headers only, opens nothing. Files of pulled batches never change, so each is read through
once for as long as this lives, and a round after another looks at the new ones only.
"""

import hashlib
import struct
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from encrier.errors import BadEnvelope
from encrier.ids import SittingId
from encrier.records import from_bytes
from encrier.seal import read_header
from encrier.wire import EnvelopeBatch, SealedSave

_SAVE: Final = struct.Struct(">8sI16sII")  # stream, seq, digest, file, row
_SAID: Final = 8 + 4 + 16  # of it, what a sitting's fingerprint is of: not where it stands
_FILES_AT_HAND: Final = 4  # up to 32 MiB each, though a batch is rarely more than two


class Place(NamedTuple):
    """Where one save stands."""

    file: int
    row: int


class _Rows(msgspec.Struct):
    """A batch whose rows are left as they are written; it was read strictly when it was pulled."""

    rows: list[msgspec.Raw]


class Saves:
    """Every save that was pulled into a folder, found by its sitting."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: list[Path] = []
        self._known: set[Path] = set()
        self._by_sitting: dict[SittingId, bytes] = {}
        self.unreadable: Counter[str] = Counter()  # reason -> envelopes that belong to no sitting

    def look(self) -> None:
        """Read through the batches that came since the last time."""
        for file in sorted(self._folder.glob("*/*/*.json")):
            if file not in self._known:
                self._add(file)

    def __iter__(self) -> Iterator[SittingId]:
        return iter(self._by_sitting)

    def __len__(self) -> int:
        return len(self._by_sitting)

    def streams(self, sid: SittingId) -> list[list[Place]]:
        """Where the saves of each stream stand, newest first; the same save once."""
        found: dict[bytes, dict[bytes, tuple[int, Place]]] = {}
        for stream, seq, sha256, file, row in _SAVE.iter_unpack(self._by_sitting[sid]):
            found.setdefault(stream, {}).setdefault(sha256, (seq, Place(file, row)))
        return [
            [place for _, place in sorted(saves.values(), key=lambda save: save[0], reverse=True)]
            for saves in found.values()
        ]

    def fingerprint(self, sid: SittingId, *, under: bytes) -> bytes:
        """16 bytes that change when another save of this sitting comes, or with `under`."""
        all_ = self._by_sitting[sid]
        said = {all_[at : at + _SAID] for at in range(0, len(all_), _SAVE.size)}
        return hashlib.sha256(b"".join((under, *sorted(said)))).digest()[:16]

    def last_place(self, sid: SittingId) -> Place:
        """Where the save of this sitting that came last stands: to read files in their order."""
        *_, file, row = _SAVE.unpack(self._by_sitting[sid][-_SAVE.size :])
        return Place(file, row)

    def reader(self) -> "Reader":
        """Reads the saves themselves, in this process or one that is forked from it."""
        return Reader(tuple(self._files))

    def _add(self, file: Path) -> None:
        batch, number = from_bytes(file.read_bytes(), EnvelopeBatch), len(self._files)
        self._files.append(file)
        self._known.add(file)
        for row, save in enumerate(batch.rows):
            try:
                header = read_header(save.envelope)
            except BadEnvelope as reason:
                self.unreadable[type(reason).__name__] += 1
                continue
            entry = _SAVE.pack(header.stream, header.seq, _digest(save), number, row)
            self._by_sitting[header.sid] = self._by_sitting.get(header.sid, b"") + entry


def _digest(save: SealedSave) -> bytes:
    """Of both: what comes under a bad receipt may come again under a good one."""
    return hashlib.sha256(save.envelope + save.receipt).digest()[:16]


class Reader:
    """Gives saves by their places; keeps the last few files at hand."""

    def __init__(self, files: tuple[Path, ...]) -> None:
        self._files = files
        self._rows_of = lru_cache(maxsize=_FILES_AT_HAND)(self._read)

    def save(self, place: Place) -> SealedSave:
        """Give one save; the other rows of its file are not even decoded."""
        return from_bytes(bytes(self._rows_of(place.file)[place.row]), SealedSave)

    def _read(self, file: int) -> list[msgspec.Raw]:
        return from_bytes(self._files[file].read_bytes(), _Rows).rows
