# SPDX-License-Identifier: AGPL-3.0-or-later
"""A connection of the load against a server that says what a test wants it to say."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from encrier_answers.rehearsal import client
from encrier_answers.rehearsal.client import Ask, Line

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
SAID = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nreceipt"
BUSY = b"HTTP/1.1 503 Busy\r\nretry-after: 0\r\ncontent-length: 2\r\n\r\n{}"


class Asked:
    """A request with a name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def request(self) -> bytes:
        return f"POST /{self.name} HTTP/1.1\r\n\r\n".encode()


class Heard:
    """What a connection told."""

    def __init__(self) -> None:
        self.replies: asyncio.Queue[tuple[str, int, bytes]] = asyncio.Queue()
        self.n_refused = self.n_sent = self.n_open = self.n_lost = 0

    def replied(self, ask: Ask, status: int, body: bytes) -> None:
        assert isinstance(ask, Asked)
        self.replies.put_nowait((ask.name, status, body))

    def refused(self) -> None:
        self.n_refused += 1

    def sent(self, ask: Ask) -> None:
        assert isinstance(ask, Asked)
        self.n_sent += 1

    def opened(self) -> None:
        self.n_open += 1

    def closed(self, *, by_itself: bool) -> None:
        self.n_open -= 1
        self.n_lost += by_itself


def against(talk: Talk, act: Callable[[Line, Heard], Awaitable[None]]) -> Heard:
    """Run `act` with a line whose server is `talk`."""
    talks: list[asyncio.Task[None]] = []

    async def talk_to_the_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await talk(reader, writer)
            await reader.read()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.append(asyncio.ensure_future(talk_to_the_end(reader, writer)))

    async def play() -> Heard:
        server = await asyncio.start_server(begin, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        loop, heard = asyncio.get_running_loop(), Heard()
        dialling: list[asyncio.Task[object]] = []

        def dial(line: Line) -> None:
            opening = loop.create_connection(lambda: line, "127.0.0.1", port)
            dialling.append(loop.create_task(opening))

        line = Line(loop, heard, dial)
        async with server, asyncio.timeout(10):
            await act(line, heard)
            line.close()
            await asyncio.gather(*talks)
        return heard

    return asyncio.run(play())


async def name_of(reader: asyncio.StreamReader) -> bytes:
    """The path of the next request."""
    return (await reader.readuntil(b"\r\n\r\n")).split()[1]


def test_a_reply_in_pieces_is_put_together() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await name_of(reader)
        for byte in SAID:
            writer.write(bytes([byte]))
            await writer.drain()

    async def act(line: Line, heard: Heard) -> None:
        line.put(Asked("a"))
        assert await heard.replies.get() == ("a", 200, b"receipt")

    against(talk, act)


def test_one_request_is_in_flight_and_the_others_wait_their_turn() -> None:
    came: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not reader.at_eof():
            came.append(await name_of(reader))
            assert not reader._buffer  # type: ignore[attr-defined]  # nothing came with it
            writer.write(SAID)

    async def act(line: Line, heard: Heard) -> None:
        for name in "abc":
            line.put(Asked(name))
        assert len(line.waiting()) == 3
        assert [(await heard.replies.get())[0] for _ in "abc"] == ["a", "b", "c"]

    against(talk, act)
    assert came == [b"/a", b"/b", b"/c"]


def test_a_refused_request_is_asked_again_when_the_server_said() -> None:
    replies = iter([BUSY, BUSY, SAID])

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for reply in replies:
            await name_of(reader)
            writer.write(reply)

    async def act(line: Line, heard: Heard) -> None:
        line.put(Asked("a"))
        assert await heard.replies.get() == ("a", 200, b"receipt")

    heard = against(talk, act)
    assert (heard.n_refused, heard.n_sent) == (2, 3)


def test_a_request_whose_connection_is_lost_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "FIRST_WAIT_S", 0.01)
    connections: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(await name_of(reader))
        if len(connections) > 1:
            writer.write(SAID)
        writer.close()

    async def act(line: Line, heard: Heard) -> None:
        line.put(Asked("a"))
        assert await heard.replies.get() == ("a", 200, b"receipt")

    heard = against(talk, act)
    assert connections == [b"/a", b"/a"]
    assert heard.n_lost >= 1


def test_a_cut_line_sends_nothing_until_it_is_back() -> None:
    came: asyncio.Queue[bytes] = asyncio.Queue()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await name_of(reader)
        came.put_nowait(first)
        if came.qsize() + connections[0] > 1:
            writer.write(SAID)
            await name_of(reader)
            writer.write(SAID)
        connections[0] += 1

    connections = [0]

    async def act(line: Line, heard: Heard) -> None:
        line.put(Asked("a"))
        assert await came.get() == b"/a"  # in flight, never answered
        line.cut()
        line.put(Asked("b"))
        assert (heard.n_open, heard.n_sent) == (0, 1)
        connections[0] = 1
        line.back()
        assert (await heard.replies.get())[0] == "a"
        assert (await heard.replies.get())[0] == "b"

    heard = against(talk, act)
    assert (heard.n_lost, heard.n_sent, heard.n_open) == (0, 3, 0)
