# SPDX-License-Identifier: AGPL-3.0-or-later
"""The live board of a room: each pupil and how she is, side by side, in memory, at view time.

What it knows of sittings is what `sittings.board` gives: states, percents, minutes; never an
answer. What decides a state is pure.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from django.utils.translation import gettext_noop as sentence

from encrier.records import Record
from encrier_names.rooms.models import Seat, Session
from encrier_names.schools.lists import sort_key
from encrier_names.sittings import board, progress
from encrier_names.sittings.board import Line

State = Literal[
    "no-code", "absent", "expected", "connected", "writing", "silent", "stopped", "finished"
]
STATES: Final[Mapping[State, str]] = {
    "expected": sentence("Pas arrivé"),
    "connected": sentence("Connecté"),
    "writing": sentence("Écrit"),
    "silent": sentence("Hors ligne"),
    "stopped": sentence("Arrêté"),
    "finished": sentence("Terminé"),
    "absent": sentence("Absent"),
    "no-code": sentence("Sans code"),
}
COUNTED: Final[Mapping[State, tuple[str, str]]] = {
    "expected": (sentence("pas arrivé"), sentence("pas arrivés")),
    "connected": (sentence("connecté"), sentence("connectés")),
    "writing": (sentence("écrit"), sentence("écrivent")),
    "silent": (sentence("hors ligne"), sentence("hors ligne")),
    "stopped": (sentence("arrêté"), sentence("arrêtés")),
    "finished": (sentence("a terminé"), sentence("ont terminé")),
    "absent": (sentence("absent"), sentence("absents")),
    "no-code": (sentence("sans code"), sentence("sans code")),
}
# A page where nothing happens still saves every two minutes or so, and answers keeps whole minutes:
# past three on that clock, more than two have gone by without a sign.
SILENT_AFTER: Final = timedelta(minutes=3)
STALE_AFTER: Final = timedelta(minutes=2)  # of the news themselves


class Tile(Record, frozen=True):
    """One pupil of the room."""

    seat: UUID
    division: str
    line: Line
    state: State
    absence: str  # in a word, where she is absent
    silent_min: int = 0

    @property
    def shown(self) -> str:
        """The state in a word or two."""
        return STATES[self.state]


class Board(Record, frozen=True):
    """The room as it stood when answers was last asked."""

    tiles: tuple[Tile, ...]
    told_at: datetime | None
    is_stale: bool  # the news themselves are old: nothing can be said of who is silent

    @property
    def counts(self) -> list[tuple[State, str, int]]:
        """How many are in each state, those that nobody is in left out."""
        found = Counter(tile.state for tile in self.tiles)
        return [
            (state, many if found[state] > 1 else one, found[state])
            for state, (one, many) in COUNTED.items()
            if found[state]
        ]

    @property
    def unsent(self) -> int:
        """Answers that had not arrived."""
        return sum(tile.line.unsent for tile in self.tiles)

    @property
    def n_silent(self) -> int:
        """Pupils whose computer gives no sign."""
        return sum(tile.state == "silent" for tile in self.tiles)


def board_of(session: Session, *, now: datetime) -> Board:
    """The pupils of a session in alphabetical order, each as she was last heard of."""
    seats = session.seats.select_related("pupil__division")
    ordered = sorted(seats, key=lambda seat: sort_key(seat.pupil.identity))
    lines = board.lines_of([seat.pupil for seat in ordered])
    told_at = progress.pulled_at()
    tiles = (_tile(s, line, told_at=told_at) for s, line in zip(ordered, lines, strict=True))
    stale = told_at is None or now - told_at > STALE_AFTER
    return Board(tuple(tiles), told_at, stale)


def state_of(line: Line, *, is_absent: bool, told_at: datetime | None) -> State:
    """How a pupil is, from what is known of her sitting."""
    match line.state:
        case "no-code" | "finished" as state:
            return state
        case "started":
            return _started(line, told_at)
        case _:
            return "absent" if is_absent or line.state == "excused" else "expected"


def silence(line: Line, told_at: datetime | None) -> timedelta:
    """How long her computer had given no sign when answers was asked."""
    if line.seen_at is None or told_at is None:
        return timedelta()
    return told_at.replace(second=0, microsecond=0) - line.seen_at


def by_letters(tiles: Iterable[Tile]) -> list[Tile]:
    """For a projector: in the order of the letters on the screens, which says nothing of names."""
    return sorted(tiles, key=lambda tile: tile.line.screen)


def _started(line: Line, told_at: datetime | None) -> State:
    if line.closed:
        return "stopped"
    if not line.paused and silence(line, told_at) > SILENT_AFTER:
        return "silent"
    return "writing" if line.percent else "connected"


def _tile(seat: Seat, line: Line, *, told_at: datetime | None) -> Tile:
    absence = seat.absence
    state = state_of(line, is_absent=absence is not None, told_at=told_at)
    minutes = int(silence(line, told_at).total_seconds() // 60) if state == "silent" else 0
    word = str(absence.reason.label) if absence is not None else line.excused
    word = word if state == "absent" else ""
    return Tile(seat.id, seat.pupil.division.label, line, state, word, minutes)
