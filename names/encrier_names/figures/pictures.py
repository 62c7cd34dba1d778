# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the marks of a chart and of a map stand. Pure: numbers in, places in a picture out.

The picture is SVG written by a template; a table beside it says the same. A tile of the map is
an académie; `tiles.json` lays them out as they lie, overseas below.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from encrier.records import Record

TILES: Final[Mapping[str, tuple[int, int, str]]] = {
    name: (column, row, label)
    for name, (column, row, label) in json.loads(
        (Path(__file__).parent / "tiles.json").read_text("utf-8")
    ).items()
}
WIDTH: Final = 720
HEIGHT: Final = 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 14, 34  # margins of the chart
_TILE: Final = 92
_GAP: Final = 6
_SEA: Final = 18  # between the mainland and what is overseas
_OVERSEAS: Final = 7  # the row
_MOST_LABELS: Final = 10


class Bar(Record, frozen=True):
    """One day: finished at the bottom, under way on top of it."""

    x: float
    width: float
    finished_y: float
    finished_height: float
    started_y: float
    started_height: float
    label: str  # of the day; empty where there is no room
    middle: float


class Chart(Record, frozen=True):
    """The days of a chart and its lines, in percent."""

    bars: tuple[Bar, ...]
    lines: tuple[tuple[float, str], ...]  # y, label
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    base: int = HEIGHT - _BOTTOM


class Tile(Record, frozen=True):
    """One académie. bucket: 0 to 4 fifths, or -1 where nothing is told."""

    x: int
    y: int
    size: int
    label: str
    told: str
    bucket: int

    @property
    def middle(self) -> int:
        return self.x + self.size // 2


class Map(Record, frozen=True):
    """The tiles of the country."""

    tiles: tuple[Tile, ...]
    width: int = 7 * (_TILE + _GAP)
    height: int = 8 * (_TILE + _GAP) + _SEA


def chart(days: Sequence[tuple[date, float, float]]) -> Chart:
    """A chart of shares by day: (day, finished, under way), each from 0 to 1."""
    high = HEIGHT - _TOP - _BOTTOM
    step = (WIDTH - _LEFT - _RIGHT) / max(len(days), 7)
    every = -(-len(days) // _MOST_LABELS)
    bars = []
    for place, (on, finished, started) in enumerate(days):
        x, base = _LEFT + place * step + step * 0.15, HEIGHT - _BOTTOM
        tall, on_top = finished * high, started * high
        bars.append(
            Bar(
                x=round(x, 1),
                width=round(step * 0.7, 1),
                finished_y=round(base - tall, 1),
                finished_height=round(tall, 1),
                started_y=round(base - tall - on_top, 1),
                started_height=round(on_top, 1),
                label=_short(on) if place % every == 0 else "",
                middle=round(x + step * 0.35, 1),
            )
        )
    lines = tuple(
        (round(HEIGHT - _BOTTOM - part * high, 1), f"{part:.0%}".replace("%", "\u00a0%"))
        for part in (0.0, 0.25, 0.5, 0.75, 1.0)
    )
    return Chart(tuple(bars), lines)


def tile_map(shares: Mapping[str, float | None]) -> Map:
    """The map of the country: the share of pupils who have finished, where there are any.

    shares: by name of académie as the directory writes it, in capitals and without accents.
    """
    tiles = []
    for name, (column, row, label) in TILES.items():
        share = shares.get(name)
        tiles.append(
            Tile(
                x=column * (_TILE + _GAP),
                y=row * (_TILE + _GAP) + (_SEA if row >= _OVERSEAS else 0),
                size=_TILE,
                label=label,
                told="–" if share is None else percent(share),
                bucket=-1 if share is None else min(4, int(share * 5)),
            )
        )
    return Map(tuple(tiles))


def percent(share: float) -> str:
    """A share in whole percent; 100 only when it is all."""
    whole = int(share * 100 + 0.5)
    if share < 1:
        whole = min(whole, 99)
    return f"{whole}\u00a0%"


def _short(on: date) -> str:
    return f"{on.day}/{on.month:02}"
