# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fit: as published where it is, near 1 where the model holds, far where it does not."""

import csv

import numpy as np
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from encrier_results.irt.calibration import calibrate
from encrier_results.irt.fit import fit
from stagecraft.psychometrics import FOLDER, drawn, published, true_items

VERY_EASY = [10, 16, 21, 30]  # items of SAT12 where R mirt departs from its own formula


def reference(column: str) -> NDArray[np.float64]:
    with (FOLDER / "ref_sat_fit.csv").open(encoding="utf-8", newline="") as file:
        return np.array([float(row[column]) for row in csv.DictReader(file)])


def test_s_x2_of_lsat7_is_the_published_one() -> None:
    responses = published("mirt_LSAT7.csv", weight="freq")
    found = fit(responses, calibrate(responses, "2pl"))
    # theirs stand on parameters that differ from ours by 0.0015
    assert_allclose(found.s_x2, [4.7494, 14.4511, 1.2704, 5.2374, 0.9411], atol=3e-3)
    assert found.s_x2_df.tolist() == [2, 2, 2, 2, 2]


def test_s_x2_infit_and_outfit_of_sat12_are_those_of_r_mirt() -> None:
    responses = published("ref_sat12_scored.csv")
    found = fit(responses, calibrate(responses, "2pl"))
    assert_allclose(found.s_x2, reference("S_X2"), atol=2e-3)
    assert_allclose(found.s_x2_df, reference("df.S_X2"))
    for ours, column in ((found.infit, "infit"), (found.outfit, "outfit")):
        apart = np.abs(ours - reference(column))
        assert np.delete(apart, VERY_EASY).max() < 1e-3
        assert apart.max() < 0.06


def test_items_that_follow_their_model_fit_it() -> None:
    items = true_items(20, "gpcm", n_steps=2)
    responses = drawn(items, np.random.default_rng(3).standard_normal(4000))
    found = fit(responses, calibrate(responses, "gpcm"))
    assert np.abs(found.infit - 1).max() < 0.15
    by_df = found.s_x2.sum() / found.s_x2_df.sum()  # a chi-square over its degrees of freedom
    assert 0.9 < by_df < 1.1
    assert_allclose(found.q3, found.q3.T)
    assert_allclose(found.q3.diagonal(), 1)
    assert np.abs(found.q3 - np.eye(20)).max() < 0.15


def test_two_items_that_share_their_answer_are_found() -> None:
    items = true_items(12, "2pl")
    responses = drawn(items, np.random.default_rng(3).standard_normal(3000))
    same = np.random.default_rng(4).random(3000) < 0.6
    responses.scores[same, 1] = responses.scores[same, 0]
    q3 = fit(responses, calibrate(responses, "2pl")).q3
    assert q3[0, 1] > 0.2
    others = np.triu(q3, k=1)
    others[0, 1] = 0
    assert others.max() < 0.1


def test_with_booklets_there_is_no_s_x2_but_the_rest_stands() -> None:
    items = true_items(30, "2pl")
    responses = drawn(items, np.random.default_rng(3).standard_normal(3000), n_booklets=3)
    found = fit(responses, calibrate(responses, "2pl"))
    assert np.isnan(found.s_x2).all()
    assert np.abs(found.infit - 1).max() < 0.2
    assert np.isfinite(found.outfit).all()
