# SPDX-License-Identifier: AGPL-3.0-or-later
"""Clients, a network and the node's own code in one world, whose every event is a rule.

The law: whatever happens, in whatever order, what was acknowledged is on disk or was followed by a
later save of its device (0 lost), results has each device once at its newest (0 duplicated), and
nothing is there that no pupil's device wrote (0 forged). The same bytes get the same receipt, the
box is that of the newest save, nothing is taken after the end, a final is final. Longer, by
command: bench/simulate.py.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from stagecraft.simulated_truth import KINDS
from stagecraft.simulation import EVENTS, World, live

BENCH = Path(__file__).parents[2] / "bench" / "simulate.py"
NUMBERS = st.integers(0, 2**40)
SOME = st.lists(NUMBERS, min_size=1, max_size=8)


class Simulation(RuleBasedStateMachine):
    """A world, and at its end a rest in which all that pupils wrote must arrive."""

    @initialize()
    def the_world_begins(self) -> None:
        self.world, self.is_whole = World(), True
        self.world.step("a_pupil_signs_in", 0)
        self._all("a_message_arrives", [0, 0])

    def _all(self, event: str, numbers: list[int]) -> None:
        self.is_whole = False
        for number in numbers:
            self.world.step(event, number)
        self.is_whole = True

    @rule(numbers=SOME)
    def messages_arrive(self, numbers: list[int]) -> None:
        self._all("a_message_arrives", numbers)

    @rule(numbers=SOME)
    def pupils_answer(self, numbers: list[int]) -> None:
        self._all("a_pupil_answers", numbers)

    @rule(numbers=SOME)
    def devices_send(self, numbers: list[int]) -> None:
        self._all("a_device_sends", numbers)

    @rule(number=NUMBERS)
    def the_writer_commits(self, number: int) -> None:
        self._all("the_writer_commits", [number])

    @rule(number=NUMBERS)
    def a_pupil_signs_in(self, number: int) -> None:
        self._all("a_pupil_signs_in", [number])

    @rule(number=NUMBERS)
    def a_page_dies(self, number: int) -> None:
        self._all("a_page_dies", [number])

    @rule(number=NUMBERS)
    def a_message_comes_twice(self, number: int) -> None:
        self._all("a_message_comes_twice", [number])

    @rule(number=NUMBERS)
    def a_message_is_dropped(self, number: int) -> None:
        self._all("a_message_is_dropped", [number])

    @rule(number=NUMBERS)
    def a_message_is_altered(self, number: int) -> None:
        self._all("a_message_is_altered", [number])

    @rule(number=NUMBERS)
    def a_forger_tries(self, number: int) -> None:
        self._all("a_forger_tries", [number])

    @rule(number=NUMBERS)
    def a_request_is_given_up(self, number: int) -> None:
        self._all("a_request_is_given_up", [number])

    @rule(number=NUMBERS)
    def the_node_crashes(self, number: int) -> None:
        self._all("the_node_crashes", [number])

    @rule(number=NUMBERS)
    def the_node_is_told_to_stop(self, number: int) -> None:
        self._all("the_node_is_told_to_stop", [number])

    @rule(number=NUMBERS)
    def another_process_starts(self, number: int) -> None:
        self._all("another_process_starts", [number])

    @rule(number=NUMBERS)
    def the_clock_jumps(self, number: int) -> None:
        self._all("the_clock_jumps", [number])

    @rule(number=NUMBERS)
    def the_disk_is_full(self, number: int) -> None:
        self._all("the_disk_is_full", [number])

    @rule()
    def the_disk_has_room(self) -> None:
        self._all("the_disk_has_room", [0])

    @rule(number=NUMBERS)
    def time_passes(self, number: int) -> None:
        self._all("time_passes", [number])

    @rule()
    def boxes_are_forgotten(self) -> None:
        self._all("boxes_are_forgotten", [0])

    @rule(number=NUMBERS)
    def names_sends_a_list(self, number: int) -> None:
        self._all("names_sends_a_list", [number])

    @rule(number=NUMBERS)
    def results_pulls(self, number: int) -> None:
        self._all("results_pulls", [number])

    @invariant()
    def nothing_is_lost_duplicated_or_forged(self) -> None:
        if hasattr(self, "world"):
            self.world.truth.look_at_all(self.world.node.store)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            try:
                if self.is_whole:
                    self.world.come_to_rest()
            finally:
                self.world.close()


TestSimulation = Simulation.TestCase
TestSimulation.settings = settings(
    max_examples=80,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def _lived(seed: int, n_steps: int) -> World:
    world = World()
    try:
        live(world, seed=seed, n_steps=n_steps)
    finally:
        world.close()
    return world


@pytest.mark.parametrize("seed", range(3))
def test_a_long_life_loses_nothing_and_meets_every_fault(seed: int) -> None:
    counts = _lived(seed, 3000).counts
    assert all(counts[event] for event in EVENTS)
    wanted = ("saves", "acknowledged", "receipts believed", "forged requests", "forged receipts")
    assert all(counts[name] > 20 for name in wanted), counts
    faults = ("pages that died", "messages dropped", "messages altered", "requests given up")
    assert all(counts[name] for name in faults), counts


def test_a_seed_is_a_world() -> None:
    one, other = _lived(7, 800), _lived(7, 800)
    assert one.history == other.history
    assert one.counts == other.counts
    assert one.results.pulled == other.results.pulled


def test_every_event_is_a_rule() -> None:
    plural = {
        "a_message_arrives": "messages_arrive",
        "a_pupil_answers": "pupils_answer",
        "a_device_sends": "devices_send",
    }
    assert all(hasattr(Simulation, plural.get(event, event)) for event in EVENTS)


def test_the_command_tells_how_many_steps_nothing_was_lost_in() -> None:
    command = [sys.executable, str(BENCH), "--steps", "300", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)
    assert figures["steps"] == 300
    assert [figures[law] for law in KINDS] == [0] * len(KINDS)
