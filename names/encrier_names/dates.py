# SPDX-License-Identifier: AGPL-3.0-or-later
"""Days and hours as the language of the page writes them, by the clock of who reads.

The clock is Django's current time zone: `rights.for_staff` sets that of the reader's school.
« 1er octobre 2026 », « 7 h 05 »; “1 October 2026”, “7:05”; with spaces that no line is broken at.
Pure but for language and clock; knows no pupil.
"""

from datetime import date, datetime, timedelta
from typing import Final

from django.template import Library
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

register: Final = Library()
_SPACE: Final = "\u00a0"


@register.filter
def day(moment: date | datetime) -> str:
    """Give the day: « 1er octobre 2026 », “1 October 2026”."""
    local = _local(moment)
    number = "1er" if local.day == 1 and not _in_english() else str(local.day)
    return f"{number}{_SPACE}{date_format(local, 'F Y')}"


@register.filter
def hour(moment: datetime) -> str:
    """Give the hour: « 7 h 05 », “7:05”."""
    local = timezone.localtime(moment)
    if _in_english():
        return f"{local:%-H:%M}"
    return f"{local:%-H{_SPACE}h{_SPACE}%M}"


@register.filter
def spaced(number: int) -> str:
    """Give a whole number: « 830 000 », “830,000”."""
    written = f"{number:,}"
    return written if _in_english() else written.replace(",", "\u202f")


@register.filter
def second(moment: datetime) -> str:
    """Give the hour to the second: « 8 h 10 min 35 s », “8:10:35”."""
    local = timezone.localtime(moment)
    if _in_english():
        return f"{local:%-H:%M:%S}"
    return f"{hour(moment)}{local:{_SPACE}min{_SPACE}%S{_SPACE}s}"


def last_day(end: datetime) -> str:
    """Give the last day before a moment: what ends at midnight ends the day before."""
    return day(end - timedelta(seconds=1))


def _local(moment: date | datetime) -> date:
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment


def _in_english() -> bool:
    return get_language() == "en"
