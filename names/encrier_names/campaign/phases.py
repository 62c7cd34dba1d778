# SPDX-License-Identifier: AGPL-3.0-or-later
"""The windows of a campaign, from its signed manifest, and where we stand in them. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from django.utils.translation import gettext_noop as sentence

from encrier.manifest import Manifest
from encrier.records import Record

State = Literal["past", "now", "later"]
_WHAT: Final[Mapping[str, str]] = {
    sentence("Préparation"): sentence(
        "Importer les listes, les vérifier, les valider, imprimer les codes, essayer "
        "les ordinateurs."
    ),
    sentence("Passation"): sentence(
        "Les élèves se connectent avec leur code. Un élève arrivé depuis peut encore être ajouté."
    ),
    sentence("Derniers envois"): sentence(
        "Un ordinateur dont le réseau était coupé peut encore envoyer ce qu’il garde."
    ),
    sentence("Résultats"): sentence(
        "Les professeurs de la classe et le chef d’établissement consultent les résultats."
    ),
    sentence("Fermeture"): sentence(
        "Plus aucun résultat nominatif n’est consultable, et le lien entre les élèves "
        "et leurs numéros est détruit."
    ),
}


class Phase(Record, frozen=True):
    """One window; it may overlap the next. starts, ends: None is from the first day, for ever."""

    name: str
    what: str
    starts: datetime | None
    ends: datetime | None
    state: State


class Next(Record, frozen=True):
    """What opens or closes next, and in how many days: 0 is today."""

    what: str
    at: datetime
    days: int


def phases(manifest: Manifest, now: datetime) -> tuple[Phase, ...]:
    """The windows in their order."""
    opens, closes = manifest.opens_at, manifest.closes_at
    windows = (
        ("Préparation", None, opens),
        ("Passation", opens, closes),
        ("Derniers envois", closes, manifest.last_save_at),
        ("Résultats", closes, manifest.results_close_at),
        ("Fermeture", manifest.results_close_at, None),
    )
    return tuple(
        Phase(name, _WHAT[name], starts, ends, state=_state(starts, ends, now=now))
        for name, starts, ends in windows
    )


def next_of(manifest: Manifest, now: datetime) -> Next | None:
    """What opens or closes next; None once all is closed."""
    events = (
        (sentence("Les passations ouvrent"), manifest.opens_at),
        (sentence("Les passations ferment"), manifest.closes_at),
        (sentence("La consultation des résultats ferme"), manifest.results_close_at),
    )
    for what, at in events:
        if now < at:
            return Next(what, at, (at.date() - now.date()).days)
    return None


def _state(starts: datetime | None, ends: datetime | None, *, now: datetime) -> State:
    if ends is not None and ends <= now:
        return "past"
    return "later" if starts is not None and now < starts else "now"
