# SPDX-License-Identifier: AGPL-3.0-or-later
"""The names zone of a simulated world: it opens and closes rooms, gives more time.

One list at a time, sent again until it is said to be kept.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from encrier import uploads, wire
from encrier.ids import SittingId
from encrier.records import to_bytes
from stagecraft.simulated_network import Chance, Message
from stagecraft.simulated_node import BEGAN, BOOKLET_KEY, BUNDLE, CAMPAIGN, MANIFEST, TERMS
from stagecraft.simulated_pupils import Pupil

MINUTES_LEFT: Final = (1200, 900, 600, 1200, 900, 600, 60, -90)  # the last: over, grace and all


class Names:
    """What is admitted as far as names knows, and the list that is under way."""

    def __init__(self, pupils: Sequence[Pupil]) -> None:
        self._pupils, self._serial = pupils, 0
        self._kept: dict[SittingId, wire.Admission] = {}
        self._rows: list[wire.Admission] = []
        self._list: bytes | None = None

    @property
    def waits(self) -> bool:
        """Whether a list has not been said to be kept."""
        return self._list is not None

    def admit_all(self, now_s: float) -> None:
        """Write a list that gives everybody a day."""
        self._write([self._row(pupil, now_s + 86_400) for pupil in self._pupils])

    def change(self, now_s: float, chance: Chance) -> None:
        """Write a list that amends one pupil or two."""
        ranks = sorted({chance.of(range(len(self._pupils))) for _ in range(2)})
        self._write(
            [
                self._row(
                    self._pupils[rank],
                    now_s + 60 * chance.of(MINUTES_LEFT),
                    is_open=not chance.one_in(10),
                )
                for rank in ranks
            ]
        )

    def message(self) -> Message:
        """The list that is under way, as it is sent."""
        assert self._list is not None
        return Message("list", self._list, digest=uploads.content_digest(self._list))

    def hear(self, body: bytes) -> None:
        """A list is kept; one that was told of before is not told of again."""
        if body == self._list:
            self._kept |= {SittingId(row.sid): row for row in self._rows}
            self._list, self._rows = None, []

    def may(self, sid: SittingId, now: datetime) -> bool:
        """Whether a save may be taken: by the list in force, or by the one that may be by now."""
        grace = timedelta(hours=MANIFEST.grace_h, minutes=1)
        rows = [*self._rows, *([self._kept[sid]] if sid in self._kept else [])]
        return any(
            row.open and now < (row.closes_at or MANIFEST.closes_at) + grace
            for row in rows
            if row.sid == sid
        )

    def _row(self, pupil: Pupil, closes_s: float, *, is_open: bool = True) -> wire.Admission:
        closes_at = BEGAN + timedelta(seconds=closes_s)
        return wire.Admission(
            pupil.sid, pupil.auth_sha256, BUNDLE, TERMS, closes_at=closes_at, open=is_open
        )

    def _write(self, rows: list[wire.Admission]) -> None:
        self._serial += 1
        keys = (wire.BookletKey(BUNDLE, BOOKLET_KEY.reveal()),)
        self._list = to_bytes(wire.AdmissionList(CAMPAIGN, self._serial, rows, keys))
        self._rows = rows
