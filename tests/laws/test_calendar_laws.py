# SPDX-License-Identifier: AGPL-3.0-or-later
"""A calendar file says what was put in it, to a reader written from RFC 5545 alone."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from encrier_names.rooms.planning.calendar_file import Event, calendar

PARIS = ZoneInfo("Europe/Paris")
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=120)
LINES = st.lists(TEXT, max_size=3).map("\n".join)
STARTS = st.datetimes(datetime(2026, 9, 1), datetime(2026, 12, 20))  # noqa: DTZ001 given a zone below
UNESCAPED = {"\\": "\\", ";": ";", ",": ",", "n": "\n", "N": "\n"}


@st.composite
def events(draw: st.DrawFn) -> Event:
    starts = draw(STARTS).replace(microsecond=0, tzinfo=PARIS)
    return Event(
        uid=str(draw(st.uuids())),
        starts_at=starts,
        ends_at=starts + timedelta(minutes=draw(st.integers(1, 240))),
        summary=draw(TEXT),
        location=draw(TEXT),
        description=draw(LINES),
        changed_at=draw(STARTS).replace(microsecond=0, tzinfo=UTC),
        revision=draw(st.integers(0, 1000)),
    )


def read(content: bytes) -> list[dict[str, str]]:
    """The events of a calendar: property -> value, unescaped; parameters kept in the name."""
    unfolded = re.sub(rb"\r\n[ \t]", b"", content).decode("utf-8")
    found: list[dict[str, str]] = []
    for line in unfolded.split("\r\n"):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and name not in {"BEGIN", "END", ""}:
            found[-1][name] = re.sub(r"\\(.)", lambda m: UNESCAPED[m[1]], value)
    return found


def moment(written: str, zone: ZoneInfo) -> datetime:
    return datetime.strptime(written, "%Y%m%dT%H%M%S").replace(tzinfo=zone)


@given(TEXT, st.lists(events(), max_size=4))
def test_a_reader_finds_what_was_written(name: str, given_events: list[Event]) -> None:
    found = read(calendar(name, given_events))
    assert len(found) == len(given_events)
    for fields, event in zip(found, given_events, strict=True):
        assert fields["UID"] == event.uid
        assert fields["SUMMARY"] == event.summary
        assert fields["LOCATION"] == event.location
        assert fields["DESCRIPTION"] == event.description
        assert int(fields["SEQUENCE"]) == event.revision
        assert moment(fields["DTSTART;TZID=Europe/Paris"], PARIS) == event.starts_at
        assert moment(fields["DTEND;TZID=Europe/Paris"], PARIS) == event.ends_at
        assert fields["DTSTAMP"] == f"{event.changed_at:%Y%m%dT%H%M%SZ}"


@given(TEXT, st.lists(events(), max_size=2))
def test_no_line_is_longer_than_the_rule_and_none_cuts_a_character(
    name: str, given_events: list[Event]
) -> None:
    content = calendar(name, given_events)
    assert content.endswith(b"\r\n")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_the_hours_of_paris_are_written_out() -> None:
    content = calendar("Planning", [])
    for part in (b"BEGIN:VTIMEZONE", b"TZID:Europe/Paris", b"BYMONTH=3;BYDAY=-1SU", b"+0200"):
        assert part in content
