# SPDX-License-Identifier: AGPL-3.0-or-later
"""A test made ready for sessions: conditions compiled, control and limits inherited.

Made once, used by all sittings. Holds keys: it stays where answers are scored.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec
from msgspec.structs import asdict, replace

from encrier_qti.clones import SEED, clones_of
from encrier_qti.model import (
    DURATION,
    UNSAID,
    Assessment,
    Controlled,
    Declaration,
    Item,
    ItemRef,
    Node,
    Part,
    Record,
    Section,
    TimeLimits,
)
from encrier_qti.processing.programs import Evaluate, Operator, Run, Scope
from encrier_qti.rules.registry import scope_of
from encrier_qti.sessions.clock import TEST
from encrier_qti.sessions.item_session import Terms
from encrier_qti.sessions.playable import Playable, playable
from encrier_qti.values import BaseType, Cardinality, Value
from encrier_qti.variables import first_value

_LONGEST: Final = 10 * 365 * 86_400.0  # seconds: a limit with extra time stays a number


class Settings(Record, frozen=True):
    """What one sitting may do beside what the test says.

    `time_factor` and `extra_s`: each maximum time becomes itself times the
    factor plus the seconds; minimum times stay. `accept_late`: answers are
    taken after the time. The rest is for review and for special sittings:
    `free_jumps` also in linear parts, `forced_branches` and
    `forced_preconditions` also in nonlinear ones, `tracked_path` makes back
    return along the way taken, `all_items` selects every item at once.
    """

    seed: str = ""
    time_factor: float = 1.0
    extra_s: float = 0.0
    accept_late: bool = False
    free_jumps: bool = False
    forced_branches: bool = False
    forced_preconditions: bool = False
    tracked_path: bool = False
    all_items: bool = False


class Conditions(msgspec.Struct, frozen=True):
    """What decides whether an element is entered, and where its end leads."""

    preconditions: tuple[Evaluate, ...]
    branches: tuple[tuple[Evaluate, str], ...]


class Plan(msgspec.Struct, frozen=True):
    """What all sittings of a test share; `refs`, `parts`, `conditions` by identifier.

    `start`: the outcomes of the test before processing; `durations`: the names
    of the times that conditions may ask for. `adaptive_parts`: those with
    conditions, where items are selected on the way. `draws`: something in the
    processing of the test is random.
    """

    assessment: Assessment
    parts: Mapping[str, Part]
    refs: Mapping[str, ItemRef]
    conditions: Mapping[str, Conditions]
    limits: Mapping[str, TimeLimits]
    terms: Mapping[str, Terms]
    playables: Mapping[str, Playable]
    start: Mapping[str, Value | None]
    durations: tuple[str, ...]
    run: Run
    adaptive_parts: frozenset[str]
    draws: bool

    def __repr__(self) -> str:
        return f"Plan({self.assessment.identifier!r}, ‹hidden›)"  # it holds keys


def plan(
    assessment: Assessment,
    items: Mapping[str, Item],
    *,
    seed: str = SEED,
    operators: Mapping[str, Operator] | None = None,
) -> Plan:
    """Make a test ready; `items` by reference, `seed` that of the publication.

    `operators`: registered custom operators by their `class`. Raises
    ContentRefused, NotSupported or WrongType for what is written wrong.
    """
    clones = clones_of(assessment, items, seed=seed, operators=operators)
    ready = {name: playable(item, operators=operators) for name, item in clones.items()}
    return plan_of(assessment, ready, operators=operators)


def plan_of(
    assessment: Assessment,
    playables: Mapping[str, Playable],
    *,
    operators: Mapping[str, Operator] | None = None,
) -> Plan:
    """The same for items that are ready, by the identifier of their reference."""
    elements = list(_elements(assessment))
    durations = _durations(assessment, elements)
    scope = scope_of({**durations, **assessment.outcomes}, stage="outcome", operators=operators)
    processing = assessment.processing
    limits = {each.identifier: each.limits for each, _ in elements if each.limits}
    return Plan(
        assessment=assessment,
        parts={each.identifier: each for each in assessment.parts},
        refs={each.identifier: each for each, _ in elements if isinstance(each, ItemRef)},
        conditions={each.identifier: _conditions(each, scope) for each, _ in elements},
        limits={**limits, **({TEST[0]: assessment.limits} if assessment.limits else {})},
        terms={
            each.identifier: _terms([*around, each])
            for each, around in elements
            if isinstance(each, ItemRef)
        },
        playables=playables,
        start={name: first_value(each) for name, each in assessment.outcomes.items()},
        durations=tuple(durations),
        run=scope.rules(processing.children if processing else ()),
        adaptive_parts=frozenset(
            (around[0] if around else each).identifier
            for each, around in elements
            if each.preconditions or each.branches
        ),
        draws=any(map(_draws, _processed(assessment, elements))),
    )


def with_extra_time(limits: TimeLimits, settings: Settings) -> TimeLimits:
    """Give limits with the extra time of a sitting."""
    if limits.maximum is None:
        return limits
    longer = limits.maximum * settings.time_factor + settings.extra_s
    return replace(limits, maximum=min(max(longer, 0.0), _LONGEST))


def _elements(assessment: Assessment) -> Iterator[tuple[Controlled, tuple[Controlled, ...]]]:
    """Every part, section and reference, with what is around it from the outermost."""
    for part in assessment.parts:
        yield part, ()
        for section in part.sections:
            yield from _inside(section, (part,))


def _inside(
    section: Section, around: tuple[Controlled, ...]
) -> Iterator[tuple[Controlled, tuple[Controlled, ...]]]:
    yield section, around
    for child in section.children:
        if isinstance(child, Section):
            yield from _inside(child, (*around, section))
        else:
            yield child, (*around, section)


def _conditions(element: Controlled, scope: Scope) -> Conditions:
    return Conditions(
        preconditions=tuple(scope.expression(node) for node in element.preconditions),
        branches=tuple(
            (scope.expression(rule.condition), rule.target) for rule in element.branches
        ),
    )


def _durations(
    assessment: Assessment, elements: Sequence[tuple[Controlled, tuple[Controlled, ...]]]
) -> Mapping[str, Declaration]:
    """The time spent in the test, in each part and in each section."""
    holders = [each for each, _ in elements if not isinstance(each, ItemRef)]
    names = [DURATION, *(f"{each.identifier}.{DURATION}" for each in holders)]
    return {
        name: Declaration(
            identifier=name,
            kind="implied",
            cardinality=Cardinality.SINGLE,
            base=BaseType.DURATION,
            file=assessment.file,
            line=0,
        )
        for name in names
    }


def _processed(
    assessment: Assessment, elements: Sequence[tuple[Controlled, tuple[Controlled, ...]]]
) -> Iterator[Node]:
    if assessment.processing:
        yield assessment.processing
    for each, _ in elements:
        yield from each.preconditions
        yield from (rule.condition for rule in each.branches)


def _draws(node: Node) -> bool:
    return any(each.name.startswith("qti-random") for each in node.walk())


def _terms(path: Sequence[Controlled]) -> Terms:
    """Item session control from the outermost to the item, the innermost word counting."""
    part, ref = path[0], path[-1]
    control = UNSAID
    for each in path:
        control = each.control.within(control)
    return Terms(
        **asdict(control),
        simultaneous=isinstance(part, Part) and part.submission == "simultaneous",
        linear=isinstance(part, Part) and part.navigation == "linear",
        limits=ref.limits or TimeLimits(),
    )
