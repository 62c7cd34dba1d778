# SPDX-License-Identifier: AGPL-3.0-or-later
"""Connections that drip, die half-way or come back all at once: the others are served."""

import asyncio
import contextlib
import resource
import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest

from encrier import uploads
from stagecraft.crowd import Browser, browsers, n_lost, save_until
from stagecraft.node import pause

HEAD_S = 1.0
HURRIED = f"""
import granian
import pytest
from granian.http import HTTP1Settings
from encrier_answers import app
app.BODY_DEADLINE_S = {HEAD_S}
made = granian.Granian.__init__
def hurried(self, *words, **options):
    given = HTTP1Settings(header_read_timeout={int(HEAD_S * 1000)})
    made(self, *words, **options | {{"http1_settings": given}})
granian.Granian.__init__ = hurried
"""
MANIFEST = b"GET /v1/manifest HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(autouse=True, scope="module")
def _many_lines() -> None:
    """A line is an open file at both ends."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _line(server: Any, held: ExitStack) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    return held.enter_context(line)


def _is_shut(line: socket.socket) -> bool:
    """Whether the server has hung up, whatever it said before."""
    line.setblocking(False)
    try:
        while line.recv(65536):
            pass
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True
    return True


def _all_shut(lines: list[socket.socket], within_s: float) -> bool:
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        lines = [line for line in lines if not _is_shut(line)]
        if not lines:
            return True
        pause(0.05)
    return False


def test_heads_that_drip_hold_up_nobody_and_are_given_up(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    with serve(new_campaign, before=HURRIED) as server, ExitStack() as held:
        pupil = server.new_pupil()
        dripping = [_line(server, held) for _ in range(300)]
        began, waits_s = time.monotonic(), []
        for seq, byte in enumerate(b"POST /v1"):
            for line in dripping:
                with contextlib.suppress(OSError):  # given up already
                    line.send(bytes([byte]))
            asked = time.monotonic()
            assert server.save(pupil, new_campaign.envelope(pupil, seq=seq)).status == 200
            waits_s.append(time.monotonic() - asked)
            pause(HEAD_S / 4)
        assert max(waits_s) < 2
        assert time.monotonic() - began > HEAD_S
        assert _all_shut(dripping, within_s=5 * HEAD_S)


def test_half_open_lines_are_given_up_and_what_they_sent_is_kept(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    """Browsers that are gone and never said so: before a head, in a body, after a save."""
    with serve(new_campaign, before=HURRIED) as server, ExitStack() as held:
        pupil = server.new_pupil()
        envelope = new_campaign.envelope(pupil)
        body = uploads.pack_save(uploads.Save(pupil.auth, 0, envelope, b"box"))
        head = f"POST /v1/save HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        sent = (b"", head.encode(), head.encode() + body[:99], head.encode() + body, MANIFEST)
        gone = [_line(server, held) for _ in sent for _ in range(20)]
        for rank, line in enumerate(gone):
            line.sendall(sent[rank % len(sent)])
        assert server.get("/v1/manifest").status == 200
        assert _all_shut(gone, within_s=10 * HEAD_S)
        assert server.save(pupil, envelope).status == 200
        assert [save.envelope for save in server.drain()] == [envelope]


def test_fifteen_hundred_idle_browsers_keep_nobody_out(server: Any) -> None:
    """More than granian's own limit, at which the next browser waited for ever and without a word.

    docs/performance.md; performance trap 1.
    """
    pupil = server.new_pupil()
    with ExitStack() as held:
        idle = [_line(server, held) for _ in range(1500)]
        for line in idle:
            line.sendall(MANIFEST)
        for line in idle:
            assert line.recv(12) == b"HTTP/1.1 200"
        asked = time.monotonic()
        assert server.save(pupil, server.campaign.envelope(pupil)).status == 200
        assert time.monotonic() - asked < 5
        assert not any(_is_shut(line) for line in idle)


def test_a_shell_that_allows_few_open_files_keeps_nobody_out(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    """Granian raises the limit of its process as far as the system lets it, or this fails."""
    few = """
import resource
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (128, most))
"""
    with serve(new_campaign, before=few) as server, ExitStack() as held:
        for line in [_line(server, held) for _ in range(300)]:
            line.sendall(MANIFEST)
            assert line.recv(12) == b"HTTP/1.1 200"
        pupil = server.new_pupil()
        assert server.save(pupil, new_campaign.envelope(pupil)).status == 200


def test_a_storm_of_restarts_sends_nobody_away(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    """Three kills under 300 browsers with open lines: all come back in seconds, none is refused."""
    over, takes_s = threading.Event(), []
    with serve(new_campaign) as first:
        crowd, port = browsers(first, 300), first.port
        storm = threading.Thread(
            target=lambda: asyncio.run(save_until(crowd, port, lambda _: over.is_set()))
        )
        storm.start()
        _until_all_save_once_more(crowd)
        first.kill()
        for turn in range(3):
            again = serve(new_campaign, port=str(port))
            again.port = port
            with again:
                takes_s.append(_until_all_save_once_more(crowd))
                if turn < 2:
                    again.kill()
                    continue
                over.set()
                storm.join(20)
                assert n_lost(again, crowd) == 0
    assert max(takes_s) < 10
    assert {status for browser in crowd for status in browser.statuses} == {200}
    assert all(browser.n_cut for browser in crowd)


def _until_all_save_once_more(crowd: list[Browser]) -> float:
    """How many seconds it took until each browser had a receipt that it had not had."""
    began, before = time.monotonic(), [browser.seq for browser in crowd]
    while any(b.seq == seq for b, seq in zip(crowd, before, strict=True)):
        assert time.monotonic() - began < 30
        pause(0.02)
    return time.monotonic() - began
