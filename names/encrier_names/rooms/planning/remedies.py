# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why a plan leaves pupils without a place, and what would give them one. Pure.

Each remedy that is named was tried: the planner was run with it.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import msgspec

from encrier_names.rooms.planning.draft import capacity
from encrier_names.rooms.planning.openings import is_free, openings
from encrier_names.rooms.planning.problem import Moment, Plan, Problem, Space, length_min
from encrier_names.rooms.planning.proposal import propose
from encrier_names.rooms.planning.words import SPACE, a_day, counted

_NEW: Final = UUID(int=0)
_SHOWN: Final = 4  # classes named in a sentence


def explained(problem: Problem, plan: Plan) -> tuple[str, ...]:
    """The sentences: what is missing, why where that is plain, what would do."""
    if not plan.unplaced:
        return ()
    blocked = tuple(_blocked(problem))
    remedies = () if blocked else tuple(_remedies(problem, plan))
    return (*_missing(problem, plan), *blocked, *(remedies or (() if blocked else _none())))


def _missing(problem: Problem, plan: Plan) -> Iterator[str]:
    first, last = problem.opens.day, problem.closes.day
    when = f"le {a_day(first)}" if first == last else f"entre le {a_day(first)} et le {a_day(last)}"
    for sequence in sorted({one.sequence for one in plan.unplaced}):
        left = [one for one in plan.unplaced if one.sequence == sequence]
        n_places = sum(len(one.pupils) for one in left)
        of = f" de la séquence {sequence}" if problem.rules.n_sequences > 1 else ""
        named = [f"{one.label} ({counted(len(one.pupils), 'élève', 'élèves')})" for one in left]
        more = len(named) - _SHOWN
        shown = ", ".join(named[:_SHOWN]) + (f" et {more} autres classes" if more > 0 else "")
        verb = "Il manque"
        yield f"{verb} {counted(n_places, 'place', 'places')}{of} {when}{SPACE}: {shown}."


def _blocked(problem: Problem) -> Iterator[str]:
    """What no other room or day would change."""
    rules = problem.rules
    if not problem.spaces:
        yield "Aucune salle n’est décrite\u00a0: ajoutez au moins une salle."
        return
    open_halves = openings(problem)
    if not open_halves:
        yield (
            "Aucune demi-journée n’est ouverte dans la période\u00a0: changez les heures ou les "
            "jours."
        )
        return
    mute = [s for s in problem.spaces if s.seats and rules.counts_headsets and not s.headsets]
    if len(mute) == len(problem.spaces):
        yield (
            "Aucune salle n’a de casque\u00a0: indiquez-en le nombre, ou demandez aux élèves "
            "d’apporter le leur."
        )
    elif all(capacity(problem, s) <= 0 for s in problem.spaces):
        yield "Aucune salle n’a de place utilisable\u00a0: vérifiez places, casques et débits."
    longest = length_min(rules, (p.extra_percent for g in problem.groups for p in g.pupils))
    if longest > max(o.end - o.start for o in open_halves):
        yield (
            f"Aucune demi-journée n’est assez longue pour {longest}\u00a0minutes, temps "
            "supplémentaire compris."
        )


def _remedies(problem: Problem, plan: Plan) -> Iterator[str]:
    for sentence, changed in _tries(problem):
        better = propose(changed, thorough=False)
        if better.n_unplaced == 0:
            yield f"{sentence} suffirait."
        elif better.n_unplaced < plan.n_unplaced:
            left = counted(better.n_unplaced, "place", "places")
            yield f"{sentence} aiderait\u00a0: il ne manquerait plus que {left}."


def _tries(problem: Problem) -> Iterator[tuple[str, Problem]]:
    rules = problem.rules
    if rules.counts_headsets:
        full = tuple(msgspec.structs.replace(s, headsets=s.seats) for s in problem.spaces)
        n_missing = sum(max(0, s.seats - s.headsets) for s in problem.spaces)
        if n_missing:
            sentence = f"{counted(n_missing, 'casque', 'casques')} de plus, un par place,"
            yield sentence, msgspec.structs.replace(problem, spaces=full)
    largest = max(problem.spaces, key=lambda s: capacity(problem, s))
    usable = counted(capacity(problem, largest), "place", "places")
    another = Space(_NEW, "", largest.seats, largest.headsets, largest.line_mbits)
    more = (*problem.spaces, another)
    yield (
        f"Une salle de plus, comme {largest.name} ({usable}),",
        msgspec.structs.replace(problem, spaces=more),
    )
    if "3a" not in rules.halves:
        open_too = msgspec.structs.replace(rules, halves=(*rules.halves, "3a"))
        yield "Ouvrir le mercredi après-midi", msgspec.structs.replace(problem, rules=open_too)
    yield from _days_off(problem)
    later = problem.closes.day + timedelta(days=1)
    while later.isoweekday() > 5 or later in rules.days_off:  # noqa: PLR2004 Friday
        later += timedelta(days=1)
    longer = Moment(later, 24 * 60)
    yield "Un jour de plus à la fin de la période", msgspec.structs.replace(problem, closes=longer)


def _days_off(problem: Problem) -> Iterator[tuple[str, Problem]]:
    """The first day off that would serve, and the first on which a room is taken."""
    for day in _inside(problem.rules.days_off, problem)[:1]:
        left = tuple(d for d in problem.rules.days_off if d != day)
        rules = msgspec.structs.replace(problem.rules, days_off=left)
        yield f"Rouvrir le {a_day(day)}", msgspec.structs.replace(problem, rules=rules)
    partly = [s for s in problem.spaces if any(not is_free(s, o) for o in openings(problem))]
    if partly:
        freed = tuple(
            msgspec.structs.replace(s, halves=problem.rules.halves, busy=())
            if s == partly[0]
            else s
            for s in problem.spaces
        )
        sentence = f"Libérer la salle {partly[0].name} toute la période"
        yield sentence, msgspec.structs.replace(problem, spaces=freed)


def _inside(days: Sequence[date], problem: Problem) -> list[date]:
    return sorted(d for d in days if problem.opens.day <= d <= problem.closes.day)


def _none() -> tuple[str, ...]:
    sentence = (
        "Ni une salle ni un jour de plus ne suffirait\u00a0: ajoutez plusieurs salles, ou "
        "demandez à l’académie d’allonger la période."
    )
    return (sentence,)
