# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why a plan leaves pupils without a place, and what would give them one. Pure.

Each remedy that is named was tried: the planner was run with it.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec

from encrier_names.language.said import Said, counted, said
from encrier_names.rooms.planning.draft import capacity
from encrier_names.rooms.planning.openings import is_free, openings
from encrier_names.rooms.planning.problem import Moment, Plan, Problem, Space, Unplaced, length_min
from encrier_names.rooms.planning.proposal import propose
from encrier_names.rooms.planning.words import a_day

_NEW: Final = UUID(int=0)
_SHOWN: Final = 4  # classes named in a sentence


def explained(problem: Problem, plan: Plan) -> tuple[Said, ...]:
    """The sentences: what is missing, why where that is plain, what would do."""
    if not plan.unplaced:
        return ()
    blocked = tuple(_blocked(problem))
    return (*_missing(problem, plan), *(blocked or tuple(_remedies(problem, plan)) or (_NONE,)))


def _missing(problem: Problem, plan: Plan) -> Iterator[Said]:
    first, last = problem.opens.day, problem.closes.day
    when = said("le %(day)s", day=a_day(first))
    if first != last:
        when = said("entre le %(first)s et le %(last)s", first=a_day(first), last=a_day(last))
    for sequence in sorted({one.sequence for one in plan.unplaced}):
        left = [one for one in plan.unplaced if one.sequence == sequence]
        n_places = sum(len(one.pupils) for one in left)
        places = counted("%(n)s place", "%(n)s places", n_places)
        if problem.rules.n_sequences > 1:
            places = said("%(places)s de la séquence %(n)s", places=places, n=sequence)
        yield said(
            "Il manque %(places)s %(when)s\u00a0: %(classes)s.",
            places=places,
            when=when,
            classes=_named(left),
        )


def _named(left: Sequence[Unplaced]) -> Said:
    named = tuple(
        counted("%(label)s (%(n)s élève)", "%(label)s (%(n)s élèves)", len(o.pupils), label=o.label)
        for o in left[:_SHOWN]
    )
    n_more = len(left) - len(named)
    if n_more <= 0:
        return said("%(classes)s", classes=named)
    return counted(
        "%(classes)s et %(n)s autre classe",
        "%(classes)s et %(n)s autres classes",
        n_more,
        classes=named,
    )


def _blocked(problem: Problem) -> Iterator[Said]:
    """What no other room or day would change."""
    rules = problem.rules
    if not problem.spaces:
        yield said("Aucune salle n’est décrite\u00a0: ajoutez au moins une salle.")
        return
    open_halves = openings(problem)
    if not open_halves:
        yield said(
            "Aucune demi-journée n’est ouverte dans la période\u00a0: changez les heures ou les "
            "jours."
        )
        return
    mute = [s for s in problem.spaces if s.seats and rules.counts_headsets and not s.headsets]
    if len(mute) == len(problem.spaces):
        yield said(
            "Aucune salle n’a de casque\u00a0: indiquez-en le nombre, ou demandez aux élèves "
            "d’apporter le leur."
        )
    elif all(capacity(problem, s) <= 0 for s in problem.spaces):
        yield said(
            "Aucune salle n’a de place utilisable\u00a0: vérifiez places, casques et débits."
        )
    longest = length_min(rules, (p.extra_percent for g in problem.groups for p in g.pupils))
    if longest > max(o.end - o.start for o in open_halves):
        yield said(
            "Aucune demi-journée n’est assez longue pour %(n)s\u00a0minutes, temps "
            "supplémentaire compris.",
            n=longest,
        )


def _remedies(problem: Problem, plan: Plan) -> Iterator[Said]:
    for remedy, changed in _tries(problem):
        better = propose(changed, thorough=False)
        if better.n_unplaced == 0:
            yield said("%(remedy)s suffirait.", remedy=remedy)
        elif better.n_unplaced < plan.n_unplaced:
            left = counted("%(n)s place", "%(n)s places", better.n_unplaced)
            yield said(
                "%(remedy)s aiderait\u00a0: il ne manquerait plus que %(places)s.",
                remedy=remedy,
                places=left,
            )
        if better.n_unplaced == 0 and changed is problem:
            return


def _tries(problem: Problem) -> Iterator[tuple[Said, Problem]]:
    rules = problem.rules
    yield said("Une nouvelle proposition"), problem
    if rules.counts_headsets:
        full = tuple(msgspec.structs.replace(s, headsets=s.seats) for s in problem.spaces)
        n_missing = sum(max(0, s.seats - s.headsets) for s in problem.spaces)
        if n_missing:
            yield (
                counted(
                    "Ajouter %(n)s casque, un par place,",
                    "Ajouter %(n)s casques, un par place,",
                    n_missing,
                ),
                msgspec.structs.replace(problem, spaces=full),
            )
    largest = max(problem.spaces, key=lambda s: capacity(problem, s))
    another = Space(_NEW, "", largest.seats, largest.headsets, largest.line_mbits)
    yield (
        said(
            "Une salle de plus, comme %(room)s (%(places)s),",
            room=largest.name,
            places=counted("%(n)s place", "%(n)s places", capacity(problem, largest)),
        ),
        msgspec.structs.replace(problem, spaces=(*problem.spaces, another)),
    )
    if "3a" not in rules.halves:
        open_too = msgspec.structs.replace(rules, halves=(*rules.halves, "3a"))
        yield (
            said("Ouvrir le mercredi après-midi"),
            msgspec.structs.replace(problem, rules=open_too),
        )
    yield from _days(problem)


def _days(problem: Problem) -> Iterator[tuple[Said, Problem]]:
    """The first day off that would serve, the first room that is taken, one day more."""
    off = problem.rules.days_off
    for day in sorted(d for d in off if problem.opens.day <= d <= problem.closes.day)[:1]:
        rules = msgspec.structs.replace(problem.rules, days_off=tuple(d for d in off if d != day))
        yield (
            said("Rouvrir le %(day)s", day=a_day(day)),
            msgspec.structs.replace(problem, rules=rules),
        )
    partly = [s for s in problem.spaces if any(not is_free(s, o) for o in openings(problem))]
    for space in partly[:1]:
        free = msgspec.structs.replace(space, halves=problem.rules.halves, busy=())
        freed = tuple(free if s == space else s for s in problem.spaces)
        yield (
            said("Libérer la salle %(room)s toute la période", room=space.name),
            msgspec.structs.replace(problem, spaces=freed),
        )
    later = problem.closes.day + timedelta(days=1)
    while later.isoweekday() > 5 or later in off:  # noqa: PLR2004 Friday
        later += timedelta(days=1)
    longer = Moment(later, 24 * 60)
    yield (
        said("Un jour de plus à la fin de la période"),
        msgspec.structs.replace(problem, closes=longer),
    )


_NONE: Final = said(
    "Ni une salle ni un jour de plus ne suffirait\u00a0: ajoutez plusieurs salles, ou demandez à "
    "l’académie d’allonger la période."
)
