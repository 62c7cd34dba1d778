# SPDX-License-Identifier: AGPL-3.0-or-later
"""One test session: where the pupil is, what may be done there, and what comes of it.

QTI 3.0 ASI information model, "AssessmentTest" and "TestPart". Deterministic
and without a clock: seconds are given by whoever calls. What is not allowed is
refused by SessionRefused; nothing else is raised, whatever is called in
whatever order.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from math import isfinite

from encrier_qti.answers import Answers
from encrier_qti.errors import SessionRefused
from encrier_qti.model import TestFeedback
from encrier_qti.scoring import Remark
from encrier_qti.sessions.clock import TEST, Clock, Key
from encrier_qti.sessions.item_session import ItemSession, State
from encrier_qti.sessions.navigation import Navigation
from encrier_qti.sessions.plan import Plan, Settings, with_extra_time
from encrier_qti.sessions.route import Route, Stop
from encrier_qti.sessions.test_items import TestItems
from encrier_qti.sessions.test_outcomes import TestOutcomes


class TestState(StrEnum):
    """The states of a test session; FEEDBACK: test feedback is shown, `move_next` goes on."""

    INITIAL = "initial"
    INTERACTING = "interacting"
    SUSPENDED = "suspended"
    FEEDBACK = "feedback"
    CLOSED = "closed"


class TestSession:
    """The session of a test for one pupil; attributes are to be read, not set.

    `pending`: answers given in a simultaneous part, by the name of the stop,
    processed when the part is left. `path`: positions left behind, in order.
    """

    __slots__ = (
        "_navigation",
        "clock",
        "items",
        "outcomes",
        "path",
        "pending",
        "plan",
        "position",
        "route",
        "settings",
        "state",
    )

    def __init__(self, plan: Plan, route: Route, settings: Settings | None = None) -> None:
        self.plan = plan
        self.route = route
        self.settings = settings = settings or Settings()
        self.state = TestState.INITIAL
        self.position = 0
        self.pending: dict[str, Answers] = {}
        self.path: list[int] = []
        limits = {name: with_extra_time(each, settings) for name, each in plan.limits.items()}
        self.clock = Clock(limits)
        self.items = TestItems(plan, route, settings)
        self.outcomes = TestOutcomes(plan, self.items, self.clock, seed=settings.seed)
        self._navigation = Navigation(plan, route.stops, settings)

    @property
    def runs(self) -> bool:
        """Whether the session has begun and has not ended."""
        return self.state is not TestState.INITIAL and self.state is not TestState.CLOSED

    @property
    def stop(self) -> Stop:
        """Where the pupil is. Refused when the session does not run."""
        if not self.runs:
            raise _not_now()
        return self.route.stops[self.position]

    @property
    def item(self) -> ItemSession:
        """The item session where the pupil is."""
        return self.items[self.stop]

    @property
    def time_is_up(self) -> bool:
        """Whether nothing more can be done at this stop for want of time."""
        return self.item.time_is_up or any(map(self.clock.is_up, keys(self.stop)))

    @property
    def time_left(self) -> float | None:
        """The seconds until the first maximum around the pupil, None if there is none."""
        most = self.item.terms.limits.maximum
        found = [self.clock.left(key) for key in keys(self.stop)]
        found.append(None if most is None else most - self.item.duration)
        return min((each for each in found if each is not None), default=None)

    @property
    def feedbacks(self) -> Sequence[TestFeedback]:
        """The test feedback that is due on going on from here, or at the end once it is there."""
        assessment = self.plan.assessment
        if self.state is TestState.CLOSED:
            due = [(each, each.access == "atEnd") for each in assessment.feedbacks]
        else:
            part, arrival = self.plan.parts[self.stop.part], self._arrival()
            ends = {"during": True, "atEnd": arrival == len(self.route.stops)}
            part_ends = {"during": True, "atEnd": self._leaves_part(arrival)}
            due = [(each, ends[each.access]) for each in assessment.feedbacks]
            due += [(each, part_ends[each.access]) for each in part.feedbacks]
        return [feedback for feedback, now in due if now and self.outcomes.is_due(feedback)]

    def begin(self) -> None:
        """Begin at the first item whose preconditions hold."""
        if self.state is not TestState.INITIAL:
            raise _not_now()
        self.state = TestState.INTERACTING
        self._arrive(self._navigation.enterable(0, since=None, holds=self.outcomes.holds))

    def begin_attempt(self) -> None:
        """Begin an attempt at this item, or go on with the one that has begun."""
        self._require(TestState.INTERACTING)
        self._refuse_out_of_time(accept_late=False)
        self.item.begin_attempt()

    def end_attempt(self, answers: Answers, *, accept_late: bool = False) -> tuple[Remark, ...]:
        """Submit this item; in a simultaneous part the answers wait for its end."""
        self._require(TestState.INTERACTING)
        late = accept_late or self.settings.accept_late
        self._refuse_out_of_time(accept_late=late)
        if self._is_linear(self.position):
            self._refuse_early()
        item = self.item
        late = late or not item.time_is_up  # time around it is up, and lets late answers in
        if item.terms.simultaneous:
            remarks = item.submit_later(answers, accept_late=late)
            self.pending[self.stop.name] = self._kept(answers, remarks)
            return remarks
        remarks = item.end_attempt(answers, accept_late=late)
        if self.outcomes.process():
            self.end()
        return remarks

    def save(self, answers: Answers) -> tuple[Remark, ...]:
        """Keep what the pupil has answered so far, unprocessed."""
        self._require(TestState.INTERACTING)
        remarks = self.item.save(answers)
        if self.item.terms.simultaneous:
            name = self.stop.name
            self.pending[name] = {**self.pending.get(name, {}), **self._kept(answers, remarks)}
        return remarks

    def skip(self) -> None:
        """Submit this item without an answer, if that is allowed; what was saved is dropped."""
        self._require(TestState.INTERACTING)
        self.end_attempt({name: [] for name in self.item.playable.responses})

    def move_next(self) -> None:
        """Go on: to test feedback that is due, else to the next item, else to the end."""
        self._require(TestState.INTERACTING, TestState.FEEDBACK)
        self._refuse_early()
        self._put_aside()
        last = self._navigation.is_last_of_part(self.position)
        if (last or self._leaves_part(self._arrival())) and self._submit_pending(self.stop.part):
            return
        if self.state is TestState.INTERACTING and self.feedbacks:
            self.state = TestState.FEEDBACK
            return
        self.state = TestState.INTERACTING
        arrival = self._arrival()
        self.path.append(self.position)
        self._arrive(arrival)

    def move_on(self) -> None:
        """Go on past everything that has no time left: what a host does on a timeout."""
        self.move_next()
        while self.runs and self.time_is_up:
            self.move_next()

    def move_back(self) -> None:
        """Go to the item before; with `tracked_path`, to the one that was left last."""
        self._require(TestState.INTERACTING, TestState.FEEDBACK)
        tracked = self.settings.tracked_path and self.path
        back = self.path[-1] if tracked else self.position - 1
        if back < 0:
            raise _nowhere()
        self._refuse_linear(self.position, back)
        self._go(back)
        if self.path:
            self.path.pop()

    def jump(self, position: int) -> None:
        """Go to any item of the route, from a part that is not linear."""
        self._require(TestState.INTERACTING, TestState.FEEDBACK)
        self._refuse_linear(self.position)
        if not 0 <= position < len(self.route.stops):
            raise _nowhere()
        here = self.position
        if position == here:
            return
        self._go(position)
        if position in self.path:
            del self.path[self.path.index(position) :]
        else:
            self.path.append(here)

    def spend(self, seconds: float) -> None:
        """Let time go by; what reaches its maximum closes, and with the test everything.

        Reading feedback counts for what is around the item, as QTI has it.
        """
        if not isfinite(seconds) or seconds < 0:
            raise SessionRefused("une durée positive est attendue.", why="no-such-time")
        if self.state is not TestState.INTERACTING and self.state is not TestState.FEEDBACK:
            return
        around = keys(self.stop)
        self.clock.spend(around, seconds)
        self.item.spend(seconds)
        over = {key for key in around if self.clock.is_up(key)}
        if TEST in over:
            self.end()
            return
        for stop, session in self.items:
            if not over.isdisjoint(keys(stop)):
                session.run_out()

    def suspend(self) -> None:
        """The pupil leaves the test: time stops, and what has begun waits."""
        self._require(TestState.INTERACTING)
        self._put_aside()
        self.state = TestState.SUSPENDED

    def resume(self) -> None:
        """The pupil comes back."""
        self._require(TestState.SUSPENDED)
        self.state = TestState.INTERACTING
        self._take_up()

    def end(self) -> None:
        """End the test: process what waits, close every item."""
        if not self.runs:
            raise _not_now()
        self.state = TestState.CLOSED
        for part in self.plan.parts:
            self._submit_pending(part)
        for _, session in self.items:
            session.end()

    def _require(self, *states: TestState) -> None:
        if self.state not in states:
            raise _not_now()

    def _refuse_out_of_time(self, *, accept_late: bool) -> None:
        if not accept_late and any(map(self.clock.refuses, keys(self.stop))):
            raise SessionRefused(why="time")

    def _refuse_early(self) -> None:
        """Refuse to finish what has a minimum time: sections only in linear parts."""
        here, following = self.stop, self.position + 1
        ends = following == len(self.route.stops)
        stays = () if ends else keys(self.route.stops[following])
        free = () if self._is_linear(self.position) else here.sections
        left = (key for key in keys(here) if key not in stays and key not in free)
        if any(map(self.clock.is_early, left)):
            raise SessionRefused("le temps minimal n’est pas écoulé.", why="too-early")

    def _refuse_linear(self, *positions: int) -> None:
        if not self.settings.free_jumps and any(map(self._is_linear, positions)):
            raise SessionRefused("dans cette partie, on ne peut qu’avancer.", why="linear")

    def _is_linear(self, position: int) -> bool:
        return self.plan.parts[self.route.stops[position].part].navigation == "linear"

    def _submit_pending(self, part: str) -> bool:
        """Process what waits in a part; True: outcome processing has ended the test."""
        waiting = [each for each in self.items if each[0].part == part]
        names = [(stop.name, session) for stop, session in waiting if stop.name in self.pending]
        for name, session in names:
            session.end_submitted(self.pending.pop(name))
        if names and self.outcomes.process() and self.runs:
            self.end()
            return True
        return False

    def _kept(self, answers: Answers, remarks: Iterable[Remark]) -> Answers:
        """What can be stored of answers to this item: those that could be read, others as none."""
        unread = {remark.response for remark in remarks}
        return {
            name: [] if name in unread else list(texts)
            for name, texts in answers.items()
            if name in self.item.playable.responses
        }

    def _arrival(self) -> int:
        """Where going on from here leads, with the variables as they are."""
        holds = self.outcomes.holds
        following = self._navigation.after(self.position, holds)
        return self._navigation.enterable(following, since=self.position, holds=holds)

    def _leaves_part(self, arrival: int) -> bool:
        stops = self.route.stops
        return arrival == len(stops) or stops[arrival].part != stops[self.position].part

    def _arrive(self, position: int) -> None:
        if position == len(self.route.stops):
            self.end()
            return
        self.position = position
        self.items.select(position)
        self._take_up()

    def _go(self, position: int) -> None:
        self.items.refuse_review(self.route.stops[position])
        self._put_aside()
        self.state = TestState.INTERACTING
        self._arrive(position)

    def _put_aside(self) -> None:
        if self.item.state is State.INTERACTING or self.item.state is State.MODAL_FEEDBACK:
            self.item.suspend()

    def _take_up(self) -> None:
        if self.item.state is State.SUSPENDED:
            self.item.resume()


def keys(stop: Stop) -> tuple[Key, ...]:
    """The elements whose time runs at a stop: the test, its part, its sections."""
    return (TEST, (stop.part, 0), *stop.sections)


def _not_now() -> SessionRefused:
    return SessionRefused("ceci n’est pas possible à ce moment du test.", why="not-now")


def _nowhere() -> SessionRefused:
    return SessionRefused("il n’y a pas d’item à cette place.", why="no-such-place")
