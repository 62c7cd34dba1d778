# SPDX-License-Identifier: AGPL-3.0-or-later
"""`encrier results itemstats`: how each item behaves, and whether its key looks right.

Reads files of a row a pupil and prints; knows no pupil.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from encrier.cli import Commands
from encrier.records import Record
from encrier_results.commands.shown import add_responses, add_verb, put, put_json, table
from encrier_results.irt.responses import EVERYONE, Responses, read_responses
from encrier_results.items.classical import Analysis, analyse
from encrier_results.items.course import Course, Times, courses, times
from encrier_results.items.options import Options, options
from encrier_results.items.table import Cells, read_table


class Part(Record, frozen=True):
    """All that is known of the items of some pupils: everyone, or a group."""

    analysis: Analysis
    options: list[Options]
    courses: list[Course]
    times: list[Times]


class Beside(NamedTuple):
    """What lies beside the responses, with their rows; empty where it was not given."""

    options: Cells
    codes: Cells
    times: Cells


def add(commands: Commands) -> None:
    """Add the verb."""
    verb = add_verb(
        commands,
        "itemstats",
        text="difficulty, discrimination, reliability; options and times where they are given",
        example="itemstats responses.csv --by booklet --ignore order --json",
    )
    add_responses(verb)
    verb.add_argument("--by", metavar="COL", help="also for each group, as a booklet")
    verb.add_argument("--weight", metavar="COL", help="how many pupils a row stands for")
    for name, text in (
        ("options", "what was chosen"),
        ("codes", "what became of items"),
        ("times", "seconds"),
    ):
        verb.add_argument(
            f"--{name}", type=Path, metavar="FILE.csv", help=f"{text}: same rows, same items"
        )
    verb.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    responses = read_responses(
        asked.responses, group=asked.by, weight=asked.weight, ignore=asked.ignore
    )
    beside = Beside(
        *(_cells(file, responses) for file in (asked.options, asked.codes, asked.times))
    )
    parts = [part_of(responses, beside, group=EVERYONE)]
    if asked.by:
        parts += [part_of(*_group(responses, beside, rank), group=label)
                  for rank, label in enumerate(responses.groups)]  # fmt: skip
    if asked.json:
        put_json({"parts": parts})
    else:
        for part in parts:
            _show(part)
    return 0


def _cells(file: Path | None, responses: Responses) -> Cells:
    if file is None:
        return {}
    return read_table(file, responses.items, n_pupils=len(responses.scores))


def part_of(responses: Responses, beside: Beside, *, group: str) -> Part:
    """Analyse some pupils by what is known of them."""
    return Part(
        analysis=analyse(responses, group=group),
        options=options(responses, beside.options),
        courses=courses(beside.codes),
        times=times(beside.times),
    )


def _group(responses: Responses, beside: Beside, rank: int) -> tuple[Responses, Beside]:
    """The rows of a group, and the items that someone in it was given."""
    here = responses.group_of == rank
    met = (responses.scores[here] >= 0).any(axis=0)
    items = tuple(item for item, was in zip(responses.items, met, strict=True) if was)
    part = replace(
        responses,
        items=items,
        scores=responses.scores[here][:, met],
        group_of=responses.group_of[here],
        weights=responses.weights[here],
    )
    cells = ({item: of[item][here] for item in items if item in of} for of in beside)
    return part, Beside(*cells)


def _show(part: Part) -> None:
    _show_analysis(part.analysis)
    for one in part.options:
        if one.remarks:
            put(f"look at {one.item}: {', '.join(one.remarks)}")
    if part.courses:
        _show_courses(part.courses)
    if part.times:
        table(
            ["item", "n", "first quarter", "half", "three quarters"],
            [[one.item, one.n, *one.quartiles_s] for one in part.times],
        )


def _show_analysis(analysis: Analysis) -> None:
    alpha, omega = (
        "–" if value is None else f"{value:.3f}" for value in (analysis.alpha, analysis.omega)
    )
    put(f"{analysis.group}: {analysis.n} rows, alpha {alpha}, omega {omega}")
    table(
        ["item", "n", "most", "mean", "facility", "sd", "r total", "r rest", "alpha without"],
        [
            [
                *(one.item, one.n, one.most, one.mean, one.facility, one.sd),
                *(one.item_total, one.item_rest, one.alpha_without),
            ]
            for one in analysis.items
        ],
    )


def _show_courses(found: Sequence[Course]) -> None:
    table(
        ["item", "omitted", "not reached", "right of who got there", "right of all"],
        [
            [
                *(one.item, one.omitted, one.not_reached),
                *(one.right_not_reached_missing, one.right_not_reached_wrong),
            ]
            for one in found
        ],
    )
