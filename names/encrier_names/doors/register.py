# SPDX-License-Identifier: AGPL-3.0-or-later
"""The register: what results may know of each pupil, by number. docs/spec/register.md.

Never a name, a date of birth, an INE or a UAI: school and class are drawn numbers, and the
background holds only what the campaign declares.
"""

from collections.abc import Sequence

from encrier.manifest import Manifest
from encrier.wire import Register, Registered
from encrier_names import zone
from encrier_names.pseudonyms import links
from encrier_names.pseudonyms.rows import Sitting
from encrier_names.schools.models import Identity, Pupil
from encrier_names.settings import Variable
from encrier_names.sittings import grants
from encrier_names.validation import reserves


def background(identity: Identity, declared: Sequence[Variable]) -> dict[str, str]:
    """The declared variables of one pupil; one that is not known is left out."""
    values: dict[Variable, str | None] = {
        "sex": identity.sex,
        "birth_quarter": _quarter(identity),
    }
    return {name: value for name in declared if (value := values[name]) is not None}


def register(manifest: Manifest, *, declared: Sequence[Variable]) -> Register:
    """Every pupil who has a number, sorted by number, which is random."""
    pupils = {p.id: p for p in Pupil.objects.select_related("division__school")}
    granted = grants.of(pupils)
    campaign = zone.current().campaign
    rows = [
        Registered(
            order=sitting.order,
            sid=sitting.sid,
            mac=sitting.mac,
            level=pupils[pupil].level,
            bundle=campaign.booklet_of(pupils[pupil].level),
            school=pupils[pupil].division.school.number,
            class_number=pupils[pupil].division.number,
            settings=list(granted[pupil].designated),
            background=background(pupils[pupil].identity, declared),
        )
        for pupil, sitting in links.of(pupils).items()
    ]
    nobodys = [*links.set_aside(), *links.of_reserves(reserves.not_given()).values()]
    rows += [_of_nobody(sitting, manifest) for sitting in nobodys]
    return Register(campaign=manifest.campaign, rows=sorted(rows, key=lambda row: row.order))


def _of_nobody(sitting: Sitting, manifest: Manifest) -> Registered:
    """A number taken back, or in reserve: of no school and no class."""
    return Registered(
        order=sitting.order,
        sid=sitting.sid,
        mac=sitting.mac,
        level=manifest.level,
        bundle=zone.current().campaign.booklet_of(manifest.level),
        school=0,
        class_number=0,
        settings=[],
        background={},
        set_aside=True,
    )


def _quarter(identity: Identity) -> str | None:
    if identity.birth_date is None:
        return None
    return f"{identity.birth_date.year}-Q{(identity.birth_date.month + 2) // 3}"
