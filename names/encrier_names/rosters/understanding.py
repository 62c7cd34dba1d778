# SPDX-License-Identifier: AGPL-3.0-or-later
"""From what a file says to what is kept of it, with what the head has said since.

Pure: the same source and the same corrections always make the same reading, so that a correction
can be taken back.
"""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from encrier_names.rosters.defects import SOURCES, defect
from encrier_names.rosters.identifiers import level_of_niveau
from encrier_names.rosters.judging import judge
from encrier_names.rosters.reading import Correction, Defect, Pupil, Reading, Row, Source
from encrier_names.rosters.timeliness import one_year_too_old
from encrier_names.rosters.whole_list import mixed_classes, outside, settle


def understand(source: Source, corrections: Sequence[Correction] = ()) -> Reading:
    """Judge every row, then all together; `corrections` of one row apply in their order."""
    by_rank: dict[int, list[Correction]] = defaultdict(list)
    for one in corrections:
        by_rank[one.rank].append(one)
    found: list[Pupil] = []
    said: list[Defect] = list(source.said)
    for row in source.rows:
        of_row = by_rank[row.rank]
        if any(one.act == "out" for one in of_row):
            said.append(defect("taken_out", line=row.line, rank=row.rank))
            continue
        pupil, remarks = judge(_amended(row, of_row), source.format, today=source.when.today)
        said.extend(remarks)
        found.extend([pupil] if pupil else [])
    apart = frozenset(one.rank for one in corrections if one.act == "apart")
    pupils, repeats = settle(found, source.format, apart=apart)
    levels = frozenset(source.levels)
    said += [
        *repeats,
        *([] if pupils else [defect("nobody", source=SOURCES[source.format])]),
        *outside(source.elsewhere, source.format),
        *mixed_classes(source.classes, levels, source=source.format),
        *one_year_too_old(pupils, source.when, source.format),
    ]
    return Reading(
        source=source,
        pupils=pupils,
        defects=tuple(sorted(said, key=lambda one: (one.line or 0, one.rank or 0))),
    )


def _amended(row: Row, corrections: Sequence[Correction]) -> Row:
    for one in corrections:
        if one.act == "keep":
            row = msgspec.structs.replace(row, departure=None)
        elif one.act == "write" and one.field:
            row = _written(row, one.field, one.value)
    return row


def _written(row: Row, field: str, value: str) -> Row:
    if field == "ine":
        return msgspec.structs.replace(row, ines=(value,))
    if field == "division":
        return msgspec.structs.replace(row, divisions=(value,))
    if field == "level":
        return msgspec.structs.replace(row, level=level_of_niveau(value))
    return msgspec.structs.replace(row, **{field: value})
