# SPDX-License-Identifier: AGPL-3.0-or-later
"""Group commit: who waits together is kept together, and who cannot be kept is told."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from encrier_answers import commit
from encrier_answers.commit import Committer
from encrier_answers.sittings import Verdict
from encrier_answers.store import Arrival, Outcome, SignInMark, StoreFull, Taken


class Disk:
    """A store that remembers its batches, and waits or refuses when told to."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.free, self.begun = threading.Event(), threading.Event()
        self.free.set()
        self.full = False

    def put_batch(self, batch: Sequence[Arrival | SignInMark]) -> list[Outcome]:
        self.begun.set()
        self.free.wait(10)
        self.batches.append(len(batch))
        if self.full:
            raise StoreFull
        return [Outcome(Verdict.KEEP, getattr(entry, "receipt", b"")) for entry in batch]


def _taken(campaign: Any, n: int = 0) -> Taken:
    header = campaign.header(campaign.pupil())
    return Taken(header, b"e", b"said %d" % n, 0, b"", 1)


def _sign(statements: Sequence[bytes]) -> list[bytes]:
    return [b"signed with %d: " % len(statements) + one for one in statements]


def _committer(disk: Any) -> Committer:
    return Committer(disk, asyncio.get_running_loop(), sign=_sign)


def _put(committer: Committer, *entries: Taken | SignInMark) -> asyncio.Future[Any]:
    """What is told of these entries; a refusal is a result as others are."""
    told = asyncio.get_running_loop().create_future()
    committer.put(entries, told.set_result)
    return told


def test_those_who_arrive_during_a_commit_form_the_next_batch(campaign: Any) -> None:
    disk = Disk()

    async def act() -> list[list[Outcome]]:
        committer = _committer(disk)
        disk.free.clear()
        first = _put(committer, _taken(campaign))
        await asyncio.to_thread(disk.begun.wait, 10)
        others = [_put(committer, _taken(campaign, n), _taken(campaign)) for n in range(1, 26)]
        disk.free.set()
        outcomes = await asyncio.gather(first, *others)
        await asyncio.to_thread(committer.close)
        return outcomes

    first, *others = asyncio.run(act())
    assert disk.batches == [1, 50]
    assert [o.receipt for o in first] == [b"signed with 1: said 0"]
    expected = [[b"signed with 50: said %d" % n, b"signed with 50: said 0"] for n in range(1, 26)]
    assert [[o.receipt for o in told] for told in others] == expected


def test_sign_ins_and_saves_share_a_commit_and_only_saves_are_signed(campaign: Any) -> None:
    disk = Disk()

    async def act() -> list[Outcome]:
        committer = _committer(disk)
        mark = SignInMark(campaign.pupil().sid, 1)
        told: list[Outcome] = await _put(committer, mark, _taken(campaign), mark)
        await _put(committer, mark)
        await asyncio.to_thread(committer.close)
        return told

    assert [o.receipt for o in asyncio.run(act())] == [b"", b"signed with 1: said 0", b""]
    assert disk.batches == [3, 1]


def test_a_full_disk_is_told_to_all_who_wait_and_the_writer_lives(campaign: Any) -> None:
    disk = Disk()

    async def act() -> tuple[Any, list[Outcome]]:
        committer = _committer(disk)
        disk.full = True
        refused = await _put(committer, _taken(campaign))
        disk.full = False
        outcomes = await _put(committer, _taken(campaign))
        await asyncio.to_thread(committer.close)
        return refused, outcomes

    refused, (outcome,) = asyncio.run(act())
    assert isinstance(refused, StoreFull)
    assert outcome.verdict is Verdict.KEEP


def test_what_else_the_writer_does_gives_its_result() -> None:
    def full() -> int:
        raise StoreFull

    async def act() -> int:
        committer = _committer(Disk())
        got = await committer.run(lambda: 42)
        with pytest.raises(StoreFull):
            await committer.run(full)
        await asyncio.to_thread(committer.close)
        return got

    assert asyncio.run(act()) == 42


def test_closing_commits_what_waits(campaign: Any) -> None:
    async def act() -> list[Outcome]:
        committer = _committer(Disk())
        waiting = _put(committer, _taken(campaign))
        await asyncio.to_thread(committer.close)
        outcomes: list[Outcome] = await waiting
        return outcomes

    assert asyncio.run(act())[0].verdict is Verdict.KEEP


def test_a_writer_that_dies_ends_its_process_and_says_only_the_kind() -> None:
    dying = """
import asyncio
from encrier_answers.commit import Committer
from encrier_answers.store import SignInMark
class Broken:
    def put_batch(self, batch):
        raise OSError("canary")
async def act():
    committer = Committer(Broken(), asyncio.get_running_loop(), sign=list)
    committer.put([SignInMark(b"s" * 16, 1)], print)
    await asyncio.Event().wait()
asyncio.run(act())
"""
    ended = subprocess.run(
        [sys.executable, "-c", dying], capture_output=True, timeout=30, check=False
    )
    assert ended.returncode == commit.EXIT_WRITER_DEAD
    assert ended.stderr == b"event=writer-dead kind=OSError\n"
