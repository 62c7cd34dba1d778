# SPDX-License-Identifier: AGPL-3.0-or-later
"""A worker's line to the keeper: what leaves together, who is told, who has waited too long."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from encrier.ids import SittingId
from encrier_answers import line as lines
from encrier_answers.frames import Found, Last, Message, News, Outcomes, Put, Reading, written
from encrier_answers.line import Line
from encrier_answers.sittings import Progress, Sitting, Verdict
from encrier_answers.store import (
    ListMark,
    Outcome,
    SignInMark,
    StoreSilent,
    Taken,
    TakenList,
)

T = TypeVar("T")
NOTHING_KNOWN = News(TakenList(ListMark(-1, b"", 0), [], {}))


class Keeper(asyncio.Protocol):
    """The other end: notes what it is asked, and answers as it is told to."""

    def __init__(self, answers: Callable[[Message], Iterator[Message]]) -> None:
        self.answers, self.asked = answers, list[Message]()
        self._reading = Reading()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(written(NOTHING_KNOWN))

    def data_received(self, content: bytes) -> None:
        for message in self._reading.feed(content):
            self.asked.append(message)
            for answer in self.answers(message):
                self.transport.write(written(answer))


def spoken(
    answers: Callable[[Message], Iterator[Message]], act: Callable[[Line], Awaitable[T]]
) -> tuple[T, list[Message]]:
    """What comes of an act on a line to such a keeper, and what the keeper was asked."""

    async def run() -> T:
        loop = asyncio.get_running_loop()
        with tempfile.TemporaryDirectory() as folder:
            address = Path(folder) / "keeper"
            server = await loop.create_unix_server(lambda: keeper, str(address))
            line = Line(loop, lambda _: None)
            await asyncio.to_thread(line.open, address)
            try:
                return await act(line)
            finally:
                line.close()
                server.close()

    keeper = Keeper(answers)
    return asyncio.run(run()), keeper.asked


def taken(campaign: Any, n: int) -> Taken:
    return Taken(campaign.header(campaign.pupil()), b"e", b"said %d" % n, n, b"", 1)


def kept(message: Message) -> Iterator[Message]:
    assert isinstance(message, Put)
    yield Outcomes(message.n, [Outcome(Verdict.KEEP, b"for " + e[1]) for e in message.entries])


def nothing(_message: Message) -> Iterator[Message]:
    yield from ()


def test_saves_that_arrive_together_leave_together_and_each_gets_its_own(campaign: Any) -> None:
    async def act(line: Line) -> list[Outcome]:
        line.note(SignInMark(SittingId(b"s" * 16), 7))
        return await asyncio.gather(*(line.put(taken(campaign, n)) for n in range(20)))

    outcomes, (asked,) = spoken(kept, act)
    assert [o.receipt for o in outcomes] == [b"for said %d" % n for n in range(20)]
    assert isinstance(asked, Put)
    assert [entry[2] for entry in asked.entries] == list(range(20))
    assert asked.marks == [(b"s" * 16, 7)]


def test_a_disk_that_refuses_is_told_to_each(campaign: Any) -> None:
    async def act(line: Line) -> list[Any]:
        puts = (line.put(taken(campaign, n)) for n in range(3))
        return await asyncio.gather(*puts, return_exceptions=True)

    def refused(message: Message) -> Iterator[Message]:
        assert isinstance(message, Put)
        yield Outcomes(message.n, None)

    got, _ = spoken(refused, act)
    assert [isinstance(one, StoreSilent) for one in got] == [True] * 3


def test_a_silent_keeper_is_given_up_after_the_deadline(
    campaign: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "DEADLINE_S", 0.05)
    monkeypatch.setattr(lines, "LOOK_EVERY_S", 0.01)

    async def act(line: Line) -> list[Any]:
        asked = (line.put(taken(campaign, 1)), line.last(SittingId(b"s" * 16)))
        return [*await asyncio.gather(*asked, return_exceptions=True)]

    got, _ = spoken(nothing, act)
    assert [isinstance(one, StoreSilent) for one in got] == [True, True]


def test_no_more_wait_than_the_keeper_can_take(
    campaign: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MAX_WAITING", 2)

    async def act(line: Line) -> list[Any]:
        puts = (line.put(taken(campaign, n)) for n in range(5))
        return await asyncio.gather(*puts, return_exceptions=True)

    got, (asked,) = spoken(kept, act)
    assert [isinstance(one, StoreSilent) for one in got] == [False] * 2 + [True] * 3
    assert isinstance(asked, Put)
    assert len(asked.entries) == 2


def test_where_a_sitting_stands_is_told_or_the_silence_of_the_disk() -> None:
    sitting = Sitting(SittingId(b"s" * 16), Progress.STARTED, 10, 0, 5)
    answers = iter([(sitting, False), (None, False), (None, True)])

    async def act(line: Line) -> list[Sitting | None]:
        found = [await line.last(sitting.sid), await line.last(sitting.sid)]
        with pytest.raises(StoreSilent):
            await line.last(sitting.sid)
        return found

    def told(message: Message) -> Iterator[Message]:
        assert isinstance(message, Last)
        yield Found(message.n, *next(answers))

    assert spoken(told, act)[0] == [sitting, None]


def test_a_message_is_read_however_it_is_cut() -> None:
    messages: list[Message] = [
        Last(1, b"a" * 16),
        Put(2, [(b"e", b"s", 0, b"", 1)], []),
        Last(3, b""),
    ]
    content = b"".join(map(written, messages))
    for size in (1, 2, 3, 5, 7, len(content)):
        reading = Reading()
        parts = [content[at : at + size] for at in range(0, len(content), size)]
        assert [m for part in parts for m in reading.feed(part)] == messages
