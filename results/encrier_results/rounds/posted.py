# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which rows names has: so that a round scores what changed and posts what came out otherwise.

Of each order number two digests, of what its row was made from and of the row, and its status; in
a box, for a digest of a few scores would tell them. Where the file is lost all rows are posted
once more, which names takes. Never a name.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal, get_args

import msgspec

from encrier.errors import BadRecord
from encrier.records import to_bytes
from encrier.wire import ScoreRow, ScoreSheet
from encrier_results import disk
from encrier_results.rounds.safe import Safe

Status = Literal["complete", "unfinished", "missing"]
_STATUSES: Final[tuple[Status, ...]] = get_args(Status)
_DIGEST_SIZE: Final = 8  # two digests of one number are compared, never two of different ones
_PLACE: Final = "posted"
NOTHING: Final = bytes(_DIGEST_SIZE)  # what the row of a pupil without an envelope is made from


def digest(*parts: bytes) -> bytes:
    """A short digest of what a row is made from; each part of one length."""
    return hashlib.blake2b(b"".join(parts), digest_size=_DIGEST_SIZE).digest()


class Posted:
    """The rows that names took, by order number."""

    def __init__(self, folder: Path, safe: Safe) -> None:
        self._file, self._safe = folder / _PLACE, safe
        self.domains = b""  # digest of what the last sheet said of the domains; empty: no sheet
        self._rows: dict[str, bytes] = {}
        try:
            kept = safe.open(self._file.read_bytes(), tuple[bytes, dict[str, bytes]], place=_PLACE)
        except (FileNotFoundError, BadRecord):
            return
        self.domains, self._rows = kept

    def begin(self, empty: ScoreSheet) -> bool:
        """Whether names has these domains; where not, every row is to be posted again."""
        said = to_bytes(msgspec.structs.replace(empty, serial=0))
        domains = hashlib.sha256(said).digest()
        if domains != self.domains:
            self._rows.clear()
        is_known, self.domains = domains == self.domains, domains
        return is_known

    def is_made_from(self, order: str, made_from: bytes) -> bool:
        """Whether the row that names has of a number was made from the very same."""
        return self._rows.get(order, b"")[:_DIGEST_SIZE] == made_from

    def has(self, row: ScoreRow) -> bool:
        """Whether names has this very row."""
        return self._rows.get(row.order, b"")[_DIGEST_SIZE:-1] == digest(to_bytes(row))

    def note(self, row: ScoreRow, made_from: bytes) -> None:
        """Note that names has a row."""
        status = bytes([_STATUSES.index(row.status)])
        self._rows[row.order] = made_from + digest(to_bytes(row)) + status

    def n_complete(self, orders: Sequence[str]) -> int:
        """How many of these numbers have a row that is complete."""
        complete = _STATUSES.index("complete")
        return sum(self._rows.get(order, b"\xff")[-1] == complete for order in orders)

    def save(self) -> None:
        """Keep all this, durable on return."""
        disk.keep(self._file, self._safe.close((self.domains, self._rows), place=_PLACE))
