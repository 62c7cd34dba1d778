# SPDX-License-Identifier: AGPL-3.0-or-later
"""A plan as a calendar file (RFC 5545), which any calendar reads. Pure; names no pupil.

Hours of Paris are written with their time zone, so that 8 h stays 8 h wherever the file is read;
those of other clocks in UTC, which every calendar shows as its own;
an event keeps its UID from one plan to the next, so that a new file moves it and adds no other.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from encrier.records import Record

_LINE: Final = 75  # octets a line, CRLF not counted; RFC 5545, 3.1
_ZONE: Final = "Europe/Paris"
_TIMEZONE: Final = (
    "BEGIN:VTIMEZONE",
    f"TZID:{_ZONE}",
    "BEGIN:DAYLIGHT",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "TZNAME:CEST",
    "DTSTART:19810329T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "TZNAME:CET",
    "DTSTART:19961027T030000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "END:STANDARD",
    "END:VTIMEZONE",
)


class Event(Record, frozen=True):
    """One session in the calendar. starts_at, ends_at: in the time zone of the school."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    description: str
    changed_at: datetime
    revision: int


def calendar(name: str, events: Iterable[Event]) -> bytes:
    """The file: CRLF, folded lines, UTF-8."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//encrier//planning//FR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
        *_TIMEZONE,
        *(line for event in events for line in _lines(event)),
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _lines(event: Event) -> Iterable[str]:
    return (
        "BEGIN:VEVENT",
        f"UID:{_escaped(event.uid)}",
        f"DTSTAMP:{event.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{event.revision}",
        f"DTSTART{_moment(event.starts_at)}",
        f"DTEND{_moment(event.ends_at)}",
        f"SUMMARY:{_escaped(event.summary)}",
        f"LOCATION:{_escaped(event.location)}",
        f"DESCRIPTION:{_escaped(event.description)}",
        "END:VEVENT",
    )


def _moment(at: datetime) -> str:
    if getattr(at.tzinfo, "key", None) == _ZONE:
        return f";TZID={_ZONE}:{at:%Y%m%dT%H%M%S}"
    return f":{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """A text value: RFC 5545, 3.3.11. Other controls have no place in one and are dropped."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in plain if c == "\n" or not (ord(c) < 32 or ord(c) == 127))  # noqa: PLR2004 ASCII controls
    for raw, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        kept = kept.replace(raw, written)
    return kept


def _folded(line: str) -> bytes:
    """The line in pieces of 75 octets at most, none of which cuts a character."""
    pieces, piece = [], b""
    for character in line:
        octets = character.encode("utf-8", "replace")
        if len(piece) + len(octets) > _LINE:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
