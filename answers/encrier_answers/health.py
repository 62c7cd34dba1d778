# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a load balancer asks: does this worker live, are saves kept; and what is counted.

Knows no pupil: its replies are the same whoever sits. Docs: docs/operate/answers-watch.md.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from encrier_answers.commit import Committer
from encrier_answers.configuration import Settings
from encrier_answers.replies import Reply, Request, refusal, reply
from encrier_answers.store import Keeps, StoreFull
from encrier_answers.vitals import listener, shared
from encrier_answers.vitals.supervisor import Supervisor

READY: Final = "/v1/ready"
DRAINING: Final = "draining"  # a file in the folder: told to end, take no new browser
PROBE_EVERY_S: Final = 2.0  # however often it is asked
PROBE_S: Final = 3.0
ASKED_S: Final = 4.0  # the keeper, by a worker
CLOSE: Final = ("connection", "close")


class Health:
    """The health of one worker, and its two routes."""

    def __init__(self, settings: Settings, *, ask: Callable[[Request], Awaitable[Reply]]) -> None:
        """ask: the keeper, on whether the store takes saves."""
        self._folder, self._port, self._ask = settings.folder, settings.metrics_port, ask
        self.counts = shared.counts_of_this_process(settings.folder)
        self.is_draining = False
        self._listener: object = None
        self._supervisor = Supervisor()

    def look(self, *, guesses: tuple[int, int]) -> None:
        """Once a second: note what is counted elsewhere, see whether to end, say that it lives.

        guesses: codes that nobody has and attempts held up, since the start.
        """
        self.counts.note_guesses(failed=guesses[0], held=guesses[1])
        self.is_draining = is_draining(self._folder)
        self._supervisor.tell_alive()
        if self._port is not None and self._listener is None:
            self._listener = listener.listen(self._folder, port=self._port)

    async def alive(self, _: Request) -> Reply:
        """That this worker lives: one whose keeper has ended does not (`line`)."""
        return reply(b'{"alive":true}')

    async def ready(self, request: Request) -> Reply:
        """Whether new browsers may be sent here."""
        if self.is_draining:
            return refusal(503, "This node is about to stop.", "Ask another one.")
        try:
            async with asyncio.timeout(ASKED_S):
                return await self._ask(request)
        except TimeoutError:
            return _not_ready()


class Readiness:
    """Whether the store takes saves; one in the keeper, for all workers."""

    def __init__(
        self,
        *,
        store: Keeps,
        committer: Committer,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._committer, self._clock = store, committer, clock
        self._one_probe = asyncio.Lock()
        self._probed_at, self._takes_saves = -PROBE_EVERY_S, False

    async def answer(self) -> Reply:
        """Send a batch of nothing through the writer, which changes nothing, and tell."""
        async with self._one_probe:
            if self._clock() - self._probed_at >= PROBE_EVERY_S:
                try:
                    async with asyncio.timeout(PROBE_S):
                        await self._committer.run(lambda: self._store.put_batch([]))
                    self._takes_saves = True
                except (TimeoutError, StoreFull):
                    self._takes_saves = False
                self._probed_at = self._clock()
            return reply(b'{"ready":true}') if self._takes_saves else _not_ready()


def is_draining(folder: Path) -> bool:
    """Whether the server on this folder was told to end."""
    return (folder / DRAINING).exists()


def _not_ready() -> Reply:
    return refusal(503, "The store takes no saves for now.", "Look at the log of this node.")
