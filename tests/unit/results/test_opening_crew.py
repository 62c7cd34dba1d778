# SPDX-License-Identifier: AGPL-3.0-or-later
"""Processes that open together: all is done, a loss is said, nobody outlives who holds the key."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from encrier_results.rounds import crew
from encrier_results.rounds.crew import ChildLost
from stagecraft.forked import runs, until

BIG = 300_000  # bytes: more than a pipe holds


def twice(task: bytes) -> bytes:
    return task * 2


@pytest.mark.parametrize("n_children", [1, 2, 5])
def test_each_task_is_done_once_whoever_does_it(n_children: int) -> None:
    tasks = [bytes([n]) * (BIG if n % 7 == 0 else n) for n in range(40)]
    done = sorted(crew.share_out(twice, tasks, n_children=n_children))
    assert done == sorted(map(twice, tasks))


def test_nothing_to_do_is_done_at_once() -> None:
    assert list(crew.share_out(twice, [], n_children=2)) == []


def test_the_work_is_done_in_other_processes() -> None:
    done = set(crew.share_out(lambda _: b"%d" % os.getpid(), [b""] * 8, n_children=2))
    assert b"%d" % os.getpid() not in done
    assert len(done) == 2


def test_tasks_are_taken_only_when_somebody_is_free() -> None:
    taken = []

    def tasks() -> Iterator[bytes]:
        for n in range(20):
            taken.append(n)
            yield b"%d" % n

    replies = crew.share_out(twice, tasks(), n_children=2)
    next(replies)
    assert len(taken) <= 4
    list(replies)
    assert len(taken) == 20


def test_a_child_that_dies_stops_the_work_and_says_so() -> None:
    def die(task: bytes) -> bytes:
        if task == b"3":
            os.kill(os.getpid(), signal.SIGKILL)
        return task

    with pytest.raises(ChildLost, match="kept"):
        list(crew.share_out(die, [b"%d" % n for n in range(9)], n_children=2))


def test_an_error_in_a_child_never_runs_on_into_the_parents_code(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def fail(_: bytes) -> bytes:
        raise ZeroDivisionError

    with pytest.raises(ChildLost):
        list(crew.share_out(fail, [b"1", b"2"], n_children=2))
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_who_stops_listening_leaves_no_child_behind() -> None:
    def say_who(_: bytes) -> bytes:
        return b"%d" % os.getpid()

    replies = crew.share_out(say_who, [b""] * 50, n_children=2)
    child = int(next(replies))
    replies.close()  # type: ignore[attr-defined]  # a generator, told as an iterator
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_no_child_outlives_a_parent_that_was_killed(tmp_path: Path) -> None:
    """The key is in their memory: with nobody to ask them they must be gone."""
    script = textwrap.dedent("""
        import os, sys, time
        from encrier_results.rounds import crew

        def work(task):
            with open(os.path.join(sys.argv[1], str(os.getpid())), "w"):
                pass
            time.sleep(0.05)
            return b""

        list(crew.share_out(work, iter(lambda: b"", None), n_children=3))
    """)
    parent = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stderr=subprocess.PIPE)
    until(lambda: len(list(tmp_path.iterdir())) == 3)
    parent.kill()
    parent.communicate()
    children = [int(file.name) for file in tmp_path.iterdir()]
    until(lambda: not any(map(runs, children)))
