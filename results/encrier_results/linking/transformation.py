# SPDX-License-Identifier: AGPL-3.0-or-later
"""One scale to another: theta' = A theta + B, and what that makes of items.

Kolen and Brennan (2014), *Test Equating, Scaling, and Linking*, 3rd ed., section 6.2. Item
parameters know their scale up to A and B only; the anchors, items in both sets, say which.

This module knows parameters, never a pupil.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from encrier.errors import EncrierError
from encrier_results.irt.items import Floats, ItemParameters


class CannotLink(EncrierError):
    what = "These two sets of parameters cannot be linked."
    next_step = "Anchors are items of one name and with the same steps in both files."


@dataclass(frozen=True)
class Transformation:
    """theta' = A theta + B; `slope` is A, above 0, `shift` is B, in logits of the new scale."""

    slope: float
    shift: float

    def abilities(self, theta: Floats) -> Floats:
        """Move abilities (…) to the new scale."""
        moved: Floats = self.slope * theta + self.shift
        return moved

    def items(self, parameters: ItemParameters) -> ItemParameters:
        """Move items: a' = a / A, d' = d - a B / A; a guess stays. Chances do not change."""
        slopes = parameters.slopes / self.slope
        intercepts = parameters.intercepts - (slopes * self.shift)[:, None]
        return replace(parameters, slopes=slopes, intercepts=intercepts)


@dataclass(frozen=True, eq=False)
class Anchors:
    """The same items on the scale that is moved (`new`) and on the one it goes to (`old`)."""

    new: ItemParameters
    old: ItemParameters

    def __len__(self) -> int:
        return len(self.new.items)

    def without(self, rank: int) -> "Anchors":
        """Give all anchors but one."""
        kept = [place for place in range(len(self)) if place != rank]
        return Anchors(_some(self.new, kept), _some(self.old, kept))


def anchors(
    new: ItemParameters, old: ItemParameters, *, among: Sequence[str] | None = None
) -> Anchors:
    """Find the items of both sets, or `among` these, in the order of `new`.

    Raises CannotLink for an anchor that is missing, has other steps or no slope, and below two.
    """
    asked = set(new.items) & set(old.items) if among is None else set(among)
    for item in sorted(asked):
        if item not in new.items or item not in old.items:
            raise CannotLink(f"Item {item} is not in both files.")
    items = [item for item in new.items if item in asked]
    if len(items) < 2:  # noqa: PLR2004  two unknowns
        raise CannotLink("A link needs two anchors at least.")
    found = Anchors(
        _some(new, [new.items.index(item) for item in items]),
        _some(old, [old.items.index(item) for item in items]),
    )
    for rank, item in enumerate(items):
        if found.new.n_steps[rank] != found.old.n_steps[rank]:
            raise CannotLink(f"Item {item} has not as many steps in both files.")
        if min(found.new.slopes[rank], found.old.slopes[rank]) <= 0:
            raise CannotLink(f"Item {item} has no slope above 0: it places nobody.")
    return found


def _some(parameters: ItemParameters, places: Sequence[int]) -> ItemParameters:
    chosen = np.array(places, dtype=np.intp)
    used = max(int(parameters.n_steps[chosen].max(initial=1)), 1)
    return ItemParameters(
        tuple(parameters.items[place] for place in places),
        tuple(parameters.models[place] for place in places),
        parameters.slopes[chosen],
        parameters.intercepts[chosen][:, :used],
        parameters.guessing[chosen],
    )
