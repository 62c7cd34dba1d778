# SPDX-License-Identifier: AGPL-3.0-or-later
"""`encrier results dif`: which items are harder for a group than for others of equal score.

Reads a file of responses and prints; knows groups by their label, no pupil.
"""

import argparse
from collections.abc import Sequence

from encrier.cli import Commands
from encrier_results.commands.shown import add_responses, add_verb, line, put, table
from encrier_results.dif.matched import Matched, matched, reference_of
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
    verb.add_argument("--not-purified", action="store_true", help="match on all items, C items too")
    verb.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    responses = read_responses(asked.responses, group=asked.group, ignore=asked.ignore)
    reference = responses.groups[reference_of(responses, asked.reference)]
    found = matched(responses, reference=reference, purified=not asked.not_purified)
    if asked.json:
        put({"method": "mh", "reference": reference, "items": found})
    else:
        _show(found, reference)
    return 0


def _show(found: Sequence[Matched], reference: str) -> None:
    line(f"reference: {reference}; below 0: harder for the focal group")
    table(
        ["item", "focal", "n", "MH D-DIF", "se", "P-DIF", "SMD", "chi2", "p", "size", "ETS"],
        [
            [
                *(one.item, one.focal, one.n_reference + one.n_focal, one.delta, one.delta_se),
                *(one.difference, one.smd, one.chi2, one.p, one.size, one.ets),
            ]
            for one in found
        ],
    )
