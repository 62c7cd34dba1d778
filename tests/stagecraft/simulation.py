# SPDX-License-Identifier: AGPL-3.0-or-later
"""A deterministic world of pupils, a network, a node, names, results and a forger.

No clock, no thread, no network: the world goes on by one event at a time. Each event takes one
number, from which it draws all that it must choose, so that a list of (event, number) is the whole
history of a world. What must be true is checked at each event (`simulated_truth`).
"""

import itertools
import random
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Final

from encrier import seal, uploads
from encrier.errors import BadRecord
from encrier.records import from_bytes, to_bytes
from encrier_answers.replies import BYTES, Reply, Request
from encrier_answers.sittings import NotAdmitted, SaveConflict, to_minute
from stagecraft.simulated_names import Names
from stagecraft.simulated_network import Answer, Chance, Message, false_receipt, forged, spoilt
from stagecraft.simulated_node import Answered, Clock, Question, SimulatedNode, Worker, everything
from stagecraft.simulated_pupils import MOST_DEVICES, MOST_EPOCHS, Device, Pupil
from stagecraft.simulated_truth import Results, Truth, Violation, hold

N_PUPILS: Final = 4
MOST_ON_THE_WAY: Final = 60  # a network forgets the oldest
ROUNDS: Final = 400  # in which a mended world must come to rest
JUMPS_S: Final = (0, 0, 0, 0, 0, 0, -60, 60, -3600, 3600, -2 * 86_400, 2 * 86_400)
# How often each event comes in a long run; the names of World's methods.
EVENTS: Final = {
    "a_message_arrives": 55,
    "the_writer_commits": 8,
    "a_pupil_answers": 12,
    "a_device_sends": 18,
    "a_pupil_signs_in": 3,
    "a_message_comes_twice": 3,
    "a_message_is_dropped": 2,
    "a_message_is_altered": 2,
    "a_forger_tries": 2,
    "results_pulls": 3,
    "names_sends_a_list": 3,
    "time_passes": 1.5,
    "a_page_dies": 1,
    "a_request_is_given_up": 1,
    "the_node_crashes": 1.5,
    "the_node_is_told_to_stop": 0.3,
    "the_clock_jumps": 0.8,
    "the_disk_is_full": 0.5,
    "the_disk_has_room": 2,
    "another_process_starts": 0.7,
    "boxes_are_forgotten": 0.5,
}


