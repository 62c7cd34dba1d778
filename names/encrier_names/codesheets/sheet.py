# SPDX-License-Identifier: AGPL-3.0-or-later
"""The code sheet of a class: a room sheet to sign, slips to cut, a page for the supervisor.

The only place where a name and a code stand side by side, and it is paper. Keeps nothing.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

import segno
from django.utils.translation import override

from encrier import codes, pictograms
from encrier.errors import EncrierError
from encrier.manifest import Manifest
from encrier.records import Record
from encrier_names import dates, typesetting
from encrier_names.codesheets import large_print
from encrier_names.pseudonyms import links
from encrier_names.pseudonyms.links import Sitting
from encrier_names.schools import hours
from encrier_names.schools.lists import pupils_of
from encrier_names.schools.models import Division, Pupil
from encrier_names.sittings import grants

_TEMPLATE: Final = Path(__file__).parent / "code-sheet.typ"
# One dark colour a level, 7:1 on white at least, so that two piles are never mixed up.
COLOURS: Final[Mapping[str, str]] = {
    "CP": "#8a2f1d",
    "CE1": "#6b4a00",
    "CE2": "#2f5d1c",
    "CM1": "#00594f",
    "CM2": "#5a3188",
    "6E": "#1d4f7c",
}
_OTHER_COLOUR: Final = "#3f4a54"
_LEVEL_SHOWN: Final[Mapping[str, str]] = {"6E": "6e"}
_INK: Final = "#1c2733"
_A_PAGE: Final = 8
_LARGE_A_PAGE: Final = 2


class NotValidated(EncrierError):
    what = "Cette classe n’est pas encore validée\u00a0: elle n’a pas de codes."
    next_step = "Le chef d’établissement valide d’abord la liste de la classe."
    status = 409


class Picture(Record, frozen=True):
    """A pictogram on paper."""

    label: str
    svg: str


class Slip(Record, frozen=True):
    """One pupil on the sheet."""

    last_name: str
    first_name: str
    order: str
    code: tuple[str, ...]
    qr: str
    pictures: tuple[Picture, ...]
    screen: str  # the four letters of its screen
    level: str
    colour: str
    is_large: bool  # in large print, after the others


class Level(Record, frozen=True):
    """A level of the class, as its badge shows it: a class may hold two."""

    shown: str
    colour: str


class Sheet(Record, frozen=True):
    """All that stands on the sheet of a class."""

    campaign: str
    school: str
    division: str
    levels: tuple[Level, ...]
    address: str
    ends_on: str
    large: bool  # the room sheet and every slip in large print
    slips: tuple[Slip, ...]


class _Looks(Record, frozen=True):
    """What decides how one slip looks, beside its pupil."""

    address: str
    is_large: bool


@override("fr")  # paper is French, whatever the language of the page
def sheet_pdf(division: Division, manifest: Manifest, *, large: bool = False) -> bytes:
    """The PDF of a validated class: pupils in alphabetical order.

    large: all of it in large print. Else only the slips of pupils whose needs ask for it are.
    """
    pupils = pupils_of(division)
    sittings = links.of(p.id for p in pupils)
    if not pupils or division.validated_at is None or len(sittings) < len(pupils):
        raise NotValidated
    content = sheet(division, manifest, pupils, sittings=sittings, large=large)
    return typesetting.pdf(_TEMPLATE, content, dated=division.validated_at)


def slips_of(division: Division) -> list[Sitting]:
    """Numbers and codes of a class without names, sorted by number: for simulated pupils."""
    sittings = links.of(division.pupils.values_list("id", flat=True))
    return sorted(sittings.values(), key=lambda sitting: sitting.order)


def n_pages(n_pupils: int, n_large: int = 0) -> int:
    """How many pages: one of room sheet, two from 36 pupils on; slips; one for the supervisor."""
    room = 1 if n_pupils < 36 else 2  # noqa: PLR2004 tested on the PDF
    slips = -(-(n_pupils - n_large) // _A_PAGE) + -(-n_large // _LARGE_A_PAGE)
    return room + slips + 1


def n_large(division: Division) -> int:
    """How many pupils of a class are given a slip in large print."""
    granted = grants.of(division.pupils.values_list("id", flat=True))
    return sum(map(large_print.asked_by, granted.values()))


def numbers_given() -> int:
    """How many pupils have a number."""
    return links.count()


def sheet(
    division: Division,
    manifest: Manifest,
    pupils: Sequence[Pupil],
    *,
    sittings: Mapping[UUID, Sitting],
    large: bool = False,
) -> Sheet:
    """Put together what the template sets."""
    granted = grants.of(p.id for p in pupils)
    looks = {
        p.id: _Looks(manifest.address, large or large_print.asked_by(granted[p.id])) for p in pupils
    }
    return Sheet(
        campaign=manifest.label,
        school=division.school.name,
        division=division.label,
        levels=tuple(map(_level, sorted({p.level for p in pupils}, key=_rank))),
        address=manifest.address.removeprefix("https://").removeprefix("http://"),
        ends_on=dates.last_day(manifest.closes_at, hours.of_school(division.school.uai).info),
        large=large,
        slips=tuple(_slip(p, sittings[p.id], looks[p.id]) for p in pupils),
    )


def _rank(level: str) -> tuple[bool, int, str]:
    """The order of school years; what we do not know comes last."""
    known = list(COLOURS)
    return level not in known, known.index(level) if level in known else 0, level


def _level(level: str) -> Level:
    return Level(_LEVEL_SHOWN.get(level, level), COLOURS.get(level, _OTHER_COLOUR))


def _slip(pupil: Pupil, sitting: Sitting, looks: _Looks) -> Slip:
    printed = codes.printed(sitting.code)
    identity, level = pupil.identity, _level(pupil.level)
    qr = segno.make(f"{looks.address}/#{printed}", error="m", micro=False)
    return Slip(
        last_name=identity.used_name or identity.last_name,
        first_name=identity.first_name,
        order=f"{sitting.order[:4]}\u202f{sitting.order[4:]}",
        code=tuple(printed.split("-")),
        qr=qr.svg_inline(border=0, dark=_INK, omitsize=True),
        pictures=tuple(
            Picture(label=p.label, svg=p.svg.replace("currentColor", _INK))
            for p in pictograms.of_sitting(sitting.sid)
        ),
        screen=pictograms.letters_of(sitting.sid),
        level=level.shown,
        colour=level.colour,
        is_large=looks.is_large,
    )
