# SPDX-License-Identifier: AGPL-3.0-or-later
"""No save that results lacks is ever called drained: what a browser forgets is safe elsewhere.

The real store, the real door and the real pull, in every order, with clocks that jump, processes
that start again, pulls cut short, disks that are lost and older copies of what results pulled.
"""

import asyncio
import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple
from unittest.mock import patch

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from encrier import calls, seal, signing, uploads
from encrier.ids import BundleId, CampaignId, KeyId, SittingId, StreamId
from encrier.manifest import Node
from encrier.records import from_bytes
from encrier.secret import Secret
from encrier.wire import EnvelopeBatch
from encrier_answers import doors as answers_doors
from encrier_answers import recall
from encrier_answers.replies import Request
from encrier_answers.sittings import Verdict
from encrier_answers.store import Arrival, TakenList
from encrier_answers.store_sqlite import SqliteStore
from encrier_results import doors as results_doors

KEY, DOOR = Secret(b"s" * 32), signing.draw_key()
CAMPAIGN, NODE = CampaignId(b"campaign-16bytes"), Node(b"nd01", "", b"")
BEGAN = datetime(2026, 11, 23, 8, tzinfo=UTC)
RECEIPT = bytes(157)
SIZE = seal.HEADER_SIZE + 1120 + 1024 + 16  # of the smallest envelope
ANY_TIME = st.integers(-(10**6), 10**6)  # minutes
PLACES = st.tuples(st.integers(0, 2), st.integers(0, 1))  # sitting, stream


class Cut(Exception):
    """The line is cut before the reply."""


class Given(NamedTuple):
    """A save that got its receipt, as the browser keeps it."""

    store: bytes
    rank: int
    place: tuple[int, int]
    seq: int


class Drained(RuleBasedStateMachine):
    """Browsers, one node, results."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.now = BEGAN
        self.given: list[Given] = []
        self.claims = dict[bytes, int]()  # what was said last of each disk
        self.seqs = {place: itertools.count() for place in itertools.product(range(3), range(2))}
        self.disks = itertools.count()
        self.patches = [
            patch.multiple(recall, FOLD_FROM=5, LAG=3, AT_ONCE=2),  # folded and swept at once
            patch.object(answers_doors, "MAX_ROWS", 2),
            patch.object(results_doors, "_call", self.called),
        ]
        for each in self.patches:
            each.start()

    @initialize()
    def a_node_starts(self) -> None:
        self.disk = self.folder / f"disk-{next(self.disks)}"
        self.open()

    def open(self) -> None:
        self.store = SqliteStore(self.disk, key=KEY, campaign=CAMPAIGN)
        manifest = SimpleNamespace(results_key=signing.public_of(DOOR), campaign=CAMPAIGN)
        zone: Any = SimpleNamespace(manifest=manifest, settings=SimpleNamespace(node=NODE.node))
        nobody: Any = ()
        self.doors = answers_doors.Doors(
            zone, store=self.store, admissions=nobody, writing=self, now=lambda: self.now
        )

    async def note_pulled(self, rank: int) -> None:
        self.store.note_pulled(rank)

    async def admit(self, taken: TakenList) -> None:
        raise NotImplementedError

    def called(self, _settings: object, url: str, *, at_most: int) -> bytes:
        """A call of results, which the line may cut before it arrives or after."""
        if self.left == 0:
            raise Cut
        self.left -= 1
        path, _, query = url.partition("?")
        sign = calls.sign(DOOR, method="GET", path=url, body=b"", at=self.now)
        said = asyncio.run(self.doors.answer(Request("GET", path, query, sign, b"")))
        if self.left == 0 and self.is_lost:
            raise Cut
        assert len(said.body) <= at_most
        return said.body

    @rule(places=st.lists(PLACES, min_size=3, max_size=8), minute=ANY_TIME, again=st.booleans())
    def saves_arrive(self, places: list[tuple[int, int]], minute: int, again: bool) -> None:  # noqa: FBT001
        self.now = BEGAN + timedelta(minutes=minute)
        made = [(place, next(self.seqs[place])) for place in places] * (1 + again)
        batch = [arrival(*one, minute=29_000_000 + minute) for one in made]
        for (place, seq), outcome in zip(made, self.store.put_batch(batch), strict=True):
            if outcome.verdict is not Verdict.SUPERSEDED:
                assert outcome.verdict in {Verdict.KEEP, Verdict.SAME}
                self.given.append(Given(self.store.id, outcome.rank, place, seq))

    @rule(calls_left=st.integers(1, 5), is_lost=st.booleans())
    def results_pulls(self, calls_left: int, is_lost: bool) -> None:  # noqa: FBT001
        self.left, self.is_lost = calls_left, is_lost
        with suppress(Cut):
            results_doors.pull(self.results, NODE)

    @rule(is_lost=st.booleans(), minute=ANY_TIME)
    def the_node_starts_again(self, is_lost: bool, minute: int) -> None:  # noqa: FBT001
        self.store.close()
        self.now = BEGAN + timedelta(minutes=minute)
        if is_lost:
            shutil.rmtree(self.disk)
            self.a_node_starts()
        else:
            self.open()

    @invariant()
    def nothing_is_drained_that_results_lacks(self) -> None:
        """Browsers ask at each moment, and may hear what was said at any earlier one."""
        request = Request("GET", "/v1/drained", "", "", b"")
        said = asyncio.run(self.doors.answer(request))
        self.claims[self.store.id] = from_bytes(said.body, uploads.Drained).drained
        has = dict(sorted(self.pulled()))  # the newest of each stream
        for given in self.given:
            if given.rank <= self.claims.get(given.store, 0):
                assert has.get(given.place, -1) >= given.seq

    @property
    def results(self) -> Any:
        manifest = SimpleNamespace(campaign=CAMPAIGN)
        return SimpleNamespace(folder=self.folder / "results", manifest=lambda: manifest)

    def pulled(self) -> Iterator[tuple[tuple[int, int], int]]:
        for batch in results_doors.pulled(self.results):
            assert isinstance(batch, EnvelopeBatch)
            for row in batch.rows:
                header = seal.read_header(row.envelope)
                yield (header.sid[0], header.stream[0]), header.seq

    def teardown(self) -> None:
        """Careful is not mute: once all is there, it is said."""
        self.left, self.is_lost = 10**6, False
        try:
            results_doors.pull(self.results, NODE)
            newest = max((g.rank for g in self.given if g.store == self.store.id), default=0)
            assert self.store.drained() == newest
        finally:
            for each in self.patches:
                each.stop()
            self.store.close()
            shutil.rmtree(self.folder)


def arrival(place: tuple[int, int], seq: int, *, minute: int) -> Arrival:
    sid, stream = SittingId(bytes([place[0]]) * 16), StreamId(bytes([place[1]]) * 8)
    kind, bundle = seal.Kind.SNAPSHOT, BundleId(b"bundle-1")
    header = seal.Header(KeyId(b"k" * 8), CAMPAIGN, sid, stream, 0, seq, kind, bundle, 0)
    envelope = header.to_bytes().ljust(SIZE, b"\0")
    return Arrival(header, envelope, seal.digest(envelope), RECEIPT, 0, b"", minute)


TestDrained = Drained.TestCase
TestDrained.settings = settings(max_examples=150, stateful_step_count=12, deadline=None)
