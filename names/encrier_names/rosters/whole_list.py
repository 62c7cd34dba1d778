# SPDX-License-Identifier: AGPL-3.0-or-later
"""What only shows when all pupils are seen together: repeats, shared INEs, mixed classes.

After `settle`, no two pupils have the same INE. Knows no format and no file.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from encrier_names.rosters.defects import SOURCES, defect
from encrier_names.rosters.identifiers import Ine, Level, plain
from encrier_names.rosters.reading import Defect, Format, Pupil

FEW: Final = 5  # lines worth listing one by one
OTHER: Final = "autre"


def settle(
    pupils: Sequence[Pupil], source: Format, *, apart: frozenset[int] = frozenset()
) -> tuple[tuple[Pupil, ...], list[Defect]]:
    """Take out repeats, take back INEs that two pupils share, and say so at each line.

    apart: ranks of rows that somebody said are no repeat of another.
    """
    kept: list[Pupil] = []
    said: list[Defect] = []
    persons: dict[object, list[Pupil]] = defaultdict(list)
    for pupil in pupils:
        same = [] if pupil.rank in apart else persons[_person(pupil)]
        repeated = next((one for one in same if _repeats(pupil, one)), None)
        if repeated is None:
            kept.append(pupil)
            if same:
                said.append(_at("same_person", pupil, other=same[0], source=source))
            persons[_person(pupil)].append(pupil)
        else:
            kind = "line_twice" if repeated.division == pupil.division else "pupil_twice"
            said.append(_at(kind, pupil, other=repeated, source=source))
    shared = _shared_ines(kept)
    for first, *others in shared.values():
        said.extend(_at("same_ine", other, other=first, source=source) for other in others)
    alone = (msgspec.structs.replace(p, ine=None) if p.ine in shared else p for p in kept)
    return tuple(alone), said


def mixed_classes(
    rows: Iterable[tuple[str, Level | None, int]], assessed: frozenset[Level], *, source: Format
) -> list[Defect]:
    """Explain the classes of several levels, one of them assessed; a row is (class, level, line).

    The other levels count too: a CP among CE1 pupils is a mixed class either way.
    """
    classes: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for division, level, line in rows:
        if division:
            classes[division].append((level.value if level else OTHER, line))
    said = []
    for members in classes.values():
        counts = Counter(level for level, _ in members)
        if len(counts) > 1 and not assessed.isdisjoint(counts):
            first = min(line for _, line in members)
            levels = _counted(counts)
            said.append(defect("two_levels", line=first, levels=levels, source=SOURCES[source]))
    return said


def outside(levels: Sequence[tuple[Level | None, int]], source: Format) -> list[Defect]:
    """Say in one sentence how many pupils are of other levels; an item is (level, line)."""
    if not levels:
        return []
    lines = sorted(line for _, line in levels)
    counts = Counter(level.value if level else OTHER for level, _ in levels)
    many = len(levels) > 1
    return [
        defect(
            "outside",
            line=None if many else lines[0],
            who=f"{len(levels)} élèves ne sont pas" if many else "Un élève n’est pas",
            levels=_counted(counts),
            where=where(lines),
            source=SOURCES[source],
        )
    ]


def where(lines: Sequence[int]) -> str:
    """Say on which lines, where they are few: « , lignes 3, 7 »."""
    listed = ", ".join(map(str, lines))
    return f", ligne{'s' if len(lines) > 1 else ''} {listed}" if len(lines) <= FEW else ""


def _counted(counts: Counter[str]) -> str:
    order = [*(level.value for level in Level), OTHER]
    return ", ".join(f"{name}\u00a0: {counts[name]}" for name in sorted(counts, key=order.index))


def _repeats(pupil: Pupil, one: Pupil) -> bool:
    # Two namesakes born on one day are kept both unless something else says they are one.
    return pupil.ine == one.ine and (pupil.ine is not None or pupil.division == one.division)


def _person(pupil: Pupil) -> object:
    # A date unknown proves nothing: such rows repeat each other only if every field agrees.
    who = plain(pupil.last_name), plain(pupil.first_name)
    return (*who, pupil.birth_date) if pupil.birth_date else (*who, pupil.ine, pupil.division)


def _shared_ines(pupils: Iterable[Pupil]) -> dict[Ine, list[Pupil]]:
    holders: dict[Ine, list[Pupil]] = defaultdict(list)
    for pupil in pupils:
        if pupil.ine:
            holders[pupil.ine].append(pupil)
    return {ine: who for ine, who in holders.items() if len(who) > 1}


def _at(kind: str, pupil: Pupil, *, other: Pupil, source: Format) -> Defect:
    return defect(
        kind,
        line=pupil.source_line,
        rank=pupil.rank,
        also=other.rank,
        other=other.source_line,
        source=SOURCES[source],
    )
