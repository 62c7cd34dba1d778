# SPDX-License-Identifier: AGPL-3.0-or-later
"""The directory of schools: the ministry's open file, or any CSV with its columns.

Told by headers, in UTF-8 or ISO-8859-15. A school that is there already keeps its number, its
classes and its staff; one that is no longer in the file stays.
"""

import csv
import io
from collections.abc import Mapping
from typing import Final

from encrier.errors import EncrierError
from encrier.records import Record
from encrier_names.batches import batches
from encrier_names.rosters.files.encodings import likeliest
from encrier_names.rosters.identifiers import BadUai, Uai, parse_uai, plain
from encrier_names.schools.models import Kind, School

_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "uai": ("uai", "identifiant de l etablissement", "numero uai"),
    "name": ("nom", "nom etablissement", "appellation officielle"),
    "kind": ("type", "type etablissement"),
    "town": ("commune", "nom commune"),
    "department": ("departement", "libelle departement"),
    "academy": ("academie", "libelle academie"),
    "sector": ("secteur", "statut public prive"),
}
_NEEDED: Final = ("uai", "name")
_BATCH: Final = 2_000
_KINDS: Final = {"ecole": Kind.FIRST_DEGREE, "college": Kind.LOWER, "lycee": Kind.UPPER}


class DirectoryRefused(EncrierError):
    what = "This is not a directory of schools."
    next_step = "Give a CSV with a header line that has at least: uai, nom."


class Entry(Record, frozen=True):
    """One line of the directory."""

    uai: Uai
    name: str
    kind: str
    town: str
    department: str
    academy: str
    is_public: bool


class Enrolled(Record, frozen=True):
    """What a directory brought."""

    schools: int
    new: int
    refused: tuple[int, ...]  # lines whose UAI is none, or without a name


def read_directory(content: bytes) -> tuple[list[Entry], list[int]]:
    """Read the lines that are schools, and the numbers of those that are not (from 1).

    Raises DirectoryRefused.
    """
    text = likeliest(content).removeprefix("\ufeff")
    header, _, _ = text.partition("\n")
    separator = max(";,\t", key=header.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    places = _places([plain(name) for name in next(rows, [])])
    entries: dict[str, Entry] = {}
    refused = []
    try:
        for row in rows:
            entry = _entry({name: row[i] for name, i in places.items() if i < len(row)})
            if entry:
                entries[entry.uai] = entry
            elif any(cell.strip() for cell in row):
                refused.append(rows.line_num)
    except csv.Error as error:
        raise DirectoryRefused(f"Line {rows.line_num} cannot be read.") from error
    return list(entries.values()), refused


def enrol(content: bytes) -> Enrolled:
    """Bring the schools of a directory in (`DirectoryRefused`)."""
    entries, refused = read_directory(content)
    before = School.objects.count()
    for batch in batches(entries, _BATCH):
        School.objects.bulk_create(
            [School(**{f: getattr(one, f) for f in Entry.__struct_fields__}) for one in batch],
            update_conflicts=True,
            unique_fields=["uai"],
            update_fields=[f for f in Entry.__struct_fields__ if f != "uai"],
        )
    new = School.objects.count() - before
    return Enrolled(schools=len(entries), new=new, refused=tuple(refused))


def _places(header: list[str]) -> dict[str, int]:
    found = {}
    for field, names in _COLUMNS.items():
        place = next((header.index(name) for name in names if name in header), None)
        if place is not None:
            found[field] = place
    if any(field not in found for field in _NEEDED):
        raise DirectoryRefused
    return found


def _entry(cells: Mapping[str, str]) -> Entry | None:
    name = " ".join(cells.get("name", "").split())[:200]
    try:
        uai = parse_uai(cells.get("uai", ""))
    except BadUai:
        return None
    if not name:
        return None
    return Entry(
        uai=uai,
        name=name,
        kind=_KINDS.get(plain(cells.get("kind", "")), ""),
        town=cells.get("town", "").strip()[:80],
        department=cells.get("department", "").strip()[:40],
        academy=cells.get("academy", "").strip()[:40],
        is_public=not plain(cells.get("sector", "")).startswith("pr"),
    )
