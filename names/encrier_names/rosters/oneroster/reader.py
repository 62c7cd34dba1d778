# SPDX-License-Identifier: AGPL-3.0-or-later
"""A OneRoster archive to a source: users who are students of one school, with their class.

Source: OneRoster 1.2 CSV binding (1EdTech), sections on users, roles, orgs, classes, enrollments
and demographics. The school's identifier is its UAI; grades are CEDS codes (`06`) or our own names
(`6E`); the class is the homeroom where there is one. Never keeps a password, an e-mail, a relative.
"""

from collections import defaultdict
from collections.abc import Mapping
from itertools import islice
from typing import Final

from encrier.records import Record
from encrier_names.rosters.defects import defect
from encrier_names.rosters.files.archive import members
from encrier_names.rosters.identifiers import (
    BadIne,
    BadUai,
    Level,
    Uai,
    level_of_niveau,
    parse_ine,
    parse_uai,
)
from encrier_names.rosters.oneroster.tables import FILES, Line, lines_of
from encrier_names.rosters.reading import Row, Source
from encrier_names.rosters.refusals import OtherSchool, TooLarge

MAX_ROWS: Final = 10_000
SOURCE: Final = "votre logiciel"
_CEDS: Final = dict(zip(("1", "2", "3", "4", "5", "6"), Level, strict=True))
_SEXES: Final = {"female": "F", "male": "M"}
_READ: Final = {
    "sourcedid", "status", "user", "class", "org", "role", "grades", "title", "classtype", "name",
    "type", "identifier", "givenname", "familyname", "preferredfamilyname", "birthdate", "sex",
    "datelastmodified", "enableduser",
}  # fmt: skip


class _Place(Record, frozen=True):
    """The classes of one pupil, as the enrollments say."""

    homerooms: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    grades: str = ""


class _Archive(Record, frozen=True):
    """The files, by the id of what each line is about."""

    users: tuple[Line, ...]
    roles: Mapping[str, Line]  # of students, by user
    places: Mapping[str, _Place]  # by user
    persons: Mapping[str, Line]  # demographics, by user


def read_oneroster(content: bytes, levels: frozenset[Level], *, expected_uai: Uai | None) -> Source:
    """Read an archive, or refuse it (`DamagedFile`, `OtherSchool`, `TooLarge`)."""
    files = members(content, FILES)
    orgs = _orgs_of(files, expected_uai)
    archive = _archive(files, orgs)
    rows: list[Row] = []
    elsewhere: list[tuple[Level | None, int]] = []
    classes: list[tuple[str, Level | None, int]] = []
    for user in archive.users:
        if len(rows) + len(elsewhere) == MAX_ROWS:
            raise TooLarge
        place = archive.places.get(user["sourcedid"], _Place())
        written = _grades(user, archive, place)
        level = _level(written)
        divisions = place.homerooms or place.others
        classes.extend((label, level, user.number) for label in divisions[:1])
        if written and (level is None or level not in levels):
            elsewhere.append((level, user.number))
        else:
            rows.append(_row(user, archive, rank=len(rows), level=level))
    return Source(
        format="oneroster",
        uai=expected_uai if orgs else None,
        school_year=None,
        exported_on=None,
        levels=tuple(sorted(levels)),
        rows=tuple(rows),
        elsewhere=tuple(elsewhere),
        classes=tuple(classes),
        said=() if orgs or expected_uai is None else (defect("no_uai", source=SOURCE),),
        columns_dropped=_dropped(files),
        n_rows=len(rows) + len(elsewhere),
    )


def _orgs_of(files: Mapping[str, bytes], expected: Uai | None) -> frozenset[str]:
    """The ids of the expected school; none if the archive does not speak of schools by UAI."""
    known = {line["sourcedid"]: _uai(line) for line in lines_of(files.get("orgs.csv"))}
    ours = frozenset(org for org, uai in known.items() if uai and uai == expected)
    if expected and not ours and any(known.values()):
        raise OtherSchool(f"Cette archive ne contient pas l’établissement {expected}.")
    return ours


def _uai(org: Line) -> Uai | None:
    for name in ("identifier", "sourcedid"):
        try:
            return parse_uai(org[name])
        except BadUai:
            continue
    return None


def _archive(files: Mapping[str, bytes], orgs: frozenset[str]) -> _Archive:
    """Put the files together; only students, of these schools if there are any."""

    def ours(line: Line) -> bool:
        return not orgs or not line["org"] or bool(orgs & set(line["org"].split(",")))

    rooms = {line["sourcedid"]: line for line in lines_of(files.get("classes.csv")) if ours(line)}
    roles = {
        line["user"]: line
        for line in lines_of(files.get("roles.csv"))
        if line["role"].lower() == "student" and ours(line)
    }
    enrolled: dict[str, list[Line]] = defaultdict(list)
    for line in lines_of(files.get("enrollments.csv")):
        if line["role"].lower() == "student" and line["class"] in rooms:
            enrolled[line["user"]].append(rooms[line["class"]])
    users = tuple(
        line
        for line in lines_of(files.get("users.csv"))
        if line["enableduser"].lower() != "false"
        and (
            line["sourcedid"] in roles
            or line["sourcedid"] in enrolled
            or (line["role"].lower() == "student" and ours(line))
        )
    )
    persons = lines_of(files.get("demographics.csv"), own_id="user")
    return _Archive(
        users=users,
        roles=roles,
        places={user: _place(of_user) for user, of_user in enrolled.items()},
        persons={line["sourcedid"]: line for line in persons},
    )


def _place(rooms: list[Line]) -> _Place:
    homerooms = tuple(line["title"] for line in rooms if line["classtype"].lower() == "homeroom")
    others = tuple(line["title"] for line in rooms if line["title"] not in homerooms)
    grades = next((line["grades"] for line in rooms if line["grades"]), "")
    return _Place(_once(homerooms), _once(others), grades)


def _once(labels: tuple[str, ...]) -> tuple[str, ...]:
    """The same without repeats, in order."""
    return tuple(dict.fromkeys(labels))


def _grades(user: Line, archive: _Archive, place: _Place) -> str:
    role = archive.roles.get(user["sourcedid"])
    return user["grades"] or (role["grades"] if role else "") or place.grades


def _level(written: str) -> Level | None:
    first = written.split(",", maxsplit=1)[0].strip()
    return _CEDS.get(first.lstrip("0")) or level_of_niveau(first)


def _row(user: Line, archive: _Archive, *, rank: int, level: Level | None) -> Row:
    place = archive.places.get(user["sourcedid"], _Place())
    person = archive.persons.get(user["sourcedid"])
    ine = _ine(user["identifier"])
    return Row(
        rank=rank,
        line=user.number,
        level=level,
        last_name=user["familyname"],
        used_name=user["preferredfamilyname"],
        first_name=user["givenname"],
        birth_date=person["birthdate"] if person else None,
        sex=_SEXES.get(person["sex"].lower(), "") if person else None,
        ines=(ine,) if ine else None,
        divisions=place.homerooms or place.others,
        groups=place.others if place.homerooms else (),
    )


def _ine(written: str) -> str:
    try:
        return parse_ine(written)
    except BadIne:
        return ""


def _dropped(files: Mapping[str, bytes]) -> tuple[str, ...]:
    found = (
        name
        for content in files.values()
        for line in islice(lines_of(content), 1)
        for name in line.cells
        if name not in _READ
    )
    return tuple(dict.fromkeys(name[:40] for name in found))
