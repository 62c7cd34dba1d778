# SPDX-License-Identifier: AGPL-3.0-or-later
"""Differential item functioning from a table of counts: Mantel-Haenszel, Mantel, P-DIF.

Knows counts by stratum, group and score; no pupil and no item. Pure. Throughout `table` is
(n_strata, 2, m + 1): pupils of the reference (0) and of the focal group (1) by their score.
"""

from math import erfc, log, sqrt

import numpy as np
import numpy.typing as npt

from encrier.records import Record

Floats = npt.NDArray[np.float64]


class CommonOdds(Record, frozen=True):
    """How much likelier a right answer is in the reference group, at equal score."""

    ratio: float  # alpha of Mantel and Haenszel; 1: no difference
    log_se: float  # standard error of its logarithm


def common_odds(table: Floats) -> CommonOdds | None:
    """Give the common odds ratio of an item scored 0 or 1, or None where it is not finite.

    Mantel and Haenszel (1959), *JNCI* 22, 719-748; standard error: Robins, Breslow and Greenland
    (1986), *Biometrics* 42, 311-323.
    """
    n = table.sum((1, 2))
    right_ref, wrong_ref = table[:, 0, 1], table[:, 0, 0]
    right_foc, wrong_foc = table[:, 1, 1], table[:, 1, 0]
    up, down = right_ref * wrong_foc / n, wrong_ref * right_foc / n
    r, s = float(up.sum()), float(down.sum())
    if r <= 0 or s <= 0:
        return None
    p, q = (right_ref + wrong_foc) / n, (wrong_ref + right_foc) / n
    variance = (
        float((p * up).sum()) / (2 * r * r)
        + float((p * down + q * up).sum()) / (2 * r * s)
        + float((q * down).sum()) / (2 * s * s)
    )
    return CommonOdds(r / s, sqrt(variance))


def mantel_chi2(table: Floats, *, corrected: bool = False) -> float | None:
    """Give Mantel's chi-square on 1 degree of freedom, for scores 0 to m; None if undefined.

    For an item scored 0 or 1 it is that of Mantel and Haenszel; `corrected`: with their
    correction for continuity of a half.

    Mantel (1963), *JASA* 58, 690-700; for items, Zwick, Donoghue and Grima (1993), *Journal of
    Educational Measurement* 30, 233-251, equations 3 to 5.
    """
    points = np.arange(table.shape[2], dtype=float)
    n = table.sum((1, 2))
    several = n > 1
    table, n = table[several], n[several]
    n_ref, n_foc = table[:, 0].sum(1), table[:, 1].sum(1)
    by_score = table.sum(1)
    first, second = by_score @ points, by_score @ points**2
    expected = float((n_foc / n * first).sum())
    variance = float((n_ref * n_foc / (n * n * (n - 1)) * (n * second - first**2)).sum())
    if variance <= 0:
        return None
    away = abs(float((table[:, 1] @ points).sum()) - expected)
    return max(away - (0.5 if corrected else 0.0), 0.0) ** 2 / variance


def p_value(chi2: float, *, df: int = 1) -> float:
    """Give the chance of a chi-square at least so large, df whole degrees of freedom.

    Abramowitz and Stegun (1964), 26.4.4 and 26.4.5: a finite sum, exact.
    """
    half = chi2 / 2.0
    total, term = (0.0, 1.0) if df % 2 == 0 else (erfc(sqrt(half)), sqrt(half / np.pi) * 2.0)
    rank = 0.0 if df % 2 == 0 else 0.5
    for step in range((df + 1) // 2 if df % 2 == 0 else (df - 1) // 2):
        total += term * float(np.exp(-half))
        term *= half / (step + 1 + rank)
    return min(total, 1.0)


def standardised_difference(table: Floats) -> float:
    """Give the mean score of the focal group less that of reference pupils matched to it.

    Weighted by the pupils of the focal group. For an item scored 0 or 1 it is the standardised
    P-DIF of Dorans and Kulick (1986), *Journal of Educational Measurement* 23, 355-368; else the
    SMD of Zwick, Donoghue and Grima (1993). NaN where nobody is compared.
    """
    points = np.arange(table.shape[2], dtype=float)
    n_foc = table[:, 1].sum(1)
    if not n_foc.sum():
        return float("nan")
    means = (table @ points) / table.sum(2)
    return float((n_foc * (means[:, 1] - means[:, 0])).sum() / n_foc.sum())


def spread(table: Floats) -> float:
    """Give the standard deviation of the score over all pupils compared."""
    points = np.arange(table.shape[2], dtype=float)
    share = table.sum((0, 1)) / max(float(table.sum()), 1.0)
    return sqrt(max(float(share @ points**2) - float(share @ points) ** 2, 0.0))


def delta(odds: CommonOdds) -> tuple[float, float]:
    """Give the MH D-DIF and its standard error, on ETS's delta scale; below 0: harder for focal.

    Holland and Thayer (1988), in Wainer and Braun, *Test Validity*, chapter 9.
    """
    return -2.35 * log(odds.ratio), 2.35 * odds.log_se
