# SPDX-License-Identifier: AGPL-3.0-or-later
"""Scoring: from a pupil's answers to outcomes, by programs compiled once.

Knows keys, so it runs in the results zone, never where answers are taken.
Answers are hostile input: one that is not of its declared form is NULL and is
reported by the identifier of its response, and never stops the others.
Never knows a name or whose answers they are.
"""

from collections.abc import Callable, Mapping
from functools import partial
from math import isfinite
from typing import Final

import msgspec

from encrier_qti.answers import Answers, Read, keeping, reader
from encrier_qti.clones import SEED, clone, clones_of
from encrier_qti.errors import ContentRefused, WrongType
from encrier_qti.model import Assessment, Declaration, Item, Record
from encrier_qti.processing.programs import Frame, Operator, Run
from encrier_qti.rules.registry import scope_of
from encrier_qti.rules.seen import Looks, seen
from encrier_qti.rules.templates import template
from encrier_qti.values import NUMERIC, BadForm, Value
from encrier_qti.variables import all_variables, start_of

SCORE: Final = "SCORE"


class Remark(Record, frozen=True):
    """Something wrong with the answers to an item.

    unknown: a response that the item does not have; too-many, bad-form: read
    as NULL; wrong-type: the item's processing failed on these answers, all
    outcomes are those it starts from.
    """

    response: str
    why: str


class Scored(Record, frozen=True):
    """The outcomes of one item, and what was wrong with its answers."""

    outcomes: Mapping[str, Value | None]
    remarks: tuple[Remark, ...]


class Program(msgspec.Struct, frozen=True):
    """One item, compiled. Holds its key in closures: not to be sent anywhere."""

    identifier: str
    responses: Mapping[str, Declaration]
    outcomes: tuple[str, ...]
    start: Mapping[str, Value | None]
    run: Run
    reads: Mapping[str, Read]
    seen: Callable[[], Mapping[str, Looks] | None]  # see rules/seen.py; only batches ask

    def score(self, answers: Answers) -> Mapping[str, Value | None]:
        """Give the outcomes of one attempt; NULL outcomes are None.

        Outcomes start from their defaults each time (non-adaptive items).
        """
        return self.score_with_remarks(answers).outcomes

    def score_with_remarks(self, answers: Answers) -> Scored:
        """Give the outcomes, and what was wrong with the answers; raises nothing."""
        frame, remarks = self._frame(answers)
        try:
            self.run(frame)
        except (WrongType, OverflowError):
            frame.update(self.start)
            remarks.append(Remark(response="", why="wrong-type"))
        return Scored(
            outcomes={name: frame[name] for name in self.outcomes}, remarks=tuple(remarks)
        )

    def prove(self, answers: Answers) -> Mapping[str, Value | None]:
        """Give the outcomes, or raise WrongType with the place in the item: for its author."""
        frame, _ = self._frame(answers)
        try:
            self.run(frame)
        except OverflowError:
            raise WrongType(
                "un nombre devient trop grand pour être calculé.", element=self.identifier
            ) from None
        return {name: frame[name] for name in self.outcomes}

    def total(self, answers: Answers) -> float:
        """Give SCORE as a float; 0.0 if it is NULL, not a number or not declared."""
        return score_of(self.score(answers))

    def __repr__(self) -> str:
        return f"Program({self.identifier!r}, ‹hidden›)"  # it holds the key

    def _frame(self, answers: Answers) -> tuple[Frame, list[Remark]]:
        frame = Frame(self.start)
        return frame, read_into(frame, answers, self.reads)


class ScoringProgram(msgspec.Struct, frozen=True):
    """All items of a test, compiled once, in the order of the test."""

    programs: Mapping[str, Program]

    def score(self, answers: Mapping[str, Answers]) -> dict[str, float]:
        """Give SCORE for every item of the test; an item without answers is scored as omitted.

        Answers to items that are not in the test change nothing.
        """
        return {
            name: program.total(answers.get(name, {})) for name, program in self.programs.items()
        }


def compile_item(
    item: Item, *, seed: str = SEED, operators: Mapping[str, Operator] | None = None
) -> Program:
    """Compile the processing of one item; of one with templates, of its clone for `seed`.

    `operators`: registered custom operators by their `class`. Raises
    NotSupported for unknown elements, ContentRefused for processing that is
    written wrong; the error names file, line and element.
    """
    item = clone(item, seed=seed, operators=operators)
    scope = scope_of(all_variables(item), operators=operators)
    rules = () if item.processing is None else template(item.processing)
    return Program(
        identifier=item.identifier,
        responses=item.responses,
        outcomes=tuple(item.outcomes),
        start=start_of(item),
        run=scope.rules(rules),
        reads={name: keeping(reader(declared)) for name, declared in item.responses.items()},
        seen=partial(seen, rules, scope),
    )


def compile_test(
    assessment: Assessment,
    items: Mapping[str, Item],
    *,
    seed: str = SEED,
    operators: Mapping[str, Operator] | None = None,
) -> ScoringProgram:
    """Compile every item of a test; `items` by the identifier of their reference.

    `operators` and errors as of `compile_item`.
    """
    for ref in assessment.refs():
        if ref.identifier not in items:
            raise ContentRefused(
                "cet item n’est pas dans le paquet.",
                file=ref.reference.file,
                line=ref.reference.line,
            )
    clones = clones_of(assessment, items, seed=seed, operators=operators)
    return compile_clones(clones, operators=operators)


def compile_clones(
    clones: Mapping[str, Item], *, operators: Mapping[str, Operator] | None = None
) -> ScoringProgram:
    """The same for items as `clones_of` gives them: what a test gives to an item is given once."""
    return ScoringProgram(
        programs={name: compile_item(each, operators=operators) for name, each in clones.items()}
    )


def read_into(
    variables: dict[str, Value | None], answers: Answers, reads: Mapping[str, Read]
) -> list[Remark]:
    """Put the values of answers among variables; give what was wrong, and is NULL or left out."""
    remarks: list[Remark] = []
    for name, values in answers.items():
        read = reads.get(name)
        if read is None:
            remarks.append(Remark(response="", why="unknown"))
            continue
        try:
            variables[name] = read(values)
        except BadForm as error:
            variables[name] = None
            remarks.append(Remark(response=name, why=str(error)))
    return remarks


def score_of(outcomes: Mapping[str, Value | None]) -> float:
    """Give SCORE as a finite float, else 0.0."""
    value = outcomes.get(SCORE)
    if value is None or value.base not in NUMERIC or len(value.members) != 1:
        return 0.0
    member = value.members[0]
    return float(member) if isinstance(member, int | float) and isfinite(member) else 0.0
