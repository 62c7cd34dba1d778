# SPDX-License-Identifier: AGPL-3.0-or-later
"""DIF by likelihood ratio: planted differences of known size, and what chance makes of none."""

import json
from pathlib import Path

import numpy as np
import pytest

from encrier.cli import main
from encrier_results.dif.likelihood import TooFewAlike, by_likelihood, comparable, split
from encrier_results.dif.matched import matched
from encrier_results.irt.responses import Responses
from stagecraft.responded import Floats, responses_of, sat

N = 2_000
THETA = np.random.default_rng(1).normal(0.0, 1.0, 2 * N)
THETA[N:] -= 0.5
GROUPS = ["a"] * N + ["b"] * N
HARD = np.linspace(-1.5, 1.5, 8)


def planted(*, by: float, item: int = 3, seed: int = 2) -> Responses:
    """Eight items of slope 1.2, one of them harder for group b."""
    hard: Floats = np.tile(HARD, (2 * N, 1))
    hard[N:, item] += by
    return responses_of(sat(THETA, np.full(8, 1.2), hard, seed=seed), groups=GROUPS)


def logistic(x: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-x))


def test_a_planted_difference_is_found_and_of_its_size() -> None:
    found = by_likelihood(planted(by=0.8), "2pl", reference=0)
    assert [one.item for one in found if one.size == "C"] == ["i3"]
    truth = np.mean(
        logistic(1.2 * (THETA[N:] - HARD[3] - 0.8)) - logistic(1.2 * (THETA[N:] - HARD[3]))
    )
    assert found[3].signed == pytest.approx(truth, abs=0.03)
    assert found[3].unsigned == pytest.approx(-truth, abs=0.03)
    assert (found[3].df, found[3].p < 1e-10) == (2, True)


def test_it_says_of_the_size_what_matching_says() -> None:
    responses = planted(by=0.6)
    likely, by_score = by_likelihood(responses, "rasch", reference=0), matched(responses)
    for one, other in zip(likely, by_score, strict=True):
        assert one.df == 1
        assert one.signed == pytest.approx(other.difference, abs=0.04)


def test_where_nothing_differs_the_chi_square_is_that_of_chance() -> None:
    """The mean of a chi-square is its degrees of freedom: 32 of them, of error sqrt(2 / 32)."""
    found = [
        one.chi2
        for seed in range(4)
        for one in by_likelihood(planted(by=0.0, seed=10 + seed), "rasch", reference=0)
    ]
    assert np.mean(found) == pytest.approx(1.0, abs=4 * (2 / 32) ** 0.5)
    assert min(found) >= 0.0


def test_to_take_one_group_for_the_other_leaves_the_chi_square_and_turns_the_sign() -> None:
    responses = planted(by=0.5)
    first = by_likelihood(responses, "2pl", reference=0, purified=False)
    turned = by_likelihood(responses, "2pl", reference=1, purified=False)
    for one, other in zip(first, turned, strict=True):
        assert one.chi2 == pytest.approx(other.chi2, abs=0.02)
        assert one.signed * other.signed <= 1e-4
    assert turned[3].signed > 0 > first[3].signed


def test_an_item_of_several_points_is_compared_step_by_step() -> None:
    parts = [sat(THETA, np.ones(1), np.zeros(1), seed=20 + k)[:, 0] for k in range(3)]
    easier = sat(THETA, np.ones(1), np.full(1, -1.0), seed=24)[:, 0]
    several = np.where(np.arange(2 * N) < N, parts[0] + parts[1], parts[0] + easier)
    scores = np.column_stack([planted(by=0.0).scores, several])
    (*others, last) = by_likelihood(responses_of(scores, groups=GROUPS), "gpcm", reference=0)
    assert last.df == 3
    assert last.size == "C"
    assert last.signed > 0.05
    assert {one.size for one in others} == {"A"}


def test_an_item_that_one_group_was_not_given_is_not_compared() -> None:
    responses = planted(by=0.0)
    responses.scores[N:, 2] = -1
    responses.scores[N:, 5] = 1  # all of group b have it right
    assert comparable(responses) == [0, 1, 3, 4, 6, 7]
    found = by_likelihood(responses, "rasch", reference=0)
    assert [one.item for one in found] == ["i0", "i1", "i3", "i4", "i6", "i7"]
    assert {one.size for one in found} == {"A"}


def test_an_item_made_two_is_given_to_one_group_each() -> None:
    responses = planted(by=0.0)
    apart = split(responses, [0])
    assert len(apart.items) == 9
    assert (apart.scores[:N, -2] == responses.scores[:N, 0]).all()
    assert (apart.scores[:N, -1] == -1).all()
    assert (apart.scores[N:, -2] == -1).all()


def test_groups_for_which_all_items_differ_cannot_be_compared() -> None:
    hard: Floats = np.tile(np.linspace(-0.5, 0.5, 6), (2 * N, 1))
    hard[N:] += [1.2, -1.2, 1.2, -1.2, 1.2, -1.2]
    scores = sat(THETA, np.full(6, 1.5), hard, seed=3)
    with pytest.raises(TooFewAlike):
        by_likelihood(responses_of(scores, groups=GROUPS), "rasch", reference=0)


def test_the_verb_compares_by_likelihood(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    responses = planted(by=0.8)
    lines = [",".join(["g", *responses.items])]
    lines += [
        ",".join([group, *map(str, row)])
        for group, row in zip(GROUPS, responses.scores.tolist(), strict=True)
    ]
    file = tmp_path / "r.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    asked = ["results", "dif", str(file), "--group", "g", "--method", "lr", "--model", "rasch"]
    assert main([*asked, "--reference", "a", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["method"], report["model"], report["reference"]) == ("lr", "rasch", "a")
    assert [one["item"] for one in report["items"] if one["size"] != "A"] == ["i3"]
    assert main([*asked, "--reference", "a"]) == 0
    assert "unsigned" in capsys.readouterr().out
