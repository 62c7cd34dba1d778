# SPDX-License-Identifier: AGPL-3.0-or-later
"""Items that a recording names and does not hold, made from what was recorded of them.

Some sessions were recorded without the declarations, the processing, the keys,
the feedback and the constraints of their items. What a variable is, is then
taken from its values; what an attempt gives, from the state after it. All the
rest is run by us and compared: states, attempts, time, navigation, the
variables of the test.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from encrier_qti.answers import reader
from encrier_qti.cases.recorded import Case, mapping, value
from encrier_qti.model import ATTEMPTS, COMPLETION, DURATION, IMPLIED, Declaration, Feedback
from encrier_qti.processing.programs import Frame
from encrier_qti.sessions.playable import NO_TIME, Playable
from encrier_qti.values import BaseType, Cardinality, Value, integer
from encrier_qti.variables import NOT_ATTEMPTED

_SHOWN: Final = "shown"
_MODAL: Final = "recorded modal feedback"  # no identifier has spaces: it hides no variable


class Script:
    """One item as recorded: `states`, what was recorded of it after each step.

    `after` gives the state recorded after the present step for the session
    whose frame is given; `refuses` tells whether that step was refused as
    invalid; `keys` are correct responses, as far as they are known.
    """

    def __init__(
        self,
        name: str,
        states: Iterable[Case],
        *,
        keys: Mapping[str, Value | None] | None = None,
        adaptive: bool = False,
    ) -> None:
        self._states = list(states)
        self._name = name
        self._adaptive = adaptive
        self._keys = keys or {}

    def playable(self, after: Callable[[Frame], Case], refuses: Callable[[], bool]) -> Playable:
        """Give the item."""
        declared = {name: self._declared(name) for name in self._names()}
        responses = {name: each for name, each in declared.items() if each.kind == "response"}
        outcomes = {
            name: each.default for name, each in declared.items() if each.kind != "response"
        }

        def run(frame: Frame) -> bool:
            state = after(frame)
            found = values(state)
            kept = {name: found[name] for name in outcomes if name in found}
            frame.update(kept)
            if self._adaptive:
                frame[COMPLETION] = found.get(COMPLETION)
            shown = state.get("state") == "modalFeedback"
            frame[_MODAL] = _WORD if shown else None
            return False

        return Playable(
            identifier=self._name,
            adaptive=self._adaptive,
            declarations=declared,
            responses=responses,
            start={
                **dict.fromkeys(responses),
                **outcomes,
                COMPLETION: NOT_ATTEMPTED,
                ATTEMPTS: integer(0),
                DURATION: NO_TIME,
            },
            outcomes={name: each for name, each in outcomes.items() if name != COMPLETION},
            defaults={name: each.default for name, each in responses.items() if each.default},
            buttons={},
            reads={name: reader(each) for name, each in responses.items()},
            run=run,
            feedbacks=(Feedback(form="modal", variable=_MODAL, when=_SHOWN, hides=False, line=0),),
            valid=lambda _: not refuses(),
        )

    def _names(self) -> list[str]:
        """Its responses and outcomes; template variables are settled before any session."""
        kinds = {
            name: mapping(written, "a variable").get("kind")
            for state in self._states
            for name, written in _variables(state).items()
        }
        return [name for name, kind in kinds.items() if kind != "template" and name not in IMPLIED]

    def _declared(self, name: str) -> Declaration:
        states = [state for state in self._states if name in _variables(state)]
        kind = str(mapping(_variables(states[0])[name], "a variable").get("kind"))
        held = [found for found in (values(state)[name] for state in states) if found]
        moment = "interacting" if kind == "response" else "initial"
        first = next((state for state in states if state.get("state") == moment), None)
        return Declaration(
            identifier=name,
            kind=kind if kind == "response" else "outcome",
            cardinality=held[0].cardinality if held else Cardinality.SINGLE,
            base=held[0].base if held else BaseType.STRING,
            file=self._name,
            line=0,
            default=values(first)[name] if first else None,
            correct=self._keys.get(name),
        )


def values(state: Case) -> dict[str, Value | None]:
    """Give the values of the variables that were recorded of a session."""
    each = _variables(state)
    return {name: value(mapping(one, "a variable").get("value")) for name, one in each.items()}


def _variables(state: Case) -> Case:
    return mapping(state.get("variables") or {}, "variables")


_WORD: Final = Value(Cardinality.SINGLE, BaseType.IDENTIFIER, (_SHOWN,))
