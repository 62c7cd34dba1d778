# SPDX-License-Identifier: AGPL-3.0-or-later
"""The code sheet of a class: a room sheet to sign, slips to cut, a page for the supervisor.

The only place where a name and a code stand side by side, and it is paper. Keeps nothing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from encrier import codes, pictograms
from encrier.errors import EncrierError
from encrier.manifest import Manifest
from encrier.records import Record
from encrier_names import dates, typesetting
from encrier_names.codesheets import large_print, qr
from encrier_names.followup import windows
from encrier_names.pseudonyms import links
from encrier_names.pseudonyms.rows import Sitting
from encrier_names.schools.lists import pupils_of
from encrier_names.schools.models import Division, Identity, Pupil
from encrier_names.sittings import grants
from encrier_names.typesetting import on_paper
from encrier_names.validation import reserves

TEMPLATE: Final = Path(__file__).parent / "code-sheet.typ"
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


class KeysAwaited(EncrierError):
    what = "Les codes de cette classe sont tirés, mais ne sont pas encore prêts."
    next_step = "Attendez quelques minutes\u00a0: la page des codes dit combien le sont déjà."
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
    reserves: tuple[Slip, ...]  # without a name, for whoever supervises


class _Looks(Record, frozen=True):
    """What decides how one slip looks, beside its pupil."""

    address: str
    is_large: bool


def sheet_pdf(division: Division, manifest: Manifest, *, large: bool = False) -> bytes:
    """The PDF of a validated class.

    large: all of it in large print. Else only the slips of pupils whose needs ask for it are.
    Raises NotValidated, KeysAwaited.
    """
    if division.validated_at is None:
        raise NotValidated
    content = sheet(division, manifest, large=large)
    return typesetting.pdf(TEMPLATE, content, dated=division.validated_at)


def sheet(division: Division, manifest: Manifest, *, large: bool = False) -> Sheet:
    """What the template sets of a validated class: pupils by name, then reserves by rank."""
    pupils, held = pupils_of(division), reserves.ranks(division)
    drawn = links.readiness([p.id for p in pupils], reserves=held)
    if not pupils or drawn.drawn < len(pupils):
        raise NotValidated
    if not drawn.is_ready:
        raise KeysAwaited
    looks = _Looks(manifest.address, large)
    with on_paper.of_school(division.school):
        return Sheet(
            campaign=manifest.label,
            school=division.school.name,
            division=division.label,
            levels=tuple(map(_level, sorted({p.level for p in pupils}, key=_rank))),
            address=manifest.address.removeprefix("https://").removeprefix("http://"),
            ends_on=dates.last_day(windows.ends_at(division.school, manifest)),
            large=large,
            slips=_slips(pupils, looks),
            reserves=_spare(division, held, looks),
        )


def slips_of(division: Division) -> list[Sitting]:
    """Numbers and codes of a class without names, sorted by number: for simulated pupils."""
    sittings = links.of(division.pupils.values_list("id", flat=True))
    return sorted(sittings.values(), key=lambda sitting: sitting.order)


def n_pages(n_pupils: int, n_large: int = 0, *, n_reserves: int = 0) -> int:
    """How many pages: one of room sheet, two from 36 pupils on; slips; one for the supervisor."""
    room = 1 if n_pupils < 36 else 2  # noqa: PLR2004 tested on the PDF
    slips = -(-(n_pupils - n_large) // _A_PAGE) + -(-n_large // _LARGE_A_PAGE)
    return room + slips + -(-n_reserves // _A_PAGE) + 1


def n_large(division: Division) -> int:
    """How many pupils of a class are given a slip in large print."""
    granted = grants.of(division.pupils.values_list("id", flat=True))
    return sum(map(large_print.asked_by, granted.values()))


def n_pages_of(divisions: Sequence[Division]) -> dict[UUID, int]:
    """How many pages the sheet of each of these classes takes, in three queries for all."""
    pupils = dict(Pupil.objects.filter(division__in=divisions).values_list("id", "division"))
    large = (pupil for pupil, grant in grants.of(pupils).items() if large_print.asked_by(grant))
    in_class, in_large = Counter(pupils.values()), Counter(pupils[pupil] for pupil in large)
    held = reserves.counted(divisions)
    return {d.id: n_pages(in_class[d.id], in_large[d.id], n_reserves=held[d.id]) for d in divisions}


def numbers_given() -> int:
    """How many pupils have a number."""
    return links.count() - len(reserves.not_given())


def _slips(pupils: Sequence[Pupil], looks: _Looks) -> tuple[Slip, ...]:
    """The slips of these pupils; in large print those whose needs ask for it, or all."""
    sittings, granted = links.of(p.id for p in pupils), grants.of(p.id for p in pupils)
    of_each = {
        p.id: _Looks(looks.address, looks.is_large or large_print.asked_by(granted[p.id]))
        for p in pupils
    }
    return tuple(_slip(p.identity, p.level, sittings[p.id], of_each[p.id]) for p in pupils)


def _rank(level: str) -> tuple[bool, int, str]:
    """The order of school years; what we do not know comes last."""
    known = list(COLOURS)
    return level not in known, known.index(level) if level in known else 0, level


def level_shown(level: str) -> str:
    """A level as people write it: « 6e »."""
    return _LEVEL_SHOWN.get(level, level)


def _level(level: str) -> Level:
    return Level(level_shown(level), COLOURS.get(level, _OTHER_COLOUR))


def _spare(division: Division, held: Mapping[UUID, int], looks: _Looks) -> tuple[Slip, ...]:
    """The slips of the reserve codes of a class, which name nobody. held: ranks, by reserve."""
    level = reserves.level_of(division)
    return tuple(
        _slip(Identity(last_name=f"Réserve {held[row]}", first_name=""), level, sitting, looks)
        for row, sitting in sorted(links.of_reserves(held).items(), key=lambda one: held[one[0]])
    )


def _slip(identity: Identity, at_level: str, sitting: Sitting, looks: _Looks) -> Slip:
    printed = codes.printed(sitting.code)
    level = _level(at_level)
    return Slip(
        last_name=identity.used_name or identity.last_name,
        first_name=identity.first_name,
        order=f"{sitting.order[:4]}\u202f{sitting.order[4:]}",
        code=tuple(printed.split("-")),
        qr=qr.svg(f"{looks.address}/#{printed}", ink=_INK),
        pictures=tuple(
            Picture(label=p.label, svg=p.svg.replace("currentColor", _INK))
            for p in pictograms.of_sitting(sitting.sid)
        ),
        screen=pictograms.letters_of(sitting.sid),
        level=level.shown,
        colour=level.colour,
        is_large=looks.is_large,
    )
