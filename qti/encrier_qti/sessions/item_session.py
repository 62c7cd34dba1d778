# SPDX-License-Identifier: AGPL-3.0-or-later
"""One item session: attempts, time and the variables between them.

QTI 3.0 ASI information model, "Item Session Lifecycle", "ItemSessionControl"
and "TimeLimits". Deterministic and without a clock: whoever calls says how
many seconds went by. What is not allowed is refused by SessionRefused and
changes nothing, except that a submission before the minimum time suspends.
"""

from enum import StrEnum
from typing import Final

from encrier_qti.answers import Answers
from encrier_qti.errors import SessionRefused, WrongType
from encrier_qti.model import ATTEMPTS, COMPLETION, DURATION, Record, TimeLimits
from encrier_qti.processing.programs import Frame
from encrier_qti.scoring import Remark, read_into
from encrier_qti.sessions.playable import Playable
from encrier_qti.values import BaseType, Value, integer, single
from encrier_qti.variables import COMPLETED, UNKNOWN

_COUNTS: Final = tuple(integer(n) for n in range(64))  # made once: most items see one attempt


class State(StrEnum):
    """The states of an item session; `MODAL_FEEDBACK` between an attempt and what follows."""

    NOT_SELECTED = "not-selected"
    INITIAL = "initial"
    INTERACTING = "interacting"
    SUSPENDED = "suspended"
    MODAL_FEEDBACK = "modal-feedback"
    CLOSED = "closed"
    REVIEW = "review"
    SOLUTION = "solution"


class Terms(Record, frozen=True):
    """What is allowed in one session: its item session control, inherited and complete.

    `max_attempts` 0: no limit. `maximum` and `minimum` in seconds.
    """

    max_attempts: int = 1
    show_feedback: bool = False
    allow_review: bool = True
    show_solution: bool = False
    allow_comment: bool = False
    allow_skipping: bool = True
    validate_responses: bool = False
    simultaneous: bool = False
    linear: bool = True
    limits: TimeLimits = TimeLimits()


class ItemSnapshot(Record, frozen=True):
    """All that one item session is, to store and to give back."""

    state: State
    attempting: bool
    late: bool
    duration: float
    variables: tuple[tuple[str, Value | None], ...]


