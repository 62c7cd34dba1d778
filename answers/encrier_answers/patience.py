# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gives up what takes too long: one look a second for all, where a timer each would cost more."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


class Patience:
    """What is waited for on one event loop, and since when."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._since: dict[asyncio.Task[object], float] = {}  # in the order of their beginnings
        self._given_up: set[asyncio.Task[object]] = set()

    async def wait(self, awaited: Awaitable[T]) -> T:
        """What comes of it; raises TimeoutError once `look` finds that it takes too long."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 a coroutine that runs on a loop has one
        self._since[task] = self._loop.time()
        try:
            return await awaited
        except asyncio.CancelledError:
            if task not in self._given_up:
                raise
            task.uncancel()
            raise TimeoutError from None
        finally:
            self._since.pop(task, None)
            self._given_up.discard(task)

    def look(self, *, most_s: float) -> None:
        """Give up what has been waited for longer than this."""
        before = self._loop.time() - most_s
        for task, since in list(self._since.items()):
            if since > before:
                return
            if task not in self._given_up:
                self._given_up.add(task)
                task.cancel()
