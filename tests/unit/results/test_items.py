# SPDX-License-Identifier: AGPL-3.0-or-later
"""Item analysis: published values, planted faults, and laws."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from encrier_results.irt.responses import Responses, read_responses
from encrier_results.items.classical import Analysis, analyse, correlation
from encrier_results.items.course import courses, times
from encrier_results.items.options import fifths, options
from encrier_results.items.reliability import covariances, cronbach, omega, one_factor
from encrier_results.items.table import BadTable, read_table
from stagecraft.responded import responses_of, sat, shared

# What R mirt 1.47 prints with itemstats(expand.table(LSAT7)): in its README.
LSAT7_TOTAL = [0.530, 0.600, 0.611, 0.592, 0.461]
LSAT7_REST = [0.246, 0.247, 0.313, 0.223, 0.175]
LSAT7_WITHOUT = [0.396, 0.394, 0.345, 0.415, 0.438]
SCORES = arrays(np.int8, (12, 4), elements=st.integers(-1, 2))


def rests(analysis: Analysis) -> list[float | None]:
    return [one.item_rest for one in analysis.items]


def test_the_items_of_lsat7_are_what_mirt_says() -> None:
    found = analyse(read_responses(shared("mirt_LSAT7.csv"), weight="freq"))
    assert found.weight == 1000
    assert found.alpha == pytest.approx(0.453, abs=5e-4)
    assert [one.facility for one in found.items] == pytest.approx(
        [0.828, 0.658, 0.772, 0.606, 0.843]
    )
    assert [one.item_total for one in found.items] == pytest.approx(LSAT7_TOTAL, abs=5e-4)
    assert rests(found) == pytest.approx(LSAT7_REST, abs=5e-4)
    assert [one.alpha_without for one in found.items] == pytest.approx(LSAT7_WITHOUT, abs=5e-4)


def test_the_items_of_lsat6_are_those_published() -> None:
    """Bock and Lieberman (1970), table 1: shares of right answers; alpha of ltm's vignette."""
    found = analyse(read_responses(shared("mirt_LSAT6.csv"), weight="Freq"))
    assert [one.facility for one in found.items] == pytest.approx(
        [0.924, 0.709, 0.553, 0.763, 0.870]
    )
    assert found.alpha == pytest.approx(0.295, abs=5e-4)


def test_alpha_and_omega_are_one_where_items_measure_alike() -> None:
    """All covariances 0.5, variances 1: alpha = 4/3 (1 - 4/10) = 0.8."""
    between = np.full((4, 4), 0.5) + 0.5 * np.eye(4)
    assert cronbach(between) == pytest.approx(0.8)
    assert omega(between) == pytest.approx(0.8)


def test_omega_is_that_of_the_loadings_that_made_the_covariances() -> None:
    """McDonald: (sum of loadings)² / ((sum of loadings)² + sum of unique variances)."""
    loadings, unique = np.array([0.9, 0.6, 0.3, 1.2]), np.array([0.5, 0.4, 0.7, 0.9])
    between = np.outer(loadings, loadings) + np.diag(unique)
    assert omega(between) == pytest.approx(9.0 / (9.0 + 2.5), abs=1e-7)
    assert (cronbach(between) or 1.0) < 9.0 / 11.5  # alpha is a lower bound


@given(arrays(np.float64, 5, elements=st.floats(0.2, 0.95)))
def test_one_factor_finds_the_loadings_that_made_the_correlations(loadings: np.ndarray) -> None:
    made = np.outer(loadings, loadings)
    np.fill_diagonal(made, 1.0)
    assert one_factor(made) == pytest.approx(loadings, abs=1e-3)


@given(SCORES, st.randoms(use_true_random=False))
def test_the_order_of_pupils_changes_nothing(scores: np.ndarray, chance: object) -> None:
    order = np.argsort(scores.sum(axis=1), kind="stable")[::-1]
    first, turned = analyse(responses_of(scores)), analyse(responses_of(scores[order]))
    for one, other in zip(first.items, turned.items, strict=True):
        assert one.item_rest == pytest.approx(other.item_rest)
        assert one.facility == pytest.approx(other.facility)
    assert first.alpha == pytest.approx(turned.alpha)


