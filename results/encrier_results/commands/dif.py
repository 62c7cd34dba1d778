# SPDX-License-Identifier: AGPL-3.0-or-later
"""`encrier results dif`: which items are harder for a group than for others of equal score.

Reads a file of responses and prints; knows groups by their label, no pupil.
"""

import argparse
from collections.abc import Sequence

from encrier.cli import Commands
from encrier_results.commands.shown import Cell, add_responses, add_verb, put, put_json, table
from encrier_results.dif.likelihood import ByLikelihood, by_likelihood
from encrier_results.dif.matched import Matched, matched, reference_of
from encrier_results.irt.items import MODELS, Model
from encrier_results.irt.responses import read_responses


def add(commands: Commands) -> None:
    """Add the verb."""
    verb = add_verb(
        commands,
        "dif",
        text="find items that are harder for one group than for another of equal score",
        example="dif responses.csv --group sex --ignore order --json",
    )
    add_responses(verb)
    verb.add_argument("--group", required=True, metavar="COL", help="whom to compare")
    verb.add_argument("--reference", metavar="LABEL", help="group; default: the largest")
    verb.add_argument("--not-purified", action="store_true", help="C items anchor too")
    verb.add_argument("--method", choices=("mh", "lr"), default="mh", help="matching, likelihood")
    verb.add_argument("--model", choices=MODELS, help="of lr; default: 2pl, gpcm beyond 0 and 1")
    verb.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    responses = read_responses(asked.responses, group=asked.group, ignore=asked.ignore)
    base = reference_of(responses, asked.reference)
    reference, purified = responses.groups[base], not asked.not_purified
    report: dict[str, object] = {"method": asked.method, "reference": reference}
    if asked.method == "mh":
        found = matched(responses, reference=reference, purified=purified)
        report["items"] = found
        header, rows = _matched_rows(found)
    else:
        model: Model = asked.model or ("gpcm" if responses.scores.max() > 1 else "2pl")
        likely = by_likelihood(responses, model, reference=base, purified=purified)
        report |= {"model": model, "items": likely}
        header, rows = _likely_rows(likely)
    if asked.json:
        put_json(report)
    else:
        put(f"reference: {reference}; below 0: harder for the focal group")
        table(header, rows)
    return 0


def _matched_rows(found: Sequence[Matched]) -> tuple[list[str], list[list[Cell]]]:
    header = ["item", "focal", "n", "MH D-DIF", "se", "P-DIF", "SMD", "chi2", "p", "size", "ETS"]
    return header, [
        [
            *(one.item, one.focal, one.n_reference + one.n_focal, one.delta, one.delta_se),
            *(one.difference, one.smd, one.chi2, one.p, one.size, one.ets),
        ]
        for one in found
    ]


def _likely_rows(found: Sequence[ByLikelihood]) -> tuple[list[str], list[list[Cell]]]:
    header = ["item", "focal", "chi2", "df", "p", "signed", "unsigned", "size"]
    return header, [
        [
            *(one.item, one.focal, one.chi2, one.df, one.p),
            *(one.signed, one.unsigned, one.size),
        ]
        for one in found
    ]
