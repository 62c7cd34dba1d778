# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules of the follow-up: where a school stands, whether that is late, what it does next.

All of them are here, and pure: counts and dates in, a word, a reason and an action out. `step_of`
reads the counters and no clock, so that it is kept with them; `light_of` adds the day.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from math import inf
from typing import Final, Literal, get_args

from django.utils.translation import gettext, gettext_lazy, ngettext
from django.utils.translation import gettext_noop as _

from encrier.records import Record
from encrier_names.schools.hours import day_in_paris

Step = Literal[
    "no-list",
    "to-validate",
    "some-validated",
    "to-print",
    "ready",
    "under-way",
    "nearly",
    "done",
    "declared",
]
Colour = Literal["red", "amber", "green"]
STEPS: Final[tuple[Step, ...]] = get_args(Step)
COLOURS: Final[tuple[Colour, ...]] = get_args(Colour)
NEARLY: Final = 0.9  # of those who are awaited have finished

SHOWN: Final = {  # never told by colour alone
    "red": gettext_lazy("En retard"),
    "amber": gettext_lazy("À suivre"),
    "green": gettext_lazy("En ordre"),
}
STEP_SHOWN: Final[Mapping[str, object]] = {
    "no-list": gettext_lazy("Aucune liste"),
    "to-validate": gettext_lazy("Liste à valider"),
    "some-validated": gettext_lazy("Liste validée en partie"),
    "to-print": gettext_lazy("Codes à imprimer"),
    "ready": gettext_lazy("Prêt"),
    "under-way": gettext_lazy("Passations en cours"),
    "nearly": gettext_lazy("Rattrapages"),
    "done": gettext_lazy("Tous ont terminé"),
    "declared": gettext_lazy("Fin déclarée"),
}
ACTION: Final[Mapping[str, object]] = {
    "no-list": gettext_lazy("Importer la liste des élèves"),
    "to-validate": gettext_lazy("Vérifier et valider les listes"),
    "some-validated": gettext_lazy("Valider les listes qui restent"),
    "to-print": gettext_lazy("Imprimer les codes"),
    "ready": gettext_lazy("Faire passer les élèves"),
    "under-way": gettext_lazy("Faire passer les élèves qui restent"),
    "nearly": gettext_lazy("Rattraper les absents"),
    "done": gettext_lazy("Déclarer la fin"),
    "declared": gettext_lazy("Rien"),
}


class Facts(Record, frozen=True):
    """What the counters of a school say; divisions: its classes that have pupils."""

    divisions: int
    validated: int
    printed: int
    pupils: int
    awaited: int
    started: int
    finished: int
    declared_at: datetime | None


def step_of(facts: Facts) -> Step:
    """Where a school stands, whatever the day."""
    if facts.declared_at is not None:
        return "declared"
    if facts.pupils == 0:
        return "no-list"
    if facts.validated < facts.divisions:
        return "some-validated" if facts.validated else "to-validate"
    if facts.finished >= facts.awaited:
        return "done"
    if facts.started + facts.finished == 0:
        return "to-print" if facts.printed < facts.validated else "ready"
    return "nearly" if facts.finished >= NEARLY * facts.awaited else "under-way"


class Window(Record, frozen=True):
    """When a school sits, and what day it is."""

    opens_at: datetime
    ends_at: datetime  # of this school
    now: datetime
    is_keyed: bool = False  # everybody answers on paper: what ends is the keying

    @property
    def to_opening(self) -> int:
        """Days until it opens: 0 is today; negative once it is open."""
        return (day_in_paris(self.opens_at) - day_in_paris(self.now)).days

    @property
    def open_for(self) -> int:
        """Days since it opened."""
        return -self.to_opening

    @property
    def left(self) -> int:
        """Days until it ends: 0 is today."""
        return (day_in_paris(self.ends_at) - day_in_paris(self.now)).days

    @property
    def is_before(self) -> bool:
        return self.now < self.opens_at

    @property
    def is_over(self) -> bool:
        return self.now >= self.ends_at

    @property
    def is_open(self) -> bool:
        return not self.is_before and not self.is_over


class Light(Record, frozen=True):
    """Whether a school is late, and why."""

    colour: Colour
    reason: str

    @property
    def shown(self) -> object:
        """In a word."""
        return SHOWN[self.colour]


