# SPDX-License-Identifier: AGPL-3.0-or-later
"""The figures of a rehearsal, and its seconds as points of curves. Pure."""

import os
import platform
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Final

from msgspec.structs import replace

from encrier.records import Record
from encrier_answers.rehearsal.canaries import Search
from encrier_answers.rehearsal.reconcile import Account
from encrier_answers.rehearsal.rehearse import Done
from encrier_answers.rehearsal.report.curves import Chart, Curve, Point
from encrier_answers.rehearsal.server import Look
from encrier_answers.rehearsal.shape import Day
from encrier_answers.rehearsal.tally import COUNTS, Moment, Waits, together

MOST_POINTS: Final = 300  # of a curve: seconds are put together beyond
BUSIEST_S: Final = 10
MS: Final = 1_000


class Goals(Record, frozen=True):
    """What a rehearsal was to reach; None: nothing was said."""

    p99_ms: float | None = None
    start_p99_ms: float | None = None
    server_cores: float | None = None
    server_mb: float | None = None


class Waited(Record, frozen=True):
    """Waits, counted from the moment something was due; never shorter than they were."""

    number: int
    p50_ms: float
    p99_ms: float
    p999_ms: float
    max_ms: float


class Costs(Record, frozen=True):
    """What it cost, the server and the load apart, though they share the processors."""

    server_cores: float  # mean
    server_cores_busiest: float  # of ten seconds
    server_cpu_us_per_save: int  # handshakes and sign-ins included
    server_mb: int  # most resident at once, what processes share counted in each
    server_shared_mb: int  # the same, what they share counted once
    load_cores: float
    load_cpu_us_per_request: int
    load_processes: int
    processors: int
    load_before: float  # of the machine, one minute
    python: str


class Figures(Record, frozen=True):
    """All figures of one rehearsal."""

    date: str
    day: Day
    tls: bool
    store: str
    connections: int  # most at once
    are_shared: bool  # several pupils on one connection
    really_sealed: int  # pupils of whom every envelope was
    kills: int
    counts: dict[str, int]
    busiest_saves_per_s: int  # acknowledged, mean of ten seconds
    unanswered: int
    superseded: int
    resumed_behind: int
    saves: Waited
    starts: Waited
    account: Account
    search: Search
    costs: Costs

    @property
    def errors(self) -> int:
        """Requests without a good answer; what was refused and then taken is not one."""
        return self.counts["failed"] + self.unanswered

    @property
    def faults(self) -> int:
        """How many things happened that must never happen."""
        found = sum(self.search.found.values()) + (self.search.forms == 0)
        nothing = self.account.acknowledged == 0
        return self.account.faults + self.resumed_behind + found + nothing


def figures(done: Done) -> Figures:
    """Reckon the figures."""
    asked, moments = done.asked, together(done.tallied)
    counts = {name: sum(moment.counts[name] for moment in moments) for name in COUNTS}
    return Figures(
        date=f"{done.began_at:%Y-%m-%d}",
        day=asked.day,
        tls=asked.tls,
        store="PostgreSQL" if asked.database else "SQLite",
        connections=max(moment.lines for moment in moments),
        are_shared=asked.n_lines > 0,
        really_sealed=min(asked.n_sample, asked.day.pupils),
        kills=asked.kills,
        counts=counts,
        busiest_saves_per_s=round(_busiest([m.counts["acknowledged"] for m in moments])),
        unanswered=sum(one.unanswered for one in done.tallied),
        superseded=sum(one.superseded for one in done.tallied),
        resumed_behind=sum(one.resumed_behind for one in done.tallied),
        saves=_waited(moment.saves for moment in moments),
        starts=_waited(moment.starts for moment in moments),
        account=done.account,
        search=done.search,
        costs=_costs(done, n_saves=counts["acknowledged"]),
    )


def charts(done: Done, goals: Goals) -> dict[str, Chart]:
    """The curves of a rehearsal, by name of their file."""
    moments = together(done.tallied)
    while len(moments) > 1 and not any(moments[-1].counts.values()):
        moments.pop()  # nothing was waited for any more
    drawing = _Drawing(moments)
    drawn = {
        "saves": drawing.counted("Saves", ("due", "sent", "acknowledged")),
        "wait": drawing.waits("Wait for a receipt", lambda m: m.saves, goals.p99_ms),
        "starts-wait": drawing.waits("Wait for a start", lambda m: m.starts, goals.start_p99_ms),
        "starts": drawing.counted("Starts, and what went wrong", COUNTS[3:]),
        "processor": _processor(done.looks, goals),
        "memory": _memory(done.looks, goals),
        "connections": drawing.connections(),
    }
    return {name: replace(chart, until_s=float(len(moments))) for name, chart in drawn.items()}


