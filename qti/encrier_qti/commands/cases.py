# SPDX-License-Identifier: AGPL-3.0-or-later
"""`encrier qti cases`: run evaluations that another engine recorded, and say where we differ."""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from encrier_qti.cases.runner import run_file
from encrier_qti.cases.verdict import Verdict
from encrier_qti.commands.asking import AskedWrongly, Verb, add_verb, put, put_json

if TYPE_CHECKING:
    from encrier_qti.commands.asking import Commands

_VERB: Final = Verb(
    "cases",
    "run recorded cases against the engine",
    "Run files of recorded cases, one JSON object a line, and tell passed, failed and explained.",
    "cases expressions.jsonl rules.jsonl --json",
)
_OUTCOMES: Final = ("passed", "failed", "explained", "skipped")


def add(commands: "Commands") -> None:
    """Add the verb."""
    parser = add_verb(commands, _VERB, _run)
    parser.add_argument("files", metavar="FILE.jsonl", type=Path, nargs="+", help="any name")
    parser.add_argument(
        "--items", metavar="FOLDER", type=Path, help="where the items are, if not around the files"
    )
    parser.add_argument("--all", action="store_true", help="tell of the cases that passed too")


def _run(asked: argparse.Namespace) -> int:
    for file in asked.files:
        if not file.is_file():
            raise AskedWrongly("ce fichier n’existe pas.", "Vérifiez le chemin.", file=file.name)
    run = [(file, tuple(run_file(file, asked.items))) for file in asked.files]
    total: Counter[str] = Counter(each.outcome for _, verdicts in run for each in verdicts)
    if asked.json:
        told = {outcome: total[outcome] for outcome in _OUTCOMES}
        put_json(told | {"cases": [*_listed(run, everything=asked.all)]})
    else:
        for file, verdicts in run:
            put(*_told(file, verdicts, everything=asked.all))
        if len(run) > 1:
            put(f"total: {_counts(total)}")
    return 1 if total["failed"] else 0


def _listed(
    run: Iterable[tuple[Path, Sequence[Verdict]]], *, everything: bool
) -> Iterator[dict[str, str]]:
    for file, verdicts in run:
        for each in verdicts:
            if everything or each.outcome != "passed":
                yield {
                    "id": each.id,
                    "file": file.name,
                    "kind": each.kind,
                    "outcome": each.outcome,
                    "difference": each.difference,
                    "reason": each.reason,
                }


def _told(file: Path, verdicts: Sequence[Verdict], *, everything: bool) -> Iterator[str]:
    """Give the counts of a file, then what did not pass; cases are told in English."""
    yield f"{file.name}: {_counts(Counter(each.outcome for each in verdicts))}"
    for each in verdicts:
        if each.outcome in {"failed", "explained"} or (everything and each.outcome == "passed"):
            why = " | ".join(part for part in (each.reason, each.difference) if part)
            yield f"  {each.outcome} {each.id}" + (f": {why}" if why else "")
    skipped = Counter(each.reason for each in verdicts if each.outcome == "skipped")
    for reason, n in skipped.most_common():
        yield f"  skipped {n}: {reason}"


def _counts(outcomes: Mapping[str, int]) -> str:
    return ", ".join(f"{outcomes.get(outcome, 0)} {outcome}" for outcome in _OUTCOMES)