class _Rule(Record, frozen=True):
    steps: Collection[str]  # of Step
    holds: Callable[[Window], bool]
    colour: Colour
    reason: str  # a French sentence; {since}, {opens} and {ends} are days in words


def _always(_window: Window) -> bool:
    return True


def _before(days: float = inf) -> Callable[[Window], bool]:
    """Not open yet, and so many days to go at most."""
    return lambda window: window.is_before and window.to_opening <= days


def _open(since: float = 0, *, left: float = inf) -> Callable[[Window], bool]:
    """Open, for so many days at least, and so many left at most."""
    return lambda w: w.is_open and w.open_for >= since and w.left <= left


_LISTS: Final[tuple[Step, ...]] = ("to-validate", "some-validated")
_READY: Final[tuple[Step, ...]] = ("to-print", "ready")
_SITTING: Final[tuple[Step, ...]] = ("under-way", "nearly")
_NOT_VALID: Final = _("Fenêtre ouverte depuis {since} et liste non validée")

# The first that holds counts; each day is one of Paris.
_RULES: Final = (
    _Rule(("declared",), _always, "green", _("Fin déclarée")),
    # before the window
    _Rule(("no-list",), _before(3), "red", _("Aucune liste, et la fenêtre ouvre {opens}")),
    _Rule(("no-list",), _before(14), "amber", _("Aucune liste, et la fenêtre ouvre {opens}")),
    _Rule(_LISTS, _before(1), "red", _("Liste non validée, et la fenêtre ouvre {opens}")),
    _Rule(_LISTS, _before(7), "amber", _("Liste non validée, et la fenêtre ouvre {opens}")),
    _Rule(("to-print",), _before(2), "amber", _("Codes à imprimer, et la fenêtre ouvre {opens}")),
    _Rule(STEPS, _before(), "green", _("La fenêtre ouvre {opens}")),
    # while it is open
    _Rule(("no-list",), _open(), "red", _("Fenêtre ouverte depuis {since} et aucune liste")),
    _Rule(_LISTS, _open(since=3), "red", _NOT_VALID),
    _Rule(_LISTS, _open(left=3), "red", _("Liste non validée, et la fenêtre ferme {ends}")),
    _Rule(_LISTS, _open(), "amber", _NOT_VALID),
    _Rule(_READY, _open(left=3), "red", _("Aucune passation, et la fenêtre ferme {ends}")),
    _Rule(_READY, _open(since=5), "amber", _("Fenêtre ouverte depuis {since}, aucune passation")),
    _Rule(_READY, _open(), "green", _("Rien ne manque, la fenêtre ferme {ends}")),
    _Rule(("under-way",), _open(left=1), "red", _("Des élèves manquent, la fenêtre ferme {ends}")),
    _Rule(
        ("under-way",), _open(left=4), "amber", _("Des élèves manquent, la fenêtre ferme {ends}")
    ),
    _Rule(("nearly",), _open(left=1), "amber", _("Des absents, et la fenêtre ferme {ends}")),
    _Rule(_SITTING, _open(), "green", _("Passations en cours, la fenêtre ferme {ends}")),
    _Rule(("done",), _open(), "green", _("Tous ont terminé, la fin peut être déclarée")),
    # once it is over
    _Rule(("no-list",), _always, "red", _("Fenêtre fermée et aucune liste")),
    _Rule(_LISTS, _always, "red", _("Fenêtre fermée et liste non validée")),
    _Rule(_READY, _always, "red", _("Fenêtre fermée et aucune passation")),
    _Rule(("under-way",), _always, "amber", _("Fenêtre fermée, des élèves manquent")),
    _Rule(("nearly", "done"), _always, "green", _("Fenêtre fermée")),
)


def light_of(step: str, window: Window) -> Light:
    """Whether a school at this step is late, and why."""
    rule = next(rule for rule in _RULES if step in rule.steps and rule.holds(window))
    reason = gettext(rule.reason).format(
        since=_for(window.open_for), opens=_in(window.to_opening), ends=_in(window.left)
    )
    return Light(rule.colour, reason)


def _for(days: int) -> str:
    if days <= 0:
        return gettext("aujourd’hui")
    return ngettext("{n} jour", "{n} jours", days).format(n=days)


def _in(days: int) -> str:
    if days <= 0:
        return gettext("aujourd’hui")
    if days == 1:
        return gettext("demain")
    return ngettext("dans {n} jour", "dans {n} jours", days).format(n=days)
