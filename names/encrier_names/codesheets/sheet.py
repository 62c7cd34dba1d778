# SPDX-License-Identifier: AGPL-3.0-or-later
"""The code sheet of a class: a room sheet to sign, slips to cut, a page for the supervisor.

The only place where a name and a code stand side by side, and it is paper. Keeps nothing.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

import segno

from encrier import codes, pictograms
from encrier.errors import EncrierError
from encrier.manifest import Manifest
from encrier.records import Record
from encrier_names import dates, typesetting
from encrier_names.pseudonyms import links
from encrier_names.pseudonyms.rows import Sitting
from encrier_names.schools.lists import pupils_of
from encrier_names.schools.models import Division, Identity, Pupil
from encrier_names.validation import reserves

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


class Sheet(Record, frozen=True):
    """All that stands on the sheet of a class."""

    campaign: str
    school: str
    division: str
    level: str
    colour: str
    address: str
    ends_on: str
    slips: tuple[Slip, ...]
    reserves: tuple[Slip, ...] = ()  # without a name, for whoever supervises


def sheet_pdf(division: Division, manifest: Manifest) -> bytes:
    """The PDF of a validated class: pupils in alphabetical order."""
    pupils = pupils_of(division)
    sittings = links.of(p.id for p in pupils)
    held = reserves.ranks(division)
    drawn = links.readiness([p.id for p in pupils], reserves=held)
    if not pupils or division.validated_at is None or drawn.drawn < len(pupils):
        raise NotValidated
    if not drawn.is_ready:
        raise KeysAwaited
    spare = {held[row]: sitting for row, sitting in links.of_reserves(held).items()}
    content = sheet(division, manifest, pupils, sittings=sittings, spare=spare)
    return typesetting.pdf(_TEMPLATE, content, dated=division.validated_at)


def slips_of(division: Division) -> list[Sitting]:
    """Numbers and codes of a class without names, sorted by number: for simulated pupils."""
    sittings = links.of(division.pupils.values_list("id", flat=True))
    return sorted(sittings.values(), key=lambda sitting: sitting.order)


def n_pages(n_pupils: int, *, n_reserves: int = 0) -> int:
    """How many pages: one of room sheet, two from 32 pupils on; slips; one for the supervisor."""
    slips = (n_pupils + 7) // 8 + (n_reserves + 7) // 8
    return (1 if n_pupils < 32 else 2) + slips + 1  # noqa: PLR2004 tested on the PDF


def numbers_given() -> int:
    """How many pupils have a number."""
    return links.count() - len(reserves.not_given())


def sheet(
    division: Division,
    manifest: Manifest,
    pupils: Sequence[Pupil],
    *,
    sittings: Mapping[UUID, Sitting],
    spare: Mapping[int, Sitting] | None = None,
) -> Sheet:
    """Put together what the template sets; `spare`: reserve codes by their rank."""
    address = manifest.address
    level = pupils[0].level
    slips = tuple(_slip(p.identity, sittings[p.id], address=address) for p in pupils)
    return Sheet(
        campaign=manifest.label,
        school=division.school.name,
        division=division.label,
        level=_LEVEL_SHOWN.get(level, level),
        colour=COLOURS.get(level, _OTHER_COLOUR),
        address=address.removeprefix("https://").removeprefix("http://"),
        ends_on=dates.last_day(manifest.closes_at),
        slips=slips,
        reserves=tuple(
            _slip(Identity(last_name=f"Réserve {rank}", first_name=""), sitting, address=address)
            for rank, sitting in sorted((spare or {}).items())
        ),
    )


def _slip(identity: Identity, sitting: Sitting, *, address: str) -> Slip:
    printed = codes.printed(sitting.code)
    qr = segno.make(f"{address}/#{printed}", error="m", micro=False)
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
    )
