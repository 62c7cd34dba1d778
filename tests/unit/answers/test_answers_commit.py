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
from encrier_answers.commit import Committer, StoreSilent
from encrier_answers.sittings import Verdict
from encrier_answers.store import Arrival, Outcome, SignInMark, StoreFull


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


def _arrival(campaign: Any, n: int = 0) -> Arrival:
    header = campaign.header(campaign.pupil())
    return Arrival(header, b"e", b"h" * 32, b"receipt %d" % n, 0, b"", 1)


async def _one_turn() -> None:
    """Let the tasks just made begin."""
    turn = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(turn.set_result, None)
    await turn


def test_those_who_arrive_during_a_commit_form_the_next_batch(campaign: Any) -> None:
    disk = Disk()

    async def act() -> list[Outcome]:
        committer = Committer(disk, asyncio.get_running_loop())
        disk.free.clear()
        first = asyncio.create_task(committer.put(_arrival(campaign)))
        await asyncio.to_thread(disk.begun.wait, 10)
        others = [asyncio.create_task(committer.put(_arrival(campaign, n))) for n in range(1, 51)]
        await _one_turn()  # each has put itself in the queue
        disk.free.set()
        outcomes = await asyncio.gather(first, *others)
        await asyncio.to_thread(committer.close)
        return outcomes

    outcomes = asyncio.run(act())
    assert disk.batches == [1, 50]
    assert [o.receipt for o in outcomes] == [b"receipt %d" % n for n in range(51)]


def test_a_full_disk_is_told_to_all_who_wait_and_the_writer_lives(campaign: Any) -> None:
    disk = Disk()

    async def act() -> Outcome:
        committer = Committer(disk, asyncio.get_running_loop())
        disk.full = True
        with pytest.raises(StoreSilent):
            await committer.put(_arrival(campaign))
        disk.full = False
        outcome = await committer.put(_arrival(campaign))
        await asyncio.to_thread(committer.close)
        return outcome

    assert asyncio.run(act()).verdict is Verdict.KEEP


def test_a_silent_disk_is_told_after_the_deadline(
    campaign: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commit, "DEADLINE_S", 0.05)
    disk = Disk()

    async def act() -> None:
        committer = Committer(disk, asyncio.get_running_loop())
        disk.free.clear()
        with pytest.raises(StoreSilent):
            await committer.put(_arrival(campaign))
        disk.free.set()
        await asyncio.to_thread(committer.close)

    asyncio.run(act())
    assert disk.batches == [1]  # kept after all; sent again it gets the same receipt


def test_a_queue_too_long_refuses_at_once(campaign: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit, "MAX_WAITING", 2)
    disk = Disk()

    async def act() -> list[Any]:
        committer = Committer(disk, asyncio.get_running_loop())
        disk.free.clear()
        first = asyncio.create_task(committer.put(_arrival(campaign)))
        await asyncio.to_thread(disk.begun.wait, 10)
        others = [asyncio.create_task(committer.put(_arrival(campaign))) for _ in range(5)]
        await _one_turn()
        committer.note(SignInMark(campaign.pupil().sid, 1))  # forgotten, nobody waits for it
        disk.free.set()
        got = await asyncio.gather(first, *others, return_exceptions=True)
        await asyncio.to_thread(committer.close)
        return got

    got = asyncio.run(act())
    assert [isinstance(g, StoreSilent) for g in got] == [False] * 3 + [True] * 3
    assert disk.batches == [1, 2]


def test_what_else_the_writer_does_gives_its_result() -> None:
    async def act() -> int:
        committer = Committer(Disk(), asyncio.get_running_loop())
        got = await committer.run(lambda: 42, deadline_s=10)
        await asyncio.to_thread(committer.close)
        return got

    assert asyncio.run(act()) == 42


def test_closing_commits_what_waits(campaign: Any) -> None:
    disk = Disk()

    async def act() -> Outcome:
        committer = Committer(disk, asyncio.get_running_loop())
        waiting = asyncio.create_task(committer.put(_arrival(campaign)))
        await _one_turn()
        await asyncio.to_thread(committer.close)
        return await waiting

    assert asyncio.run(act()).verdict is Verdict.KEEP


def test_a_writer_that_dies_ends_its_process_and_says_only_the_kind() -> None:
    dying = """
import asyncio
from encrier_answers.commit import Committer
from encrier_answers.store import SignInMark
class Broken:
    def put_batch(self, batch):
        raise OSError("canary")
async def act():
    committer = Committer(Broken(), asyncio.get_running_loop())
    committer.note(SignInMark(b"s" * 16, 1))
    await asyncio.Event().wait()
asyncio.run(act())
"""
    ended = subprocess.run(
        [sys.executable, "-c", dying], capture_output=True, timeout=30, check=False
    )
    assert ended.returncode == commit.EXIT_WRITER_DEAD
    assert ended.stderr == b"event=writer-dead kind=OSError\n"
