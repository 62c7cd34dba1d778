# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each code counts for: a rule, kept as a file beside the data that it made.

Knows codes; no pupil, no item. Pure. A rule says it twice, for calibration and for scoring: a
pupil who did not get so far says nothing of an item, and has no points for it.
"""

from collections.abc import Collection
from typing import Annotated, Literal

from msgspec import Meta

from encrier.records import Record
from encrier_results.coding.codes import AWAY, Code

Use = Literal["calibration", "scoring"]
Treated = Literal["as-scored", "wrong", "missing"]
Silence = Literal["wrong", "missing"]
Share = Annotated[float, Meta(ge=0, le=1)]

Status = Literal["complete", "unfinished"]
Validity = Literal["valid", "excused", "lost", "empty"]
Completeness = Literal["all", "enough", "too-few", "none"]
_ANSWERED = frozenset({"right", "partial", "wrong", "adapted"})


class Rule(Record, frozen=True):
    """How codes become scores, and which sittings count."""

    v: Literal[1] = 1
    not_reached_in_calibration: Silence = "missing"
    not_reached_in_scoring: Silence = "wrong"
    omitted: Silence = "wrong"
    adapted_in_calibration: Literal["as-scored", "missing"] = "missing"
    fewest_reached: Share = 0.5  # of what was given, for a sitting to count
    most_lost: Share = 0.5  # of what was given; beyond, the sitting is lost


class Judged(Record, frozen=True):
    """What a sitting is worth: how it ended, whether it may be believed, how far it went."""

    status: Status
    validity: Validity
    completeness: Completeness
    n_given: int
    n_reached: int

    @property
    def counts(self) -> bool:
        """Whether its answers enter the analyses."""
        return self.validity == "valid" and self.completeness in {"all", "enough"}


def treated(code: Code, rule: Rule, *, use: Use) -> Treated:
    """Tell what a code counts for in one use."""
    if code in {"right", "partial", "wrong"}:
        return "as-scored"
    if code == "omitted":
        return rule.omitted
    if code == "not-reached":
        calibrating = use == "calibration"
        return rule.not_reached_in_calibration if calibrating else rule.not_reached_in_scoring
    if code == "adapted":
        return rule.adapted_in_calibration if use == "calibration" else "as-scored"
    return "missing"  # not administered, lost, awaited or away: nothing was asked, or is known


def judged(codes: Collection[Code], *, finished: bool, keyed: bool, rule: Rule) -> Judged:
    """Judge a sitting by the codes of its items.

    Complete: the pupil said so, or nothing more is awaited (docs/spec/score-sheet.md). Excused:
    a teacher's word takes away all that was given. Lost: more than the rule bears. Empty: not
    one answer, which is a pupil who did not try, or a sitting that is not hers.
    """
    said = _ANSWERED | AWAY | {"not-administered"} | ({"omitted"} if keyed else set())
    given = [code for code in codes if code not in AWAY and code != "not-administered"]
    lost = sum(code in {"technical-loss", "awaited"} for code in given)
    answered = sum(code in _ANSWERED for code in given)
    reached = answered + sum(code == "omitted" for code in given)
    validity: Validity = "valid" if answered else "empty"
    if not given and any(code in AWAY for code in codes):
        validity = "excused"
    elif lost > rule.most_lost * len(given):
        validity = "lost"
    return Judged(
        status="complete" if finished or said.issuperset(codes) else "unfinished",
        validity=validity,
        completeness=_completeness(reached, len(given), rule),
        n_given=len(given),
        n_reached=reached,
    )


def _completeness(reached: int, given: int, rule: Rule) -> Completeness:
    if not reached:
        return "none"
    if reached == given:
        return "all"
    return "enough" if reached >= rule.fewest_reached * given else "too-few"