class World:
    """All of it, in a folder of its own."""

    def __init__(self, under: Path | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=under))
        self.clock, self.truth, self.results = Clock(), Truth(), Results()
        self.node = SimulatedNode(self.folder, self.clock)
        self.node.start()
        self.pupils = [Pupil(rank) for rank in range(N_PUPILS)]
        self.on_the_way: list[Message | Answer] = []
        self.seen: list[bytes] = []  # bodies of saves, by who listens
        self.counts: Counter[str] = Counter()
        self.history: list[tuple[str, int]] = []
        self.n_devices = 0
        self.names = Names(self.pupils)
        self.names.admit_all(0)
        self._settle_list()

    def close(self) -> None:
        self.node.leave()
        shutil.rmtree(self.folder)

    def step(self, event: str, number: int) -> None:
        """Let one event happen; raises Violation."""
        self.history.append((event, number))
        self.counts[event] += 1
        getattr(self, event)(Chance(number))

    # What pupils do.

    def a_pupil_signs_in(self, chance: Chance) -> None:
        pupil = chance.of(self.pupils)
        if len(pupil.devices) == MOST_DEVICES:
            device = chance.of(pupil.devices)  # a page that asks again
        elif self.truth.newest.get(pupil.sid, (0,))[0] < MOST_EPOCHS:
            self.n_devices += 1
            device = Device(pupil, self.n_devices)
            pupil.devices.append(device)
        else:
            return
        body = to_bytes(uploads.SignIn(pupil.sid, pupil.auth))
        self._send(Message("sign-in", body, device, uploads.content_digest(body), pupil.network))

    def a_pupil_answers(self, chance: Chance) -> None:
        devices = [d for p in self.pupils for d in p.devices if d.stream and not d.has_finished]
        if devices:
            device = chance.of(devices)
            kind = seal.Kind.FINAL if chance.one_in(25) else seal.Kind.SNAPSHOT
            self.truth.write(device.answer(kind, openly=chance.one_in(8)))
            self.counts["saves"] += 1

    def a_device_sends(self, chance: Chance) -> None:
        """The bytes that are stored, from its page or from where it was rescued."""
        devices = [d for pupil in self.pupils for d in pupil.that_wait]
        if devices:
            self._send_stored(chance.of(devices), says_digest=not chance.one_in(4))

    def a_page_dies(self, chance: Chance) -> None:
        """Its disk keeps what waits, unless the computer is wiped."""
        pupil = chance.of(self.pupils)
        if pupil.devices:
            device = chance.of(pupil.devices)
            pupil.devices.remove(device)
            self.counts["pages that died"] += 1
            if chance.one_in(8):
                device.outbox = device.latest = None
                self.counts["computers wiped"] += 1
            elif device.latest is not None:
                pupil.drawers.append(device)

    # What becomes of messages.

    def a_message_arrives(self, chance: Chance) -> None:
        if self.on_the_way:
            message = chance.of(self.on_the_way)
            self.on_the_way.remove(message)
            self._arrive(message, chance)

    def a_message_comes_twice(self, chance: Chance) -> None:
        if self.on_the_way:
            self.counts["messages that came twice"] += 1
            self._arrive(chance.of(self.on_the_way), chance)

    def a_message_is_dropped(self, chance: Chance) -> None:
        if self.on_the_way:
            self.counts["messages dropped"] += 1
            self.on_the_way.remove(chance.of(self.on_the_way))

    def a_message_is_altered(self, chance: Chance) -> None:
        """Cut short, or a byte of it changed."""
        if self.on_the_way:
            self.counts["messages altered"] += 1
            at = self.on_the_way.index(chance.of(self.on_the_way))
            self.on_the_way[at] = spoilt(self.on_the_way[at], chance)

    # What happens to the node.

    def the_writer_commits(self, chance: Chance) -> None:
        self._commit(chance.of(self.node.workers))

    def a_request_is_given_up(self, chance: Chance) -> None:
        """The disk is slow: who waits is told so, and the save may be kept later."""
        worker = chance.of(self.node.workers)
        if worker.questions:
            question = chance.of(worker.questions)
            worker.questions.remove(question)
            self.counts["requests given up"] += 1
            question.give_up()
            self._answered(question)

    def the_node_crashes(self, chance: Chance) -> None:
        """Before, during or after a commit, by a kill, a cut of power or a writer that dies."""
        way = chance.of(("before", "torn", "after", "writer"))
        self.counts[f"crashes, {way}"] += 1
        if way == "torn":
            self.node.tear(chance.rest)
        elif way == "writer":
            chance.of(self.node.workers).committer.break_down()
            self.node.leave()
        else:
            if way == "after":
                chance.of(self.node.workers).committer.commit()
                self.truth.look(self.node.store)
            self.node.leave()
        self._start_again()

    def the_node_is_told_to_stop(self, _chance: Chance) -> None:
        """What was taken is committed first, by whichever process took it."""
        for worker in self.node.workers:
            self._commit(worker)
        self.node.leave(cleanly=True)
        self._start_again()

    def the_clock_jumps(self, chance: Chance) -> None:
        before, self.clock.wrong_s = self.clock.wrong_s, chance.of(JUMPS_S)
        self.counts["jumps of the clock"] += before != self.clock.wrong_s

    def the_disk_is_full(self, chance: Chance) -> None:
        self.counts["full disks"] += 1
        self.node.fill_disk(at_once=chance.one_in(2))

    def the_disk_has_room(self, _chance: Chance) -> None:
        self.node.mend_disk()

    def another_process_starts(self, _chance: Chance) -> None:
        """A second server on the folder, refused; and a second worker of this one, which is not."""
        hold(not self.node.another_starts(), "broken", "two servers have one folder")
        if len(self.node.workers) == 1:
            self.node.fork()

    def boxes_are_forgotten(self, _chance: Chance) -> None:
        self.node.store.forget(boxes_before=to_minute(self.clock.now()) - 24 * 60)

    def time_passes(self, chance: Chance) -> None:
        self.clock.passed_s += chance.of((1, 20, 60, 600, 3600))

    # What the other zones do.

    def names_sends_a_list(self, chance: Chance) -> None:
        """Rooms open, close, get more time; a list is sent again until it is said to be kept."""
        if not self.names.waits:
            self.names.change(self.clock.passed_s, chance)
        self._send(self.names.message())

    def results_pulls(self, chance: Chance) -> None:
        self.results.pull(self.node.store, at_most=chance.of((1, 2, 5)))

    def a_forger_tries(self, chance: Chance) -> None:
        """With what was seen on the way, and no pupil's secret; and with receipts of its own."""
        if not self.seen:
            return
        self.counts["forged requests"] += 1
        self._send(forged(chance.of(self.seen), chance))
        devices = [d for pupil in self.pupils for d in pupil.that_wait]
        if devices and self.truth.receipts:
            self._lie(chance.of(devices), chance)

    # The end.

    def come_to_rest(self) -> None:
        """Mend everything, let all arrive; then what pupils wrote is what results has."""
        self.the_disk_has_room(Chance(0))
        self.clock.wrong_s = 0.0
        self._settle_list()
        self.names.admit_all(self.clock.passed_s)
        self._settle_list()
        for _ in range(ROUNDS):
            waiting = [d for pupil in self.pupils for d in pupil.that_wait]
            if not waiting:
                break
            for device in waiting:
                self._send_stored(device, says_digest=True)
            self._let_all_arrive()
        else:
            raise Violation("broken", "the world does not come to rest")
        while self.results.pull(self.node.store, at_most=3):
            pass
        self.truth.look_at_all(self.node.store)
        hold(self.results.pulled == self.truth.disk, "lost", "results lacks what is on disk")
        for device in (d for p in self.pupils for d in (*p.devices, *p.drawers)):
            if device.latest is not None:
                place = (device.pupil.sid, device.latest.header.stream)
                found = self.results.pulled.get(place)
                whole = (device.latest.header.seq, device.latest.sha256)
                hold(found == whole, "lost", "the last save of a device")

    # How.

    def _settle_list(self) -> None:
        for _ in range(ROUNDS):
            if not self.names.waits:
                return
            self._send(self.names.message())
            self._let_all_arrive()
        raise Violation("broken", "a list is never taken")

    def _let_all_arrive(self) -> None:
        self.clock.passed_s += 60
        while self.on_the_way:
            self._arrive(self.on_the_way.pop(0), Chance(0))
            for worker in self.node.workers:
                self._commit(worker)

    def _send(self, message: Message | Answer) -> None:
        self.on_the_way.append(message)
        if len(self.on_the_way) > MOST_ON_THE_WAY:
            self.on_the_way.pop(0)

    def _send_stored(self, device: Device, *, says_digest: bool) -> None:
        save = device.outbox
        assert save is not None
        is_rescued = save.body.startswith(uploads.MAGIC_RESCUED)
        digest = uploads.content_digest(save.body) if says_digest or not is_rescued else None
        self._send(Message("save", save.body, device, digest, device.pupil.network))
        if is_rescued:
            self.seen.append(save.body)

    def _commit(self, worker: Worker) -> None:
        answered = worker.commit()
        self.truth.look(self.node.store)
        for question in answered:
            self._answered(question)

    def _arrive(self, message: Message | Answer, chance: Chance) -> None:
        if isinstance(message, Answer):
            self._hear(message)
        elif message.is_cut:
            self.counts["requests cut"] += 1  # HTTP itself throws them away
        elif uploads.is_altered(message.body, message.digest):
            self.counts["requests altered"] += 1
        else:
            request = Request("POST", message.route, "", "", message.body, message.network)
            save = self.truth.bodies.get(message.body)
            may = save is not None and self.names.may(save.header.sid, self.clock.now())
            question = chance.of(self.node.workers).ask(request, (message, may))
            if question.answer is not None:
                self._answered(question)

    def _answered(self, question: Question) -> None:
        """The node has made up its mind; what it says must be true."""
        message, may = question.asked
        answer = question.answer
        assert answer is not None
        if message.route == "save":
            self._check_save(message, answer, may=may)
        elif message.route == "sign-in" and isinstance(answer, Reply):
            if message.sender is None:
                raise Violation("forged", "a stranger was let in")
            signed_in = from_bytes(answer.body, uploads.SignedIn)
            self.truth.let_in(message.sender.pupil.sid, signed_in)
        if message.sender is not None or message.route == "list":
            self._send(Answer(message, answer))

    def _check_save(self, message: Message, answer: Answered, *, may: bool) -> None:
        save = self.truth.bodies.get(message.body)
        if not isinstance(answer, Reply):
            self.counts[f"saves refused, {type(answer).__name__}"] += 1
            own = save is not None and isinstance(answer, NotAdmitted | SaveConflict | BadRecord)
            hold(not own, "broken", f"a pupil's own save is refused: {type(answer).__name__}")
            return
        if save is None:
            raise Violation("forged", "what no pupil sent was taken")
        hold(may, "broken", "a save was taken after the end")
        if dict(answer.headers)["content-type"] == BYTES:
            self.truth.acknowledge(save, answer.body)
            self.counts["acknowledged"] += 1
        else:
            self.truth.supersede(save)

    def _hear(self, back: Answer) -> None:
        """Whoever asked hears the answer, and believes what is to be believed."""
        message, answer, device = back.to, back.answer, back.to.sender
        if not isinstance(answer, Reply):
            return
        if message.route == "list":
            if not back.is_spoilt:
                self.names.hear(message.body)
        elif device is None:
            return
        elif message.route == "sign-in" and not back.is_spoilt:
            device.come_in(from_bytes(answer.body, uploads.SignedIn))
        elif message.route == "save":
            believed = device.hear(answer.body)
            self.counts["receipts believed"] += believed
            hold(not (believed and back.is_spoilt), "forged", "an altered receipt was believed")

    def _lie(self, device: Device, chance: Chance) -> None:
        """A device gets a receipt that was never given for what it keeps."""
        assert device.outbox is not None
        of = chance.of(list(self.truth.receipts))
        if of != device.outbox.sha256:
            self.counts["forged receipts"] += 1
            lie = false_receipt(
                self.truth.receipts[of], chance, of=of, waits_for=device.outbox.sha256
            )
            hold(not device.hear(lie), "forged", "a false receipt was believed")

    def _start_again(self) -> None:
        """What was on its way to the node and back may still arrive; what it knew is gone."""
        self.node.start()
        if self.node.torn is not None:
            written, found = self.node.torn, everything(self.node.store, after=self.truth.rank)
            self.node.torn = None
            hold(found in ([], written), "broken", "a batch is there in part")
            if written:
                self.counts["commits torn, whole" if found else "commits torn, undone"] += 1
        self.truth.look_at_all(self.node.store)


def live(world: World, *, seed: int, n_steps: int) -> None:
    """Let a world live as a seed says, then come to rest; raises Violation.

    The first steps of a longer life are those of a shorter one under the same seed.
    """
    dice = random.Random(seed)  # noqa: S311 the same seed, the same world
    events, odds = list(EVENTS), list(itertools.accumulate(EVENTS.values()))
    for _ in range(n_steps):
        (event,) = dice.choices(events, cum_weights=odds)
        world.step(event, dice.getrandbits(60))
    world.come_to_rest()
