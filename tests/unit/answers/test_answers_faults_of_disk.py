# SPDX-License-Identifier: AGPL-3.0-or-later
"""A disk that is slow, a log that is torn, a bit that flips: what is kept, and what is told."""

import asyncio
import random
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import apsw
import pytest

from encrier import seal
from encrier.ids import CampaignId
from encrier.secret import Secret
from encrier_answers.store import StoreRefused
from encrier_answers.store_sqlite import FILE, SqliteStore
from stagecraft.crowd import all_save, browsers, n_lost, save_until
from stagecraft.node import pause

KEY, CAMPAIGN = Secret(secrets.token_bytes(32)), CampaignId(b"c" * 16)
WAL_HEAD: Final = 32  # bytes, https://sqlite.org/fileformat2.html#walformat
FRAME: Final = 24 + 16_384
N_BATCHES: Final = 4


def _slow(commit_s: float, *, deadline_s: float, n_commits: int) -> str:
    """Python for a server whose first commits take so long."""
    return f"""
import threading
from encrier_answers import line, store_sqlite
line.LOOK_EVERY_S, line.DEADLINE_S = 0.05, {deadline_s}
put, sync, slow = store_sqlite.SqliteStore.put_batch, threading.Event(), list(range({n_commits}))
def put_slowly(self, batch):
    kept = put(self, batch)
    if slow and any(hasattr(entry, "envelope") for entry in batch):
        slow.pop()
        sync.wait({commit_s})
    return kept
store_sqlite.SqliteStore.put_batch = put_slowly
"""


