# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock of a school: that of its island or territory overseas, else that of Paris.

By the first three digits of its number, which are its département's. Pure; knows no pupil.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop as sentence

from encrier.records import Record
from encrier_names.rosters.identifiers import plain


class Clock(Record, frozen=True):
    """A time zone, and how « heures … » goes on."""

    zone: str
    of: str  # a msgid

    @property
    def info(self) -> ZoneInfo:
        """The zone itself."""
        return ZoneInfo(self.zone)


PARIS: Final = Clock("Europe/Paris", sentence("de Paris"))
PARIS_TIME: Final = PARIS.info  # by which the country's windows and figures go
_OVERSEAS: Final[Mapping[str, Clock]] = {
    "971": Clock("America/Guadeloupe", sentence("de la Guadeloupe")),
    "972": Clock("America/Martinique", sentence("de la Martinique")),
    "973": Clock("America/Cayenne", sentence("de la Guyane")),
    "974": Clock("Indian/Reunion", sentence("de La Réunion")),
    "975": Clock("America/Miquelon", sentence("de Saint-Pierre-et-Miquelon")),
    "976": Clock("Indian/Mayotte", sentence("de Mayotte")),
    "977": Clock("America/St_Barthelemy", sentence("de Saint-Barthélemy")),
    "978": Clock("America/Marigot", sentence("de Saint-Martin")),
    "986": Clock("Pacific/Wallis", sentence("de Wallis-et-Futuna")),
    "987": Clock("Pacific/Tahiti", sentence("de Tahiti")),
    "988": Clock("Pacific/Noumea", sentence("de Nouméa")),
}
_ACADEMIES: Final[Mapping[str, str]] = {  # as the directory writes them, folded
    "guadeloupe": "971",
    "martinique": "972",
    "guyane": "973",
    "la reunion": "974",
    "mayotte": "976",
}


def of_school(uai: str) -> Clock:
    """The clock that hangs in a school."""
    return _OVERSEAS.get(uai[:3], PARIS)


def day_in_paris(moment: datetime) -> date:
    """The day that it is in Paris."""
    return moment.astimezone(PARIS_TIME).date()


def of_academy(name: str) -> Clock:
    """The clock of an académie."""
    return _OVERSEAS.get(_ACADEMIES.get(plain(name), ""), PARIS)
