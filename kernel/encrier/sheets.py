# SPDX-License-Identifier: AGPL-3.0-or-later
"""The answer sheet: what is inside an envelope. Docs: docs/spec/answer-sheet.md.

The sheet is the cumulative state: every answer so far, so that any single last envelope is
the whole truth. Where it is read (results only) it is hostile input: every size has a cap.
"""

import re
from typing import Annotated, Final, Literal

from msgspec import Meta

from encrier.records import Record

Text = Annotated[str, Meta(max_length=41_000)]  # a file of 30 kB, as a data address
Identifier = Annotated[str, Meta(min_length=1, max_length=128)]
Count = Annotated[int, Meta(ge=0, le=2**40)]
StreamHex = Annotated[str, Meta(min_length=16, max_length=16)]  # of hex digits: see AnswerSheet
Stamp = tuple[Annotated[int, Meta(ge=0, le=255)], Count, StreamHex]  # epoch, event, stream
Responses = dict[Identifier, Annotated[list[Text], Meta(max_length=200)]]
# What a teacher notes of a paper item beside or in place of an answer; docs/spec/keying.md.
Mark = Literal["blank", "open", "adapted", "unfit", "absent", "exempt", "left"]
NOT_GIVEN: Final[frozenset[Mark | None]] = frozenset({"unfit", "absent", "exempt", "left"})
_STREAM: Final = re.compile("[0-9a-f]{16}")
_NOTES: Final = (".struck", ".hesitated")  # after a response's name: kept beside it, no answer


class ItemAnswer(Record, frozen=True, omit_defaults=True):
    """A pupil's answer to one item; the highest stamp wins when devices disagree."""

    r: Annotated[Responses, Meta(max_length=40)]  # response identifier -> values, QTI lexical form
    t_ms: Count  # time spent on the item, all visits
    n: Count  # number of times the answer changed
    stamp: Stamp
    mark: Mark | None = None  # of a keyed item; None: as answered

    @property
    def answer(self) -> Responses:
        """What is scored: nothing where the mark leaves no answer, and never a note beside one."""
        if self.mark not in {None, "adapted"}:
            return {}
        for name in self.r:
            if name.endswith(_NOTES):
                return {n: values for n, values in self.r.items() if not n.endswith(_NOTES)}
        return self.r  # nearly always

    @property
    def is_said(self) -> bool:
        """Whether nothing more is awaited of this item: an answer, or a mark that closes it."""
        if self.mark:
            return self.mark != "open"
        return any(value for values in self.answer.values() for value in values)


class Event(Record, frozen=True):
    """Something that happened to the sitting; never what was answered."""

    kind: Literal["sign-in", "reload", "offline", "online", "pause", "resume", "time-up", "finish"]
    stamp: Stamp


class Course(Record, frozen=True):
    """Where the pupil is in the test; the highest stamp wins, of each time the longest."""

    at: Annotated[str, Meta(max_length=128)]  # name of the item shown; "" before the first
    flags: Annotated[list[Identifier], Meta(max_length=400)]  # items to look at again
    spent: Annotated[dict[Annotated[str, Meta(max_length=128)], Count], Meta(max_length=1_000)]
    stamp: Stamp


Setting = Annotated[str, Meta(max_length=64)]  # "name:value"
SettingList = Annotated[list[Setting], Meta(max_length=100)]


class Supports(Record, frozen=True):
    """Settings of the page: designated beforehand, offered by the player, used at some time."""

    designated: SettingList
    available: SettingList
    used: SettingList
    now: Annotated[dict[Setting, Setting], Meta(max_length=50)]  # those in force, by name
    stamp: Stamp


class AnswerSheet(Record, frozen=True):
    """All that one sitting holds so far."""

    v: Literal[1]
    bundle: Annotated[str, Meta(pattern="^[0-9a-f]{16}$")]
    items: Annotated[dict[Identifier, ItemAnswer], Meta(max_length=400)]
    events: Annotated[list[Event], Meta(max_length=1000)]
    test: Course | None = None
    supports: Supports | None = None

    def __post_init__(self) -> None:
        """Refuse a stream that is not hexadecimal; raises ValueError, which a decoder refuses.

        A pattern in each stamp took a third of the time of reading a sheet of 60 answers, whose
        streams are those of one or two devices.
        """
        streams = {answer.stamp[2] for answer in self.items.values()}
        streams.update(event.stamp[2] for event in self.events)
        streams.update(part.stamp[2] for part in (self.test, self.supports) if part is not None)
        if not all(map(_STREAM.fullmatch, streams)):
            raise ValueError("A stream is 16 hexadecimal digits.")
