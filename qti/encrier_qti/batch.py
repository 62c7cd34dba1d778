# SPDX-License-Identifier: AGPL-3.0-or-later
"""Scoring the answers of many pupils to one item: each kind of answer once.

From raw answers to a table that holds four bytes a row, whatever the item; the
outcomes of a row are exactly what `Program.score_with_remarks` gives for it,
for that is what scores the first answer of each kind. Two answers are of a kind
when the item's processing sees the same of both (rules/seen.py).

Knows keys and answers; never whose they are.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import Final

from encrier_qti.answers import Answers, reader
from encrier_qti.errors import WrongType
from encrier_qti.model import Record
from encrier_qti.processing.programs import Frame
from encrier_qti.rules.seen import Looks
from encrier_qti.scoring import Program, Remark, Scored, score_of
from encrier_qti.values import BadForm, Value

MOST_KEPT: Final = 16_384  # answers, and kinds of answers, that a batch remembers
_KEPT_SIZE: Final = 64  # values, and characters, in an answer that is remembered
_UNKNOWN: Final = 0  # the kind of whatever is sent for a response that the item does not have

_Kind = int | None  # None: one that is not remembered
_KindOf = Callable[[Sequence[str]], _Kind]


class Coded(Record, frozen=True):
    """One outcome of every row: `values[codes[row]]`; the values are few."""

    codes: "array[int]"  # array takes no type at run time before Python 3.12
    values: tuple[Value | None, ...]


class OutcomeTable(Record, frozen=True):
    """The outcomes of every row: `distinct[codes[row]]`, in the order the answers came."""

    codes: "array[int]"  # array takes no type at run time before Python 3.12
    distinct: tuple[Scored, ...]

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> Scored:
        return self.distinct[self.codes[row]]

    def scores(self) -> "array[float]":
        """Give SCORE of every row; 0.0 where it is NULL, no number or not declared."""
        each = [score_of(scored.outcomes) for scored in self.distinct]
        return array("d", map(each.__getitem__, self.codes))

    def outcome(self, name: str) -> Coded:
        """Give one declared outcome of every row; raises KeyError for another name."""
        each = [scored.outcomes[name] for scored in self.distinct]
        values = list(dict.fromkeys(each))
        rank = {value: code for code, value in enumerate(values)}
        codes = [rank[value] for value in each]
        return Coded(codes=array("I", map(codes.__getitem__, self.codes)), values=tuple(values))

    def remarks(self) -> Iterator[tuple[int, tuple[Remark, ...]]]:
        """Give the rows that could not be scored as they are, and why."""
        remarked = {code for code, scored in enumerate(self.distinct) if scored.remarks}
        if remarked:
            for row, code in enumerate(self.codes):
                if code in remarked:
                    yield row, self.distinct[code].remarks


class Batch:
    """Takes the answers to one item, row after row; `table` gives their outcomes."""

    def __init__(self, program: Program) -> None:
        self._program = program
        seen, numbers = program.seen(), count(_UNKNOWN + 1)
        self._changing = seen is None
        self._kinds = _Kinds(
            {
                name: _kind_of(program, name, looks=(seen or {}).get(name, ()), numbers=numbers)
                for name in program.responses
            }
        )
        self._rows: dict[tuple[_Kind, ...], int] = {}
        self._codes: dict[tuple[object, ...], int] = {}
        self._distinct: list[Scored] = []
        self._table = array("I")

    def add(self, rows: Iterable[Answers]) -> None:
        """Score the answers of some pupils; raises nothing, whatever they sent."""
        self._table.extend(map(self._score if self._changing else self._code, rows))

    def table(self) -> OutcomeTable:
        """Give the outcomes of all rows so far."""
        return OutcomeTable(codes=self._table[:], distinct=tuple(self._distinct))

    def __repr__(self) -> str:
        return f"Batch({self._program!r}, {len(self._table)} rows)"

    def _code(self, answers: Answers) -> int:
        of = self._kinds
        if len(answers) == 1:  # nearly always, and twice as quick
            ((name, values),) = answers.items()
            kinds: tuple[_Kind, ...] = (of[name](values),)
        else:
            kinds = tuple([of[name](values) for name, values in answers.items()])
        code = self._rows.get(kinds)
        if code is None:
            code = self._score(answers)
            if None not in kinds and len(self._rows) < MOST_KEPT and len(kinds) <= _KEPT_SIZE:
                self._rows[kinds] = code
        return code

    def _score(self, answers: Answers) -> int:
        scored = self._program.score_with_remarks(answers)
        content = (*scored.outcomes.values(), scored.remarks)
        code = self._codes.setdefault(content, len(self._distinct))
        if code == len(self._distinct):
            self._distinct.append(scored)
        return code


class _Kinds(dict[str, _KindOf]):
    """By response, the function that tells of which kind an answer is."""

    def __missing__(self, _: str) -> _KindOf:
        return _unknown


def _unknown(_: Sequence[str]) -> _Kind:
    return _UNKNOWN


def _kind_of(program: Program, name: str, *, looks: Looks, numbers: Iterator[int]) -> _KindOf:
    """Give the function that tells of which kind an answer to one response is.

    `numbers` is for all responses of the item: no two of them share one.
    """
    read = reader(program.responses[name])
    only = looks[0] if len(looks) == 1 else None
    frame = Frame(program.start)
    kept: dict[tuple[str, ...], int] = {}
    known: dict[object, int] = {}

    def kind_of(values: Sequence[str]) -> _Kind:
        if type(values) is list:
            try:
                kind = kept.get(tuple(values))
            except TypeError:  # not texts at all
                kind = None
            if kind is not None:
                return kind
        try:
            frame[name] = read(values)
            content: object = only(frame) if only else tuple([look(frame) for look in looks])
        except BadForm as error:
            content = str(error)
        except (WrongType, OverflowError):
            return None  # what follows depends on the other responses too
        kind = known.get(content) or numbered(content)
        if kind is not None and len(kept) < MOST_KEPT and _is_keepable(values):
            kept[tuple(values)] = kind
        return kind

    def numbered(content: object) -> _Kind:
        kind = known.get(content)
        if kind is None and len(known) < MOST_KEPT:
            kind = known[content] = next(numbers)
        return kind

    return kind_of


def _is_keepable(values: Sequence[str]) -> bool:
    """Tell whether an answer is a short list of texts: no other kind of thing looks the same."""
    if type(values) is not list or len(values) > _KEPT_SIZE:
        return False
    try:
        return len("".join(values)) <= _KEPT_SIZE
    except TypeError:
        return False
