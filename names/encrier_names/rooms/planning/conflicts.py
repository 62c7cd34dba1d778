# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why a slot may not stand where somebody wants to put it, in French sentences. Pure.

Written apart from the planner, so that one can be held against the other.
"""

from collections.abc import Iterable, Sequence

from encrier_names.rooms.planning.draft import capacity
from encrier_names.rooms.planning.openings import half_of, is_free, openings
from encrier_names.rooms.planning.problem import Problem, Slot, Space, length_min
from encrier_names.rooms.planning.words import a_day, an_hour, counted


def conflicts(problem: Problem, slot: Slot, others: Sequence[Slot]) -> list[str]:
    """What speaks against a slot beside the others of the plan; nothing: it may stand."""
    space = next((s for s in problem.spaces if s.id == slot.space), None)
    return [
        *([] if space is None else _of_room(problem, slot, space, others)),
        *_of_hours(problem, slot, space),
        *_of_length(problem, slot),
        *_of_class(slot, others),
        *_of_pupils(problem, slot, others),
    ]


def _of_room(problem: Problem, slot: Slot, space: Space, others: Sequence[Slot]) -> Iterable[str]:
    n_pupils, limit = len(slot.pupils), capacity(problem, space)
    if n_pupils > limit:
        seats = counted(limit, "place utilisable", "places utilisables")
        yield f"La salle {space.name} a {seats} pour {counted(n_pupils, 'élève', 'élèves')}."
    change = problem.rules.change_min
    for other in others:
        near = other.space == space.id and other.day == slot.day
        if near and slot.start < other.end + change and other.start < slot.end + change:
            hours = f"de {an_hour(other.start)} à {an_hour(other.end)}"
            yield f"La salle {space.name} est prise {hours}, changement de groupe compris."


def _of_hours(problem: Problem, slot: Slot, space: Space | None) -> Iterable[str]:
    open_then = [
        opening
        for opening in openings(problem)
        if opening.day == slot.day and opening.start <= slot.start and slot.end <= opening.end
    ]
    if not open_then:
        yield (
            f"Le {a_day(slot.day)} de {an_hour(slot.start)} à {an_hour(slot.end)} n’est pas dans "
            "les heures de l’établissement ou dans la période de l’évaluation."
        )
    elif space is not None and not any(is_free(space, opening) for opening in open_then):
        yield f"La salle {space.name} n’est pas libre le {a_day(slot.day)} à cette heure."


def _of_length(problem: Problem, slot: Slot) -> Iterable[str]:
    sitting = set(slot.pupils)
    extras = [p.extra_percent for g in problem.groups for p in g.pupils if p.id in sitting]
    needed = length_min(problem.rules, extras)
    if slot.end - slot.start < needed:
        yield f"Ce groupe a besoin de {needed}\u00a0minutes, temps supplémentaire compris."


def _of_class(slot: Slot, others: Sequence[Slot]) -> Iterable[str]:
    groups = {part.group for part in slot.parts}
    for other in others:
        for part in other.parts:
            if part.group in groups and slot.overlaps(other):
                yield f"La {part.label} a une autre séance à {an_hour(other.start)}."


def _of_pupils(problem: Problem, slot: Slot, others: Sequence[Slot]) -> Iterable[str]:
    sitting, rules = set(slot.pupils), problem.rules
    where = slot.day, half_of(rules, slot.day, slot.start)
    for other in others:
        shared = sitting & set(other.pupils)
        if not shared:
            continue
        there = other.day, half_of(rules, other.day, other.start)
        n_shared = counted(len(shared), "élève passe", "élèves passent")
        if other.sequence == slot.sequence:
            yield f"{n_shared} déjà cette séquence le {a_day(other.day)}."
        elif there == where or (rules.apart == "day" and other.day == slot.day):
            span = "jour" if rules.apart == "day" else "demi-journée"
            yield f"{n_shared} une autre séquence le {a_day(other.day)}\u00a0: même {span}."
