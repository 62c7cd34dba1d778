# SPDX-License-Identifier: AGPL-3.0-or-later
"""How large a difference is: A negligible, B moderate, C large.

Knows effects and their errors; no pupil and no item. Pure. Each effect has two classes: by its
size alone, which a sample of a country does not swell, and as ETS says, which also asks that
the difference is not of chance.
"""

from typing import Final, Literal

Class = Literal["A", "B", "C"]

# MH D-DIF in delta, standardised P-DIF in share of right answers, SMD in standard deviations.
DELTA: Final = (1.0, 1.5)  # Zieky (1993), in Holland and Wainer, *Differential Item Functioning*
P_DIF: Final = (0.05, 0.10)  # Dorans and Kulick (1986)
SMD: Final = (0.17, 0.25)  # Allen, Carlson and Zelenak (1999), *The NAEP 1996 Technical Report*
LEVEL: Final = 0.05
_ONE_SIDED: Final = 1.645  # standard errors, at that level


def by_size(effect: float, bounds: tuple[float, float]) -> Class:
    """Give the class of an effect by its size alone; a bound belongs to the class above it."""
    size = abs(effect)
    if size < bounds[0]:
        return "A"
    return "B" if size < bounds[1] else "C"


def ets(delta: float, se: float, *, p: float) -> Class:
    """Give ETS's class of an MH D-DIF: C only where it is beyond 1 by more than chance.

    Zieky (1993), p. 342.
    """
    size = by_size(delta, DELTA)
    if p >= LEVEL or size == "A":
        return "A"
    return "C" if size == "C" and abs(delta) - DELTA[0] > _ONE_SIDED * se else "B"


def ets_of_smd(effect: float, *, p: float) -> Class:
    """Give ETS's class of an SMD in standard deviations of the item."""
    return "A" if p >= LEVEL else by_size(effect, SMD)
