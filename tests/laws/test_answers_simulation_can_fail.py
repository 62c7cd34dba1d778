# SPDX-License-Identifier: AGPL-3.0-or-later
"""A simulation that cannot fail proves nothing: each of these faults of ours is caught.

Each is put into the node's own code for the length of a test; the law that it breaks must be told.
"""

import importlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from encrier import receipts
from encrier_answers import pupils, recall, sittings, store_sqlite, tables
from encrier_answers.sittings import Admitted, Verdict
from encrier_answers.store import KeptSave, Outcome, StoreFull, Taken
from encrier_answers.store_sqlite import SqliteStore
from stagecraft.simulated_node import Held, HeldCommitter, receipt_of
from stagecraft.simulated_pupils import Device
from stagecraft.simulated_truth import Violation
from stagecraft.simulation import World, live

Mutant = AbstractContextManager[Any]
PUT, DRAIN, JUDGE, AFTER = (
    SqliteStore.put_batch,
    SqliteStore.drain,
    sittings.judge,
    sittings.after_save,
)


@contextmanager
def a_store_that_forgets_a_batch_it_has_acknowledged() -> Iterator[None]:
    turns = iter(range(10**9))

    def put(self: SqliteStore, batch: Sequence[Any]) -> list[Outcome]:
        if next(turns) % 10 < 9:
            return PUT(self, batch)
        draft = recall.Draft(
            self._recall, lambda sid: store_sqlite._find(self._write, sid), self._read
        )
        return [draft.put(entry) for entry in batch]

    with patch.object(SqliteStore, "put_batch", put):
        yield


@contextmanager
def a_store_that_keeps_one_entry_at_a_time() -> Iterator[None]:
    """Durable, but no batch: a crash or a full disk leaves a part of it."""

    def put(self: SqliteStore, batch: Sequence[Any]) -> list[Outcome]:
        return [outcome for entry in batch for outcome in PUT(self, [entry])]

    with patch.object(SqliteStore, "put_batch", put):
        yield


@contextmanager
def a_store_that_does_not_wait_for_the_disk() -> Iterator[None]:
    """What it said was kept is written at the next commit."""
    late: list[Any] = []

    def put(self: SqliteStore, batch: Sequence[Any]) -> list[Outcome]:
        PUT(self, late)
        late[:] = batch
        return [Outcome(Verdict.KEEP, receipt_of(entry)) for entry in batch]

    with patch.object(SqliteStore, "put_batch", put):
        yield


def a_judge_that_takes_an_older_save() -> Mutant:
    def judge(kept: Any, *, seq: int, sha256: bytes) -> Verdict:
        verdict = JUDGE(kept, seq=seq, sha256=sha256)
        return Verdict.KEEP if verdict is Verdict.SUPERSEDED else verdict

    return patch.object(tables, "judge", judge)


def a_judge_that_keeps_the_same_save_again() -> Mutant:
    def judge(kept: Any, *, seq: int, sha256: bytes) -> Verdict:
        verdict = JUDGE(kept, seq=seq, sha256=sha256)
        return Verdict.KEEP if verdict is Verdict.SAME else verdict

    return patch.object(tables, "judge", judge)


def a_judge_that_takes_no_gap() -> Mutant:
    def judge(kept: Any, *, seq: int, sha256: bytes) -> Verdict:
        has_gap = kept is not None and seq > kept.seq + 1
        return Verdict.CONFLICT if has_gap else JUDGE(kept, seq=seq, sha256=sha256)

    return patch.object(tables, "judge", judge)


def a_receipt_before_the_commit() -> Mutant:
    async def put(self: HeldCommitter, taken: Taken) -> Outcome:
        self.waiting.append(Held(entry=taken))
        return Outcome(Verdict.KEEP, receipt_of(taken))

    return patch.object(HeldCommitter, "put", put)


def a_full_disk_that_is_not_told() -> Mutant:
    def put(self: SqliteStore, batch: Sequence[Any]) -> list[Outcome]:
        try:
            return PUT(self, batch)
        except StoreFull:
            return [Outcome(Verdict.KEEP, receipt_of(entry)) for entry in batch]

    return patch.object(SqliteStore, "put_batch", put)


def a_door_that_lets_everybody_in() -> Mutant:
    def recognise(known: Admitted | None, _shown: object) -> Admitted:
        if known is None:
            raise sittings.NotAdmitted
        return known

    return patch.multiple(pupils, recognise=recognise, recognise_save=recognise)


