# SPDX-License-Identifier: AGPL-3.0-or-later
"""Curves as SVG, drawn by ourselves: nothing is fetched, and they read in light and in dark.

Pure. Knows points and units, not what they mean.
"""

import math
from collections.abc import Sequence
from html import escape
from typing import Final

from encrier.records import Record

WIDTH: Final = 860
HEIGHT: Final = 300
LEFT, RIGHT, TOP, BOTTOM = 78, 18, 64, 46
MOST_TICKS: Final = 6
FLOOR: Final = 1.0  # the least that a logarithmic axis shows
DASHES: Final = ("", "7 4", "2 3", "10 3 2 3")  # told apart without colours too
STYLE: Final = """
svg.curves { --ink: #1d2530; --soft: #5c6673; --grid: #dfe3e8; --paper: #fff;
  --c0: #1f6fb2; --c1: #b5500f; --c2: #2c7d46; --c3: #7d49b5; --goal: #b3123c;
  background: var(--paper); font: 13px system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { svg.curves { --ink: #e9edf2; --soft: #a3adba;
  --grid: #39424e; --paper: #171c23; --c0: #6cb4f0; --c1: #f09a5c; --c2: #6fca8d;
  --c3: #c19cf0; --goal: #ff7d9c; } }
svg.curves text { fill: var(--ink); } svg.curves .soft { fill: var(--soft); }
svg.curves .title { font-size: 16px; font-weight: 600; }
svg.curves .grid { stroke: var(--grid); stroke-width: 1; }
svg.curves .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
svg.curves .goal { stroke: var(--goal); stroke-width: 1.5; stroke-dasharray: 3 3; }
svg.curves text.of-goal { fill: var(--goal); }
"""

Point = tuple[float, float]  # seconds since the beginning, value


class Curve(Record, frozen=True):
    """One line and its name."""

    name: str
    points: Sequence[Point]


class Chart(Record, frozen=True):
    """Some lines over the same time."""

    title: str
    unit: str  # of the upright axis, as it is written beside it
    curves: Sequence[Curve]
    is_logarithmic: bool = False
    goal: float | None = None
    until_s: float = 0.0  # where the time ends; 0: with the last point


class _Scale:
    """Where a moment and a value stand."""

    def __init__(self, chart: Chart) -> None:
        every = [point for curve in chart.curves for point in curve.points]
        self.last_s = chart.until_s or max((at for at, _ in every), default=0.0) or 1.0
        highest = max([value for _, value in every] + [chart.goal or 0.0, FLOOR])
        self._is_logarithmic = chart.is_logarithmic
        self.ticks = _decades(highest) if chart.is_logarithmic else _steps(highest)
        self._top = max(self.ticks[-1], highest if chart.is_logarithmic else 0.0)

    def x(self, at_s: float) -> float:
        """From the left."""
        return LEFT + (WIDTH - LEFT - RIGHT) * at_s / self.last_s

    def y(self, value: float) -> float:
        """From the top."""
        if self._is_logarithmic:
            part = math.log(max(value, FLOOR) / FLOOR) / math.log(self._top / FLOOR)
        else:
            part = value / self._top
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part


def drawn(chart: Chart, *, alone: bool) -> str:
    """The chart as SVG; alone: as a file of its own, with its style."""
    scale = _Scale(chart)
    name = escape(f"{chart.title}, {chart.unit}")
    parts = [
        (
            f'<svg class="curves" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{name}"'
            f' xmlns="http://www.w3.org/2000/svg">'
        ),
        f"<title>{name}</title>",
        f"<style>{STYLE}</style>" if alone else "",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="var(--paper)"/>',
        f'<text class="title" x="{LEFT}" y="22">{escape(chart.title)}</text>',
        *_legend(chart),
        *_upright(chart, scale),
        *_along(scale),
        *_lines(chart, scale),
        "</svg>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _lines(chart: Chart, scale: _Scale) -> list[str]:
    parts = []
    for n, curve in enumerate(chart.curves):
        points = " ".join(
            f"{scale.x(at):.1f},{scale.y(value):.1f}"
            for at, value in curve.points
            if at <= scale.last_s
        )
        parts.append(f'<polyline class="line" {_look(n)} points="{points}"/>')
    if chart.goal is not None:
        y = scale.y(chart.goal)
        parts.append(_level("goal", y))
        parts.append(
            f'<text class="of-goal" x="{WIDTH - RIGHT}" y="{y - 5:.1f}" text-anchor="end">'
            f"goal {_number(chart.goal)}</text>"
        )
    return parts


def _legend(chart: Chart) -> list[str]:
    parts, x = [], float(LEFT)
    for n, curve in enumerate(chart.curves):
        parts.append(
            f'<line class="line" {_look(n)} x1="{x:.0f}" x2="{x + 26:.0f}" y1="42" y2="42"/>'
        )
        parts.append(f'<text x="{x + 32:.0f}" y="46">{escape(curve.name)}</text>')
        x += 32 + 7.4 * len(curve.name) + 26
    return parts


def _upright(chart: Chart, scale: _Scale) -> list[str]:
    middle = (TOP + HEIGHT - BOTTOM) / 2
    parts = [
        (
            f'<text class="soft" transform="translate(16 {middle:.0f}) rotate(-90)"'
            f' text-anchor="middle">{escape(chart.unit)}</text>'
        )
    ]
    for tick in scale.ticks:
        y = scale.y(tick)
        parts.append(_level("grid", y))
        parts.append(
            f'<text class="soft" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">'
            f"{_number(tick)}</text>"
        )
    return parts


def _along(scale: _Scale) -> list[str]:
    in_minutes = scale.last_s > 180  # noqa: PLR2004 three minutes: seconds are read up to there
    each_s, unit = (60.0, "minutes") if in_minutes else (1.0, "seconds")
    parts = [
        f'<text class="soft" x="{scale.x(tick * each_s):.1f}" y="{HEIGHT - BOTTOM + 18}"'
        f' text-anchor="middle">{_number(tick)}</text>'
        for tick in _steps(scale.last_s / each_s)
        if tick * each_s <= scale.last_s
    ]
    parts.append(
        f'<text class="soft" x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 8}"'
        f' text-anchor="middle">{unit} since the beginning</text>'
    )
    return parts


def _level(kind: str, y: float) -> str:
    return f'<line class="{kind}" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'


def _look(n: int) -> str:
    return f'stroke="var(--c{n % 4})" stroke-dasharray="{DASHES[n % len(DASHES)]}"'


def _steps(highest: float) -> list[float]:
    """Round numbers from 0 to the first that is not below `highest`."""
    rough = highest / MOST_TICKS
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * one for one in (1, 2, 5, 10) if size * one >= rough)
    return [step * n for n in range(math.ceil(highest / step - 1e-9) + 1)]


def _decades(highest: float) -> list[float]:
    return [FLOOR * 10**n for n in range(max(1, math.ceil(math.log10(highest / FLOOR))) + 1)]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.2g}"  # noqa: PLR2004 ten
