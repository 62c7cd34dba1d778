# SPDX-License-Identifier: AGPL-3.0-or-later
"""Responses as statisticians exchange them: a CSV, one row a pupil, one column an item.

A cell is a whole number of points, 0 to the item's most, or empty where the item was not
administered. What came as a file is hostile: each cell is looked at, and a refusal says the line
and the column but never what stands there. Read by pieces, a national file fits in small memory.

This module knows no model. It never keeps a column it was told to ignore, such as a number.
"""

import csv
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from encrier.errors import EncrierError

NOT_ADMINISTERED: Final = -1
MOST_POINTS: Final = 99  # two digits; items of an assessment have fewer than ten
EVERYONE: Final = "all"  # the label of the only group, where none is asked for
_PIECE_BYTES: Final = 1 << 23
_BOM: Final = b"\xef\xbb\xbf"
_ZERO, _NINE, _NEWLINE = 48, 57, 10

Scores = NDArray[np.int8]
Floats = NDArray[np.float64]
Integers = NDArray[np.intp]


class BadResponses(EncrierError):
    what = "This file of responses cannot be read."
    next_step = "Correct it: one row a pupil, one column an item, 0, 1, 2 … or nothing in a cell."


@dataclass(frozen=True, eq=False)
class Responses:
    """What pupils answered, scored.

    scores: (n_pupils, n_items), -1 = not administered; group_of: (n_pupils,), ranks in `groups`,
    whose labels are sorted; weights: (n_pupils,), how many pupils each row stands for.
    """

    items: tuple[str, ...]
    scores: Scores
    groups: tuple[str, ...]
    group_of: Integers
    weights: Floats


class _Columns(NamedTuple):
    """Where things stand in a row, as ranks of columns."""

    items: Integers
    names: tuple[str, ...]
    group: int | None
    weight: int | None
    n: int


class _Piece(NamedTuple):
    """Some whole lines, and where their cells begin and end: (n_rows, n_columns)."""

    text: bytes
    starts: Integers
    ends: Integers
    first_line: int

    def column(self, rank: int) -> list[bytes]:
        pairs = zip(self.starts[:, rank], self.ends[:, rank], strict=True)
        return [self.text[start:end] for start, end in pairs]


def read_responses(
    path: Path, *, group: str | None = None, weight: str | None = None, ignore: Sequence[str] = ()
) -> Responses:
    """Read a file of responses: UTF-8, commas or semicolons, items named by the first line.

    `group` and `weight` name a column each; a weight is a number >= 0, such as a frequency.
    Raises BadResponses with the line and the column of what it refuses.
    """
    scores: list[Scores] = []
    weights: list[Floats] = []
    labels: list[bytes] = []
    try:
        with path.open("rb") as file:
            header = file.readline().removeprefix(_BOM)
            delimiter = b";" if header.count(b";") > header.count(b",") else b","
            columns = _columns(header, delimiter, group=group, weight=weight, ignore=ignore)
            for piece in _pieces(file, delimiter, n_columns=columns.n):
                scores.append(_scores(piece, columns))
                weights.append(_weights(piece, columns))
                labels += _labels(piece, columns)
    except OSError as error:
        raise BadResponses("The file of responses cannot be opened.", "Check its name.") from error
    if not scores:
        raise BadResponses("The file of responses has no pupil: only its first line.")
    groups, group_of = _grouped(labels, n_pupils=sum(map(len, scores)))
    return Responses(
        columns.names, np.concatenate(scores), groups, group_of, np.concatenate(weights)
    )


