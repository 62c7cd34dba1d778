# SPDX-License-Identifier: AGPL-3.0-or-later
"""Six traps that once lost answers or figures without a word; one test each, or the test's name.

1. Connections beyond a default limit hang: here, and 1,500 idle ones in `faults_of_network`.
2. Files without length or caching: here.
3. Workers that make the encrypted store at once, writers that die: here, `test_answers_process`,
   and the deadline in `test_answers_commit`.
4. A stale server on the port or the folder: `test_answers_process`, `test_answers_store`.
5. A retry that lands on another process is stored twice: here.
6. Processor time of children that ended is not counted: here.
"""

import importlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import granian
import pytest

from encrier_answers import cli
from encrier_answers.store_sqlite import FILE

ROOT = Path(__file__).parents[3]
N_BROWSERS = 50_000  # that one machine must hold


class _Started(Exception):
    def __init__(self, options: dict[str, Any]) -> None:  # granian's own options
        self.options = options


@pytest.fixture
def started_with(
    new_campaign: Any, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], dict[str, Any]]:
    """What granian is given by `serve`, instead of a server."""

    def start(*_: object, **options: Any) -> None:  # granian's own options
        store = new_campaign.root / "data" / FILE
        raise _Started(options | {"store_is_there": store.exists()})

    def serve() -> dict[str, Any]:
        for name, value in new_campaign.environ(port=0).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(granian, "Granian", start)
        with pytest.raises(_Started) as started:
            cli._serve(None)  # type: ignore[arg-type]
        return started.value.options

    return serve


def test_trap_1_the_server_is_told_to_hold_as_many_lines_as_a_machine_must(
    started_with: Callable[[], dict[str, Any]],
) -> None:
    options = started_with()
    assert options["backpressure"] >= N_BROWSERS
    assert options["backlog"] >= N_BROWSERS


def test_a_line_outlives_the_time_between_two_saves(
    started_with: Callable[[], dict[str, Any]],
) -> None:
    """20 s and a quarter at most while somebody answers, twice over for a save that came late."""
    idle_s = started_with()["http1_settings"].header_read_timeout / 1000
    assert idle_s >= 2 * 25


@pytest.mark.parametrize("packed", ["", "gzip"])
def test_trap_2_every_file_says_its_length_and_what_never_changes_says_so(
    server: Any, packed: str
) -> None:
    bundle = f"/bundles/{server.campaign.bundle.hex()}"
    for_ever = ["/player/app.0123abcd.js", f"{bundle}/sealed.json"]
    folder = server.campaign.root / "bundles" / server.campaign.bundle.hex() / "files"
    for_ever += [f"{bundle}/files/{file.name}" for file in folder.iterdir()]
    for path in ("/", "/v1/manifest", *for_ever):
        found = server.get(path, **{"accept-encoding": packed})
        assert found.status == 200
        assert int(found.headers["content-length"]) == len(found.body) > 0
        assert "transfer-encoding" not in found.headers
        is_immutable = "immutable" in found.headers["cache-control"]
        assert is_immutable == (path in for_ever), path


def test_trap_3_the_store_is_made_before_any_worker(
    started_with: Callable[[], dict[str, Any]],
) -> None:
    options = started_with()
    assert options["store_is_there"]
    assert options["factory"], "each worker makes an application of its own, after the store"


def test_trap_5_a_retry_that_lands_on_another_process_is_kept_once(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    """Each request is a connection of its own: some reach one worker, some the other."""
    with serve(new_campaign, workers="2") as server:
        pupils = [server.new_pupil() for _ in range(8)]
        envelopes = [new_campaign.envelope(pupil) for pupil in pupils]
        for pupil, envelope in zip(pupils, envelopes, strict=True):
            answers = [server.save(pupil, envelope) for _ in range(6)]
            assert {answer.status for answer in answers} == {200}
            assert len({answer.body for answer in answers}) == 1
        assert sorted(row.envelope for row in server.drain()) == sorted(envelopes)
        pid = server.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        assert len(children) == 3, "the keeper and two workers"


def test_trap_6_processor_time_counts_the_children_that_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As PostgreSQL's: each connection is a process, gone when somebody looks."""
    monkeypatch.syspath_prepend(ROOT / "bench")
    ground = importlib.import_module("ground")
    burn = "import time\nwhile time.process_time() < 0.5: pass"
    parent = f"""
import subprocess, sys
subprocess.run([sys.executable, "-c", {burn!r}], check=True)
print("burnt", flush=True)
sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"burnt\n"
        used_s = ground._ticks(running.pid) / os.sysconf("SC_CLK_TCK")
        running.communicate()
    assert used_s >= 0.5
