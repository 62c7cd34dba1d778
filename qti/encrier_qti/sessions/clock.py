# SPDX-License-Identifier: AGPL-3.0-or-later
"""Time spent in a test, its parts and sections, against their limits.

QTI 3.0 ASI information model, "TimeLimits". Items count their own time. Knows
no clock of the world: seconds are given.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from encrier_qti.model import TimeLimits

Key = tuple[str, int]  # an identifier and its occurrence; the test itself: TEST
TEST: Final[Key] = ("", 0)


class Clock:
    """Seconds spent by each element that holds items; `limits` by identifier."""

    __slots__ = ("_limits", "spent")

    def __init__(self, limits: Mapping[str, TimeLimits]) -> None:
        self._limits = limits
        self.spent: dict[Key, float] = {}

    def spend(self, keys: Iterable[Key], seconds: float) -> None:
        """Let seconds go by in these elements; none counts beyond its maximum."""
        for key in keys:
            most = self._limit(key).maximum
            total = self.spent.get(key, 0.0) + seconds
            self.spent[key] = total if most is None else min(total, most)

    def left(self, key: Key) -> float | None:
        """Give the seconds left before the maximum, None if there is none."""
        most = self._limit(key).maximum
        return None if most is None else most - self.spent.get(key, 0.0)

    def is_up(self, key: Key) -> bool:
        """Tell whether the maximum is spent."""
        return self.left(key) == 0

    def refuses(self, key: Key) -> bool:
        """Tell whether the maximum is spent and nothing may be submitted late."""
        return self.is_up(key) and not self._limit(key).allow_late_submission

    def is_early(self, key: Key) -> bool:
        """Tell whether the minimum is not yet spent."""
        least = self._limit(key).minimum
        return least is not None and self.spent.get(key, 0.0) < least

    def _limit(self, key: Key) -> TimeLimits:
        return self._limits.get(key[0]) or _NONE


_NONE: Final = TimeLimits()
