# SPDX-License-Identifier: AGPL-3.0-or-later
"""What became of each item of a sitting: one code each, of thirteen.

Knows answers by sitting, and keys to items; never a name. Pure. Silences are kept apart: seen
and left, never reached, never given, lost, or not given by a teacher's word. What a code counts
for is another matter, decided by the rule (`rule`).
"""

from collections.abc import Sequence
from typing import Final, Literal, get_args

from encrier.records import Record
from encrier.sheets import NOT_GIVEN, ItemAnswer
from encrier_qti.scoring import Program, score_of
from encrier_results.booklets import Booklet
from encrier_results.reconcile import Opened
from encrier_results.routes import administered

Code = Literal[
    "right",
    "partial",
    "wrong",
    "omitted",  # seen, and left or emptied; on paper, « sans réponse »
    "not-reached",  # on screen: never seen, and nothing after it was
    "not-administered",  # of another booklet or another route
    "technical-loss",  # seen on a computer that lost it: unreadable, or leapt over where none may
    "awaited",  # on paper: nothing keyed of it
    "adapted",  # answered on an adapted version; has points, but is another item
    "unfit", "absent", "exempt", "left",  # not given, by a teacher's word
]  # fmt: skip
CODES: Final[tuple[Code, ...]] = get_args(Code)
AWAY: Final = frozenset({"unfit", "absent", "exempt", "left"})
_ENOUGH: Final = 1e-9  # points are sums of binary fractions
_NO_LOSS: Final = "unknown"  # a response that the item does not have takes nothing from the others


class Coded(Record, frozen=True):
    """One item of one sitting. `points` where there is an answer, or a silence that is one."""

    code: Code
    points: float | None = None
    t_ms: int | None = None  # on the screen; None: never there


def code_sitting(sitting: Opened, booklet: Booklet) -> dict[str, Coded]:
    """Give the code of each item of the booklet that is worth points.

    In the order of the booklet; what a sheet says of other items is not looked at.
    """
    sheet = sitting.items
    answers = {item: answer.answer for item, answer in sheet.items()}
    route = administered(booklet.plan, sitting.sid.hex(), answers)
    keyed = is_keyed(sitting)
    silent = {} if keyed else _never_seen(route, booklet, frozenset(sheet))
    made = {}
    for item, program in booklet.program.programs.items():
        if item in booklet.unscored:
            continue
        answer = sheet.get(item)
        if item not in route:
            made[item] = Coded("not-administered")
        elif answer is None:
            made[item] = Coded(silent.get(item, "awaited"))
        else:
            made[item] = _given(answer, program, most=booklet.most[item], keyed=keyed)
    return made


def is_keyed(sitting: Opened) -> bool:
    """Tell whether a teacher keyed this sitting: marks, or answers that were never on a screen.

    Without a mark, one that is final is not: a row that is keyed stays open until the end.
    """
    marked = any(answer.mark for answer in sitting.items.values())
    timed = any(answer.t_ms for answer in sitting.items.values())
    return marked or (bool(sitting.items) and not timed and not sitting.finished)


def _never_seen(route: Sequence[str], booklet: Booklet, seen: frozenset[str]) -> dict[str, Code]:
    """The code of each item of the route that was never on the screen.

    After the last that was: not reached. Before it, the pupil went past it by the list of
    questions, or, where the test lets nobody do so, the computer lost it.
    """
    last = max((place for place, item in enumerate(route) if item in seen), default=-1)
    return {
        item: "not-reached"
        if place > last
        else "technical-loss"
        if booklet.plan.terms[item].linear
        else "omitted"
        for place, item in enumerate(route)
        if item not in seen
    }


def _given(answer: ItemAnswer, program: Program, *, most: float | None, keyed: bool) -> Coded:
    t_ms = None if keyed else answer.t_ms
    if answer.mark in NOT_GIVEN:
        return Coded(_away(answer))
    if answer.mark == "open" or (keyed and not answer.is_said):
        return Coded("awaited")
    scored = program.score_with_remarks(answer.answer)
    if any(remark.why != _NO_LOSS for remark in scored.remarks):
        return Coded("technical-loss", None, t_ms)
    points = score_of(scored.outcomes)
    if answer.mark == "adapted":
        return Coded("adapted", points, t_ms)
    if not answer.is_said or answer.mark == "blank":
        return Coded("omitted", points, t_ms)
    return Coded(_verdict(points, most), points, t_ms)


def _away(answer: ItemAnswer) -> Code:
    found: dict[str | None, Code] = {
        "unfit": "unfit", "absent": "absent", "exempt": "exempt", "left": "left"
    }  # fmt: skip
    return found[answer.mark]


def _verdict(points: float, most: float | None) -> Code:
    """Right: all the points that the item says it gives; where it does not say, any."""
    if points <= _ENOUGH:
        return "wrong"
    return "right" if most is None or points >= most - _ENOUGH else "partial"
