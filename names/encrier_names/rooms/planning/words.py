# SPDX-License-Identifier: AGPL-3.0-or-later
"""Days, hours and counts in the sentences of a plan; French, and sayable again. Pure."""

from datetime import date
from typing import Final

from encrier_names.language.said import Said, said

DAYS: Final = (
    said("lundi"), said("mardi"), said("mercredi"), said("jeudi"),
    said("vendredi"), said("samedi"), said("dimanche"),
)  # fmt: skip
_MONTHS: Final = (
    said("janvier"), said("février"), said("mars"), said("avril"), said("mai"), said("juin"),
    said("juillet"), said("août"), said("septembre"), said("octobre"), said("novembre"),
    said("décembre"),
)  # fmt: skip


def a_day(day: date) -> Said:
    """« mardi 8 septembre »."""
    weekday, month = DAYS[day.weekday()], _MONTHS[day.month - 1]
    if day.day == 1:
        return said("%(weekday)s 1er\u00a0%(month)s", weekday=weekday, month=month)
    return said("%(weekday)s %(day)s\u00a0%(month)s", weekday=weekday, day=day.day, month=month)


def an_hour(minute: int) -> Said:
    """« 8 h 05 »."""
    return said("%(hour)s\u00a0h\u00a0%(minute)s", hour=minute // 60, minute=f"{minute % 60:02}")
