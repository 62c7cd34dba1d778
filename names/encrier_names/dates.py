# SPDX-License-Identifier: AGPL-3.0-or-later
"""Days and hours as French writes them, on pages and on paper, by the clocks of Paris.

« 1er octobre 2026 », « 7 h 05 », with spaces that no line is broken at. Pure; knows no pupil.
"""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.template import Library
from django.utils.formats import date_format

register: Final = Library()
_PARIS: Final = ZoneInfo("Europe/Paris")
_SPACE: Final = "\u00a0"


@register.filter
def day(moment: date | datetime) -> str:
    """Give the day: « 1er octobre 2026 »."""
    local = _local(moment)
    number = "1er" if local.day == 1 else str(local.day)
    return f"{number}{_SPACE}{date_format(local, 'F Y')}"


@register.filter
def hour(moment: datetime) -> str:
    """Give the hour: « 7 h 05 »."""
    return f"{moment.astimezone(_PARIS):%-H{_SPACE}h{_SPACE}%M}"


@register.filter
def second(moment: datetime) -> str:
    """Give the hour to the second: « 8 h 10 min 35 s »."""
    return f"{hour(moment)}{moment.astimezone(_PARIS):{_SPACE}min{_SPACE}%S{_SPACE}s}"


def last_day(end: datetime) -> str:
    """Give the last day before a moment: what ends at midnight ends the day before."""
    return day(end - timedelta(seconds=1))


def _local(moment: date | datetime) -> date:
    return moment.astimezone(_PARIS).date() if isinstance(moment, datetime) else moment
