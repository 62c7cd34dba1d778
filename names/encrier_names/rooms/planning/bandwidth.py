# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a start takes of a line, and the second at which each room begins. Pure.

Pupils of a country who all press at nine o'clock sharp meet at the same machines; those of a
school, on the same line. Each school begins at a moment of its own, each room after the one
before, within the last three minutes of the preparation.

While pupils write, a save is under 2 kB every 20 s: 25 kbit/s for a room of 30, not counted.
"""

from typing import Final

from encrier_names.rooms.planning.problem import Rules

START_BUDGET_S: Final = 180  # in which every computer of a room, or of a school, must have begun
_USABLE: Final = 0.8  # of what a line is sold as
_ROUNDED_S: Final = 5
_SPREAD_S: Final = 60  # between schools


def starts_at_once(line_mbits: float, start_kb: int) -> int | None:
    """How many computers a line lets begin within the budget; None where it is not known."""
    if line_mbits <= 0:
        return None
    return int(START_BUDGET_S * line_mbits * _USABLE * 1_000_000 / (start_kb * 8_000))


def seconds_for(n_pupils: int, line_mbits: float, start_kb: int) -> float:
    """How long a line carries so many starts; 0 where it is not known."""
    return n_pupils * start_kb * 8_000 / (line_mbits * _USABLE * 1_000_000) if line_mbits else 0.0


def begin_second(rules: Rules, start: int, *, n_before: int, salt: int) -> int:
    """The second of the day at which the pupils of a session press « Commencer ».

    n_before: pupils of the school's other rooms who begin in the same minute and come first.
    salt: any number of the school that means nothing.
    """
    after = salt % _SPREAD_S + seconds_for(n_before, rules.line_mbits, rules.start_kb)
    if n_before and not rules.line_mbits:
        after += n_before  # a second each
    within = min(after, START_BUDGET_S - _ROUNDED_S)
    earliest = start * 60 + max(0, rules.preparation_min * 60 - START_BUDGET_S)
    return earliest + int(within // _ROUNDED_S) * _ROUNDED_S
