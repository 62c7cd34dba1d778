# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many pupils a machine carries: what ends first, what it costs, from figures that stand."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from encrier_answers.operating import capacity, measured
from encrier_answers.operating.capacity import Machine
from encrier_answers.operating.measured import Measured

PAGE = Path(__file__).parents[3] / "docs" / "performance.md"
FIGURES = {name: one for name, one in vars(measured).items() if isinstance(one, Measured)}
LARGE: dict[str, int | None] = {
    "cores": 64,
    "processes": 1,
    "memory_bytes": 2**40,
    "descriptors": 10**7,
    "room_bytes": 2**44,
}


def machine(**changes: Any) -> Machine:
    """A machine that lacks nothing, but for these."""
    return Machine(**(LARGE | changes))


@pytest.mark.parametrize("name", FIGURES)
def test_each_figure_is_the_one_that_was_measured(name: str) -> None:
    figure = FIGURES[name]
    page = PAGE.read_text(encoding="utf-8")
    section = page.partition(f"## {figure.section}\n")[2].partition("\n## ")[0]
    (row,) = (line for line in section.splitlines() if line.startswith(f"| {figure.row} |"))
    last = row.rstrip(" |").rpartition("|")[2].strip().replace(",", "")
    assert re.fullmatch(r"\d+(\.\d+)?", last)
    assert float(last) == figure.value


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        ({}, "processor"),
        ({"cores": 64, "processes": 64, "descriptors": 1024}, "descriptors"),
        ({"memory_bytes": 2**29}, "memory"),
        ({"room_bytes": 2**28 + 2**26}, "disk"),
    ],
)
def test_what_ends_first_is_what_there_is_least_of(changes: dict[str, int], first: str) -> None:
    found = capacity.of(machine(**changes))
    assert found.limited_by == first
    assert found.at_once == getattr(found, f"by_{first}")


def test_a_process_uses_one_core_however_many_there_are() -> None:
    one, four = machine(processes=1), machine(processes=4)
    assert capacity.of(four).by_processor == pytest.approx(4 * capacity.of(one).by_processor, abs=4)
    assert capacity.of(machine(cores=2, processes=4)).by_processor == pytest.approx(
        2 * capacity.of(one).by_processor, abs=4
    )


def test_a_machine_too_small_for_the_server_itself_carries_nobody() -> None:
    assert capacity.of(machine(memory_bytes=2**20)).at_once == 0
    assert capacity.of(machine(room_bytes=0)).at_once == 0


def test_a_database_elsewhere_has_a_disk_of_its_own() -> None:
    found = capacity.of(machine(room_bytes=None))
    assert (found.by_disk, found.limited_by) == (None, "processor")


def test_money_is_the_hours_of_a_full_machine() -> None:
    small = machine(descriptors=1500)
    assert capacity.of(small).at_once == 1000
    price = capacity.cost(small, pupils=2500, euros_an_hour=0.10)
    assert price.euros == pytest.approx(0.30), "three hours for three fillings"
    assert price.euros_a_pupil == pytest.approx(0.30 / 2500)
    assert capacity.cost(small, pupils=2500, euros_an_hour=None).euros is None
    assert capacity.cost(small, pupils=0, euros_an_hour=1.0).euros_a_pupil is None


def test_the_verb_says_it_of_this_machine(new_campaign: Any, serve: Callable[..., Any]) -> None:
    asked = serve(new_campaign)
    said = json.loads(
        asked.command("capacity", "--json", "--pupils", "830000", "--price-per-hour", "0.12")
    )
    limits = {name: value for name, value in said["carries"].items() if name.startswith("by_")}
    assert len(limits) == 5
    assert said["carries"]["at_once"] == min(limits.values())
    assert said["campaign"]["pupils"] == 830_000
    assert said["campaign"]["euros"] > 0
    assert "first ends: " in asked.command("capacity")
