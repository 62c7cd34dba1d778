# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a head is told when not everybody fits, and how a line is counted. Pure: no store."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest

from encrier_names.rooms.planning.bandwidth import begin_second, seconds_for, starts_at_once
from encrier_names.rooms.planning.problem import (
    HALVES,
    Group,
    Moment,
    Problem,
    Rules,
    Sitter,
    Space,
    length_min,
)
from encrier_names.rooms.planning.proposal import propose
from encrier_names.rooms.planning.remedies import explained
from encrier_names.rooms.planning.words import a_day, an_hour

TUESDAY = date(2026, 9, 8)


def a_tuesday(n_pupils: int, **changes: Any) -> Problem:
    """One class, one room of 12 seats, one slot on a Tuesday morning."""
    pupils = tuple(Sitter(UUID(int=n + 1)) for n in range(n_pupils))
    room = Space(UUID(int=900), "Info 1", 12, 12, halves=HALVES)
    rules = Rules(morning=(8 * 60, 9 * 60), afternoon=(14 * 60, 14 * 60 + 30))
    opens, closes = Moment(TUESDAY, 0), Moment(TUESDAY, 17 * 60)
    problem = Problem(rules, (room,), (Group(UUID(int=800), "6B", pupils),), opens, closes)
    return msgspec.structs.replace(problem, **changes)


def told(problem: Problem) -> str:
    return " ".join(explained(problem, propose(problem))).replace("\u00a0", " ")


def test_it_says_how_many_places_are_missing_and_when() -> None:
    said = told(a_tuesday(24))
    assert said.startswith("Il manque 12 places le mardi 8 septembre : 6B (12 élèves).")


def test_one_more_day_that_would_do_is_named() -> None:
    assert "Un jour de plus à la fin de la période suffirait." in told(a_tuesday(24))


def test_a_remedy_that_would_not_do_is_not_named() -> None:
    """A class is never in two rooms at once: another room gives no place on one slot."""
    assert "Une salle de plus" not in told(a_tuesday(24))


def test_one_more_room_that_would_do_is_named() -> None:
    problem = a_tuesday(12)
    other = Group(UUID(int=801), "6C", tuple(Sitter(UUID(int=n + 100)) for n in range(12)))
    two = msgspec.structs.replace(problem, groups=(*problem.groups, other))
    assert "Une salle de plus, comme Info 1 (12 places), suffirait." in told(two)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"spaces": ()}, "Aucune salle n’est décrite"),
        ({"spaces": (Space(UUID(int=1), "CDI", 20, 0),)}, "Aucune salle n’a de casque"),
        ({"rules": Rules(halves=("1m",))}, "Aucune demi-journée n’est ouverte"),
        (
            {"rules": Rules(morning=(480, 520), afternoon=(840, 880))},
            "Aucune demi-journée n’est assez longue pour 60 minutes",
        ),
    ],
)
def test_what_no_room_or_day_would_change_is_said_first(changes: dict[str, Any], said: str) -> None:
    assert said in told(a_tuesday(3, **changes))


def test_headsets_that_are_missing_are_counted() -> None:
    room = Space(UUID(int=900), "Info 1", 24, 12)
    assert "Ajouter 12 casques, un par place, suffirait." in told(a_tuesday(24, spaces=(room,)))


def test_a_thin_line_lets_fewer_begin_at_once() -> None:
    assert starts_at_once(0.0, 400) is None
    assert starts_at_once(1.0, 400) == 45
    assert starts_at_once(0.2, 400) == 9
    assert round(seconds_for(30, 8.0, 400)) == 15


def test_rooms_that_share_a_line_begin_one_after_the_other() -> None:
    rules = Rules(line_mbits=8.0)
    first = begin_second(rules, 480, n_before=0, salt=0)
    assert first == 8 * 3600 + 7 * 60
    assert begin_second(rules, 480, n_before=30, salt=0) == first + 15
    assert begin_second(rules, 480, n_before=10_000, salt=0) < 8 * 3600 + 10 * 60


def test_schools_do_not_all_begin_in_the_same_second() -> None:
    assert len({begin_second(Rules(), 480, n_before=0, salt=n) for n in range(60)}) == 12


def test_no_more_rooms_at_once_than_people_to_watch_them() -> None:
    groups = tuple(
        Group(UUID(int=800 + c), f"6{c}", tuple(Sitter(UUID(int=100 * c + n)) for n in range(5)))
        for c in range(4)
    )
    rooms = tuple(Space(UUID(int=900 + n), f"Info {n}", 12, 12) for n in range(4))
    rules = Rules(at_once=2)
    slots = propose(a_tuesday(0, groups=groups, spaces=rooms, rules=rules)).slots
    assert len(slots) == 4
    for slot in slots:
        assert sum(slot.overlaps(other) for other in slots) <= 2  # itself among them


def test_extra_time_is_added_and_rounded_up_to_five_minutes() -> None:
    assert length_min(Rules(), []) == 60
    assert length_min(Rules(), [0, 33]) == 80
    assert length_min(Rules(), [100]) == 110


def test_days_and_hours_are_written_as_in_french() -> None:
    assert a_day(date(2026, 9, 1)) == "mardi 1er\u00a0septembre"
    assert a_day(TUESDAY) == "mardi 8\u00a0septembre"
    assert an_hour(485) == "8\u00a0h\u00a005"