@given(SCORES)
def test_a_row_that_weighs_two_is_that_row_twice(scores: np.ndarray) -> None:
    weights = [2.0 if row % 3 == 0 else 1.0 for row in range(len(scores))]
    twice = np.repeat(scores, [int(w) for w in weights], axis=0)
    weighed, repeated = analyse(responses_of(scores, weights=weights)), analyse(responses_of(twice))
    assert weighed.alpha == pytest.approx(repeated.alpha)
    assert rests(weighed) == pytest.approx(rests(repeated))
    assert weighed.weight == repeated.weight == len(twice)


def test_a_bad_item_and_one_missing_by_design_are_told_apart() -> None:
    theta = np.random.default_rng(1).normal(0.0, 1.0, 4_000)
    scores = sat(theta, np.full(12, 1.3), np.linspace(-1.5, 1.5, 12), seed=2)
    scores[:, 5] = 1 - scores[:, 5]  # its key is upside down
    whole = analyse(responses_of(scores))
    assert (whole.items[5].item_rest or 0.0) < -0.2
    assert min(one.item_rest or 0.0 for one in whole.items if one.item != "i5") > 0.2
    scores[:2_000, 8:] = -1
    scores[2_000:, :3] = -1
    booklets = analyse(responses_of(scores))
    assert booklets.alpha is None  # items 0 and 8 never met
    assert min(one.item_rest or 0.0 for one in booklets.items if one.item != "i5") > 0.2
    assert [one.n for one in booklets.items[2:4]] == [2_000, 4_000]


def test_what_does_not_vary_has_no_correlation() -> None:
    assert correlation(np.ones(5), np.arange(5.0), np.ones(5)) is None
    assert correlation(np.arange(5.0), np.ones(5) / 3, np.ones(5)) is None
    found = analyse(responses_of([[1, 0], [1, 1], [1, 1]]))
    assert (found.items[0].item_rest, found.items[0].facility, found.alpha) == (None, 1.0, 0.0)
    nobody = analyse(responses_of([[-1, 0], [-1, 1]]))
    assert (nobody.items[0].n, nobody.items[0].mean) == (0, None)


def sat12() -> tuple[Responses, dict[str, np.ndarray]]:
    """SAT12 with what was chosen, in which 8 is no answer."""
    scored = read_responses(shared("ref_sat12_scored.csv"))
    raw = read_table(shared("mirt_SAT12.csv"), scored.items, n_pupils=len(scored.scores))
    return scored, {item: np.where(cells == "8", "", cells) for item, cells in raw.items()}


def test_the_options_of_sat12_are_found_with_their_keys() -> None:
    """The key that R mirt's documentation gives with these data."""
    scored, chosen = sat12()
    found = options(scored, chosen)
    keys = [option.option for one in found for option in one.options if option.is_key]
    assert "".join(keys) == "14523121312421534414334135131545"
    for one in found:
        assert sum(option.share for option in one.options) == pytest.approx(1.0)
        assert sum(option.n for option in one.options) == len(scored.scores)
    facility = [one.facility for one in analyse(scored).items]
    shares = [option.share for one in found for option in one.options if option.is_key]
    assert shares == pytest.approx(facility)


def test_a_key_that_is_wrong_is_doubted_and_a_right_one_is_not() -> None:
    scored, chosen = sat12()
    right = {one.item for one in options(scored, chosen) if one.remarks}
    wrong_key = scored.scores.copy()
    wrong_key[:, 1] = (chosen[scored.items[1]] == "2").astype(np.int8)  # 4 is the key
    bad = Responses(scored.items, wrong_key, scored.groups, scored.group_of, scored.weights)
    doubted = {one.item for one in options(bad, chosen) if one.remarks}
    assert scored.items[1] not in right
    assert scored.items[1] in doubted
    assert len(right) <= 2


