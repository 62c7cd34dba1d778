# SPDX-License-Identifier: AGPL-3.0-or-later
"""What comes of running one recorded case, and how two values differ."""

from math import isclose, isnan
from typing import Literal

from encrier_qti.cases.recorded import written
from encrier_qti.model import Record
from encrier_qti.values import BaseType, Cardinality, Scalar, Value, same

_CLOSE = 1e-9  # relative: two mathematics libraries may differ in their last digit


class Verdict(Record, frozen=True):
    """One case: `difference` from what was recorded, `reason` why it is explained or skipped."""

    id: str
    kind: str
    outcome: Literal["passed", "failed", "explained", "skipped"]
    difference: str = ""
    reason: str = ""


def difference(found: Value | None, expected: Value | None) -> str | None:
    """Say how a value differs from the recorded one; None if it does not."""
    if agree(found, expected):
        return None
    return f"found {written(found)}, recorded {written(expected)}"


def differences(found: dict[str, Value | None], expected: dict[str, Value | None]) -> str | None:
    """Say how variables differ from the recorded ones; those not recorded may be anything."""
    told = []
    for name, each in expected.items():
        if name not in found:
            told.append(f"{name}: not there")
        elif not agree(found[name], each):
            told.append(f"{name}: {difference(found[name], each)}")
    return "; ".join(told) or None


def agree(found: Value | None, expected: Value | None) -> bool:
    """Tell whether two values are the same, floats to nine digits."""
    if found is None or expected is None:
        return found is expected
    if (found.cardinality, found.base) != (expected.cardinality, expected.base):
        return False
    if found.cardinality is Cardinality.RECORD:
        one, other = dict(found.fields), dict(expected.fields)
        return one.keys() == other.keys() and all(agree(one[name], other[name]) for name in one)
    if found.base not in {BaseType.FLOAT, BaseType.DURATION}:
        return same(found, expected)
    ours, theirs = _in_order(found), _in_order(expected)
    return len(ours) == len(theirs) and all(map(_near, ours, theirs))


def _in_order(value: Value) -> list[Scalar]:
    members = list(value.members)
    return sorted(members, key=_rank) if value.cardinality is Cardinality.MULTIPLE else members


def _rank(member: Scalar) -> float:
    return float(member) if isinstance(member, int | float) else 0.0


def _near(one: Scalar, other: Scalar) -> bool:
    if not isinstance(one, int | float) or not isinstance(other, int | float):
        return False
    return (isnan(one) and isnan(other)) or isclose(one, other, rel_tol=_CLOSE, abs_tol=1e-12)
