# SPDX-License-Identifier: AGPL-3.0-or-later
"""Devices that repeat, lose replies, crash and come back, against the real SQLite store.

The law: whatever happens, merging what results can pull gives, for each item, the latest answer
that was ever acknowledged. Sealing is left out: a sheet travels as itself, the store being blind.
"""

import itertools
import json
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from encrier import seal
from encrier.ids import BundleId, CampaignId, KeyId, SittingId, StreamId
from encrier.secret import Secret
from encrier_answers import recall
from encrier_answers.sittings import Progress, Verdict, box_of
from encrier_answers.store import Arrival, Outcome, SignInMark
from encrier_answers.store_sqlite import SqliteStore
from stagecraft.envelopes import MANIFEST

KEY, CAMPAIGN, SID = Secret(b"k" * 32), CampaignId(b"c" * 16), SittingId(b"s" * 16)
DEVICES, ITEMS = st.integers(0, 3), st.sampled_from("abcd")
KINDS = st.sampled_from([seal.Kind.SNAPSHOT] * 5 + [seal.Kind.FINAL])
JOURNEYS = st.sampled_from(["arrives", "arrives", "twice", "reply lost", "offline"])
Stamp = tuple[int, int, str]
Sheet = dict[str, tuple[int, Stamp]]  # item -> answer, stamp


@dataclass
class Device:
    """A browser: what it shows, and the save it has not had a receipt for."""

    stream: StreamId
    epoch: int
    sheet: Sheet
    seq: int = 0
    event: int = 0
    outbox: Arrival | None = None
    sent: list[tuple[Arrival, bytes]] = field(default_factory=list)  # with the receipts it got

    def answer(self, item: str, value: int) -> None:
        self.event += 1
        self.sheet[item] = (value, (self.epoch, self.event, self.stream.hex()))

    def seal(self, kind: seal.Kind, *, minute: int) -> None:
        """Close the sheet under the next number; what is in the outbox is replaced."""
        content = json.dumps(self.sheet).encode()
        header = seal.Header(
            KeyId(b"k" * 8), CAMPAIGN, SID, self.stream, self.epoch, self.seq, kind,
            BundleId(b"b" * 8), 0,
        )  # fmt: skip
        digest = seal.digest(content + header.to_bytes())
        self.outbox = Arrival(header, content, digest, b"for " + digest, 0, content, minute)
        self.seq += 1


def read(content: bytes) -> Sheet:
    return {item: (value, tuple(stamp)) for item, (value, stamp) in json.loads(content).items()}


def merge(sheets: list[Sheet]) -> Sheet:
    """As results does: the highest stamp of each item."""
    merged: Sheet = {}
    for item, (value, stamp) in itertools.chain.from_iterable(s.items() for s in sheets):
        if item not in merged or stamp > merged[item][1]:
            merged[item] = (value, stamp)
    return merged


class Bomb:
    """An entry that no store can keep: the power fails in the middle of a batch."""


