# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was opened, kept closed: boxes of some hundred sittings each, under a key of this zone.

An opening that is killed goes on after the last whole box, and a round opens only the sittings of
which something new came.

Knows answers by sitting; never a name.
"""

import struct
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from encrier.errors import BadRecord
from encrier.ids import SittingId
from encrier.records import Record
from encrier_results import disk
from encrier_results.reconcile import Opened
from encrier_results.rounds.safe import Safe

_SIZE: Final = struct.Struct(">I")  # of the box of lines, which stands before that of sittings
_SUFFIX: Final = ".box"


class Line(Record, frozen=True, array_like=True):
    """What the account needs of one sitting, without its answers."""

    sid: bytes
    fingerprint: bytes
    n_devices: int = 0  # 0: no envelope of it opened
    finished: bool = False
    rejected: tuple[tuple[str, int], ...] = ()  # reason, envelopes


class Kept:
    """The boxes of one folder; a sitting that is in several is as the newest has it."""

    def __init__(self, folder: Path, safe: Safe) -> None:
        self._folder, self._safe = folder, safe
        self._of_box: dict[int, list[SittingId]] = {}
        self.lines: dict[SittingId, Line] = {}
        self._box_of: dict[SittingId, int] = {}

    def look(self) -> None:
        """Read the lines of the boxes that are new; a box that was damaged is thrown away."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for left in self._folder.glob("*.part"):  # of an opening that was killed
            left.unlink()
        there = sorted(int(file.stem) for file in self._folder.glob(f"*{_SUFFIX}"))
        for gone in self._of_box.keys() - set(there):
            self.discard(gone)
        for number in there:
            if number not in self._of_box:
                try:
                    self.add(number, self._lines_in(number))
                except BadRecord:
                    self.discard(number)

    @property
    def next_number(self) -> int:
        """Greater than that of any box."""
        return max(self._of_box, default=0) + 1

    def add(self, number: int, lines: Iterable[Line]) -> None:
        """Note what a box holds; what older boxes say of the same sittings is no more."""
        sids = []
        for line in lines:
            sid = SittingId(line.sid)
            sids.append(sid)
            if self._box_of.get(sid, 0) <= number:
                self._box_of[sid], self.lines[sid] = number, line
        self._of_box[number] = sids

    def sittings(self) -> dict[int, list[SittingId]]:
        """The sittings to look for in each box: those with answers that no newer one has."""
        return {
            number: [s for s in sids if self._box_of[s] == number and self.lines[s].n_devices]
            for number, sids in self._of_box.items()
        }

    def sweep(self) -> None:
        """Remove the boxes of which newer ones have every sitting."""
        for number, sids in list(self._of_box.items()):
            if not any(self._box_of[sid] == number for sid in sids):
                self.discard(number)

    def discard(self, number: int) -> None:
        """Throw away a box that does not open: its sittings are opened anew in the next round."""
        self._file(number).unlink(missing_ok=True)
        for sid in self._of_box.pop(number, ()):
            if self._box_of[sid] == number:
                del self._box_of[sid], self.lines[sid]

    def write(self, number: int, lines: list[Line], opened: list[Opened]) -> None:
        """Write a box, durable on return; for a forked process too, which changes nothing else."""
        head = self._safe.close(lines, place=f"lines {number}")
        body = self._safe.close(opened, place=f"sheets {number}")
        disk.keep(self._file(number), _SIZE.pack(len(head)) + head + body)

    def opened(self, number: int) -> Mapping[SittingId, Opened]:
        """The sittings of a box; raises BadRecord where it was damaged."""
        content = self._file(number).read_bytes()
        if len(content) < _SIZE.size:
            raise BadRecord
        (size,) = _SIZE.unpack_from(content)
        box = content[_SIZE.size + size :]
        found = self._safe.open(box, list[Opened], place=f"sheets {number}")
        return {sitting.sid: sitting for sitting in found}

    def _lines_in(self, number: int) -> list[Line]:
        with self._file(number).open("rb") as file:
            head = file.read(_SIZE.size)
            if len(head) < _SIZE.size:
                raise BadRecord
            box = file.read(_SIZE.unpack(head)[0])
        return self._safe.open(box, list[Line], place=f"lines {number}")

    def _file(self, number: int) -> Path:
        return self._folder / f"{number:08d}{_SUFFIX}"


def line_of(
    sid: SittingId, fingerprint: bytes, opened: Opened | None, rejected: Counter[str]
) -> Line:
    """Sum up what came of opening one sitting."""
    why = tuple(sorted(rejected.items()))
    if opened is None:
        return Line(sid, fingerprint, rejected=why)
    return Line(sid, fingerprint, opened.n_devices, opened.finished, why)
