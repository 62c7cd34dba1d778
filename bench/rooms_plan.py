# SPDX-License-Identifier: AGPL-3.0-or-later
"""How fast a school is planned, and how fast the board of a room is made.

A school of 30 classes of 28 pupils and 8 rooms: two sequences on other days, headsets and line
counted, one pupil in eleven with extra time; then with half of the rooms, where some have no place
and remedies are tried. A board of 30 pupils who write, as the supervisor's browser asks for it:
the whole page, and what refreshes itself. SQLite. Under half a minute.

    python bench/rooms_plan.py [--json] [--write]
"""

import argparse
import json
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import performance_page
from django.test import Client

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / folder) for folder in ("demo", "tests", "tools")]

from unit.names import conftest  # noqa: E402 its path is set above; it sets Django up

from encrier import clock  # noqa: E402
from encrier.wire import SittingProgress  # noqa: E402
from encrier_names import zone  # noqa: E402
from encrier_names.codesheets.sheet import slips_of  # noqa: E402
from encrier_names.rooms.planning.problem import (  # noqa: E402
    Group,
    Moment,
    Problem,
    Rules,
    Sitter,
    Space,
)
from encrier_names.rooms.planning.proposal import propose  # noqa: E402
from encrier_names.rooms.planning.remedies import explained  # noqa: E402
from encrier_names.sittings import progress  # noqa: E402
from stagecraft.rooms import a_session  # noqa: E402

HEADING: Final = "## Rooms of a school"
N_CLASSES, N_PUPILS, N_ROOMS = 30, 28, 8
RUNS: Final = 5
Figures = dict[str, float]


def school(n_rooms: int, *, days: int) -> Problem:
    """A school to plan."""
    spaces = tuple(
        Space(UUID(int=n + 1), f"Info {n + 1}", 12 + n % 3 * 4, 12 + n % 2 * 4, line_mbits=8.0)
        for n in range(n_rooms)
    )
    groups = tuple(
        Group(
            UUID(int=100 + c),
            f"6{c + 1}",
            tuple(
                Sitter(UUID(int=1000 * (c + 1) + n), 33 if n % 11 == 0 else 0)
                for n in range(N_PUPILS)
            ),
        )
        for c in range(N_CLASSES)
    )
    first = date(2026, 9, 7)
    last = Moment(first + timedelta(days=days), 17 * 60)
    rules = Rules(n_sequences=2, line_mbits=50.0)
    return Problem(rules, spaces, groups, Moment(first, 8 * 60), last)


def median_s(act: Callable[[], object]) -> float:
    """The median of a few runs, in seconds."""
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def plans() -> Figures:
    """Seconds to plan a school that fits, and one that does not, with what would do."""
    roomy, tight = school(N_ROOMS, days=18), school(N_ROOMS // 2, days=4)
    plan = propose(roomy)
    if plan.unplaced:
        sys.exit("The school that fits does not fit.")
    short = propose(tight)
    if not short.unplaced:
        sys.exit("The school that does not fit fits.")
    return {
        "sessions": len(plan.slots),
        "plan_s": round(median_s(lambda: propose(roomy)), 3),
        "tight_s": round(median_s(lambda: explained(tight, propose(tight))), 3),
        "unplaced": short.n_unplaced,
    }


def boards() -> Figures:
    """Milliseconds of the server for the board of a room of 30 who write."""
    client, session = _room()
    given = {}
    for name, address in (("board_ms", ""), ("states_ms", "etats/"), ("wall_ms", "projection/")):
        answer = client.get(f"/seances/{session}/{address}")
        if answer.status_code != 200:  # noqa: PLR2004 else nothing was measured
            sys.exit(f"The page answers {answer.status_code}.")
        asked = f"/seances/{session}/{address}"
        given[name] = round(median_s(lambda asked=asked: client.get(asked)) * 1000, 1)  # type: ignore[misc]
    return given


def _room() -> tuple[Client, UUID]:
    """A browser of the supervisor, and the id of the session: 30 pupils who write."""
    # the zone of a test, outside of pytest
    laid = conftest._lay(  # noqa: SLF001
        Path(tempfile.mkdtemp(prefix="encrier-bench-"))
    )
    conftest.point_at(zone.current().settings)
    conftest.bring_up(zone.current().settings)
    division = laid.validated_class(30)
    watcher = laid.staff("watcher", "supervisor", school=division.school)
    session = a_session(division.pupils.all(), supervisors=[watcher])
    now = clock.now()
    minute = int(now.timestamp() // 60)
    progress.keep(
        SittingProgress(slip.sid, "started", percent=40, unsent=0, last_minute=minute)
        for slip in slips_of(division)
    )
    return laid.client(watcher), session.id


def page(figures: Figures) -> str:
    """The section of the performance page."""
    today = datetime.now(tz=UTC).date()
    missing = f"{figures['unplaced']:.0f} places missing"
    return f"""{HEADING}

`python bench/rooms_plan.py --write`, {today}, {platform.machine()}, 2 processors, SQLite.

| what | goal | measured |
|---|---|---|
| plan of 30 classes in 8 rooms, {figures["sessions"]:.0f} sessions, s | 2 | {figures["plan_s"]} |
| too few rooms: {missing}, remedies tried, s | 2 | {figures["tight_s"]} |
| board of 30 pupils with names, ms of the server | 150 | {figures["board_ms"]} |
| what that page asks for every ten seconds, ms | 150 | {figures["states_ms"]} |
| the projector's page, ms | 150 | {figures["wall_ms"]} |

Two sequences on other days, headsets and lines counted, extra time for one pupil in eleven.
Medians of {RUNS}; a board is asked for through Django, without a network.
"""


def main() -> None:
    """Measure, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    options = parser.parse_args()
    figures = plans() | boards()
    print(json.dumps(figures) if options.json else page(figures))
    if options.write:
        performance_page.put(page(figures))


if __name__ == "__main__":
    main()
