# SPDX-License-Identifier: AGPL-3.0-or-later
"""A node before two real PostgreSQL under Patroni: whichever dies, what was acknowledged is there.

The pair is started from the files of deploy/answers/pair, as an operator's is.
"""

import re
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from typing import Any, Final, Self

import bring
import pytest

from encrier import seal
from encrier.ids import StreamId
from encrier.secret import SecretText
from encrier_answers import store_postgres
from encrier_answers.sittings import Verdict
from encrier_answers.store import Arrival, Outcome, StoreFull
from encrier_answers.store_postgres import PostgresStore
from stagecraft.node import Campaign, Server, pause
from stagecraft.pair import FILES, Pair

PATIENCE_S: Final = 60.0
LOCK_S: Final = 6.0  # `ttl` of patroni.yml
Place = tuple[bytes, bytes]


@pytest.fixture(scope="module")
def running() -> Iterator[Pair]:
    if not bring.patroni():
        pytest.skip("Patroni and etcd are Debian's packages, and no apt-get brings them here")
    with Pair() as pair:
        yield pair


@pytest.fixture
def pair(running: Pair) -> Pair:
    """The pair as an operator likes to see it, whatever the test before did to it."""
    running.wait_until_whole()
    return running


@pytest.fixture(scope="module")
def url(running: Pair) -> str:
    return running.new_database()


@pytest.fixture(scope="module")
def node(running: Pair, url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(Campaign(tmp_path_factory.mktemp("campaign")), database=url) as server:
        yield server


class Saving:
    """Pupils who save one after the other without a pause, and send again until it is kept."""

    def __init__(self, node: Server, *, n_pupils: int = 3) -> None:
        self._node, self._over = node, threading.Event()
        self.acknowledged: dict[Place, tuple[bytes, bytes]] = {}
        self.longest_s = 0.0
        pupils = [node.new_pupil() for _ in range(n_pupils)]
        self._threads = [threading.Thread(target=self._save, args=(one,)) for one in pupils]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        self.wait_for_more()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(PATIENCE_S)

    def wait_for_more(self, n_saves: int = 20) -> None:
        """Wait until as many more are acknowledged."""
        until, wanted = time.monotonic() + PATIENCE_S, len(self.acknowledged) + n_saves
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < until, self._node.errors.read_text()[-2000:]
            pause(0.02)

    def assert_all_there(self) -> None:
        """Each acknowledged save is found, with its bytes and its receipt."""
        kept: dict[Place, tuple[bytes, bytes]] = {}
        for save in self._node.drain():
            header = seal.read_header(save.envelope)
            kept[header.sid, header.stream] = (save.envelope, save.receipt)
        missing = [place for place in self.acknowledged if place not in kept]
        assert not missing, f"{len(missing)} of {len(self.acknowledged)} are lost"
        assert all(kept[place] == what for place, what in self.acknowledged.items())

    def _save(self, pupil: Any) -> None:
        """A stream a save, so that none takes the place of another."""
        for number in count():
            if self._over.is_set():
                return
            stream = StreamId(number.to_bytes(8, "big"))
            envelope = self._node.campaign.envelope(pupil, stream=stream)
            began = time.monotonic()
            while (answer := self._node.save(pupil, envelope)).status == 503:
                if time.monotonic() > began + PATIENCE_S:
                    return
                pause(0.1)
            assert answer.status == 200
            self.longest_s = max(self.longest_s, time.monotonic() - began)
            self.acknowledged[pupil.sid, stream] = (envelope, answer.body)


def test_a_dead_primary_is_replaced_by_its_standby_and_nothing_is_lost(
    pair: Pair, node: Server
) -> None:
    old, new = pair.primary, pair.standby
    with Saving(node) as saving:
        old.kill()
        saving.wait_for_more()
        assert pair.primary is new, "nobody was asked"
        old.start()
        pair.wait_until_whole()
        assert old.role() == "sync_standby", "it comes back on its own, behind the other"
        saving.wait_for_more()
    saving.assert_all_there()
    assert saving.longest_s < PATIENCE_S / 3


def test_a_dead_standby_holds_saves_up_for_seconds_only(pair: Pair, node: Server) -> None:
    primary, standby = pair.primary, pair.standby
    with Saving(node) as saving:
        standby.kill()
        saving.wait_for_more()
        assert pair.primary is primary
        standby.start()
        pair.wait_until_whole()
        saving.wait_for_more()
    saving.assert_all_there()


def test_saves_go_on_while_nobody_judges(pair: Pair, node: Server) -> None:
    primary = pair.primary
    pair.etcd.send_signal(signal.SIGSTOP)
    try:
        with Saving(node) as saving:
            pause(LOCK_S + 2)  # what the primary held of the judge is over
            saving.wait_for_more()
            assert pair.primary is primary
    finally:
        pair.etcd.send_signal(signal.SIGCONT)
        pair.wait_until_whole(still_s=LOCK_S / 2)  # the standby lets go when the judge is back
    saving.assert_all_there()


def test_a_primary_whose_agent_froze_acknowledges_nothing_once_another_leads(
    pair: Pair, node: Server, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two may be written to for a while; a commit of the older waits for a standby it lost."""
    monkeypatch.setattr(store_postgres, "SILENCE_S", 1.0)
    campaign, old, new = node.campaign, pair.primary, pair.standby
    arrival = campaign.arrival(envelope=b"late")
    at = SecretText(url.encode())
    with closing(
        PostgresStore(at, key=campaign.store_key, campaign=campaign.id, node=b"nd09")
    ) as store:
        old.freeze(agent_alone=True)
        pair.wait(lambda: new.role() == "primary")
        with pytest.raises(StoreFull):
            store.put_batch([arrival])
        waiting = pair.psql("SELECT wait_event FROM pg_stat_activity", at=old)
        assert "SyncRep" in waiting.split(), "it runs, has taken the save, and may not say so"
        (outcome,) = _put_until_kept(store, arrival)
        assert outcome.verdict is Verdict.KEEP, "where the new one leads"
        old.thaw()
        pair.wait(lambda: old.role() in {"replica", "sync_standby"})
        assert pair.primary is new
        (outcome,) = _put_until_kept(store, arrival)
        assert (outcome.verdict, outcome.receipt) == (Verdict.SAME, arrival.receipt)


def test_each_blank_of_the_operators_files_is_filled_in_their_page() -> None:
    page = (FILES / "README.md").read_text(encoding="utf-8")
    for name in ("patroni.yml", "etcd.env"):
        blanks = set(re.findall(r"\$([A-Z_]+)", (FILES / name).read_text(encoding="utf-8")))
        assert len(blanks) > 5
        assert [one for one in blanks if not re.search(rf"\b{one}=", page)] == []


def _put_until_kept(store: PostgresStore, arrival: Arrival) -> list[Outcome]:
    """As a node's browsers make it: again, for as long as the store is silent."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return store.put_batch([arrival])
        except StoreFull:
            assert time.monotonic() < until
            pause(0.1)
