# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long a country's abilities take, and whether its plausible values can be believed.

Simulated pupils of three booklets of 40 of 60 items, a covariate that tells a quarter of the
variance, the 2PL: EAP, WLE, latent regression and five plausible values, in memory. Reading and
writing files is not counted.

    python bench/abilities.py [--pupils 830000] [--json] [--write]
"""

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import performance_page

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from encrier_results.abilities.evidence import evidence
from encrier_results.abilities.modes import wle
from encrier_results.abilities.posterior import eap, plausible_values, standard
from encrier_results.abilities.regression import Design, regress
from encrier_results.irt.items import ItemParameters
from encrier_results.irt.responses import Responses
from stagecraft.measured import Floats, drawn_items

N_ITEMS, N_BOOKLETS, SLOPE, N_VALUES = 60, 3, 0.5, 5
AT_ONCE: Final = 50_000
GOAL_S: Final = 5  # EAP, WLE and plausible values of 830,000
VARIANCE_PERCENT, SLOPE_OFF = 0.5, 0.003  # what plausible values may miss the truth by

T = TypeVar("T")


def country(parameters: ItemParameters, theta: Floats) -> Responses:
    """What pupils of these abilities answer, each to her booklet."""
    chance, n = np.random.default_rng(1), len(theta)
    scores = np.empty((n, N_ITEMS), dtype=np.int8)
    block = np.arange(N_ITEMS) // (N_ITEMS // N_BOOKLETS)
    for first in range(0, n, AT_ONCE):
        some = theta[first : first + AT_ONCE, None]
        logit = parameters.slopes * some + parameters.intercepts[:, 0]
        right = chance.random(logit.shape) < 1 / (1 + np.exp(-logit))
        left_out = chance.integers(0, N_BOOKLETS, (len(some), 1)) == block
        scores[first : first + AT_ONCE] = np.where(left_out, -1, right)
    return Responses(parameters.items, scores, ("all",), np.zeros(n, dtype=np.intp), np.ones(n))


def measure(n_pupils: int) -> dict[str, float]:
    """Score them, and hold what comes out to the truth."""
    chance = np.random.default_rng(2)
    covariate = chance.standard_normal(n_pupils)
    theta = SLOPE * covariate + chance.normal(0, np.sqrt(1 - SLOPE**2), n_pupils)
    parameters = drawn_items(N_ITEMS, seed=3)
    responses = country(parameters, theta)
    made = Design(("one", "z"), np.column_stack([np.ones(n_pupils), covariate]), np.ones(n_pupils))
    figures: dict[str, float] = {"pupils": n_pupils}
    before_mb, spent = _peak_mb(), time.process_time()

    def timed(name: str, work: Callable[[], T]) -> T:
        began = time.perf_counter()
        done = work()
        figures[f"{name}_s"] = round(time.perf_counter() - began, 2)
        return done

    answers = timed("matching", lambda: evidence(responses, parameters))
    expected = timed("eap", lambda: eap(answers, standard(n_pupils)))
    warm = timed("wle", lambda: wle(answers))
    found = timed("regression", lambda: regress(answers, made))
    prior = found.prior(made)
    values = timed("values", lambda: plausible_values(answers, prior, n_values=N_VALUES, seed=4))
    figures["scores_s"] = round(
        sum(figures[f"{n}_s"] for n in ("matching", "eap", "wle", "values")), 2
    )
    figures["processor_s"] = round(time.process_time() - spent, 1)
    figures["more_mb"] = _peak_mb() - before_mb
    left = found.residual_variance + float((SLOPE * covariate).var())
    figures["variance_off_percent"] = round(100 * (float(values.var()) / theta.var() - 1), 2)
    figures["variance_of_the_model"] = round(left, 4)
    figures["slope_off"] = round(
        _slope(values.mean(axis=1), covariate) - _slope(theta, covariate), 4
    )
    figures["wle_bias"] = round(float((warm.theta - theta).mean()), 4)
    figures["eap_rmse"] = round(float(np.sqrt(((expected.theta - theta) ** 2).mean())), 4)
    figures["eap_error"] = round(float(np.sqrt((expected.error**2).mean())), 4)
    return figures


def _slope(of: Floats, on: Floats) -> float:
    return float(np.cov(of, on)[0, 1] / on.var(ddof=1))


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def section(figures: Mapping[str, float]) -> str:
    """The figures as a section of the page."""
    lines = [
        "## Abilities of a country",
        "",
        f"`python bench/abilities.py --write`, {datetime.now(UTC):%Y-%m-%d}.",
        f"{os.uname().machine}, {os.cpu_count()} processors; load {os.getloadavg()[0]:.1f} after.",
        f"{figures['pupils']:,} simulated pupils, {N_BOOKLETS} booklets of 40 of {N_ITEMS} items.",
        "",
        "| | goal | measured |",
        "|---|---|---|",
        f"| EAP, WLE, {N_VALUES} plausible values, s | {GOAL_S} | {figures['scores_s']} |",
        f"| latent regression, s | | {figures['regression_s']} |",
        f"| processor time of all, s | | {figures['processor_s']} |",
        f"| memory beyond the responses, MB | | {figures['more_mb']} |",
        f"| variance of values off, % | ± {VARIANCE_PERCENT} | {figures['variance_off_percent']} |",
        f"| their slope on the covariate off | ± {SLOPE_OFF} | {figures['slope_off']} |",
        f"| bias of WLE | | {figures['wle_bias']} |",
        f"| error of EAP, told and found | | {figures['eap_error']}, {figures['eap_rmse']} |",
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Run once and print the figures; exit 1 if the values miss their goals."""
    asked = argparse.ArgumentParser(description="Measure the scoring of a country.")
    asked.add_argument("--pupils", type=int, default=830_000)
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--write", action="store_true", help=f"write {performance_page.PAGE.name}")
    given = asked.parse_args()
    figures = measure(given.pupils)
    if given.write:
        performance_page.put(section(figures))
    print(json.dumps(figures) if given.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))
    off = abs(figures["variance_off_percent"]) > VARIANCE_PERCENT
    return 1 if off or abs(figures["slope_off"]) > SLOPE_OFF else 0


if __name__ == "__main__":
    sys.exit(main())
