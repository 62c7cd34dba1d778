# SPDX-License-Identifier: AGPL-3.0-or-later
"""`encrier results responses`: the sittings of the campaign as a file that analyses read.

Opens what was pulled, codes it by a rule and writes scores, a row a pupil; the rule goes beside.
The files are for this zone alone: readable by their owner only. No name is here.
"""

import argparse
import csv
import io
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from encrier.cli import Commands
from encrier.errors import BadSetting
from encrier.ids import BundleId, SittingId
from encrier.records import Record, from_bytes, to_bytes
from encrier.settings import load
from encrier.wire import Register, Registered
from encrier_results.booklets import Booklet
from encrier_results.coding.agreement import Agreement, agreements, second_keyings
from encrier_results.coding.rule import Rule, Use
from encrier_results.coding.tables import (
    CodedTable,
    categories,
    code_all,
    code_names,
    counted,
    scores,
    seconds,
    verdicts,
)
from encrier_results.commands.came import Came, read
from encrier_results.commands.shown import add_verb, put, put_json
from encrier_results.settings import PREFIX, ResultsSettings

_SEED: Final = 1  # of the intervals of agreement


class Account(Record, frozen=True):
    """What was written, and what was not."""

    rule: Rule
    use: Use  # what this file is for: not reached is missing to calibrate, wrong to score
    rows: int  # sittings that count, one row each
    sittings: dict[str, int]  # status/validity/completeness -> sittings, of all that came
    codes: dict[str, int]  # of the items of all that came
    categories: dict[str, list[float]]  # of each item: the points at which each score begins
    keyed_twice: list[Agreement]


def add(commands: Commands) -> None:
    """Add the verb."""
    verb = add_verb(
        commands,
        "responses",
        text="code the sittings and write their scores, a row a pupil, for calibrate and others",
        example="responses --out responses.csv --keep order --keep sex --json",
    )
    verb.add_argument("--out", type=Path, required=True, metavar="FILE.csv")
    verb.add_argument(
        "--not-reached", choices=("missing", "wrong"), default="missing",
        help="missing to calibrate, wrong to score",
    )  # fmt: skip
    verb.add_argument("--rule", type=Path, metavar="FILE.json", help="another rule")
    verb.add_argument(
        "--keep", action="append", default=[], metavar="COL",
        help="order, level, booklet, school or a background variable; may be said again",
    )  # fmt: skip
    verb.add_argument("--booklet", metavar="ID", help="one booklet only")
    verb.add_argument("--course", action="store_true", help="also codes, options and times")
    verb.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    use: Use = "calibration" if asked.not_reached == "missing" else "scoring"
    rule = replace(_rule(asked.rule), **{f"not_reached_in_{use}": asked.not_reached})
    came = read(load(ResultsSettings, prefix=PREFIX, environ=os.environ))
    table = code_all(came.opened, *_of_booklet(came, asked.booklet), rule=rule)
    account = Account(
        rule=rule,
        use=use,
        rows=sum(one.counts for one in table.judged),
        sittings=verdicts(table.judged),
        codes=counted(table),
        categories=categories(table),
        keyed_twice=agreements(
            second_keyings(came.opened[SittingId(row.sid)].items for row in table.pupils),
            seed=_SEED,
        ),
    )
    kept = {name: _column(name, table.pupils) for name in asked.keep}
    if shared := set(kept) & set(table.items):
        raise BadSetting(f"An item is called {min(shared)}, as a column that you keep.")
    points = scores(table, rule, use=use)
    _write(asked.out, table, kept, lambda row: [_score(score) for score in points[row].tolist()])
    if asked.course:
        _write_course(asked.out, table, kept)
    _private(asked.out.with_suffix(".rule.json"), to_bytes(account))
    if asked.json:
        put_json(account)
    else:
        put(f"{account.rows} of {len(table.pupils)} sittings count; {len(table.items)} items")
    return 0


def _of_booklet(came: Came, wanted: str | None) -> tuple[Register, Mapping[BundleId, Booklet]]:
    """The pupils of one booklet, or all."""
    if wanted is None:
        return came.register, came.booklets
    booklets = {bundle: one for bundle, one in came.booklets.items() if bundle.hex() == wanted}
    if not booklets:
        raise BadSetting("No booklet of the campaign has this name.", "It is 16 hex digits.")
    rows = [row for row in came.register.rows if row.bundle in booklets]
    return replace(came.register, rows=rows), booklets


def _rule(file: Path | None) -> Rule:
    if file is None:
        return Rule()
    try:
        return from_bytes(file.read_bytes(), Rule)
    except OSError as error:
        raise BadSetting("The file of the rule cannot be read.") from error


def _score(score: int) -> str:
    return "" if score < 0 else str(score)


def _column(name: str, pupils: Sequence[Registered]) -> list[str]:
    """What is kept of each pupil under a name; raises BadSetting where nothing is so called."""
    own: dict[str, Callable[[Registered], str]] = {
        "order": lambda row: row.order,
        "level": lambda row: row.level,
        "booklet": lambda row: row.bundle.hex(),
        "school": lambda row: str(row.school),
        "class": lambda row: str(row.class_number),
    }
    if name not in own and not any(name in row.background for row in pupils):
        raise BadSetting(
            "No pupil of the register has a column that you keep.",
            f"There are {', '.join(own)} and what the campaign declares of the background.",
        )
    of = own.get(name)
    return [of(row) if of else row.background.get(name, "") for row in pupils]


def _write_course(out: Path, table: CodedTable, kept: Mapping[str, list[str]]) -> None:
    """Beside the scores, what became of each item, what was chosen, and how long it took."""
    chosen = table.chosen
    _write(out.with_suffix(".codes.csv"), table, kept, lambda row: list(code_names(table, row)))
    _write(
        out.with_suffix(".options.csv"),
        table,
        kept,
        lambda row: [table.options[rank] for rank in chosen[row].tolist()],
    )
    _write(out.with_suffix(".times.csv"), table, kept, lambda row: seconds(table, row))


def _write(
    file: Path,
    table: CodedTable,
    kept: Mapping[str, list[str]],
    cells: Callable[[int], list[str]],
) -> None:
    """Write a row for each sitting that counts, in the order of the register."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*kept, *table.items])
    for row, verdict in enumerate(table.judged):
        if verdict.counts:
            writer.writerow([*(column[row] for column in kept.values()), *cells(row)])
    _private(file, text.getvalue().encode())


def _private(file: Path, content: bytes) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        target.write(content)
    part.replace(file)
