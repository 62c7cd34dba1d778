# SPDX-License-Identifier: AGPL-3.0-or-later
"""The only place that asks what time it is; what decides takes the time as an argument."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """The time now, aware, in UTC."""
    return datetime.now(tz=UTC)
