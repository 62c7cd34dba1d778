# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is counted, how it is written, and that no pupil can be told from it."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from encrier_answers.sittings import Verdict
from encrier_answers.store import Outcome, SignInMark
from encrier_answers.vitals import counts, exposition, listener, shared
from encrier_answers.vitals.counts import N_SLOTS, Counts
from stagecraft.prometheus import parsed, value


def _counted(campaign: Any) -> list[int]:
    slots = [0] * N_SLOTS
    counted = Counts(slots)
    pupil = campaign.pupil()
    entries = [campaign.arrival(pupil=pupil) for _ in range(4)] + [SignInMark(pupil.sid, 7)]
    verdicts = [Verdict.KEEP, Verdict.SAME, Verdict.SUPERSEDED, Verdict.CONFLICT, Verdict.KEEP]
    counted.committed(entries, [Outcome(verdict) for verdict in verdicts], 0.0049)
    counted.committed(entries[:1], [Outcome(Verdict.KEEP)], 60.0)
    counted.store_refused(9)
    counted.refused(429)
    counted.refused(418)
    counted.note_waiting(3)
    counted.note_guesses(failed=11, held=12)
    return slots


def test_what_is_counted_is_what_is_told(campaign: Any) -> None:
    found = parsed(exposition.written(_counted(campaign), {"free_bytes": ("Free.", 12)}))
    assert value(found, "encrier_saves_total", outcome="kept") == 2
    for outcome in ("same", "superseded", "conflict"):
        assert value(found, "encrier_saves_total", outcome=outcome) == 1
    assert value(found, "encrier_sign_ins_total") == 1
    assert value(found, "encrier_store_refused_total") == 9
    assert value(found, "encrier_refusals_total", status="429") == 1
    assert value(found, "encrier_refusals_total", status="other") == 1
    assert value(found, "encrier_guesses_total", outcome="failed") == 11
    assert value(found, "encrier_guesses_total", outcome="held") == 12
    assert value(found, "encrier_free_bytes") == 12


def test_a_histogram_is_cumulative_and_ends_with_all(campaign: Any) -> None:
    found = parsed(exposition.written(_counted(campaign), {}))
    assert value(found, "encrier_batch_entries_bucket", le="2") == 1
    assert value(found, "encrier_batch_entries_bucket", le="5") == 2
    assert value(found, "encrier_batch_entries_sum") == 6
    assert value(found, "encrier_commit_seconds_bucket", le="0.002") == 0
    assert value(found, "encrier_commit_seconds_bucket", le="0.005") == 1
    assert value(found, "encrier_commit_seconds_bucket", le="10.0") == 1
    assert value(found, "encrier_commit_seconds_bucket", le="+Inf") == 2
    assert value(found, "encrier_commit_seconds_count") == 2
    assert value(found, "encrier_commit_seconds_sum") == pytest.approx(60.0049)


def test_labels_are_three_and_their_values_are_written_beforehand(campaign: Any) -> None:
    busy = parsed(exposition.written(_counted(campaign), {}))
    idle = parsed(exposition.written([0] * N_SLOTS, {}))
    assert busy.keys() == idle.keys(), "what happens changes numbers, never a label"
    assert {name for _, labels in busy for name, _ in labels} == {"outcome", "status", "le"}


def test_counting_a_save_costs_less_than_a_microsecond(campaign: Any, tmp_path: Path) -> None:
    counted, n = shared.counts_of_this_process(tmp_path), 1000
    entries = [campaign.arrival()] * n
    outcomes = [Outcome(Verdict.KEEP)] * n
    best_s = min(_timed(counted, entries, outcomes) for _ in range(20))
    assert best_s / n < 1e-6


def _timed(counted: Counts, entries: list[Any], outcomes: list[Outcome]) -> float:
    began = time.perf_counter()
    counted.committed(entries, outcomes, 0.001)
    return time.perf_counter() - began


COUNT_AND_END = """
import sys
from pathlib import Path
from encrier_answers.vitals import shared
counted = shared.counts_of_this_process(Path(sys.argv[1]))
counted.refused(503)
counted.note_waiting(5)
"""


def test_the_counts_of_a_process_that_died_stay_and_what_waited_in_it_does_not(
    tmp_path: Path,
) -> None:
    shared.counts_of_this_process(tmp_path).refused(503)
    subprocess.run([sys.executable, "-c", COUNT_AND_END, str(tmp_path)], check=True)
    slots, n_alive = shared.together(tmp_path)
    assert slots[counts.REFUSALS + counts.STATUSES.index(503)] == 2
    assert slots[counts.WAITING] == 0
    assert n_alive == 1
    shared.clear(tmp_path)
    assert shared.together(tmp_path) == ([0] * N_SLOTS, 0)


def test_a_full_disk_leaves_a_process_its_own_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    shared.counts_of_this_process(tmp_path).refused(503)
    assert list((tmp_path / shared.FOLDER).iterdir()) == []


def test_a_second_process_leaves_the_port_to_the_first(tmp_path: Path) -> None:
    first = listener.listen(tmp_path, port=0)
    assert first is not None
    assert first.server_address[0] == "127.0.0.1"
    assert listener.listen(tmp_path, port=first.server_address[1]) is None
    first.shutdown()
    first.server_close()
