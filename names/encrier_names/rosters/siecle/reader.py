# SPDX-License-Identifier: AGPL-3.0-or-later
"""`ElevesSansAdresses.xml` to a reading; "avec adresses" too, without its addresses.

Pupils with a DATE_SORTIE stay in the file, in their class: they have left. Sources: the
rules that school software applies to this export; the structure is in docs/spec/rosters.md.
Never keeps an address, a telephone, a grant, or a relative.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, cast

import msgspec
from lxml import etree

from encrier.records import Record
from encrier_names.rosters.cells import a_date
from encrier_names.rosters.defects import defect
from encrier_names.rosters.identifiers import BadUai, Level, Uai, level_of_mef, parse_uai
from encrier_names.rosters.reading import Row, Source
from encrier_names.rosters.refusals import NotARoster, OtherSchool, TooLarge

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


def read_siecle(
    root: etree._Element, levels: frozenset[Level], *, expected_uai: Uai | None
) -> Source:
    """Read a tree, or refuse it (`NotARoster`, `OtherSchool`, `TooLarge`)."""
    _check_root(root)
    uai = _school(root, expected_uai)
    exported_on = a_date(_text(root, "PARAMETRES/DATE_EXPORT"))
    places = _places(root)
    rows: list[Row] = []
    elsewhere: list[tuple[Level | None, int]] = []
    for line, element in _numbered(root):
        level = level_of_mef(_text(element, "CODE_MEF"))
        if level is None or level not in levels:
            elsewhere.append((level, line))
            continue
        row = _row(element, line, rank=len(rows), level=level, places=places)
        rows.append(_departing(row, element, exported_on=exported_on))
    dropped = _dropped(root)
    return Source(
        format="siecle",
        uai=uai,
        school_year=_year(_text(root, "PARAMETRES/ANNEE_SCOLAIRE")),
        exported_on=exported_on,
        levels=tuple(sorted(levels)),
        rows=tuple(rows),
        elsewhere=tuple(elsewhere),
        classes=(),
        said=(
            *([] if uai else [defect("no_uai", source=SOURCE)]),
            *([defect("addresses")] if "ADRESSES" in dropped else []),
        ),
        columns_dropped=dropped,
        n_rows=len(rows) + len(elsewhere),
    )


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
            raise OtherSchool(
                "Ce fichier porte un numéro d’établissement (UAI) qui n’existe pas.",
                f"Refaites l’export dans SIECLE, depuis l’établissement {expected}.",
            ) from None
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


def _departing(row: Row, pupil: etree._Element, *, exported_on: date | None) -> Row:
    """Say whether a pupil has left, or will after the export."""
    written = _text(pupil, "DATE_SORTIE")
    if not written:
        return row
    day = a_date(written)
    later = bool(day and exported_on and day > exported_on)
    return msgspec.structs.replace(row, departure="later" if later else "left", departs_on=day)


def _row(
    pupil: etree._Element, line: int, *, rank: int, level: Level, places: Mapping[str, _Places]
) -> Row:
    keys = (f"{name}={pupil.get(name)}" for name in ("ELEVE_ID", "ELENOET"))
    place = next((places[key] for key in keys if key in places), _Places())
    return Row(
        rank=rank,
        line=line,
        level=level,
        last_name=_text(pupil, "NOM_DE_FAMILLE") or _text(pupil, "NOM"),
        used_name=_text(pupil, "NOM_USAGE"),
        first_name=_text(pupil, "PRENOM"),
        birth_date=_text(pupil, "DATE_NAISS"),
        sex=_text(pupil, "CODE_SEXE"),
        ines=tuple(_text(pupil, tag) for tag in ("INE_RNIE", "ID_NATIONAL", "INE_BEA")),
        divisions=place.divisions,
        groups=place.groups,
    )


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