def test_a_slow_disk_costs_waiting_and_not_saves_a_second(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    """100 ms a commit, shared by whoever waits: far more than 10 saves a second."""
    with serve(new_campaign, before=_slow(0.1, deadline_s=10, n_commits=10**6)) as server:
        crowd = browsers(server, 60)
        asyncio.run(all_save(crowd, server.port, times=5))
        waits_s = sorted(wait for browser in crowd for wait in browser.waits_s)
        assert n_lost(server, crowd) == 0
    assert waits_s[0] >= 0.1
    assert waits_s[int(len(waits_s) * 0.99)] < 5
    assert len(waits_s) / max(sum(browser.waits_s) for browser in crowd) > 30
    assert {status for browser in crowd for status in browser.statuses} == {200}


def test_a_disk_slower_than_the_deadline_is_told_and_loses_nothing(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    """503 at the deadline, the save is kept all the same; sent again, it gets its receipt."""
    with serve(new_campaign, before=_slow(1.0, deadline_s=0.5, n_commits=3)) as server:
        crowd = browsers(server, 20)
        asyncio.run(all_save(crowd, server.port, times=2))
        statuses = {status for browser in crowd for status in browser.statuses}
        assert n_lost(server, crowd) == 0
        assert len(server.drain()) == len(crowd)
    assert statuses == {200, 503}


def _write(folder: Path, campaign: Any) -> tuple[SqliteStore, list[int], list[set[bytes]]]:
    """A store after some batches: where each ends in the log, what is kept after it."""
    store = SqliteStore(folder, key=KEY, campaign=CAMPAIGN)
    ends, kept = [(folder / f"{FILE}-wal").stat().st_size], [set[bytes]()]
    for batch in range(N_BATCHES):
        envelopes = [bytes([batch, n]) * 1100 for n in range(3)]
        store.put_batch([campaign.arrival(envelope=envelope) for envelope in envelopes])
        ends.append((folder / f"{FILE}-wal").stat().st_size)
        kept.append(kept[-1] | set(envelopes))
    return store, ends, kept


@pytest.fixture
def written(tmp_path: Path, campaign: Any) -> Iterator[tuple[Path, list[int], list[set[bytes]]]]:
    """The folder of such a store, which is still open."""
    store, ends, kept = _write(tmp_path / "written", campaign)
    yield tmp_path / "written", ends, kept
    store.close()


def _after_a_crash(folder: Path, log: bytes, *, name: str) -> set[bytes]:
    """What a server finds that starts on these files with this log."""
    found = folder.parent / name
    found.mkdir()
    shutil.copyfile(folder / FILE, found / FILE)
    (found / f"{FILE}-wal").write_bytes(log)
    store = SqliteStore(found, key=KEY, campaign=CAMPAIGN)
    kept = {save.envelope for save in store.drain(0, at_most=999, at_most_bytes=10**9)}
    assert store.count_saves() == len(kept)
    store.close()
    shutil.rmtree(found)
    return kept


def _last_whole(ends: list[int], size: int) -> int:
    """Which batch is the last that is whole in a log of this size."""
    return max(n for n, end in enumerate(ends) if end <= size)


def test_a_log_torn_anywhere_holds_each_batch_whole_or_not_at_all(written: Any) -> None:
    """Cut at each boundary of a frame, just before and after it, and inside each."""
    folder, ends, kept = written
    log = (folder / f"{FILE}-wal").read_bytes()
    assert ends == sorted(set(ends))
    assert (len(log) - WAL_HEAD) % FRAME == 0
    boundaries = range(ends[0], len(log) + 1, FRAME)
    cuts = sorted(
        {min(len(log), b + more) for b in boundaries for more in (-1, 0, 1, 24, FRAME // 2)}
        - set(range(ends[0]))
    )
    assert len(cuts) > 4 * N_BATCHES
    for cut in cuts:
        found = _after_a_crash(folder, log[:cut], name="cut")
        assert found == kept[_last_whole(ends, cut)], cut


def test_sectors_that_a_last_commit_lost_undo_that_commit_alone(written: Any) -> None:
    """A disk writes what it was not told to sync in any order, or not at all."""
    folder, ends, kept = written
    log = (folder / f"{FILE}-wal").read_bytes()
    dice = random.Random(6)  # noqa: S311 the same sectors each time
    for _ in range(40):
        torn = bytearray(log)
        for start in range(ends[-2], ends[-1], 512):
            if dice.random() < 0.3:
                torn[start : start + 512] = bytes(512)
        assert bytes(torn) != log
        assert _after_a_crash(folder, bytes(torn), name="sectors") == kept[-2]


def test_a_bit_that_flips_in_the_log_is_detected(written: Any) -> None:
    """Nothing that is wrong is read: the log counts up to the batch before."""
    folder, ends, kept = written
    log = (folder / f"{FILE}-wal").read_bytes()
    for frame in range(ends[0], len(log), FRAME):
        for at in (frame, frame + 9, frame + 24, frame + 24 + 4000, frame + FRAME - 1):
            flipped = log[:at] + bytes([log[at] ^ 4]) + log[at + 1 :]
            found = _after_a_crash(folder, flipped, name="flipped")
            assert found == kept[_last_whole(ends, frame)], at


def test_a_bit_that_flips_in_the_file_is_never_handed_over(tmp_path: Path, campaign: Any) -> None:
    """Each page has its own code of authentication: a wrong one is refused, not read."""
    store, _, kept = _write(tmp_path, campaign)
    store.close()
    file = (tmp_path / FILE).read_bytes()
    assert not (tmp_path / f"{FILE}-wal").exists()
    n_refused = 0
    for page in range(0, len(file), 8192):
        at = page + 5000
        (tmp_path / FILE).write_bytes(file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :])
        try:
            rotten = SqliteStore(tmp_path, key=KEY, campaign=CAMPAIGN)
        except StoreRefused:
            n_refused += 1
            continue
        try:
            saves = rotten.drain(0, at_most=999, at_most_bytes=10**9)
            assert {save.envelope for save in saves} == kept[-1]  # a page without envelopes
        except apsw.Error:
            n_refused += 1
        rotten.close()
    assert n_refused >= N_BATCHES


def test_a_copy_of_the_disk_at_any_moment_holds_what_was_acknowledged_before(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    """As a power cut leaves it, while 40 browsers save."""
    folder, over = new_campaign.root / "data", threading.Event()
    copies: list[tuple[Path, set[tuple[bytes, int]]]] = []
    with serve(new_campaign) as server:
        crowd = browsers(server, 40)
        saving = threading.Thread(
            target=lambda: asyncio.run(save_until(crowd, server.port, lambda _: over.is_set()))
        )
        saving.start()
        while not all(browser.seq for browser in crowd):
            pause(0.01)
        for n in range(6):
            before = {(bytes(browser.stream), browser.seq - 1) for browser in crowd}
            copy = new_campaign.root / f"copy-{n}"
            copy.mkdir()
            for name in (FILE, f"{FILE}-wal"):  # file, then log: nothing was written back yet
                shutil.copyfile(folder / name, copy / name)
            copies.append((copy, before))
            pause(0.05)
        over.set()
        saving.join(20)
    for copy, before in copies:
        _assert_holds(new_campaign, copy, before)
    assert copies[0][1] != copies[-1][1]


def _assert_holds(campaign: Any, copy: Path, acknowledged: set[tuple[bytes, int]]) -> None:
    store = SqliteStore(copy, key=campaign.store_key, campaign=campaign.id)
    drained = store.drain(0, at_most=999, at_most_bytes=10**9)
    store.close()
    headers = [seal.read_header(save.envelope) for save in drained]
    found = {bytes(header.stream): header.seq for header in headers}
    assert all(found.get(stream, -1) >= seq for stream, seq in acknowledged)
