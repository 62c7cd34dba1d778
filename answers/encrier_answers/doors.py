# SPDX-License-Identifier: AGPL-3.0-or-later
"""The three doors to the other zones: admission lists in, progress and envelopes out.

Each call is signed by the zone that may make it, but for the one that any browser may make: how
far results has pulled. This zone calls nobody.
Docs: docs/spec/calls.md, docs/spec/envelope-batch.md, docs/spec/drained.md.
"""

import asyncio
import re
from collections.abc import Sequence
from typing import Final, Protocol

from encrier import calls, uploads
from encrier.clock import Clock
from encrier.errors import BadRecord
from encrier.records import to_bytes
from encrier.wire import EnvelopeBatch, Progress, SealedSave, SittingProgress
from encrier_answers import sittings
from encrier_answers.admission import Admissions, read_list
from encrier_answers.configuration import Zone
from encrier_answers.replies import Reply, Request, reply
from encrier_answers.store import RanksWentBack, Store, TakenList

MAX_LIST: Final = 128 * 1024 * 1024  # bytes; a country's pupils of one level are 110 MB
MAX_ROWS: Final = 500
MAX_BATCH: Final = 16 * 1024 * 1024  # bytes of envelopes in one batch
FOR_A_MINUTE: Final = "public, max-age=60"
_AFTER: Final = re.compile(r"after=(0|[1-9][0-9]{0,17})(?:&store=([0-9a-f]{16}))?")


class Writing(Protocol):
    """Who alone writes to the store."""

    async def admit(self, taken: TakenList) -> None:
        """Keep a list on disk, then take it into force."""
        ...

    async def note_pulled(self, rank: int) -> None:
        """As the store's; one that refuses is told again at the next pull."""
        ...


class Doors:
    """The routes of the names and results zones."""

    def __init__(
        self,
        zone: Zone,
        *,
        store: Store,
        admissions: Admissions,
        writing: Writing,
        now: Clock,
    ) -> None:
        self._zone, self._store, self._now = zone, store, now
        self._admissions, self._writing = admissions, writing
        self._one_list = asyncio.Lock()
        self._one_scan = asyncio.Lock()
        self._routes = {
            "/v1/admission": self.admission,
            "/v1/progress": self.progress,
            "/v1/batch": self.batch,
            "/v1/drained": self.drained,
        }

    async def answer(self, request: Request) -> Reply:
        """What the other zone is told; raises EncrierError where it is refused."""
        return await self._routes[request.path](request)

    async def admission(self, request: Request) -> Reply:
        """Take an admission list from names: on disk first, then in force."""
        self._check(request, by=self._zone.manifest.names_key)
        taken = await asyncio.to_thread(read_list, request.body, self._zone.manifest)
        async with self._one_list:
            if not self._admissions.already(taken.mark):
                await self._writing.admit(taken)
        return reply(to_bytes({"serial": taken.mark.serial, "rows": taken.mark.n_rows}))

    async def progress(self, request: Request) -> Reply:
        """Tell names how far each sitting is."""
        self._check(request, by=self._zone.manifest.names_key)
        expected, minute = list(self._admissions), sittings.to_minute(self._now())
        async with self._one_scan:
            return reply(await asyncio.to_thread(self._write_progress, expected, minute))

    async def batch(self, request: Request) -> Reply:
        """Give results the envelopes changed after those it already has."""
        self._check(request, by=self._zone.manifest.results_key)
        asked = _AFTER.fullmatch(request.query)
        if asked is None:
            raise BadRecord("This door is asked with after=N&store=ID.", "Begin with after=0.")
        after, store = int(asked[1]), asked[2]
        if store == self._store.id.hex():
            await self._writing.note_pulled(after)  # who asks for what comes after it has it
        elif store is not None:
            after = 0  # it knows another store, whose ranks say nothing of this one's
        async with self._one_scan:
            return reply(await asyncio.to_thread(self._write_batch, after))

    async def drained(self, _request: Request) -> Reply:
        """Tell any browser up to which save it need keep nothing more."""
        async with self._one_scan:
            rank = await asyncio.to_thread(self._store.drained)
        said = uploads.Drained(self._store.id, self._zone.settings.node, rank)
        return reply(to_bytes(said), cache=FOR_A_MINUTE)

    def _write_progress(self, expected: Sequence[sittings.Admitted], minute: int) -> bytes:
        begun = {sitting.sid: sitting for sitting in self._store.sittings()}
        rows = [_progress(admitted, begun.get(admitted.sid)) for admitted in expected]
        return to_bytes(Progress(self._zone.manifest.campaign, minute, rows))

    def _write_batch(self, after: int) -> bytes:
        found = self._store.drain(after, at_most=MAX_ROWS, at_most_bytes=MAX_BATCH)
        if not found and after > self._store.last_rank():
            raise RanksWentBack
        last = found[-1].rank if found else after
        return to_bytes(
            EnvelopeBatch(
                campaign=self._zone.manifest.campaign,
                node=self._zone.settings.node,
                store=self._store.id,
                next=last,
                more=bool(self._store.drain(last, at_most=1, at_most_bytes=1)),
                rows=[SealedSave(save.envelope, save.receipt) for save in found],
            )
        )

    def _check(self, request: Request, *, by: bytes) -> None:
        path = f"{request.path}?{request.query}" if request.query else request.path
        calls.check(
            request.call,
            method=request.method,
            path=path,
            body=request.body,
            now=self._now(),
            by=by,
        )


def _progress(admitted: sittings.Admitted, begun: sittings.Sitting | None) -> SittingProgress:
    sid, bundle = admitted.sid, admitted.bundle
    if begun is None:
        return SittingProgress(sid, "expected", 0, 0, None, bundle)
    finished = begun.progress is sittings.Progress.FINISHED
    return SittingProgress(
        sid,
        "finished" if finished else "started",
        begun.percent,
        begun.unsent,
        begun.minute,
        bundle,
    )
