# SPDX-License-Identifier: AGPL-3.0-or-later
"""`ElevesSansAdresses.xml` to a reading; "avec adresses" too, without its addresses.

Pupils with a DATE_SORTIE stay in the file, in their class: they have left. Sources: the
rules that school software applies to this export; the structure is in docs/spec/rosters.md.
Never keeps an address, a telephone, a grant, or a relative.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, cast

from lxml import etree

from encrier.records import Record
from encrier_names.rosters.cells import a_date
from encrier_names.rosters.defects import defect
from encrier_names.rosters.identifiers import BadUai, Level, Uai, level_of_mef, parse_uai
from encrier_names.rosters.judging import Row, judge
from encrier_names.rosters.reading import Defect, Pupil, Reading
from encrier_names.rosters.refusals import NotARoster, OtherSchool, TooLarge
from encrier_names.rosters.whole_list import outside, settle

MAX_ROWS: Final = 10_000
SOURCE: Final = "SIECLE"
ROOT: Final = "BEE_ELEVES"
_OTHER_ROOTS: Final = {
    "BEE_NOMENCLATURES": "C’est Nomenclature.xml, pas le fichier des élèves.",
    "BEE_STRUCTURES": "C’est Structures.xml, pas le fichier des élèves.",
    "BEE_RESPONSABLES": "C’est le fichier des responsables, pas celui des élèves.",
    "BEE_COMMUN": "C’est Commun.xml, pas le fichier des élèves.",
    "BEE_GEOGRAPHIQUES": "C’est Geographique.xml, pas le fichier des élèves.",
    "STS_EDT": "C’est le fichier des services (sts_emp), pas celui des élèves.",
    "EDT_STS": "C’est un fichier d’emploi du temps, pas celui des élèves.",
}
_READ: Final = frozenset(
    {"ID_NATIONAL", "INE_RNIE", "INE_BEA", "NOM_DE_FAMILLE", "NOM", "NOM_USAGE", "PRENOM"}
    | {"DATE_NAISS", "CODE_SEXE", "CODE_MEF", "DATE_SORTIE"}
)
_YEAR: Final = re.compile(r"20[0-9]{2}")
_READ_SECTIONS: Final = frozenset({"ELEVES", "STRUCTURES"})


class _Places(Record, frozen=True):
    """The classes and groups of one pupil."""

    divisions: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


class _Found(Record, frozen=True):
    """What the pupils gave, one at a time, before any is compared with another."""

    pupils: list[Pupil]
    elsewhere: list[tuple[Level | None, int]]
    said: list[Defect]


def read_siecle(
    root: etree._Element, levels: frozenset[Level], *, expected_uai: Uai | None
) -> Reading:
    """Read a tree, or refuse it (`NotARoster`, `OtherSchool`, `TooLarge`)."""
    _check_root(root)
    uai = _school(root, expected_uai)
    exported_on = a_date(_text(root, "PARAMETRES/DATE_EXPORT"))
    rows = list(_numbered(root))
    found = _one_by_one(rows, _places(root), levels=levels, exported_on=exported_on)
    pupils, repeats = settle(found.pupils, "siecle")
    dropped = _dropped(root)
    said = [
        *([] if uai else [defect("no_uai", source=SOURCE)]),
        *([] if pupils else [defect("nobody")]),
        *([defect("addresses")] if "ADRESSES" in dropped else []),
        *outside(found.elsewhere, "siecle"),
        *found.said,
        *repeats,
    ]
    return Reading(
        format="siecle",
        uai=uai,
        school_year=_year(_text(root, "PARAMETRES/ANNEE_SCOLAIRE")),
        exported_on=exported_on,
        pupils=pupils,
        defects=tuple(sorted(said, key=lambda one: one.line or 0)),
        columns_dropped=dropped,
        n_rows=len(rows),
        n_outside=len(found.elsewhere),
    )


def _one_by_one(
    rows: Sequence[tuple[int, etree._Element]],
    places: Mapping[str, _Places],
    *,
    levels: frozenset[Level],
    exported_on: date | None,
) -> _Found:
    found = _Found([], [], [])
    for line, element in rows:
        level = level_of_mef(_text(element, "CODE_MEF"))
        if level is None or level not in levels:
            found.elsewhere.append((level, line))
            continue
        leaving = _leaving(element, line, exported_on=exported_on)
        found.said.extend([leaving] if leaving else [])
        if leaving is None or leaving.kind == "leaves_later":
            pupil, said = _one(element, line, level=level, places=places)
            found.said.extend(said)
            found.pupils.extend([pupil] if pupil else [])
    return found


def _check_root(root: etree._Element) -> None:
    if root.tag == ROOT:
        return
    raise NotARoster(
        _OTHER_ROOTS.get(root.tag, "Ce fichier XML n’est pas un export d’élèves de SIECLE."),
        "Dans SIECLE, menu Exportations, prenez « Élèves sans adresses ».",
    )


def _school(root: etree._Element, expected: Uai | None) -> Uai | None:
    written = _text(root, "PARAMETRES/UAJ")
    try:
        uai = parse_uai(written)
    except BadUai:
        if written and expected:
            raise OtherSchool from None
        return None
    if expected and uai != expected:
        raise OtherSchool(f"Ce fichier est celui de l’établissement {uai}, pas de {expected}.")
    return uai


def _year(written: str) -> int | None:
    return int(written) if _YEAR.fullmatch(written) else None


def _numbered(root: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    for count, pupil in enumerate(root.iterfind("DONNEES/ELEVES/ELEVE")):
        if count == MAX_ROWS:
            raise TooLarge
        yield cast("int", pupil.sourceline), pupil  # the stubs say Any or "..."


def _leaving(pupil: etree._Element, line: int, *, exported_on: date | None) -> Defect | None:
    written = _text(pupil, "DATE_SORTIE")
    if not written:
        return None
    day = a_date(written)
    if day and exported_on and day > exported_on:
        shown = day.strftime("%d/%m/%Y")
        return defect("leaves_later", line=line, date=shown, source=SOURCE)
    return defect("left", line=line, source=SOURCE)


def _one(
    pupil: etree._Element, line: int, *, level: Level, places: Mapping[str, _Places]
) -> tuple[Pupil | None, list[Defect]]:
    keys = (f"{name}={pupil.get(name)}" for name in ("ELEVE_ID", "ELENOET"))
    place = next((places[key] for key in keys if key in places), _Places())
    row = Row(
        line=line,
        level=level,
        last_name=_text(pupil, "NOM_DE_FAMILLE") or _text(pupil, "NOM"),
        used_name=_text(pupil, "NOM_USAGE"),
        first_name=_text(pupil, "PRENOM"),
        birth_date=_text(pupil, "DATE_NAISS"),
        sex=_text(pupil, "CODE_SEXE"),
        ines=tuple(_text(pupil, tag) for tag in ("INE_RNIE", "ID_NATIONAL", "INE_BEA")),
        division=next(iter(place.divisions), ""),
        groups=place.groups,
    )
    kept, said = judge(row, "siecle")
    if kept and len(place.divisions) > 1:
        said.append(defect("two_classes", line=line, source=SOURCE))
    return kept, said


def _places(root: etree._Element) -> dict[str, _Places]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for entry in root.iterfind("DONNEES/STRUCTURES/STRUCTURES_ELEVE"):
        named = [f"{key}={entry.get(key)}" for key in ("ELEVE_ID", "ELENOET") if entry.get(key)]
        for one in entry.iterfind("STRUCTURE"):
            code, kind = _text(one, "CODE_STRUCTURE"), _text(one, "TYPE_STRUCTURE")
            for key in named:
                found[key].append((kind, code))
    return {
        key: _Places(
            divisions=tuple(dict.fromkeys(code for kind, code in codes if kind == "D" and code)),
            groups=tuple(dict.fromkeys(code for kind, code in codes if kind == "G" and code)),
        )
        for key, codes in found.items()
    }


def _dropped(root: etree._Element) -> tuple[str, ...]:
    fields = (child.tag for pupil in root.iterfind("DONNEES/ELEVES/ELEVE") for child in pupil)
    sections = (part.tag for part in root.iterfind("DONNEES/*") if len(part))
    unread = [
        *(f for f in fields if f not in _READ),
        *(s for s in sections if s not in _READ_SECTIONS),
    ]
    return tuple(dict.fromkeys(str(tag)[:40] for tag in unread))


def _text(element: etree._Element, path: str) -> str:
    return " ".join((element.findtext(path) or "").split())
