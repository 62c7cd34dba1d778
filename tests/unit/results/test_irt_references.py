# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calibration gives what is published, on the data it was published for.

Sources: Rizopoulos (2006), *Journal of Statistical Software* 17(5), for LSAT6; R mirt 1.47 and its
tests for the others. Two published slopes are those of a climb stopped early: where ours differ
by more than 0.001, a test shows that the likelihood, written a second time, is higher at ours.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from encrier_results.irt.calibration import CalibrationResult, calibrate
from encrier_results.irt.items import difficulties
from encrier_results.irt.responses import Responses
from stagecraft.psychometrics import log_likelihood, log_likelihood_at, published, science, table

WITHIN = 1e-3
LOG_LIKELIHOOD_WITHIN = 0.02
STANDARD = {"means": np.zeros(1), "variances": np.ones(1)}


def lsat6() -> Responses:
    return published("mirt_LSAT6.csv", weight="Freq")


def lsat7() -> Responses:
    return published("mirt_LSAT7.csv", weight="freq")


def close(found: CalibrationResult, log_likelihood: float) -> None:
    assert found.converged
    assert_allclose(found.log_likelihood, log_likelihood, atol=LOG_LIKELIHOOD_WITHIN, rtol=0)


def test_lsat6_has_its_published_slopes_and_intercepts() -> None:
    found = calibrate(lsat6(), "2pl")
    close(found, -2466.653)
    slopes, intercepts = found.parameters.slopes, found.parameters.intercepts[:, 0]
    assert_allclose(slopes, [0.8257, 0.7227, 0.8909, 0.6884, 0.6569], atol=WITHIN)
    assert_allclose(intercepts, [2.7732, 0.9902, 0.2491, 1.2848, 2.0533], atol=WITHIN)


def test_lsat6_under_rasch_has_its_published_variance_and_difficulties() -> None:
    found = calibrate(lsat6(), "rasch")
    close(found, -2466.938)
    intercepts = found.parameters.intercepts[:, 0]
    assert_allclose(intercepts, [2.730, 0.9986, 0.2399, 1.3065, 2.0994], atol=WITHIN)
    assert_allclose(found.groups[0].variance, 0.5702, atol=WITHIN)
    # the same model with N(0, 1) and one common slope: 0.7551, and places divided by it
    common = np.sqrt(found.groups[0].variance)
    assert_allclose(common, 0.7551, atol=WITHIN)
    places = difficulties(found.parameters)[:, 0] / common
    assert_allclose(places, [-3.6153, -1.3224, -0.3176, -1.7301, -2.7802], atol=WITHIN)
    # its published error, 0.0694, by the delta method
    assert_allclose(found.groups[0].se_variance / (2 * common), 0.0694, atol=WITHIN)


def test_lsat7_has_its_published_parameters_and_oakes_errors() -> None:
    found = calibrate(lsat7(), "2pl")
    close(found, -2658.805)
    slopes, intercepts = found.parameters.slopes, found.parameters.intercepts[:, 0]
    but_third = [0, 1, 3, 4]
    assert_allclose(slopes[but_third], [0.988, 1.081, 0.7651, 0.7358], atol=WITHIN)
    assert_allclose(slopes[2], 1.706, atol=2e-3)  # see the next test
    assert_allclose(intercepts, [1.8561, 0.808, 1.8043, 0.486, 1.8545], atol=WITHIN)
    assert found.errors_by == "observed"
    assert_allclose(found.errors.slopes[0], 0.1772, atol=WITHIN)
    assert_allclose(found.errors.intercepts[0, 0], 0.1315, atol=WITHIN)


def test_where_the_third_slope_of_lsat7_differs_ours_is_likelier() -> None:
    responses = lsat7()
    found = calibrate(responses, "2pl")
    theirs = replace(
        found.parameters,
        slopes=np.array([0.988, 1.081, 1.706, 0.7651, 0.7358]),
        intercepts=np.array([[1.8561], [0.808], [1.8043], [0.486], [1.8545]]),
    )
    assert log_likelihood_at(found, responses) > log_likelihood(theirs, responses, **STANDARD)


def test_lsat7_under_rasch_has_its_published_variance() -> None:
    found = calibrate(lsat7(), "rasch")
    close(found, -2664.901)
    assert_allclose(found.groups[0].variance, 1.0226, atol=WITHIN)


def test_sat12_is_as_r_mirt_has_it_and_its_last_item_is_not_bounded() -> None:
    found = calibrate(published("ref_sat12_scored.csv"), "2pl")
    close(found, -9488.955)
    theirs = table("ref_sat_2pl.csv")
    assert_allclose(found.parameters.slopes, theirs[:, 0], atol=WITHIN)
    assert_allclose(found.parameters.intercepts[:, 0], theirs[:, 1], atol=WITHIN)
    assert_allclose(difficulties(found.parameters)[31, 0], 12.75, atol=0.01)
    said = [warning for warning in found.warnings if "Item.32" in warning]
    assert any("12.75, beyond 6 logits; not bounded" in warning for warning in said)


def test_sat12_under_rasch_is_as_r_mirt_has_it() -> None:
    found = calibrate(published("ref_sat12_scored.csv"), "rasch")
    close(found, -9643.469)
    theirs = table("ref_sat_rasch.csv")
    assert_allclose(found.parameters.intercepts[:, 0], theirs[:, 1], atol=WITHIN)
    assert_allclose(found.groups[0].variance, 0.82, atol=WITHIN)


def test_science_under_pcm_has_its_published_variance(tmp_path: Path) -> None:
    found = calibrate(science(tmp_path), "pcm")
    close(found, -1619.274)
    assert_allclose(found.groups[0].variance, 1.003, atol=WITHIN)


def test_science_under_gpcm_has_its_published_slopes_or_likelier_ones(tmp_path: Path) -> None:
    responses = science(tmp_path)
    found = calibrate(responses, "gpcm")
    close(found, -1612.682)
    theirs = np.array([0.8622, 0.8402, 2.2286, 0.7213])
    assert_allclose(found.parameters.slopes[[1]], theirs[[1]], atol=WITHIN)
    assert_allclose(found.parameters.slopes, theirs, atol=0.01)  # a tenth of a standard error
    top = log_likelihood_at(found, responses)
    there = replace(found.parameters, slopes=theirs)
    assert top > log_likelihood(there, responses, **STANDARD)
    for rank in range(4):  # and no slope near ours is likelier
        for move in (-1e-3, 1e-3):
            slopes = found.parameters.slopes.copy()
            slopes[rank] += move
            moved = replace(found.parameters, slopes=slopes)
            assert log_likelihood(moved, responses, **STANDARD) < top


@pytest.mark.parametrize("name", ["mirt_deAyala.csv"])
def test_the_likelihood_is_the_one_of_its_definition(name: str) -> None:
    responses = published(name, weight="Frequency")
    found = calibrate(responses, "2pl")
    assert_allclose(found.log_likelihood, log_likelihood_at(found, responses), rtol=1e-9)
