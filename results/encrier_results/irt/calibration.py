# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calibration: item parameters and group means from responses, by marginal maximum likelihood.

Bock and Aitkin (1981), with SQUAREM and, for large samples, a start from a small one. No number is
bounded in silence: what looks odd is estimated all the same and said in a warning.

- rasch, pcm: slopes 1, variance of the first group free, its mean 0.
- 2pl, 3pl, gpcm: slopes free, the first group is N(0, 1).
- Other groups: mean and variance free. With fixed items: those of all groups.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from encrier_results.irt import information, oddities
from encrier_results.irt.expectation import expect
from encrier_results.irt.information import Way
from encrier_results.irt.items import ItemParameters, Model
from encrier_results.irt.maximisation import Counted, maximised
from encrier_results.irt.model import Free, Grid, Point
from encrier_results.irt.responses import Floats, Responses
from encrier_results.irt.sample import Sample, collapsed, sample_of, thinned
from encrier_results.irt.squarem import Climb, climb
from encrier_results.irt.start import NotCalibrated, counted_in, start_of

N_NODES: Final = 61
REACH: Final = 6.0
TOLERANCE: Final = 1e-6
MOST_STEPS: Final = 2000
_FEWEST_NODES: Final = 11
_START_FROM: Final = 20_000
_LARGE: Final = 100_000  # rows from which a start from a small sample pays


class Settings(NamedTuple):
    """How to climb. nodes: n, from -reach to reach; tolerance: of the last step, in logits."""

    n_nodes: int = N_NODES
    reach: float = REACH
    tolerance: float = TOLERANCE
    most_steps: int = MOST_STEPS
    with_errors: bool = True


@dataclass(frozen=True, eq=False)
class GroupEstimate:
    """A group of pupils on the scale of theta; an error is NaN where the number is not free."""

    label: str
    mean: float
    variance: float
    se_mean: float
    se_variance: float


@dataclass(frozen=True, eq=False)
class CalibrationResult:
    """What a calibration found.

    `errors` has standard errors in the places of parameters, NaN where a number was not estimated;
    `errors_by` says how they were computed. `log_likelihood` is without priors.
    """

    parameters: ItemParameters
    errors: ItemParameters
    groups: tuple[GroupEstimate, ...]
    log_likelihood: float
    n_free: int
    iterations: int
    converged: bool
    errors_by: Way
    warnings: tuple[str, ...]


def calibrate(
    responses: Responses,
    model: Model,
    *,
    fixed: ItemParameters | None = None,
    settings: Settings | None = None,
) -> CalibrationResult:
    """Estimate the items of responses under one model; items in `fixed` keep their parameters.

    Raises NotCalibrated where an item was given to nobody, or all have the same score on it.
    """
    settings = settings or Settings()
    grid, sample = _grid(settings), sample_of(responses)
    point, free, models = start_of(responses, sample, model, fixed=fixed)
    counted = counted_in(sample, free)
    if not free.slopes.any() and (point.slopes == 1).all() and not free.guesses.any():
        sample = collapsed(sample)
    problem = _Problem(sample, counted, free, grid)
    top, climbed = _climbed(problem, point, settings)
    way = _way(top) if settings.with_errors else "none"
    errors = _errors(problem, top, way)
    params = ItemParameters(responses.items, models, top.slopes, top.intercepts, top.guesses)
    found = oddities.of(params, top, grid, counted=counted)
    if not climbed.converged:
        found = (*found, oddities.not_converged(climbed.n_steps, climbed.moved))
    return CalibrationResult(
        parameters=params,
        errors=ItemParameters(
            responses.items, models, errors.slopes, errors.intercepts, errors.guesses
        ),
        groups=_groups(responses.groups, top, errors),
        log_likelihood=expect(sample, top, grid).log_likelihood,
        n_free=len(climbed.top),
        iterations=climbed.n_steps,
        converged=climbed.converged,
        errors_by=way,
        warnings=found,
    )


def _grid(settings: Settings) -> Grid:
    if settings.n_nodes < _FEWEST_NODES or not 0 < settings.reach < math.inf:
        raise NotCalibrated(
            "The grid of theta has too few nodes, or no end.",
            f"Ask for {_FEWEST_NODES} nodes or more, and a reach above 0.",
        )
    if not settings.tolerance > 0:
        raise NotCalibrated("The tolerance must be above 0.", f"{TOLERANCE:g} is what is usual.")
    return Grid(np.linspace(-settings.reach, settings.reach, settings.n_nodes))


class _Problem(NamedTuple):
    sample: Sample
    counted: Counted
    free: Free
    grid: Grid

    def step_from(self, beside: Point) -> Callable[[Floats], tuple[Floats, float]]:
        """One step of EM, vector to vector; what is not free is that of `beside`."""

        def step(vector: Floats) -> tuple[Floats, float]:
            here = self.free.point(vector, beside=beside)
            expected = expect(self.sample, here, self.grid)
            there = maximised(here, expected, self.counted, free=self.free, grid=self.grid)
            return self.free.vector(there), expected.log_likelihood

        return step

    def allowed(self, vector: Floats) -> bool:
        """Whether all is finite, and variances and slopes of items with a guess are above 0."""
        n_variances = int(self.free.variances.sum())
        positive = vector[len(vector) - n_variances :]
        if self.free.guesses.any():
            positive = np.append(positive, vector[: int(self.free.slopes.sum())])
        return bool(np.isfinite(vector).all() and (positive > 0).all())


def _climbed(problem: _Problem, point: Point, settings: Settings) -> tuple[Point, Climb]:
    start = problem.free.vector(point)
    step = problem.step_from(point)
    if len(problem.sample.scores) > _LARGE:
        sample = thinned(problem.sample, to=_START_FROM)
        few = problem._replace(sample=sample, counted=counted_in(sample, problem.free))
        start = climb(
            start,
            few.step_from(point),
            allowed=problem.allowed,
            tolerance=1e-3,
            most_steps=settings.most_steps,
        ).top
    found = climb(
        start,
        step,
        allowed=problem.allowed,
        tolerance=settings.tolerance,
        most_steps=settings.most_steps,
    )
    return problem.free.point(found.top, beside=point), found


def _way(top: Point) -> Way:
    return "cross-products" if (top.guesses > 0).any() else "observed"


def _errors(problem: _Problem, top: Point, way: Way) -> Point:
    """Standard errors in the places of a point, NaN where a number is not free."""
    sample, counted, free, grid = problem
    nothing = Point(*(np.full(field.shape, np.nan) for field in top.fields()))
    if way == "none":
        return nothing
    bend = (
        information.observed(sample, top, counted, free=free, grid=grid)
        if way == "observed"
        else information.cross_products(sample, top, free=free, grid=grid)
    )
    made = free.unpack(information.standard_errors(bend), beside=nothing)
    made.guesses[:] *= top.guesses * (1 - top.guesses)  # from the logit to the chance
    return made


def _groups(labels: tuple[str, ...], top: Point, errors: Point) -> tuple[GroupEstimate, ...]:
    numbers = zip(top.means, top.variances, errors.means, errors.variances, strict=True)
    return tuple(
        GroupEstimate(label, *map(float, row)) for label, row in zip(labels, numbers, strict=True)
    )
