# SPDX-License-Identifier: AGPL-3.0-or-later
"""An item made ready for sessions: its program, and what a session asks beside it.

Made once, used by all sessions of the item. Holds the key in closures: it
stays where answers are scored.
"""

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from encrier_qti.answers import Read
from encrier_qti.clones import SEED, clone
from encrier_qti.model import (
    ATTEMPTS,
    COMPLETION,
    DURATION,
    Declaration,
    Feedback,
    Interaction,
    Item,
)
from encrier_qti.processing.automaton import BadPattern, TooLong
from encrier_qti.processing.patterns import compile_pattern
from encrier_qti.processing.programs import Frame, Operator, Run
from encrier_qti.scoring import compile_item
from encrier_qti.values import FALSE, BaseType, Value, integer, single
from encrier_qti.variables import NOT_ATTEMPTED, all_variables, first_value

NO_TIME: Final = single(BaseType.DURATION, 0.0)

Responses = Mapping[str, Value | None]


class Playable(msgspec.Struct, frozen=True):
    """What the sessions of one item share.

    `start`: all variables before the first attempt; `outcomes`: what outcomes
    return to before each processing; `defaults`: of responses, at the first
    attempt; `buttons`: what is false again at each attempt (end-attempt
    interactions); `valid` looks at all responses of a submission.
    """

    identifier: str
    adaptive: bool
    declarations: Mapping[str, Declaration]
    responses: Mapping[str, Declaration]
    start: Mapping[str, Value | None]
    outcomes: Mapping[str, Value | None]
    defaults: Mapping[str, Value | None]
    buttons: Mapping[str, Value | None]
    reads: Mapping[str, Read]
    run: Run
    feedbacks: tuple[Feedback, ...]
    valid: Callable[[Responses], bool]

    def __repr__(self) -> str:
        return f"Playable({self.identifier!r}, ‹hidden›)"  # it holds the key

    def shows_modal(self, frame: Frame) -> bool:
        """Tell whether a modal feedback is to be shown with these outcomes."""
        return any(_shown(feedback, frame) for feedback in self.feedbacks)


def playable(
    item: Item, *, seed: str = SEED, operators: Mapping[str, Operator] | None = None
) -> Playable:
    """Make an item ready; of one with templates, its clone for `seed`.

    `operators`: registered custom operators by their `class`. Raises
    NotSupported, ContentRefused or WrongType for what is written wrong.
    """
    item = clone(item, seed=seed, operators=operators)
    program = compile_item(item, operators=operators)
    variables = all_variables(item)
    starting = {name: first_value(each) for name, each in variables.items()}
    starting |= dict.fromkeys(item.responses)
    outcomes = {name: starting[name] for name in item.outcomes if name != COMPLETION}
    given = {name: each.default for name, each in item.responses.items() if each.default}
    return Playable(
        identifier=item.identifier,
        adaptive=item.adaptive,
        declarations=variables,
        responses=item.responses,
        start={**starting, COMPLETION: NOT_ATTEMPTED, ATTEMPTS: integer(0), DURATION: NO_TIME},
        outcomes=outcomes,
        defaults=given,
        buttons={
            each.response: FALSE
            for each in item.interactions
            if each.name == "end-attempt" and each.response in item.responses
        },
        reads=program.reads,
        run=program.run,
        feedbacks=tuple(each for each in item.feedbacks if each.form == "modal"),
        valid=_validity(item.interactions),
    )


def _shown(feedback: Feedback, frame: Frame) -> bool:
    value = frame.get(feedback.variable)
    holds = value is not None and feedback.when in value.members
    return holds is not feedback.hides


def _validity(interactions: tuple[Interaction, ...]) -> Callable[[Responses], bool]:
    """Tell whether responses satisfy the constraints that their interactions write."""
    checks = [(each.response, _constraint(each)) for each in interactions]

    def valid(responses: Responses) -> bool:
        return all(check(responses.get(name)) for name, check in checks)

    return valid


def _constraint(interaction: Interaction) -> Callable[[Value | None], bool]:
    """The bounds hold for no response too, the pattern for what is there only."""
    least, most = interaction.least, interaction.most
    try:
        matches = compile_pattern(interaction.pattern) if interaction.pattern else None
    except BadPattern:
        matches = None  # a pupil is not held back by what nobody can read

    def satisfied(value: Value | None) -> bool:
        members = value.members if value else ()
        n = len(members)
        if interaction.name == "media" and members and isinstance(members[0], int):
            n = members[0]  # how often it was played
        if n < least or (most and n > most):
            return False
        try:
            return matches is None or all(matches(str(member)) for member in members)
        except TooLong:
            return True  # nor by what would take too long to look at

    return satisfied
