# SPDX-License-Identifier: AGPL-3.0-or-later
"""`encrier results itemstats`: how each item behaves, and whether its key looks right.

Reads files of a row a pupil and prints; knows no pupil.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from encrier.cli import Commands
from encrier.records import Record
from encrier_results.commands.shown import add_responses, add_verb, line, put, table
from encrier_results.irt.responses import Responses, read_responses
from encrier_results.items.classical import Analysis, analyse
from encrier_results.items.course import Course, Times, courses, times
from encrier_results.items.options import Options, options
from encrier_results.items.table import Cells, read_table

T = TypeVar("T")


class Report(Record, frozen=True):
    """All that is known of the items."""

    analyses: list[Analysis]  # of everyone, then of each group
    options: list[Options]
    courses: list[Course]
    times: list[Times]


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
    report = Report(
        analyses=[analyse(responses), *(by_group(responses) if asked.by else [])],
        options=_of(asked.options, responses, lambda cells: options(responses, cells)),
        courses=_of(asked.codes, responses, courses),
        times=_of(asked.times, responses, times),
    )
    if asked.json:
        put(report)
    else:
        _show(report)
    return 0


def by_group(responses: Responses) -> list[Analysis]:
    """Give the analysis of each group, of the items that someone in it was given."""
    made = []
    for rank, label in enumerate(responses.groups):
        here = responses.group_of == rank
        met = (responses.scores[here] >= 0).any(axis=0)
        part = replace(
            responses,
            items=tuple(item for item, was in zip(responses.items, met, strict=True) if was),
            scores=responses.scores[here][:, met],
            group_of=responses.group_of[here],
            weights=responses.weights[here],
        )
        made.append(analyse(part, group=label))
    return made


def _of(file: Path | None, responses: Responses, analysis: Callable[[Cells], list[T]]) -> list[T]:
    """What an analysis says of a file that goes with the responses, if there is one."""
    if file is None:
        return []
    return analysis(read_table(file, responses.items, n_pupils=len(responses.scores)))


def _show(report: Report) -> None:
    for analysis in report.analyses:
        _show_analysis(analysis)
    doubted = [(one.item, one.remarks) for one in report.options if one.remarks]
    for item, remarks in doubted:
        line(f"look at {item}: {', '.join(remarks)}")
    if report.courses:
        _show_courses(report.courses)
    if report.times:
        table(
            ["item", "n", "first quarter", "half", "three quarters"],
            [[one.item, one.n, *one.quartiles_s] for one in report.times],
        )


def _show_analysis(analysis: Analysis) -> None:
    alpha, omega = (
        "–" if value is None else f"{value:.3f}" for value in (analysis.alpha, analysis.omega)
    )
    line(f"{analysis.group}: {analysis.n} rows, alpha {alpha}, omega {omega}")
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
