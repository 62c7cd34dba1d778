# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which stop comes next: branch rules on leaving, preconditions on entering.

QTI 3.0 ASI information model, "PreCondition" and "BranchRule". In a nonlinear
part the rules of items and sections are ignored, those of the part are not.
An element is left when the next stop is outside it; then its own rules are
looked at, after those of what it held. A rule whose target is not ahead (it
was not selected, or shuffled to before) is passed by.
"""

from collections.abc import Callable, Iterator, Sequence

from encrier_qti.processing.programs import Evaluate
from encrier_qti.reading.branches import EXITS, target_item
from encrier_qti.sessions.clock import Key
from encrier_qti.sessions.plan import Plan, Settings
from encrier_qti.sessions.route import Stop

Holds = Callable[[Evaluate], bool]  # whether a condition is true now


class Navigation:
    """The way through one route; positions are counted from 0, its length is the end."""

    __slots__ = ("_plan", "_settings", "stops")

    def __init__(self, plan: Plan, stops: Sequence[Stop], settings: Settings) -> None:
        self._plan = plan
        self._settings = settings
        self.stops = stops

    def after(self, position: int, holds: Holds) -> int:
        """Give where the rules lead from a stop; preconditions there are not yet looked at."""
        following = position + 1
        level = 0
        holders = list(self._holders(position))
        of_part = len(holders) - 1
        while level < len(holders):
            name, end = holders[level]
            if level and following < end:
                break  # this one is not left, so nothing around it is
            target = self._branch(position, name, level, holds)
            if target == "EXIT_TEST":
                return len(self.stops)
            level += 1
            if target == "EXIT_SECTION" and level < of_part:
                # "To the item (or section) immediately following it": past that section's rules.
                following = holders[level][1]
                level += 1
            elif target == "EXIT_TESTPART" and level <= of_part:
                following = holders[of_part][1]
                level = of_part
            elif target is not None and target not in EXITS:
                return self._ahead(target, position)
        return following

    def enterable(self, position: int, *, since: int | None, holds: Holds) -> int:
        """Give the first stop from `position` on whose preconditions hold, or the end.

        `since`: the stop one comes from, None at the beginning. What it is
        already inside of is not looked at again.
        """
        before = None if since is None else self.stops[since]
        while position < len(self.stops):
            names = self._entered(self.stops[position], before)
            conditions = self._plan.conditions
            if all(holds(each) for name in names for each in conditions[name].preconditions):
                break
            position += 1
        return position

    def is_last_of_part(self, position: int) -> bool:
        """Tell whether the next stop in the route is in another part."""
        part = self.stops[position].part
        return position + 1 == len(self.stops) or self.stops[position + 1].part != part

    def _holders(self, position: int) -> Iterator[tuple[str, int]]:
        """The item, its sections from the innermost, its part: each with the position after it."""
        here = self.stops[position]
        yield here.ref, position + 1
        for section in reversed(here.sections):
            yield section[0], self._end(position, section)
        yield here.part, self._end(position)

    def _end(self, position: int, section: Key | None = None) -> int:
        """The first position after a stop that is outside its section, or outside its part."""
        part = self.stops[position].part
        for end in range(position + 1, len(self.stops)):
            stop = self.stops[end]
            if stop.part != part or (section and section not in stop.sections):
                return end
        return len(self.stops)

    def _branch(self, position: int, name: str, level: int, holds: Holds) -> str | None:
        """The target of the first rule of an element that holds and can be followed."""
        here = self.stops[position]
        of_part = level == len(here.sections) + 1
        if not of_part and not self._linear(here) and not self._settings.forced_branches:
            return None
        for condition, target in self._plan.conditions[name].branches:
            if holds(condition) and (target in EXITS or self._ahead(target, position)):
                return target
        return None

    def _ahead(self, target: str, position: int) -> int:
        """The first stop ahead that is the target or in it; 0 if there is none."""
        here = self.stops[position]
        ref, occurrence = target_item(target)
        for number in range(position + 1, len(self.stops)):
            stop = self.stops[number]
            if stop.part == target != here.part or stop.ref == target:
                return number
            if any(each[0] == target and each not in here.sections for each in stop.sections):
                return number
            if (stop.ref, stop.occurrence) == (ref, occurrence):
                return number
        return 0

    def _entered(self, stop: Stop, before: Stop | None) -> Iterator[str]:
        """What is entered with a stop: its part, its sections, itself."""
        if before is None or before.part != stop.part:
            yield stop.part
        if self._linear(stop) or self._settings.forced_preconditions:
            held = () if before is None else before.sections
            yield from (section[0] for section in stop.sections if section not in held)
            yield stop.ref

    def _linear(self, stop: Stop) -> bool:
        return self._plan.parts[stop.part].navigation == "linear"
