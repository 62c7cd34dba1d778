# SPDX-License-Identifier: AGPL-3.0-or-later
"""A bar on stderr for what takes long: rewritten in place on a terminal, a line a minute elsewhere.

Knows counts, never what is counted.
"""

import time
from collections.abc import Callable
from typing import Final, TextIO

_WIDTH: Final = 30
_EVERY_S: Final = 60.0  # in a log


class Bar:
    """Say how far a work is; call it with what is done and what there is."""

    def __init__(
        self, words: str, *, to: TextIO, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._words, self._to, self._now = words, to, now
        self._began = now()
        self._last_said = self._began

    def __call__(self, done: int, of: int) -> None:
        if not of:
            return
        line = written(self._words, done, of, seconds=self._now() - self._began)
        if self._to.isatty():
            self._to.write(f"\r{line}" + ("\n" if done >= of else ""))
            self._to.flush()
        elif done >= of or self._now() - self._last_said >= _EVERY_S:
            self._last_said = self._now()
            self._to.write(line + "\n")


def written(words: str, done: int, of: int, *, seconds: float) -> str:
    """The bar as a line: how much, how fast, how long still. Pure.

    >>> written("keys", 50, 200, seconds=10)
    'keys [#######.......................] 50 of 200, 5 a second, 30 s left'
    """
    filled = _WIDTH * done // of
    line = f"{words} [{'#' * filled}{'.' * (_WIDTH - filled)}] {done:,} of {of:,}"
    if not done or seconds <= 0:
        return line
    rate = done / seconds
    left = round((of - done) / rate)
    return f"{line}, {rate:,.0f} a second" + (f", {_duration(left)} left" if left else "")


def _duration(seconds: int) -> str:
    if seconds < 120:  # noqa: PLR2004 two minutes read better as 119 s
        return f"{seconds} s"
    minutes = seconds // 60
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"  # noqa: PLR2004
