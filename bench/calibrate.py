# SPDX-License-Identifier: AGPL-3.0-or-later
"""How fast calibration is, and how near it comes: 60 items, a third of them missing by design.

Each model runs in a process of its own, so that the memory told is its own. Responses are drawn
from known items before the clock starts; what is timed is `calibrate`, with standard errors. The
root mean square of what is missed is told beside the mean standard error, which no exact method
beats. Without the network; nothing is written but the page. A minute at full size, most of it to
draw responses.

    python bench/calibrate.py [--pupils N] [--json] [--write]
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import performance_page

from encrier_results.irt.calibration import calibrate
from encrier_results.irt.items import ItemParameters, Model, probabilities
from encrier_results.irt.responses import Responses

HEADING: Final = "## Calibration"
N_PUPILS: Final = 830_000  # a year group
N_ITEMS: Final = 60
N_BOOKLETS: Final = 3  # each leaves out a third of the items
PIECE: Final = 20_000
MODELS: Final[dict[Model, tuple[int, str]]] = {  # steps of an item, goal
    "2pl": (1, "10 s, 600 MB"),
    "rasch": (1, "3 s"),
    "gpcm": (3, "20 s"),
}
# As the zone itself asks, but numpy is imported here before the zone.
ONE_THREAD: Final = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}

Figures = dict[str, Any]


def true_items(model: Model) -> ItemParameters:
    """Items as an assessment has them, the same each time."""
    dice = np.random.default_rng(2024)
    n_steps = MODELS[model][0]
    slopes = np.exp(dice.normal(0.15, 0.3, N_ITEMS))
    if model == "rasch":
        slopes[:] = 1
    places = np.clip(dice.normal(-0.3, 1, N_ITEMS), -2.8, 2.8)[:, None]
    places = places + 0.8 * (np.arange(n_steps) - (n_steps - 1) / 2)
    names = tuple(f"item-{rank:02}" for rank in range(N_ITEMS))
    return ItemParameters(
        names, (model,) * N_ITEMS, slopes, -slopes[:, None] * places, np.zeros(N_ITEMS)
    )


def drawn(items: ItemParameters, n_pupils: int) -> Responses:
    """Responses of pupils of N(0, 1), each of whom had two thirds of the items."""
    dice = np.random.default_rng(1)
    scores = np.empty((n_pupils, N_ITEMS), np.int8)
    left_out = np.arange(N_ITEMS) * N_BOOKLETS // N_ITEMS
    for first in range(0, n_pupils, PIECE):
        part = scores[first : first + PIECE]
        below = np.cumsum(probabilities(items, dice.standard_normal(len(part))), axis=2)
        luck, part[:] = dice.random(part.shape), 0
        for step in range(below.shape[2] - 1):
            part += luck > below[:, :, step]
        part[left_out == dice.integers(0, N_BOOKLETS, len(part))[:, None]] = -1
    return Responses(items.items, scores, ("all",), np.zeros(n_pupils, np.intp), np.ones(n_pupils))


def measured(model: Model, n_pupils: int) -> Figures:
    """Seconds, memory and misses of one calibration, in this process."""
    items = true_items(model)
    responses = drawn(items, n_pupils)
    before_mb = _peak_mb()
    began, cpu = time.perf_counter(), time.process_time()
    found = calibrate(responses, model)
    took_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    slopes, intercepts = found.parameters.slopes, found.parameters.intercepts
    return {
        "model": model,
        "s": round(took_s, 2),
        "cpu_s": round(cpu_s, 2),
        "peak_mb": _peak_mb(),
        "peak_before_mb": before_mb,
        "steps": found.iterations,
        "converged": found.converged,
        "log_likelihood": round(found.log_likelihood, 3),
        "variance": round(found.groups[0].variance, 4),
        "missed_a": _root_mean_square(slopes - items.slopes),
        "error_a": _error(found.errors.slopes),
        "missed_d": _root_mean_square(intercepts - items.intercepts),
        "error_d": _error(found.errors.intercepts),
    }


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _root_mean_square(apart: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    return round(float(np.sqrt(np.mean(apart**2))), 4)


def _error(errors: np.ndarray[Any, np.dtype[np.float64]]) -> float | None:
    return None if np.isnan(errors).any() else round(float(np.sqrt(np.mean(errors**2))), 4)


def machine() -> str:
    """One line about what this ran on."""
    load = os.getloadavg()[0]
    return f"{os.uname().machine}, {os.cpu_count()} processors; load {load:.1f} before the run"


def section(figures: Figures) -> str:
    """The part of docs/performance.md that is about calibration."""
    rows = "\n".join(_row(case) for case in figures["cases"])
    held = max(case["peak_before_mb"] for case in figures["cases"])
    return f"""{HEADING}

`python bench/calibrate.py --write`, {figures["date"]}.
{figures["n_pupils"]:,} pupils, {N_ITEMS} items, a third of them missing by design.
Machine: {figures["machine"]}.
Python {figures["python"]}, numpy {figures["numpy"]}, one thread.

| model | goal | s | s of processor | peak, MB | steps | a: missed | error | d: missed | error |
|---|---|---|---|---|---|---|---|---|---|
{rows}

Standard errors are in the time; drawing responses is not, which held up to {held} MB before.
Missed: root mean square of estimate less truth, for slopes (a) and intercepts (d).
Error: root mean square of standard errors; no exact method misses much less.
"""


def _row(case: Figures) -> str:
    goal = MODELS[case["model"]][1]
    cells = [case[name] for name in ("s", "cpu_s", "peak_mb", "steps", "missed_a", "error_a")]
    cells += [case["missed_d"], case["error_d"]]
    told = " | ".join("–" if cell is None else f"{cell:,}" for cell in cells)
    name = f"{case['model']}, {MODELS[case['model']][0] + 1} scores"
    return f"| {name} | {goal} | {told} |"


def main() -> int:
    """Measure each model in its own process, print, and write the page if asked."""
    asked = argparse.ArgumentParser(description="Measure calibration.")
    asked.add_argument("--pupils", type=int, default=N_PUPILS, metavar="N")
    asked.add_argument("--only", choices=MODELS, help="one model, in this process")
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--write", action="store_true", help="put the figures in the page")
    given = asked.parse_args()
    if given.only:
        print(json.dumps(measured(given.only, given.pupils)))
        return 0
    figures: Figures = {
        "machine": machine(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "date": datetime.now(tz=UTC).date().isoformat(),
        "n_pupils": given.pupils,
        "cases": [],
    }
    for model in MODELS:
        command = [
            sys.executable,
            str(Path(__file__)),
            "--only",
            model,
            "--pupils",
            str(given.pupils),
        ]
        told = subprocess.run(command, check=True, capture_output=True, env=os.environ)
        figures["cases"].append(json.loads(told.stdout))
    if given.write:
        performance_page.put(section(figures))
    print(json.dumps(figures) if given.json else section(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