class ItemSession:
    """The session of one item for one pupil; `frame` holds its variables, to be read only."""

    __slots__ = (
        "attempting",
        "attempts",
        "duration",
        "frame",
        "late",
        "playable",
        "state",
        "terms",
    )

    def __init__(self, playable: Playable, terms: Terms) -> None:
        self.playable = playable
        self.terms = terms
        self.frame = Frame(playable.start)
        self.state = State.NOT_SELECTED
        self.attempting = False  # an attempt has begun and has not ended
        self.late = False  # time ran out during an attempt, whose responses may still come
        self.duration = 0.0  # seconds
        self.attempts = 0

    def begin(self) -> None:
        """The item has been selected for the pupil; nothing is shown yet."""
        if self.state is not State.NOT_SELECTED:
            raise _not_now()
        self.state = State.INITIAL

    def begin_attempt(self) -> None:
        """Begin an attempt, or go on with the one that has begun.

        Refused: "attempts" if none is left, "time" if time is up, "not-now".
        """
        state = self.state
        if self.attempting:
            if state is not State.SUSPENDED and state is not State.INTERACTING:
                raise _not_now()
            self.state = State.INTERACTING
            return
        if state is State.NOT_SELECTED or state is State.REVIEW or state is State.SOLUTION:
            raise _not_now()
        if self.time_is_up:
            raise SessionRefused(why="time")
        if not self._may_try():
            raise SessionRefused("plus aucun essai n’est permis.", why="attempts")
        if state is State.CLOSED:
            raise _not_now()
        frame = self.frame
        if self.attempts == 0:
            frame.update(self.playable.defaults)
            frame[COMPLETION] = UNKNOWN
        elif not self.playable.adaptive:
            frame[COMPLETION] = UNKNOWN
        if self.playable.buttons:
            frame.update(self.playable.buttons)
        self.attempts = n = self.attempts + 1
        frame[ATTEMPTS] = _COUNTS[n] if n < len(_COUNTS) else integer(n)
        self.attempting = True
        self.state = State.INTERACTING

    def end_attempt(self, answers: Answers, *, accept_late: bool = False) -> tuple[Remark, ...]:
        """Take the answers of an attempt and process them; give what was wrong with them.

        Responses not answered keep what was saved. Refused: "not-now", "time"
        if time is up and late submission is not allowed, "too-early",
        "skipped", "invalid". `accept_late`: whoever watches over the sitting
        takes late answers.
        """
        self._refuse_submission(accept_late=accept_late)
        return self._finish(self._take(answers))

    def submit_later(self, answers: Answers, *, accept_late: bool = False) -> tuple[Remark, ...]:
        """Put an attempt aside as submitted, for `end_submitted` when the part is left."""
        self._refuse_submission(accept_late=accept_late)
        if self.state is State.INTERACTING:
            self.state = State.SUSPENDED
        return tuple(self._read(answers)[1])

    def end_submitted(self, answers: Answers) -> tuple[Remark, ...]:
        """Process an attempt that was submitted before, whatever the time."""
        if not (self.attempting or self.late):
            raise _not_now()
        responses, remarks = self._read(answers)
        self.frame.update(responses)
        return self._finish(remarks)

    def save(self, answers: Answers) -> tuple[Remark, ...]:
        """Keep responses of an attempt that goes on, unprocessed and unchecked."""
        if not self.attempting:
            raise _not_now()
        responses, remarks = self._read(answers)
        self.frame.update(responses)
        return tuple(remarks)

    def suspend(self) -> None:
        """The pupil leaves the item; an attempt that has begun stays open."""
        if self.state is State.MODAL_FEEDBACK:
            self.state = State.SUSPENDED if self._may_try() else State.CLOSED
        elif self.state is State.INTERACTING:
            self.state = State.SUSPENDED
        else:
            raise _not_now()

    def resume(self) -> None:
        """The pupil comes back: to the attempt that has begun, or to look before the next."""
        if self.state is not State.SUSPENDED:
            raise _not_now()
        self.state = State.INTERACTING

    def spend(self, seconds: float) -> None:
        """Let time go by; it counts while the pupil interacts, and closes at the maximum."""
        if self.state is not State.INTERACTING:
            return
        most = self.terms.limits.maximum
        self.duration += seconds
        if most is not None and self.duration >= most:
            self.duration = most
        self.frame[DURATION] = single(BaseType.DURATION, self.duration)
        if self.time_is_up:
            self.run_out()

    def run_out(self) -> None:
        """Time is up, here or around: close, and remember an attempt that may still come in."""
        self.late = self.attempting or self.late
        self.end()

    def end(self) -> None:
        """Close the session; variables stay as they are."""
        if self.state is State.NOT_SELECTED:
            raise _not_now()
        self.attempting = False
        self.state = State.CLOSED

    def review(self) -> None:
        """Show a closed item again, with its responses and integrated feedback."""
        self._show(State.REVIEW, allowed=self.terms.allow_review)

    def solution(self) -> None:
        """Show a closed item with the correct responses, which `shown` gives."""
        self._show(State.SOLUTION, allowed=self.terms.show_solution)

    def leave(self) -> None:
        """Go back from review or solution."""
        if self.state is not State.REVIEW and self.state is not State.SOLUTION:
            raise _not_now()
        self.state = State.CLOSED

    @property
    def shown(self) -> dict[str, Value | None]:
        """The responses to show: the pupil's, or in the state of solution the correct ones."""
        responses = self.playable.responses
        if self.state is State.SOLUTION:
            return {name: declared.correct for name, declared in responses.items()}
        return {name: self.frame[name] for name in responses}

    @property
    def time_is_up(self) -> bool:
        """Whether the item's own maximum time is spent."""
        most = self.terms.limits.maximum
        return most is not None and self.duration >= most

    @property
    def attempts_left(self) -> int | None:
        """How many attempts may still begin; None: no limit."""
        if self.playable.adaptive:
            return 0 if self.frame[COMPLETION] == COMPLETED else None
        most = 1 if self.terms.simultaneous else self.terms.max_attempts
        if most == 0:
            return None
        return 0 if self.time_is_up else max(0, most - self.attempts)

    def snapshot(self) -> ItemSnapshot:
        """Give all that this session is."""
        return ItemSnapshot(
            state=self.state,
            attempting=self.attempting,
            late=self.late,
            duration=self.duration,
            variables=tuple(self.frame.items()),
        )

    @classmethod
    def restored(cls, playable: Playable, terms: Terms, snapshot: ItemSnapshot) -> "ItemSession":
        """Give the session that a snapshot was taken of; item and terms must be the same."""
        session = cls(playable, terms)
        session.frame.update(snapshot.variables)
        session.state = snapshot.state
        session.attempting = snapshot.attempting
        session.late = snapshot.late
        session.duration = snapshot.duration
        counted = session.frame[ATTEMPTS]
        session.attempts = int(str(counted.members[0])) if counted else 0
        return session

    def _may_try(self) -> bool:
        """Whether attempts are left, whatever the time (spelled out: it is on the fast path)."""
        if self.playable.adaptive:
            return self.frame[COMPLETION] != COMPLETED
        if self.terms.simultaneous:
            return self.attempts == 0
        return self.terms.max_attempts == 0 or self.attempts < self.terms.max_attempts

    def _refuse_submission(self, *, accept_late: bool) -> None:
        limits = self.terms.limits
        if self.late:
            if not (accept_late or limits.allow_late_submission):
                raise SessionRefused(why="time")
        elif not self.attempting:
            raise SessionRefused(why="time") if self.time_is_up else _not_now()
        elif limits.minimum is not None and self.terms.linear and self.duration < limits.minimum:
            self.state = State.SUSPENDED
            raise SessionRefused("le temps minimal n’est pas écoulé.", why="too-early")

    def _take(self, answers: Answers) -> list[Remark]:
        """Read the answers into the frame, if skipping and validity let them in."""
        responses, remarks = self._read(answers)
        terms = self.terms
        checked = not (terms.allow_skipping and not terms.validate_responses)
        if checked and not terms.simultaneous:
            self._check(responses, remarks)
        self.frame.update(responses)
        return remarks

    def _finish(self, remarks: list[Remark]) -> tuple[Remark, ...]:
        self.late = self.attempting = False
        self._process(remarks)
        self._after_attempt()
        return tuple(remarks)

    def _read(self, answers: Answers) -> tuple[dict[str, Value | None], list[Remark]]:
        responses: dict[str, Value | None] = {}
        return responses, read_into(responses, answers, self.playable.reads)

    def _check(self, responses: dict[str, Value | None], remarks: list[Remark]) -> None:
        declared = self.playable.responses
        whole = {name: responses.get(name, self.frame[name]) for name in declared}
        if self.terms.validate_responses and (remarks or not self.playable.valid(whole)):
            raise SessionRefused("une réponse n’est pas complète ou pas permise.", why="invalid")
        untouched = all(whole[name] in (None, each.default) for name, each in declared.items())
        if not self.terms.allow_skipping and declared and untouched:
            raise SessionRefused("une réponse est attendue avant de continuer.", why="skipped")

    def _process(self, remarks: list[Remark]) -> None:
        playable, frame = self.playable, self.frame
        before = frame[COMPLETION]
        if not playable.adaptive:
            frame.update(playable.outcomes)
        try:
            playable.run(frame)
        except (WrongType, OverflowError):
            frame.update(playable.outcomes)
            remarks.append(Remark(response="", why="wrong-type"))
        if not playable.adaptive and frame[COMPLETION] is before:
            frame[COMPLETION] = COMPLETED

    def _after_attempt(self) -> None:
        """Closed for good, suspended until the next attempt, or showing a feedback first."""
        more = self.state is not State.CLOSED and self._may_try()
        told = self.playable.feedbacks and not self.terms.simultaneous
        if told and (more or self.terms.show_feedback) and self.playable.shows_modal(self.frame):
            self.state = State.MODAL_FEEDBACK
        else:
            self.state = State.SUSPENDED if more else State.CLOSED

    def _show(self, state: State, *, allowed: bool) -> None:
        if self.state not in {State.CLOSED, State.REVIEW, State.SOLUTION}:
            raise _not_now()
        if not allowed:
            raise SessionRefused("ce test ne permet pas de revoir cet item.", why="not-allowed")
        self.state = state


def _not_now() -> SessionRefused:
    return SessionRefused("ceci n’est pas possible à ce moment de l’item.", why="not-now")
