# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the campaign lets a school do today, and whom to ask otherwise. Knows dates, no pupil.

The operator's own verbs are not held by these: who runs them has the database anyway.
"""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext, gettext_lazy

from encrier import clock
from encrier.campaign import Decider, Decides
from encrier.errors import EncrierError
from encrier_names import dates, zone

_ROLES: Final = {
    "supervisor": gettext_lazy("le surveillant"),
    "teacher": gettext_lazy("le professeur"),
    "head": gettext_lazy("le chef d’établissement"),
    "academy": gettext_lazy("le correspondant académique"),
    "ministry": gettext_lazy("le ministère"),
}


class ListsShut(EncrierError):
    what = "Les listes ne sont pas ouvertes."
    next_step = "Le calendrier dit quand elles le sont."
    status = 409


class NotYoursToDecide(EncrierError):
    what = "Dans cette campagne, cette décision n’est pas la vôtre."
    next_step = "Demandez à votre chef d’établissement."
    status = 403


def lists_shut(now: datetime, *, is_late_arrival: bool = False) -> ListsShut | None:
    """Why lists can be neither imported nor validated at a moment; None where they can.

    is_late_arrival: a class that has codes already, and now one pupil more: she may still sit.
    """
    campaign = zone.current().campaign
    window = campaign.windows.lists
    if window is None or window.is_open(now):
        return None
    if now < window.opens:
        moment = {"day": dates.day(window.opens), "hour": dates.hour(window.opens)}
        what = gettext("Les listes ouvrent le {day} à {hour}.")
        advice = gettext("Revenez alors, avec un export du jour. Une question\u00a0? Voyez {ask}.")
        return ListsShut(what.format(**moment), advice.format(ask=campaign.ask))
    if is_late_arrival and now < campaign.windows.sittings_end:
        return None
    moment = {"day": dates.day(window.closes), "hour": dates.hour(window.closes)}
    return ListsShut(
        gettext("Les listes sont closes depuis le {day} à {hour}.").format(**moment),
        gettext(
            "Pour une prolongation, voyez {ask}. Un élève arrivé depuis peut encore être "
            "ajouté à une classe qui a ses codes."
        ).format(ask=campaign.ask),
    )


def refuse_outside_lists(*, is_late_arrival: bool = False) -> None:
    """Refuse an import or a validation before the lists open and after they close."""
    shut = lists_shut(clock.now(), is_late_arrival=is_late_arrival)
    if shut is not None:
        raise shut


def refuse_undecided(role: str, decision: str) -> None:
    """Refuse what the campaign leaves to others; `decision` is a field of `Decides`."""
    deciders: tuple[Decider, ...] = getattr(zone.current().campaign.decides, decision)
    if role not in deciders:
        raise NotYoursToDecide(None, gettext("Demandez\u00a0: {who}.").format(who=shown(deciders)))


def shown(deciders: tuple[Decider, ...]) -> str:
    """Who decides, for a page; « personne » where the campaign names nobody."""
    names = ", ".join(str(_ROLES[one]) for one in deciders)
    return names or gettext("personne")


DECISIONS: Final = {  # a field of Decides: what a page calls it
    "replace_code": gettext_lazy("Donner un code de réserve"),
    "close_row": gettext_lazy("Noter une absence qui clôt la ligne d’un élève"),
    "extend_window": gettext_lazy("Prolonger une période pour un établissement"),
    "reopen_keying": gettext_lazy("Rouvrir la saisie d’une classe"),
}
assert set(DECISIONS) == set(Decides.__struct_fields__)  # noqa: S101 both tables, one list
