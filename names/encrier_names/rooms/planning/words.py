# SPDX-License-Identifier: AGPL-3.0-or-later
"""Days, hours and counts in the sentences of a plan. Pure, and needs no Django."""

from datetime import date
from typing import Final

DAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
SPACE: Final = "\u00a0"


def a_day(day: date) -> str:
    """« mardi 8 septembre »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{DAYS[day.weekday()]} {number}{SPACE}{_MONTHS[day.month - 1]}"


def an_hour(minute: int) -> str:
    """« 8 h 05 »."""
    return f"{minute // 60}{SPACE}h{SPACE}{minute % 60:02}"


def a_second(second: int) -> str:
    """« 8 h 10 min 35 s », from midnight."""
    return f"{an_hour(second // 60)}{SPACE}min{SPACE}{second % 60:02}{SPACE}s"


def counted(n: int, one: str, many: str) -> str:
    """« 12 élèves »; French counts 0 and 1 alike."""
    return f"{n}{SPACE}{one if n < 2 else many}"  # noqa: PLR2004 the plural begins at two
