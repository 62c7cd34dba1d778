# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the answers of each pupil say of her ability: her likelihood, at nodes.

Items are matched by name. This module knows answers and parameters, no prior, no method.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from encrier.errors import EncrierError
from encrier_results.abilities.arrays import Floats, Scores, each_chunk
from encrier_results.abilities.curves import (
    Curves,
    curves,
    information,
    log_normalizers,
    log_odds_guessed,
)
from encrier_results.irt.items import ItemParameters
from encrier_results.irt.responses import Responses

FEWEST_NODES: Final = 61  # what R mirt takes, which makes the numbers comparable


class CannotScore(EncrierError):
    what = "These responses cannot be scored with these parameters."
    next_step = "Give parameters for each item, and name the columns that are none with --ignore."


@dataclass(frozen=True, eq=False)
class Evidence:
    """The answers beside the items that were answered, in one order; N pupils, J items.

    totals (N,): s = sum of a x over the items with no guess, which is all that such answers say
    beside which items were given; constants (N,): the part of the log-likelihood without theta.
    """

    of: Curves
    scores: Scores
    totals: Floats
    constants: Floats

    def __len__(self) -> int:
        return len(self.scores)

    def n_answered(self) -> Floats:
        """Count the items that each pupil was given (N,)."""
        counted: Floats = (self.scores >= 0).sum(axis=1, dtype=np.float64)
        return counted


@dataclass(frozen=True, eq=False)
class Nodes:
    """Equally spaced abilities, and what each item adds there; theta (Q,), the rest (J, Q)."""

    theta: Floats
    log_zero: Floats  # log-likelihood of score 0
    log_odds: Floats  # (3PL items, Q)
    information: Floats


def evidence(responses: Responses, parameters: ItemParameters) -> Evidence:
    """Match responses to parameters by the names of items; both are held to each other.

    Raises CannotScore for an item without parameters and for a score past the last step.
    """
    rank = {item: place for place, item in enumerate(responses.items)}
    unknown = sorted(set(responses.items) - set(parameters.items))
    if unknown:
        raise CannotScore(f"{len(unknown)} items have no parameters, the first {unknown[0]}.")
    kept = [place for place, item in enumerate(parameters.items) if item in rank]
    chosen = ItemParameters(
        tuple(parameters.items[place] for place in kept),
        tuple(parameters.models[place] for place in kept),
        parameters.slopes[kept],
        parameters.intercepts[kept],
        parameters.guessing[kept],
    )
    scores = np.ascontiguousarray(responses.scores[:, [rank[item] for item in chosen.items]])
    high = np.flatnonzero(scores.max(axis=0) > chosen.n_steps)
    if len(high):
        raise CannotScore(f"Item {chosen.items[high[0]]} has a score past its last step.")
    of = curves(chosen)
    totals, constants = np.empty(len(scores)), np.empty(len(scores))

    def add_up(rows: slice) -> None:
        x = np.maximum(scores[rows], 0)
        totals[rows] = np.delete(x, of.guessed, axis=1) @ np.delete(of.slopes, of.guessed)
        constants[rows] = x[:, of.two] @ of.steps[of.two, 1]
        constants[rows] += of.steps[of.many, x[:, of.many]].sum(axis=1)

    each_chunk(len(scores), add_up)
    return Evidence(of, scores, totals, constants)


def nodes(of: Curves, theta: Floats) -> Nodes:
    """Work out once what all pupils need at these abilities (Q,)."""
    return Nodes(
        theta, log_normalizers(of, theta) * -1, log_odds_guessed(of, theta), information(of, theta)
    )


def spread(of: Curves, lowest: float, highest: float, *, known: float = 0.0) -> Nodes:
    """Place nodes between two abilities, close enough for the sharpest likelihood there.

    61, or as many as make the step at most 1 / sqrt(known + information of all items); the sum
    over the nodes is then exact to 1e-8 (trapezoids and a normal density).
    """
    coarse = nodes(of, np.linspace(lowest, highest, FEWEST_NODES))
    sharpest = float(np.sqrt(known + coarse.information.sum(axis=0).max()))
    wanted = int(np.ceil((highest - lowest) * sharpest)) + 1
    if wanted <= FEWEST_NODES:
        return coarse
    return nodes(of, np.linspace(lowest, highest, wanted))


def given(answers: Evidence, rows: slice) -> Floats:
    """Tell which items these pupils were given: (n, J), 1.0 or 0.0."""
    return (answers.scores[rows] >= 0).astype(np.float64)


def log_likelihood(answers: Evidence, at: Nodes, rows: slice) -> Floats:
    """Give the log-likelihood of these pupils at nodes, but for `constants`: (n, Q)."""
    told: Floats = given(answers, rows) @ at.log_zero
    told += np.multiply.outer(answers.totals[rows], at.theta)
    if len(answers.of.guessed):
        told += (answers.scores[rows][:, answers.of.guessed] == 1).astype(np.float64) @ at.log_odds
    return told