class Upload(RuleBasedStateMachine):
    """One pupil, up to four devices, one store that may be killed at any moment."""

    @initialize(often=st.booleans(), forgetful=st.booleans())
    def start(self, often: bool, forgetful: bool) -> None:  # noqa: FBT001 drawn by Hypothesis
        """often: the log is folded and swept at each turn; forgetful: little is remembered."""
        self.patch = pytest.MonkeyPatch()
        for name, value in {"FOLD_FROM": 1, "LAG": 1, "AT_ONCE": 1}.items() if often else ():
            self.patch.setattr(recall, name, value)
        if forgetful:
            self.patch.setattr(recall, "MOST_KNOWN", 0)
        self.folders = [Path(tempfile.mkdtemp())]
        self.store = SqliteStore(self.folders[-1], key=KEY, campaign=CAMPAIGN)
        self.streams = itertools.count()
        self.minute = 1000
        self.acknowledged: Sheet = {}
        self.receipts: dict[tuple[bytes, int], bytes] = {}
        self.finished = False
        self.boxes: dict[tuple[int, int, bytes], bytes] = {}
        self.after, self.pulled = 0, dict[int, Sheet]()
        self.devices = [self._sign_in()]

    def _sign_in(self) -> Device:
        sitting = self.store.last(SID)
        self._put([SignInMark(SID, self.minute)])
        stream = StreamId(next(self.streams).to_bytes(8, "big"))
        if sitting is None or sitting.newest is None:
            return Device(stream, 0, {})
        box = box_of(sitting, MANIFEST, now_minute=self.minute)
        return Device(stream, sitting.newest[0] + 1, read(box) if box else {})

    def _put(self, batch: list[Any]) -> list[Outcome]:  # or a bomb
        return self.store.put_batch(batch)

    def _device(self, n: int) -> Device:
        return self.devices[n % len(self.devices)]

    @rule(n=DEVICES, item=ITEMS, value=st.integers(0, 9), kind=KINDS, journey=JOURNEYS)
    def a_pupil_answers(self, n: int, item: str, value: int, kind: seal.Kind, journey: str) -> None:
        """Sealed and sent, unless a save is under way: that one goes as it is, never anew."""
        device = self._device(n)
        device.answer(item, value)
        if device.outbox is None:
            device.seal(kind, minute=self.minute)
        if journey != "offline":
            self._send([device] * (2 if journey == "twice" else 1), journey)

    @rule(journey=JOURNEYS)
    def the_network_is_back(self, journey: str) -> None:
        self._send([device for device in self.devices if device.outbox], journey)

    def _send(self, devices: list[Device], journey: str) -> None:
        """In one batch, as requests that arrive during a commit."""
        batch = [device.outbox for device in devices if device.outbox]
        for device, arrival, outcome in zip(devices, batch, self._put(batch), strict=True):
            assert outcome.verdict in (Verdict.KEEP, Verdict.SAME)
            self._acknowledge(arrival, outcome)
            if journey != "reply lost":
                device.outbox = None
                device.sent.append((arrival, outcome.receipt))

    def _acknowledge(self, arrival: Arrival, outcome: Outcome) -> None:
        self.acknowledged = merge([self.acknowledged, read(arrival.envelope)])
        mark = (arrival.header.epoch, arrival.header.seq, arrival.header.stream)
        self.boxes[mark] = arrival.box
        number = (arrival.header.stream, arrival.header.seq)
        assert self.receipts.setdefault(number, outcome.receipt) == outcome.receipt
        self.finished = self.finished or arrival.header.kind is seal.Kind.FINAL

    @rule(n=DEVICES, which=st.integers(0, 9))
    def an_old_request_comes_again(self, n: int, which: int) -> None:
        sent = self._device(n).sent
        if not sent:
            return
        arrival, receipt = sent[which % len(sent)]
        (outcome,) = self._put([arrival])
        if arrival is sent[-1][0] and self._device(n).outbox is None:
            assert (outcome.verdict, outcome.receipt) == (Verdict.SAME, receipt)
        assert outcome.verdict in (Verdict.SAME, Verdict.SUPERSEDED)

    @rule(n=DEVICES)
    def a_forger_reuses_a_number(self, n: int) -> None:
        sent = self._device(n).sent
        if not sent:
            return
        arrival, _ = sent[-1]
        other = Arrival(arrival.header, b"{}", b"x" * 32, b"other", 0, b"{}", self.minute)
        (outcome,) = self._put([other])
        assert outcome.verdict in (Verdict.CONFLICT, Verdict.SUPERSEDED)

    @precondition(lambda self: len(self.devices) < 4)
    @rule()
    def another_device_signs_in(self) -> None:
        self.devices.append(self._sign_in())

    @rule(n=DEVICES)
    def a_teacher_takes_up_what_another_keyed(self, n: int) -> None:
        """The page goes on in its own stream under a higher epoch, with what the host's box has."""
        sitting, device = self.store.last(SID), self._device(n)
        if sitting is None or sitting.newest is None:
            return
        box = box_of(sitting, MANIFEST, now_minute=self.minute)
        device.sheet = merge([device.sheet, read(box) if box else {}])
        device.epoch = max(device.epoch, sitting.newest[0] + 1)

    @rule(n=DEVICES)
    def a_device_is_lost(self, n: int) -> None:
        self.devices.remove(self._device(n))
        if not self.devices:
            self.devices.append(self._sign_in())

    @rule()
    def the_server_is_killed(self) -> None:
        """The files as they are at this instant are all that the next server gets."""
        folder = Path(tempfile.mkdtemp())
        shutil.copytree(self.folders[-1], folder, dirs_exist_ok=True)
        self.store.close()
        self.folders.append(folder)
        self.store = SqliteStore(folder, key=KEY, campaign=CAMPAIGN)

    @rule(n=DEVICES)
    def the_power_fails_in_the_middle_of_a_batch(self, n: int) -> None:
        device = self._device(n)
        if device.outbox is None:
            return
        before = self.store.count_saves()
        with pytest.raises(AttributeError):
            self._put([device.outbox, Bomb()])
        assert self.store.count_saves() == before

    @rule(minutes=st.sampled_from([1, 60, 24 * 60 + 1]))
    def time_passes(self, minutes: int) -> None:
        self.minute += minutes
        self.store.forget(boxes_before=self.minute - 24 * 60)

    @rule()
    def results_pulls(self) -> None:
        """From where it stopped; what it has pulled earlier may have been replaced since."""
        for save in self.store.drain(self.after, at_most=2, at_most_bytes=10**6):
            self.after = save.rank
            self.pulled[save.rank] = read(save.envelope)

    @invariant()
    def no_acknowledged_answer_is_lost(self) -> None:
        kept = self.store.drain(0, at_most=100, at_most_bytes=10**9)
        assert merge([read(save.envelope) for save in kept]) == self.acknowledged

    @invariant()
    def nothing_is_missed_between_two_pulls(self) -> None:
        rest = self.store.drain(self.after, at_most=100, at_most_bytes=10**9)
        seen = [*self.pulled.values(), *(read(save.envelope) for save in rest)]
        assert merge(seen) == self.acknowledged

    @invariant()
    def a_finished_sitting_has_no_box(self) -> None:
        sitting = self.store.last(SID)
        assert sitting is not None
        assert (sitting.progress is Progress.FINISHED) == self.finished
        assert not (self.finished and sitting.box)

    @invariant()
    def the_box_given_is_that_of_the_highest_epoch_whatever_its_stream_had_before(self) -> None:
        sitting = self.store.last(SID)
        if sitting is not None and sitting.box:
            assert sitting.box == self.boxes[max(self.boxes)]

    @invariant()
    def one_box_at_most_is_on_disk_and_it_is_the_one_given(self) -> None:
        found = self.store._scan.execute("SELECT box FROM save WHERE length(box) > 0").fetchall()
        sitting = self.store.last(SID)
        assert not (self.finished and found)
        live = [box for (box,) in found if sitting and box == sitting.box]
        assert len(found) - len(live) <= self.store._recall.n_dead
        assert bool(live) == bool(sitting and sitting.box)

    @invariant()
    def the_count_is_that_of_the_streams(self) -> None:
        drained = self.store.drain(0, at_most=100, at_most_bytes=10**9)
        assert self.store.count_saves() == len(drained)

    def teardown(self) -> None:
        if hasattr(self, "patch"):
            self.patch.undo()
        if hasattr(self, "store"):
            self.store.close()
            for folder in self.folders:
                shutil.rmtree(folder)


TestUpload = Upload.TestCase
TestUpload.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
