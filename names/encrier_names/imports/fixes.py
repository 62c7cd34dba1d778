# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a head can do about each defect, in one click or one field. Pure.

A fix is a small form: its correction, and what it asks for. Names may stand in what is returned:
it is shown to the head of the school and kept nowhere.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from django.utils.translation import gettext_noop as sentence

from encrier.records import Record
from encrier_names.rosters import cells
from encrier_names.rosters.reading import Act, Defect, Field, Reading, Row

Asked = Literal["nothing", "text", "date", "choice"]


class Fix(Record, frozen=True):
    """One small form: `asked` is the value it asks for, `value` the one it proposes or sends.

    label: a sentence of ours, filled with `said`; or a class or level as it is written.
    """

    label: str
    rank: int
    act: Act = "write"
    field: Field | None = None
    value: str = ""
    asked: Asked = "nothing"
    options: tuple[str, ...] = ()
    said: Mapping[str, str | int] = MappingProxyType({})


class Remark(Record, frozen=True):
    """A defect, the pupil it is about and what can be done."""

    defect: Defect
    who: str
    fixes: tuple[Fix, ...]


class _Case(NamedTuple):
    """A defect, its row, the row it is compared with, and what the head can choose among."""

    row: Row
    kind: str
    other: Row | None
    classes: Sequence[str]
    levels: Sequence[str]


_LABELS: Final[Mapping[str, str]] = {
    "last_name": sentence("Nom de famille"),
    "used_name": sentence("Nom d’usage"),
    "first_name": sentence("Prénom"),
}


def remarks(reading: Reading, labels: Sequence[str]) -> list[Remark]:
    """Each defect of a file with its fixes; `labels`: the classes that there are."""
    rows = {row.rank: row for row in reading.source.rows}
    classes = sorted({*labels, *(p.division for p in reading.pupils if p.division)})
    levels = [level.value for level in reading.source.levels]
    found = []
    for defect in reading.defects:
        row = None if defect.rank is None else rows.get(defect.rank)
        other = None if defect.other is None else rows.get(defect.other)
        make = _MAKERS.get(defect.kind)
        case = _Case(row, defect.kind, other, classes, levels) if row else None
        fixes = tuple(make(case)) if make and case else ()
        found.append(Remark(defect, shown(row) if row else "", fixes))
    return found


def shown(row: Row) -> str:
    """The name of a row as a class list shows it."""
    last = cells.clean(row.used_name) or cells.clean(row.last_name)
    return f"{last} {cells.clean(row.first_name)}".strip()


def _text(row: Row, field: Field) -> Fix:
    value = cells.clean(getattr(row, field))[: cells.MAX_NAME]
    return Fix(_LABELS[field], row.rank, field=field, value=value, asked="text")


def _names(row: Row, wrong: Callable[[str], bool]) -> list[Fix]:
    fields: tuple[Field, ...] = ("last_name", "used_name", "first_name")
    return [_text(row, field) for field in fields if wrong(cells.clean(getattr(row, field)))]


def _no_name(case: _Case) -> list[Fix]:
    fields: tuple[Field, ...] = ("last_name", "first_name")
    return [_text(case.row, f) for f in fields if not cells.clean(getattr(case.row, f))]


def _formula(case: _Case) -> list[Fix]:
    found = []
    for fix in _names(case.row, cells.is_formula):
        bare = fix.value.lstrip("=+-@ \t")
        label, said = sentence("Écrire «\u00a0%(name)s\u00a0»"), {"name": bare}
        written = Fix(label, fix.rank, field=fix.field, value=bare, said=said)
        found.append(written if bare else fix)
    return found


def _no_level(case: _Case) -> list[Fix]:
    return [Fix(level, case.row.rank, field="level", value=level) for level in case.levels]


def _ine(case: _Case) -> list[Fix]:
    return [Fix("INE", case.row.rank, field="ine", asked="text")]


def _same_ine(case: _Case) -> list[Fix]:
    if case.other is None:
        return []
    pairs = ((case.row, case.other), (case.other, case.row))
    label = sentence("Il est à %(name)s")
    return [Fix(label, o.rank, field="ine", said={"name": shown(own)}) for own, o in pairs]


def _same_person(case: _Case) -> list[Fix]:
    row = case.row
    label = sentence("Le même élève\u00a0: retirer la ligne %(line)s")
    return [
        Fix(label, row.rank, "out", said={"line": row.line}),
        Fix(sentence("Deux élèves"), row.rank, "apart"),
    ]


def _twice(case: _Case) -> list[Fix]:
    fixes = [Fix(sentence("Ce sont deux élèves"), case.row.rank, "apart")]
    label = cells.clean(next(iter(case.row.divisions or ()), ""))
    if case.other and label and case.kind == "pupil_twice":
        rather = sentence("Retenir plutôt la classe %(label)s")
        fixes.insert(0, Fix(rather, case.other.rank, "out", said={"label": label}))
    return fixes


def _date(case: _Case) -> list[Fix]:
    return [Fix(sentence("Date de naissance"), case.row.rank, field="birth_date", asked="date")]


def _sex(case: _Case) -> list[Fix]:
    sexes = ((sentence("Fille"), "F"), (sentence("Garçon"), "M"))
    return [Fix(label, case.row.rank, field="sex", value=value) for label, value in sexes]


def _class(case: _Case) -> list[Fix]:
    asked: Asked = "choice" if case.classes else "text"
    options = tuple(case.classes)
    return [Fix(sentence("Classe"), case.row.rank, field="division", asked=asked, options=options)]


def _one_class(case: _Case) -> list[Fix]:
    labels = map(cells.clean, case.row.divisions or ())
    return [Fix(label, case.row.rank, field="division", value=label) for label in labels]


def _odd(case: _Case) -> list[Fix]:
    return _names(case.row, lambda name: cells.is_odd(name) or cells.is_damaged(name))


def _long(case: _Case) -> list[Fix]:
    return _names(case.row, lambda name: len(name) > cells.MAX_NAME)


def _leaves(case: _Case) -> list[Fix]:
    return [Fix(sentence("Le retirer de la liste"), case.row.rank, "out")]


def _stays(case: _Case) -> list[Fix]:
    return [Fix(sentence("Il est toujours là\u00a0: le garder"), case.row.rank, "keep")]


_MAKERS: Final[Mapping[str, Callable[[_Case], list[Fix]]]] = {
    "no_name": _no_name,
    "name_too_long": _long,
    "formula": _formula,
    "no_level": _no_level,
    "no_ine": _ine,
    "bad_ine": _ine,
    "same_ine": _same_ine,
    "same_person": _same_person,
    "line_twice": _twice,
    "pupil_twice": _twice,
    "no_birth_date": _date,
    "impossible_date": _date,
    "no_sex": _sex,
    "no_class": _class,
    "bad_class": _class,
    "two_classes": _one_class,
    "odd_name": _odd,
    "letters_lost": _odd,
    "leaves_later": _leaves,
    "left": _stays,
}
