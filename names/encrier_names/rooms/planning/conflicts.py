# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why a slot may not stand where somebody wants to put it, in French sentences. Pure.

Written apart from the planner, so that one can be held against the other.
"""

from collections.abc import Iterable, Sequence

from encrier_names.language.said import Said, counted, said
from encrier_names.rooms.planning.draft import capacity
from encrier_names.rooms.planning.openings import half_of, is_free, openings
from encrier_names.rooms.planning.problem import Problem, Slot, Space, length_min
from encrier_names.rooms.planning.words import a_day, an_hour


def conflicts(problem: Problem, slot: Slot, others: Sequence[Slot]) -> list[Said]:
    """What speaks against a slot beside the others of the plan; nothing: it may stand."""
    space = next((s for s in problem.spaces if s.id == slot.space), None)
    return [
        *([] if space is None else _of_room(problem, slot, space, others)),
        *_of_hours(problem, slot, space),
        *_of_length(problem, slot),
        *_of_class(slot, others),
        *_of_pupils(problem, slot, others),
    ]


def _of_room(problem: Problem, slot: Slot, space: Space, others: Sequence[Slot]) -> Iterable[Said]:
    n_pupils, limit = len(slot.pupils), capacity(problem, space)
    if n_pupils > limit:
        yield said(
            "La salle %(room)s a %(seats)s pour %(pupils)s.",
            room=space.name,
            seats=counted("%(n)s place utilisable", "%(n)s places utilisables", limit),
            pupils=counted("%(n)s élève", "%(n)s élèves", n_pupils),
        )
    change = problem.rules.change_min
    for other in others:
        near = other.space == space.id and other.day == slot.day
        if near and slot.start < other.end + change and other.start < slot.end + change:
            yield said(
                "La salle %(room)s est prise de %(start)s à %(end)s, changement de groupe compris.",
                room=space.name,
                start=an_hour(other.start),
                end=an_hour(other.end),
            )


def _of_hours(problem: Problem, slot: Slot, space: Space | None) -> Iterable[Said]:
    open_then = [
        opening
        for opening in openings(problem)
        if opening.day == slot.day and opening.start <= slot.start and slot.end <= opening.end
    ]
    if not open_then:
        yield said(
            "Le %(day)s de %(start)s à %(end)s n’est pas dans les heures de l’établissement ou "
            "dans la période de l’évaluation.",
            day=a_day(slot.day),
            start=an_hour(slot.start),
            end=an_hour(slot.end),
        )
    elif space is not None and not any(is_free(space, opening) for opening in open_then):
        yield said(
            "La salle %(room)s n’est pas libre le %(day)s à cette heure.",
            room=space.name,
            day=a_day(slot.day),
        )


def _of_length(problem: Problem, slot: Slot) -> Iterable[Said]:
    sitting = set(slot.pupils)
    extras = [p.extra_percent for g in problem.groups for p in g.pupils if p.id in sitting]
    needed = length_min(problem.rules, extras)
    if slot.end - slot.start < needed:
        yield said(
            "Ce groupe a besoin de %(n)s\u00a0minutes, temps supplémentaire compris.", n=needed
        )


def _of_class(slot: Slot, others: Sequence[Slot]) -> Iterable[Said]:
    groups = {part.group for part in slot.parts}
    for other in others:
        for part in other.parts:
            if part.group in groups and slot.overlaps(other):
                yield said(
                    "La même classe a une autre séance à %(hour)s\u00a0: %(group)s.",
                    hour=an_hour(other.start),
                    group=part.label,
                )


def _of_pupils(problem: Problem, slot: Slot, others: Sequence[Slot]) -> Iterable[Said]:
    sitting, rules = set(slot.pupils), problem.rules
    where = slot.day, half_of(rules, slot.day, slot.start)
    for other in others:
        n_shared = len(sitting & set(other.pupils))
        if not n_shared:
            continue
        there = other.day, half_of(rules, other.day, other.start)
        if other.sequence == slot.sequence:
            yield counted(
                "%(n)s élève passe déjà cette séquence le %(day)s.",
                "%(n)s élèves passent déjà cette séquence le %(day)s.",
                n_shared,
                day=a_day(other.day),
            )
        elif there == where or (rules.apart == "day" and other.day == slot.day):
            yield counted(
                "%(n)s élève passe une autre séquence le %(day)s, trop près de celle-ci.",
                "%(n)s élèves passent une autre séquence le %(day)s, trop près de celle-ci.",
                n_shared,
                day=a_day(other.day),
            )
