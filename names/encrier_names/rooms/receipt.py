# SPDX-License-Identifier: AGPL-3.0-or-later
"""The receipt of a session: who sat, whose answers have all arrived, who was absent and why. Pure.

It says no more than what answers told: an answer that no save has carried yet shows as unsent, a
computer that was cut off shows by its last sign.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_noop as sentence

from encrier_names import dates
from encrier_names.language.said import counted, said
from encrier_names.rooms.live import Board, Tile
from encrier_names.rooms.models import ReceiptLine, ReceiptState

STATE_SHOWN: Final[Mapping[ReceiptState, str]] = {
    "complete": sentence("Terminé"),
    "unfinished": sentence("Pas terminé"),
    "to-check": sentence("À vérifier"),
    "never": sentence("N’a pas commencé"),
    "absent": sentence("Absent"),
}
NOT_SAT: Final[frozenset[ReceiptState]] = frozenset({"absent", "never"})
_UNDER_WAY: Final = ("connected", "writing", "silent")
# Each page that is open saves once more when its session ends, which it learns with the receipt of
# its last save: a calm page asks within two minutes and a half.
_TELL: Final = timedelta(minutes=3)


def lines(board: Board, *, closed_at: datetime | None) -> tuple[ReceiptLine, ...]:
    """One line a pupil, in the order of the board."""
    return tuple(_line(tile, closed_at) for tile in board.tiles)


def is_under_way(board: Board, *, closed_at: datetime | None) -> bool:
    """Whether somebody may still be writing: it is too early to sign."""
    return closed_at is None and any(tile.state in _UNDER_WAY for tile in board.tiles)


def is_too_fresh(board: Board, *, closed_at: datetime | None) -> bool:
    """Whether answers has not been asked since the room was closed."""
    if closed_at is None:
        return board.is_stale
    return board.told_at is None or board.told_at < closed_at + _TELL


def to_check(found: Iterable[ReceiptLine]) -> list[ReceiptLine]:
    """The pupils of whom something may not have arrived."""
    return [line for line in found if line.state == "to-check"]


def _line(tile: Tile, closed_at: datetime | None) -> ReceiptLine:
    state, remark = _judged(tile, closed_at)
    return ReceiptLine(
        name=tile.line.name,
        division=tile.division,
        screen=tile.line.screen,
        state=state,
        percent=tile.line.percent,
        unsent=tile.line.unsent,
        seen_at=tile.line.seen_at,
        remark=remark,
    )


def _judged(tile: Tile, closed_at: datetime | None) -> tuple[ReceiptState, str]:
    """The state of a pupil on the receipt, and what is to be said or done of it."""
    line = tile.line
    if tile.state == "absent":
        return "absent", tile.absence
    if tile.state in {"expected", "no-code"}:
        return "never", said("Motif d’absence non noté.")
    if line.unsent:
        return "to-check", counted(
            "%(n)s réponse attend sur son ordinateur.",
            "%(n)s réponses attendent sur son ordinateur.",
            line.unsent,
        )
    if tile.state == "finished":
        return "complete", ""
    if _was_cut_off(tile, closed_at):
        since = "?" if line.seen_at is None else dates.hour(line.seen_at)
        return "to-check", said("Son ordinateur n’a plus donné signe depuis %(hour)s.", hour=since)
    return "unfinished", ""


def _was_cut_off(tile: Tile, closed_at: datetime | None) -> bool:
    """Whether the page was not heard at the closing, when each one that is open saves once more."""
    seen_at = tile.line.seen_at
    if closed_at is None or seen_at is None:
        return tile.state == "silent" or seen_at is None
    ended_at = closed_at.replace(second=0, microsecond=0)  # answers keeps minutes, rounded up
    return seen_at < (ended_at if ended_at == closed_at else ended_at + timedelta(minutes=1))
