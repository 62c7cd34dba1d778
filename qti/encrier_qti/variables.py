# SPDX-License-Identifier: AGPL-3.0-or-later
"""The variables of an item that nobody writes, and what each variable starts from.

QTI 3.0 ASI information model, "ResponseVariable", "OutcomeVariable" and
"ContextDeclaration". Knows declarations; knows no answer.
"""

from collections.abc import Mapping
from typing import Final

from encrier_qti.model import ATTEMPTS, COMPLETION, DURATION, Declaration, Item
from encrier_qti.reading.declarations import CONTEXT, built_in_context
from encrier_qti.values import BaseType, Cardinality, Value, integer, real, single

NOT_ATTEMPTED: Final = single(BaseType.IDENTIFIER, "not_attempted")
UNKNOWN: Final = single(BaseType.IDENTIFIER, "unknown")
COMPLETED: Final = single(BaseType.IDENTIFIER, "completed")

_TYPES: Final = {
    COMPLETION: BaseType.IDENTIFIER,
    ATTEMPTS: BaseType.INTEGER,
    DURATION: BaseType.DURATION,
}
_ONE_ATTEMPT: Final[Mapping[str, Value | None]] = {
    COMPLETION: COMPLETED,
    ATTEMPTS: integer(1),
    DURATION: None,  # not known where answers are scored
}


def all_variables(item: Item) -> dict[str, Declaration]:
    """Give every variable that processing may name, those that nobody declares first."""
    implied = {
        name: Declaration(
            identifier=name,
            kind="implied",
            cardinality=Cardinality.SINGLE,
            base=base,
            file=item.file,
            line=0,
        )
        for name, base in _TYPES.items()
    }
    context = {CONTEXT: built_in_context(file=item.file)}
    return {
        **implied,
        **context,
        **item.contexts,
        **item.templates,
        **item.responses,
        **item.outcomes,
    }


def start_of(item: Item) -> dict[str, Value | None]:
    """Give what the variables of one attempt start from, answers apart.

    An adaptive item says itself when it is completed ("CompletionStatus"); of
    the others, what is scored has been handed in.
    """
    started = {name: first_value(each) for name, each in all_variables(item).items()}
    built_in = {**_ONE_ATTEMPT, **({COMPLETION: UNKNOWN} if item.adaptive else {})}
    return {**started, **{name: built_in[name] for name in built_in if name not in item.outcomes}}


def first_value(declaration: Declaration) -> Value | None:
    """Give what a variable starts from: its default, else 0 for an outcome that is a number."""
    declared = declaration.default is not None or declaration.kind != "outcome"
    if declared or declaration.cardinality is not Cardinality.SINGLE:
        return declaration.default
    if declaration.base is BaseType.FLOAT:
        return real(0.0)
    return integer(0) if declaration.base is BaseType.INTEGER else None
