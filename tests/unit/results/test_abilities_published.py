# SPDX-License-Identifier: AGPL-3.0-or-later
"""Abilities beside those that R mirt 1.47 gives on the same data with the same parameters."""

import math

import numpy as np
import pytest

from encrier_results.abilities.evidence import Evidence, evidence, nodes
from encrier_results.abilities.modes import map_, wle
from encrier_results.abilities.posterior import Abilities, eap, moments, standard
from encrier_results.abilities.regression import intercept_only, regress
from encrier_results.irt.responses import read_responses
from stagecraft.measured import PSYCHOMETRICS, Floats, answered, items, needs_references, published

pytestmark = needs_references

# R mirt, test-01-mirtOne.R: LSAT7, 2PL.
LSAT7 = items(
    [0.988, 1.081, 1.706, 0.7651, 0.7358], [[1.8561], [0.808], [1.8043], [0.486], [1.8545]]
)


def sat12() -> Evidence:
    """SAT12 scored, with the 2PL that R mirt found; item 32 has a slope of 0.13 and b = 12.75."""
    found = published("ref_sat_2pl.csv")
    asked = read_responses(PSYCHOMETRICS / "ref_sat12_scored.csv")
    slopes = [float(row["a1"]) for row in found]
    return evidence(asked, items(slopes, [[float(row["d"])] for row in found], names=asked.items))


def column(name: str) -> Floats:
    return np.array([float(row[name]) for row in published("ref_sat_scores.csv")])


def first_patterns() -> Evidence:
    return evidence(answered(LSAT7, [[0, 0, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 1, 0]]), LSAT7)


def test_eaps_of_the_first_patterns_of_lsat7_are_the_published_ones_on_the_same_nodes() -> None:
    """Mirt published them from 41 nodes between -4 and 4, which cuts the tail of all wrong off."""
    answers = first_patterns()
    found = moments(answers, standard(3), nodes(answers.of, np.linspace(-4, 4, 41)))
    assert found.means == pytest.approx([-1.8666, -1.5267, -1.5134], abs=2e-4)


def test_our_eaps_keep_the_tail() -> None:
    found = eap(first_patterns(), standard(3))
    assert found.theta == pytest.approx([-1.8699, -1.5272, -1.5139], abs=1e-4)


def test_maps_of_the_first_patterns_of_lsat7_are_the_published_ones() -> None:
    found = map_(first_patterns(), standard(3))
    assert found.theta == pytest.approx([-1.8166, -1.4947, -1.4823], abs=1e-3)


@pytest.mark.parametrize("method", ["EAP", "MAP", "WLE"])
def test_all_600_scores_of_sat12_are_those_of_mirt(method: str) -> None:
    answers = sat12()
    prior = standard(len(answers))
    found: Abilities = {
        "EAP": lambda: eap(answers, prior),
        "MAP": lambda: map_(answers, prior),
        "WLE": lambda: wle(answers),
    }[method]()
    np.testing.assert_allclose(found.theta, column(f"{method}.F1"), atol=1e-5)
    np.testing.assert_allclose(found.error, column(f"{method}.SE_F1"), atol=1e-3)


def test_all_right_on_sat12_is_far_out_and_finite() -> None:
    """The trap of item 32: an optimiser with bounds puts it elsewhere."""
    answers = sat12()
    found = wle(answers)
    all_right = (answers.scores == 1).all(axis=1)
    assert all_right.sum() == 3
    assert found.theta[all_right] == pytest.approx(6.5085, abs=1e-3)
    assert all(map(math.isfinite, found.error))


def test_the_population_of_sat12_is_the_one_it_was_calibrated_for() -> None:
    """At the maximum of the 2PL the mean is 0 and the variance 1: a regression must stay there."""
    answers = sat12()
    found = regress(answers, intercept_only(np.ones(len(answers))))
    assert found.log_likelihood == pytest.approx(-9488.955, abs=0.02)
    assert found.coefficients[0] == pytest.approx(0, abs=1e-3)
    assert found.residual_variance == pytest.approx(1, abs=1e-3)
