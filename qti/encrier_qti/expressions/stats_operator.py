# SPDX-License-Identifier: AGPL-3.0-or-later
"""qti-stats-operator: the mean, variance or standard deviation of a container of numbers.

QTI 3.0 ASI information model, "StatsOperator": that of a sample (divided by
n - 1) or of a whole population (by n).

NULL: NULL if its operand is; the variance and deviation of a sample of one;
and what holds an infinity or a NaN, which has no mean.
"""

from collections.abc import Callable, Sequence
from math import fsum, isfinite, sqrt
from typing import Final

from encrier_qti.model import Node
from encrier_qti.processing.forms import alone
from encrier_qti.processing.programs import (
    Evaluate,
    Scope,
    members,
    numbers,
    refuse,
)
from encrier_qti.values import Value, real

Sample = list[int | float]


def build(node: Node, operands: Sequence[Evaluate], _: Scope) -> Evaluate:
    """Compile to one computation."""
    statistic = _STATISTICS.get(node.attributes.get("name", "").strip())
    if statistic is None:
        raise refuse(node, "cette statistique n’existe pas.")

    def apply(value: Value) -> Value | None:
        members(value, node)
        sample = numbers(value, node)
        if not all(map(isfinite, sample)):
            return None
        try:
            return real(statistic(sample))
        except (ZeroDivisionError, OverflowError):
            return None

    return alone(node, operands, apply)


def _mean(sample: Sample) -> float:
    return fsum(sample) / len(sample)


def _variance(sample: Sample, divisor: int) -> float:
    mean = _mean(sample)
    return fsum((x - mean) ** 2 for x in sample) / divisor


_STATISTICS: Final[dict[str, Callable[[Sample], float]]] = {
    "mean": _mean,
    "sampleVariance": lambda sample: _variance(sample, len(sample) - 1),
    "sampleSD": lambda sample: sqrt(_variance(sample, len(sample) - 1)),
    "popVariance": lambda sample: _variance(sample, len(sample)),
    "popSD": lambda sample: sqrt(_variance(sample, len(sample))),
}
