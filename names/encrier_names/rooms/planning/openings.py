# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a room can be used: the school's half-days inside the campaign's window. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from encrier.records import Record
from encrier_names.rooms.planning.problem import Minute, Problem, Rules, Space

_MIDNIGHT: Final = 24 * 60


class Opening(Record, frozen=True):
    """A half-day on which sessions may be held."""

    day: date
    half: str  # "1m"
    start: Minute
    end: Minute


def openings(problem: Problem) -> list[Opening]:
    """The half-days of the school inside the window, in order, cut where the window cuts them."""
    found = []
    for day in _days(problem.opens.day, problem.closes.day):
        if day in problem.rules.days_off:
            continue
        earliest = _whole(problem.opens.minute) if day == problem.opens.day else 0
        latest = problem.closes.minute if day == problem.closes.day else _MIDNIGHT
        for half, hours in _halves(problem.rules, day):
            start, end = max(hours[0], earliest), min(hours[1], latest)
            if half in problem.rules.halves and start < end:
                found.append(Opening(day, half, start, end))
    return found


def is_free(space: Space, opening: Opening) -> bool:
    """Whether a room is free on a half-day."""
    return opening.half in space.halves and opening.day not in space.busy


def half_of(rules: Rules, day: date, start: Minute) -> str:
    """The half-day that a minute belongs to."""
    return f"{day.isoweekday()}{'m' if start < rules.afternoon[0] else 'a'}"


def _halves(rules: Rules, day: date) -> tuple[tuple[str, tuple[Minute, Minute]], ...]:
    number = day.isoweekday()
    return (f"{number}m", rules.morning), (f"{number}a", rules.afternoon)


def _days(first: date, last: date) -> Iterator[date]:
    for after in range((last - first).days + 1):
        yield first + timedelta(days=after)


def _whole(minute: Minute) -> Minute:
    """The next whole five minutes: nobody posts « 8 h 03 » on a door."""
    return -(-minute // 5) * 5
