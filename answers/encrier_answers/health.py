# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a load balancer asks: does this process live, does it take saves; and what it counts.

Knows no pupil: its replies are the same whoever sits. Docs: docs/operate/answers-watch.md.
"""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from encrier_answers.commit import Committer, StoreSilent
from encrier_answers.configuration import Settings
from encrier_answers.replies import Reply, Request, refusal, reply
from encrier_answers.store import Keeps
from encrier_answers.vitals import listener, shared
from encrier_answers.vitals.supervisor import Supervisor

DRAINING: Final = "draining"  # a file in the folder: told to end, take no new browser
PROBE_EVERY_S: Final = 2.0  # however often it is asked
PROBE_S: Final = 3.0
CLOSE: Final = ("connection", "close")


class Health:
    """The health of one process."""

    def __init__(self, settings: Settings) -> None:
        self._folder, self._port = settings.folder, settings.metrics_port
        self.counts = shared.counts_of_this_process(settings.folder)
        self.is_draining = False
        self._listener: object = None
        self._supervisor = Supervisor()

    def look(self, *, waiting: int, guesses: tuple[int, int]) -> None:
        """Once a second: note what is counted elsewhere, see whether to end, say that it lives.

        guesses: codes that nobody has and attempts held up, since the start.
        """
        self.counts.note(waiting=waiting, failed=guesses[0], held=guesses[1])
        self.is_draining = is_draining(self._folder)
        self._supervisor.tell_alive()
        if self._port is not None and self._listener is None:
            self._listener = listener.listen(self._folder, port=self._port)


class HealthRoutes:
    """The two routes."""

    def __init__(
        self,
        health: Health,
        *,
        store: Keeps,
        committer: Committer,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._health, self._store, self._committer, self._clock = health, store, committer, clock
        self._one_probe = asyncio.Lock()
        self._probed_at, self._takes_saves = -PROBE_EVERY_S, False

    async def alive(self, _: Request) -> Reply:
        """Whether this process can still do its work; else it should be started again."""
        if self._committer.is_alive:
            return reply(b'{"alive":true}')
        return refusal(503, "The writer of this process has ended.", "Start it again.")

    async def ready(self, _: Request) -> Reply:
        """Whether new browsers may be sent here."""
        if self._health.is_draining:
            return refusal(503, "This node is about to stop.", "Ask another one.")
        if await self._is_store_ready():
            return reply(b'{"ready":true}')
        return refusal(503, "The store takes no saves for now.", "Look at the log of this node.")

    async def _is_store_ready(self) -> bool:
        """Whether the writer gets through to the store; a batch of nothing changes nothing."""
        async with self._one_probe:
            if self._clock() - self._probed_at >= PROBE_EVERY_S:
                try:
                    await self._committer.run(lambda: self._store.put_batch([]), deadline_s=PROBE_S)
                    self._takes_saves = True
                except StoreSilent:
                    self._takes_saves = False
                self._probed_at = self._clock()
            return self._takes_saves


def is_draining(folder: Path) -> bool:
    """Whether the server on this folder was told to end."""
    return (folder / DRAINING).exists()