def a_door_that_never_closes() -> Mutant:
    return patch.object(pupils, "may_save", lambda *_, **__: None)


def a_drain_that_skips() -> Mutant:
    def drain(self: SqliteStore, after: int, **most: int) -> list[KeptSave]:
        rows = DRAIN(self, after, **most)
        return [row for row in rows if row.rank % 7]

    return patch.object(SqliteStore, "drain", drain)


def a_drain_whose_batches_overlap() -> Mutant:
    def drain(self: SqliteStore, after: int, **most: int) -> list[KeptSave]:
        return DRAIN(self, max(0, after - 1), **most)

    return patch.object(SqliteStore, "drain", drain)


def a_box_of_whoever_saved_last() -> Mutant:
    def after(before: Any, header: Any, **save: Any) -> Any:  # as sittings.after_save
        unmarked = before and sittings.Sitting(before.sid, before.progress, 0, 0, 0)
        return AFTER(unmarked, header, **save)

    return patch.object(tables, "after_save", after)


def a_final_that_a_later_save_undoes() -> Mutant:
    def after(before: Any, header: Any, **save: Any) -> Any:  # as sittings.after_save
        found = AFTER(before, header, **save)
        if header.kind is not header.kind.FINAL:
            return sittings._changed(found, progress=sittings.Progress.STARTED)
        return found

    return patch.object(tables, "after_save", after)


def a_device_that_believes_any_receipt() -> Mutant:
    def hear(self: Device, _receipt: bytes) -> bool:
        self.outbox = None
        return True

    return patch.object(Device, "hear", hear)


def a_device_that_looks_at_no_digest() -> Mutant:
    return patch.object(receipts, "covers", lambda *_: True)


MUTANTS: list[tuple[Callable[[], Mutant], str]] = [
    (a_store_that_forgets_a_batch_it_has_acknowledged, "lost"),
    (a_store_that_keeps_one_entry_at_a_time, "broken"),
    (a_store_that_does_not_wait_for_the_disk, "lost"),
    (a_judge_that_takes_an_older_save, "(lost|duplicated)"),
    (a_judge_that_keeps_the_same_save_again, "(duplicated|broken)"),
    (a_judge_that_takes_no_gap, "broken"),
    (a_receipt_before_the_commit, "lost"),
    (a_full_disk_that_is_not_told, "lost"),
    (a_door_that_lets_everybody_in, "forged"),
    (a_door_that_never_closes, "broken"),
    (a_drain_that_skips, "lost"),
    (a_drain_whose_batches_overlap, "broken"),
    (a_box_of_whoever_saved_last, "broken"),
    (a_final_that_a_later_save_undoes, "broken"),
    (a_device_that_believes_any_receipt, "forged"),
    (a_device_that_looks_at_no_digest, "forged"),
]


@pytest.mark.parametrize(("mutant", "law"), MUTANTS)
def test_a_fault_of_ours_is_caught(mutant: Callable[[], Mutant], law: str) -> None:
    with mutant(), pytest.raises(Violation, match=f"^{law}: "):
        _live_many_lives()


def test_what_was_caught_is_caught_again_from_its_seed_and_steps() -> None:
    with a_door_that_never_closes():
        seed, n_steps, first = _live_until_caught(range(20), 1000)
        again = _live_until_caught([seed], n_steps)
    assert again == (seed, n_steps, first)


def test_the_command_says_how_to_see_a_broken_law_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "bench")
    simulate = importlib.import_module("simulate")
    with a_door_that_lets_everybody_in():
        world, broken = simulate.lived(3, 1000)
    said = simulate.how_to_replay(world, broken, 3)
    assert said.startswith("forged: ")
    assert said.endswith(f"simulate.py --seed 3 --steps {len(world.history)}")
    assert len(world.history) < 1000


def _live_many_lives() -> None:
    for seed in range(20):
        _live(World(), seed, 1000)


def _live(world: World, seed: int, n_steps: int) -> None:
    try:
        live(world, seed=seed, n_steps=n_steps)
    finally:
        world.close()


def _live_until_caught(seeds: Iterable[int], n_steps: int) -> tuple[int, int, str]:
    """The seed of the world whose law was broken, after how many steps, and what was said."""
    for seed in seeds:
        world = World()
        try:
            _live(world, seed, n_steps)
        except Violation as broken:
            return seed, len(world.history), str(broken)
    raise AssertionError("nothing was caught")