def test_stronger_pupils_choose_the_key_and_weaker_ones_the_others() -> None:
    theta = np.random.default_rng(1).normal(0.0, 1.0, 3_000)
    scores = sat(theta, np.full(10, 1.5), np.zeros(10), seed=3)
    chosen = {"i0": np.where(scores[:, 0] == 1, "A", np.where(theta > -0.5, "B", "C"))}
    (one,) = options(responses_of(scores), chosen)
    by_name = {option.option: option for option in one.options}
    assert [name for name, option in by_name.items() if option.is_key] == ["A"]
    shares = by_name["A"].by_fifth
    assert shares == sorted(shares, key=lambda share: share or 0.0)
    assert (by_name["A"].rest or 0.0) > 0.3 > -0.1 > (by_name["C"].rest or 0.0)
    assert one.remarks == []


def test_pupils_of_one_share_are_in_one_fifth() -> None:
    shares = np.array([0.0, 0.1, 0.1, 0.1, 0.2, 0.9, 0.9, 0.9, 1.0, 1.0])
    found = fifths(shares, np.ones(10))
    assert len({(share, fifth) for share, fifth in zip(shares, found, strict=True)}) == 5
    assert sorted(found.tolist()) == found.tolist()
    assert fifths(np.arange(100.0), np.ones(100)).tolist() == [n // 20 for n in range(100)]


def test_options_beyond_a_dozen_are_put_together() -> None:
    chosen = {"i0": np.array([str(n % 40) for n in range(400)])}
    scores = np.column_stack([np.arange(400) % 40 == 7, np.arange(400) % 3 == 0]).astype(np.int8)
    (one,) = options(responses_of(scores), chosen)
    assert len(one.options) == 12
    assert sum(option.n for option in one.options) == 400


def test_who_did_not_get_so_far_is_counted_both_ways() -> None:
    cells = np.array(["right"] * 6 + ["wrong"] * 2 + ["omitted"] * 2 + ["not-reached"] * 5 + [""])
    (one,) = courses({"q": cells})
    assert one.codes == {"right": 6, "wrong": 2, "omitted": 2, "not-reached": 5}
    assert (one.omitted, one.not_reached) == (2 / 15, 5 / 15)
    assert one.right_not_reached_missing == 6 / 10
    assert one.right_not_reached_wrong == 6 / 15


def test_times_are_of_who_saw_the_item() -> None:
    (one,) = times({"q": np.array(["10.0", "", "20.0", "30.5", ""])})
    assert (one.n, one.quartiles_s) == (3, (15.0, 20.0, 25.25))
    for bad in ("soon", "-3", "inf"):
        with pytest.raises(BadTable):
            times({"q": np.array([bad])})


@given(st.binary(max_size=200))
def test_a_hostile_table_is_refused_or_read_and_never_more(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.mktemp("table") / "t.csv"
    file.write_bytes(b"q,r\n" + content)
    try:
        found = read_table(file, ["q"], n_pupils=2)
    except BadTable:
        return
    assert len(found["q"]) == 2


def test_a_table_that_does_not_go_with_the_responses_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    for content in ("q,q\n1,2\n", "q\n1\n2\n", "q,r\n1\n", f"q\n{'x' * 301}\n"):
        file.write_text(content, encoding="utf-8")
        with pytest.raises(BadTable):
            read_table(file, ["q"], n_pupils=1)
    file.write_text("n;q\n7;A\n", encoding="utf-8-sig")
    assert read_table(file, ["q", "z"], n_pupils=1)["q"].tolist() == ["A"]


def test_covariances_are_of_the_pupils_who_had_both() -> None:
    scores = np.array([[0, 1, -1], [1, 1, -1], [1, -1, 2], [0, -1, 0]])
    found = covariances(responses_of(scores))
    assert found[0, 0] == pytest.approx(np.var([0, 1, 1, 0], ddof=1))
    assert found[0, 2] == pytest.approx(np.cov([1, 0], [2, 0])[0, 1])
    assert np.isnan(found[1, 2])