def _processor(looks: Sequence[Look], goals: Goals) -> Chart:
    server = Curve("server", _shares(looks, lambda look: look.server_s))
    load = Curve("load, on the same cores", _shares(looks, lambda look: look.load_s))
    return Chart("Processor", "cores", [server, load], goal=goals.server_cores)


def _memory(looks: Sequence[Look], goals: Goals) -> Chart:
    seen = _during(looks)
    resident = Curve("resident", [(look.at_s, look.server_mb) for look in seen])
    shared = [(look.at_s, look.shared_mb) for look in seen if look.shared_mb is not None]
    once = Curve("shared pages counted once", shared)
    return Chart("Memory of the server", "MB", [resident, once], goal=goals.server_mb)


class _Drawing:
    """Moments, put together so that a curve has few enough points."""

    def __init__(self, moments: Sequence[Moment]) -> None:
        width = -(-len(moments) // MOST_POINTS)
        self._bins = [(float(at), moments[at : at + width]) for at in range(0, len(moments), width)]

    def counted(self, title: str, names: Sequence[str]) -> Chart:
        """Some of COUNTS, a second."""
        curves = [
            Curve(
                name.replace("lost_lines", "connections lost"),
                [(at, sum(m.counts[name] for m in some) / len(some)) for at, some in self._bins],
            )
            for name in names
        ]
        return Chart(title, "a second", curves)

    def waits(self, title: str, which: Callable[[Moment], Waits], goal: float | None) -> Chart:
        """Quantiles of the waits of what was due at each moment."""
        parts = {"median": 0.5, "99 %": 0.99, "99.9 %": 0.999, "longest": 1.0}
        waited = [(at, Waits.of(map(which, some))) for at, some in self._bins]
        curves = [
            Curve(name, [(at, waits.at(part) * MS) for at, waits in waited if waits.classes])
            for name, part in parts.items()
        ]
        return Chart(title, "milliseconds, logarithmic", curves, is_logarithmic=True, goal=goal)

    def connections(self) -> Chart:
        """How many are open."""
        points = [(at, float(some[-1].lines)) for at, some in self._bins]
        return Chart("Open connections", "connections", [Curve("open", points)])


def _waited(many: Iterable[Waits]) -> Waited:
    whole = Waits.of(many)
    p50, p99, p999, longest = (round(whole.at(p) * MS, 1) for p in (0.5, 0.99, 0.999, 1.0))
    return Waited(len(whole), p50, p99, p999, longest)


def _costs(done: Done, *, n_saves: int) -> Costs:
    during = _during(done.looks)
    over_s = max(during[-1].at_s - during[0].at_s, 1.0) if during else 1.0
    server_s = during[-1].server_s - during[0].server_s if during else 0.0
    load_s = sum(one.cpu_s for one in done.tallied)
    n_requests = sum(one.requests for one in done.tallied)
    shares = [share for _, share in _shares(done.looks, lambda look: look.server_s)]
    return Costs(
        server_cores=round(server_s / over_s, 2),
        server_cores_busiest=round(_busiest(shares), 2),
        server_cpu_us_per_save=round(server_s / max(n_saves, 1) * 1e6),
        server_mb=round(max((look.server_mb for look in during), default=0.0)),
        server_shared_mb=round(max((look.shared_mb or 0.0 for look in during), default=0.0)),
        load_cores=round(load_s / over_s, 2),
        load_cpu_us_per_request=round(load_s / max(n_requests, 1) * 1e6),
        load_processes=len(done.tallied),
        processors=os.cpu_count() or 0,
        load_before=round(done.load_before, 1),
        python=platform.python_version(),
    )


def _during(looks: Sequence[Look]) -> list[Look]:
    """Those since the beginning."""
    return [look for look in looks if look.at_s >= 0]


def _shares(looks: Sequence[Look], of: Callable[[Look], float]) -> list[Point]:
    """Processor seconds a second between two looks."""
    return [
        (after.at_s, max(0.0, of(after) - of(before)) / (after.at_s - before.at_s))
        for before, after in pairwise(_during(looks))
        if after.at_s - before.at_s > 0.5  # noqa: PLR2004 half a second: ticks are 10 ms
    ]


def _busiest(per_second: Sequence[float]) -> float:
    """The highest mean of ten seconds in a row."""
    width = min(BUSIEST_S, len(per_second)) or 1
    starts = range(max(1, len(per_second) - width + 1))
    return max(sum(per_second[at : at + width]) / width for at in starts)