def _columns(
    header: bytes, delimiter: bytes, *, group: str | None, weight: str | None, ignore: Sequence[str]
) -> _Columns:
    try:
        rows = list(csv.reader([header.decode()], delimiter=delimiter.decode(), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadResponses("The first line is not a line of names in UTF-8.") from error
    names = [name.strip() for name in rows[0]] if rows else []
    if not all(names) or not names:
        raise BadResponses("The first line leaves a column without a name.")
    if not all(name.isprintable() for name in names):
        raise BadResponses("The first line has a name that cannot be printed.")
    if len(set(names)) < len(names):
        raise BadResponses("Two columns have the same name.")
    for asked in (group, weight, *ignore):
        if asked is not None and asked not in names:
            raise BadResponses(
                "A column that you named is not in the file.",
                "Names are told apart by case: look at the first line of the file.",
            )
    aside = {group, weight, *ignore}
    kept = [rank for rank, name in enumerate(names) if name not in aside]
    if not kept:
        raise BadResponses("No column is left for the items.")
    return _Columns(
        np.array(kept, np.intp),
        tuple(names[rank] for rank in kept),
        None if group is None else names.index(group),
        None if weight is None else names.index(weight),
        len(names),
    )


def _pieces(file: io.BufferedReader, delimiter: bytes, *, n_columns: int) -> Iterator[_Piece]:
    line = 2
    while text := file.read(_PIECE_BYTES):
        text += file.readline()
        text = text.replace(b"\r\n", b"\n")
        if not text.endswith(b"\n"):
            text += b"\n"
        if b'"' in text:
            text = _unquoted(text, delimiter, first_line=line)
        raw = np.frombuffer(text, np.uint8)
        ends = np.flatnonzero((raw == _NEWLINE) | (raw == delimiter[0]))
        n_rows = text.count(b"\n")
        if (
            len(ends) != n_rows * n_columns
            or (raw[ends[n_columns - 1 :: n_columns]] != _NEWLINE).any()
        ):
            _refuse_length(text, delimiter, n_columns=n_columns, first_line=line)
        starts = np.concatenate(([0], ends[:-1] + 1))
        shape = (n_rows, n_columns)
        yield _Piece(text, starts.reshape(shape), ends.reshape(shape), line)
        line += n_rows


def _unquoted(text: bytes, delimiter: bytes, *, first_line: int) -> bytes:
    """The same lines without quotes, which labels may wear; a cell that needs them is refused."""
    made: list[bytes] = []
    for line, row in enumerate(text.split(b"\n")[:-1], first_line):
        try:
            cells = next(
                csv.reader([row.decode()], delimiter=delimiter.decode(), strict=True), [""]
            )
        except (UnicodeDecodeError, csv.Error) as error:
            raise BadResponses(f"Line {line}: quotes are not closed, or not UTF-8.") from error
        for column, cell in enumerate(cells, 1):
            if delimiter.decode() in cell or "\n" in cell or '"' in cell:
                _refuse_cell(line, column, "a label holds a separator or a quote")
        made.append(delimiter.join(cell.encode() for cell in cells))
    return b"\n".join([*made, b""])


def _refuse_length(text: bytes, delimiter: bytes, *, n_columns: int, first_line: int) -> NoReturn:
    for line, row in enumerate(text.split(b"\n"), first_line):
        found = row.count(delimiter) + 1
        if found != n_columns:
            raise BadResponses(f"Line {line} has {found} cells, the first line {n_columns}.")
    raise BadResponses


def _refuse_cell(line: int, column: int, why: str) -> NoReturn:
    raise BadResponses(f"Line {line}, column {column}: {why}.")


def _scores(piece: _Piece, columns: _Columns) -> Scores:
    raw = np.frombuffer(piece.text, np.uint8)
    starts = piece.starts[:, columns.items]
    n_digits = piece.ends[:, columns.items] - starts
    digit = raw[starts].astype(np.int16)
    wrong = (n_digits > 2) | ((n_digits > 0) & ((digit < _ZERO) | (digit > _NINE)))  # noqa: PLR2004
    found = np.where(n_digits == 0, NOT_ADMINISTERED, digit - _ZERO)
    several = np.nonzero((n_digits == 2) & ~wrong)  # noqa: PLR2004  10 points or more
    second = raw[starts[several] + 1].astype(np.int16)
    found[several] = 10 * found[several] + second - _ZERO
    wrong[several] = (second < _ZERO) | (second > _NINE)
    if wrong.any():
        row, item = np.argwhere(wrong)[0]
        why = f"a score is a whole number from 0 to {MOST_POINTS}, or nothing"
        _refuse_cell(piece.first_line + int(row), int(columns.items[item]) + 1, why)
    return found.astype(np.int8)


def _weights(piece: _Piece, columns: _Columns) -> Floats:
    if columns.weight is None:
        return np.ones(len(piece.starts))
    found = np.empty(len(piece.starts))
    for row, cell in enumerate(piece.column(columns.weight)):
        try:
            found[row] = float(cell)
        except ValueError:
            found[row] = math.nan
        if not 0 <= found[row] < math.inf:
            why = "a weight is a number, 0 or more"
            _refuse_cell(piece.first_line + row, columns.weight + 1, why)
    return found


def _labels(piece: _Piece, columns: _Columns) -> list[bytes]:
    if columns.group is None:
        return []
    found, fine = piece.column(columns.group), set[bytes]()
    for row, label in enumerate(found):
        if label in fine:
            continue
        if not label.decode(errors="replace").strip().isprintable() or not label.strip():
            _refuse_cell(piece.first_line + row, columns.group + 1, "this is no label of a group")
        fine.add(label)
    return found


def _grouped(labels: list[bytes], *, n_pupils: int) -> tuple[tuple[str, ...], Integers]:
    if not labels:
        return (EVERYONE,), np.zeros(n_pupils, np.intp)
    try:
        names = {label: label.decode().strip() for label in set(labels)}
    except UnicodeDecodeError as error:
        raise BadResponses("The label of a group is not UTF-8.") from error
    groups = tuple(sorted(set(names.values())))
    ranks = {label: groups.index(name) for label, name in names.items()}
    return groups, np.fromiter((ranks[label] for label in labels), np.intp, n_pupils)
