# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write the table of docs/psychometrics/models.md: ours beside published numbers.

The published data are in ENCRIER_SHARED, else in ../shared beside the clone: none is copied here.
Only the section of the table is written; the rest of the page is written by hand.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from encrier_results.irt.calibration import CalibrationResult, calibrate
from encrier_results.irt.items import Model, difficulties
from encrier_results.irt.responses import Responses, read_responses

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs/psychometrics/models.md"
DATA: Final = (
    Path(os.environ.get("ENCRIER_SHARED") or ROOT.parent / "shared") / "data/psychometrics"
)
HEADING: Final = "## Ours beside the references\n"
LTM: Final = "Rizopoulos (2006)"
MIRT: Final = "R mirt 1.47"

Numbers = tuple[float, ...]


class Row(NamedTuple):
    """One line of the table."""

    data: str
    model: Model
    what: str
    source: str
    theirs: Numbers
    ours: Numbers


def rows() -> list[Row]:
    """Calibrate each data set and put what was found beside what is published."""
    return [*_lsat6(), *_lsat7(), *_sat12(), *_science()]


def _lsat6() -> list[Row]:
    responses = read_responses(DATA / "mirt_LSAT6.csv", weight="Freq")
    two, one = calibrate(responses, "2pl"), calibrate(responses, "rasch")
    common = float(np.sqrt(one.groups[0].variance))
    places = tuple((difficulties(one.parameters)[:, 0] / common).tolist())
    error = one.groups[0].se_variance / (2 * common)
    slopes = (0.8257, 0.7227, 0.8909, 0.6884, 0.6569)
    return [
        Row("LSAT6", "2pl", "a", LTM, slopes, _a(two)),
        Row("LSAT6", "2pl", "d", MIRT, (2.7732, 0.9902, 0.2491, 1.2848, 2.0533), _d(two)),
        Row("LSAT6", "2pl", "log-likelihood", LTM, (-2466.653,), (two.log_likelihood,)),
        Row("LSAT6", "rasch", "d", MIRT, (2.730, 0.9986, 0.2399, 1.3065, 2.0994), _d(one)),
        Row("LSAT6", "rasch", "variance", MIRT, (0.5702,), _variance(one)),
        Row("LSAT6", "rasch", "common a, N(0, 1)", LTM, (0.7551, 0.0694), (common, error)),
        Row("LSAT6", "rasch", "b", LTM, (-3.6153, -1.3224, -0.3176, -1.7301, -2.7802), places),
        Row("LSAT6", "rasch", "log-likelihood", LTM, (-2466.938,), (one.log_likelihood,)),
    ]


def _lsat7() -> list[Row]:
    responses = read_responses(DATA / "mirt_LSAT7.csv", weight="freq")
    two, one = calibrate(responses, "2pl"), calibrate(responses, "rasch")
    errors = (float(two.errors.slopes[0]), float(two.errors.intercepts[0, 0]))
    return [
        Row("LSAT7", "2pl", "a", MIRT, (0.988, 1.081, 1.706, 0.7651, 0.7358), _a(two)),
        Row("LSAT7", "2pl", "d", MIRT, (1.8561, 0.808, 1.8043, 0.486, 1.8545), _d(two)),
        Row("LSAT7", "2pl", "errors of a, d, first item", MIRT, (0.1772, 0.1315), errors),
        Row("LSAT7", "2pl", "log-likelihood", MIRT, (-2658.805,), (two.log_likelihood,)),
        Row("LSAT7", "rasch", "variance", MIRT, (1.0226,), _variance(one)),
        Row("LSAT7", "rasch", "log-likelihood", MIRT, (-2664.901,), (one.log_likelihood,)),
    ]


def _sat12() -> list[Row]:
    responses = read_responses(DATA / "ref_sat12_scored.csv")
    two, one = calibrate(responses, "2pl"), calibrate(responses, "rasch")
    theirs = np.loadtxt(DATA / "ref_sat_2pl.csv", delimiter=",", skiprows=1)
    last = (_a(two)[31], float(difficulties(two.parameters)[31, 0]))
    apart = np.abs(np.column_stack([_a(two), _d(two)]) - theirs[:, :2]).max(axis=0)
    far = (float(apart[0]), float(apart[1]))
    return [
        Row("SAT12", "2pl", "item 32: a, b", MIRT, (0.1295, 12.75), last),
        Row("SAT12", "2pl", "32 items: farthest a, d", MIRT, (0.0, 0.0), far),
        Row("SAT12", "2pl", "log-likelihood", MIRT, (-9488.955,), (two.log_likelihood,)),
        Row("SAT12", "rasch", "variance", MIRT, (0.82,), _variance(one)),
        Row("SAT12", "rasch", "log-likelihood", MIRT, (-9643.469,), (one.log_likelihood,)),
    ]


def _science() -> list[Row]:
    responses = _from_zero(DATA / "mirt_Science.csv")
    general, partial = calibrate(responses, "gpcm"), calibrate(responses, "pcm")
    slopes = (0.8622, 0.8402, 2.2286, 0.7213)
    return [
        Row("Science", "gpcm", "a", MIRT, slopes, _a(general)),
        Row("Science", "gpcm", "log-likelihood", MIRT, (-1612.682,), (general.log_likelihood,)),
        Row("Science", "pcm", "variance", MIRT, (1.003,), _variance(partial)),
        Row("Science", "pcm", "log-likelihood", MIRT, (-1619.274,), (partial.log_likelihood,)),
    ]


def _from_zero(path: Path) -> Responses:
    """Responses written 1 to m + 1, as 0 to m."""
    written = read_responses(path)
    return replace(written, scores=written.scores - np.int8(1))


def _a(found: CalibrationResult) -> Numbers:
    return tuple(found.parameters.slopes.tolist())


def _d(found: CalibrationResult) -> Numbers:
    return tuple(found.parameters.intercepts[:, 0].tolist())


def _variance(found: CalibrationResult) -> Numbers:
    return (found.groups[0].variance,)


def section() -> str:
    """The section of the page, heading included."""
    lines = [
        HEADING,
        "Written by `tools/calibration_references.py`, from data kept outside the project.\n",
        "| data | model | what | source | theirs | ours |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows():
        cells = (row.data, row.model, row.what, row.source, _told(row.theirs), _told(row.ours))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _told(numbers: Numbers) -> str:
    return " ".join(f"{number:.4f}".replace("-", "−") for number in numbers)


def main() -> int:
    """Put the section in the page."""
    before, _, after = PAGE.read_text(encoding="utf-8").partition(HEADING)
    _, following, rest = after.partition("\n## ")
    PAGE.write_text(f"{before}{section()}{following}{rest}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
