# SPDX-License-Identifier: AGPL-3.0-or-later
"""`encrier results link`: put one file of parameters on the scale of another, and say how surely.

Reads and writes files given by name; computes nothing itself. No anchor is dropped unless asked.
"""

import argparse
from dataclasses import asdict
from pathlib import Path

import numpy as np

from encrier.cli import Commands
from encrier.errors import BadSetting
from encrier_results.commands.shown import put, put_json
from encrier_results.irt.items import read_params, write_params
from encrier_results.linking.drift import JUDGED_AT, Drift, LinkingError, drifts, linking_error
from encrier_results.linking.methods import METHODS, Quadrature, link, normal, uniform
from encrier_results.linking.transformation import Transformation, anchors

_QUADRATURES = {"uniform": uniform, "normal": normal}


def add(commands: Commands) -> None:
    """Add the verb."""
    verb = commands.add_parser(
        "link",
        help="put parameters on the scale of others, through items that both have",
        usage="encrier results link FROM TO [options]",
        epilog="example: encrier results link 2027.csv 2026.csv --method stocking-lord "
        "--without M07,M31 --out 2027-on-2026.csv",
    )
    verb.add_argument("new", type=Path, metavar="FROM", help="parameters that are moved")
    verb.add_argument("old", type=Path, metavar="TO", help="parameters whose scale is kept")
    verb.add_argument("--method", choices=METHODS, default="stocking-lord")
    verb.add_argument("--anchors", type=_listed, metavar="ITEM,…", help="default: all common items")
    verb.add_argument("--without", type=_listed, default=(), metavar="ITEM,…", help="not anchors")
    verb.add_argument(
        "--nodes",
        type=_quadrature,
        default="uniform,41,-4,4",
        metavar="W,N,LOW,HIGH",
        help="abilities of curve methods, W uniform or normal; default: %(default)s",
    )
    verb.add_argument("--out", type=Path, metavar="FILE", help="FROM on the scale of TO")
    verb.add_argument("--json", action="store_true", help="print JSON")
    verb.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    new, old = read_params(asked.new), read_params(asked.old)
    chosen = asked.anchors or sorted(set(new.items) & set(old.items))
    common = anchors(new, old, among=[item for item in chosen if item not in asked.without])
    name, at = asked.nodes
    found = link(common, asked.method, at=at)
    judged = drifts(common, found, asked.method, at=at)
    error = linking_error(common, found, judged)
    if asked.out:
        try:
            write_params(asked.out, found.items(new))
        except OSError as refused:
            raise BadSetting("The parameters cannot be written there.") from refused
    if asked.json:
        told = {
            "method": asked.method,
            "nodes": name if asked.method in {"haebara", "stocking-lord"} else None,
            "slope": found.slope,
            "shift": found.shift,
            "linking_error": asdict(error) | {"judged_at": JUDGED_AT} if error else None,
            "anchors": [asdict(drift) for drift in judged],
        }
        put_json(told)
    else:
        _print(found, judged, error)
    return 0


def _print(found: Transformation, judged: tuple[Drift, ...], error: LinkingError | None) -> None:
    put(f"theta' = {found.slope:.6f} theta + {found.shift:.6f}, by {len(judged)} anchors")
    if error:
        put(f"linking error of a mean {error.pisa:.4f}; A {error.slope:.4f}, B {error.shift:.4f}")
        for theta, one in zip(JUDGED_AT, error.judged, strict=True):
            put(f"  at {theta:+g} of the new scale: {one:.4f}")
    else:
        put("linking error unknown: it takes three anchors, any two of which link")
    put(f"{'anchor':>12} {'moved':>8} {'z':>7} {'a ratio':>8} {'z a':>7}  A and B without it")
    for drift in judged:
        apart = drift.without
        without = f"{apart.slope:.4f} {apart.shift:+.4f}" if apart else "no link"
        put(
            f"{drift.item:>12} {drift.moved:8.4f} {drift.z_difficulty:7.2f} "
            f"{drift.slope_ratio:8.4f} {drift.z_slope:7.2f}  {without}"
            f"{'  moved' if drift.flagged else ''}"
        )


def _listed(written: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in written.split(",") if name.strip())


def _quadrature(written: str) -> tuple[str, Quadrature]:
    try:
        name, n_nodes, lowest, highest = written.split(",")
        made = _QUADRATURES[name](int(n_nodes), float(lowest), float(highest))
    except (ValueError, KeyError, ZeroDivisionError) as error:
        raise argparse.ArgumentTypeError("such as uniform,41,-4,4 or normal,41,-4,4") from error
    if len(made.theta) < 2 or not (np.diff(made.theta) > 0).all():  # noqa: PLR2004  two unknowns
        raise argparse.ArgumentTypeError("two nodes at least, from the lowest to the highest")
    return written, made
