# SPDX-License-Identifier: AGPL-3.0-or-later
"""The windows of a campaign, from its signed manifest, and where we stand in them. Pure."""

from datetime import datetime, timedelta
from typing import Literal

from encrier.manifest import Manifest
from encrier.records import Record

State = Literal["past", "now", "later"]


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
    heard_until = manifest.closes_at + timedelta(hours=manifest.grace_h)
    windows: tuple[tuple[str, str, datetime | None, datetime | None], ...] = (
        (
            "Préparation",
            (
                "Importer les listes, les vérifier, les valider, imprimer les codes, essayer les "
                "ordinateurs."
            ),
            None,
            manifest.opens_at,
        ),
        (
            "Passation",
            (
                "Les élèves se connectent avec leur code. Un élève arrivé depuis peut encore être "
                "ajouté."
            ),
            manifest.opens_at,
            manifest.closes_at,
        ),
        (
            "Derniers envois",
            "Un ordinateur dont le réseau était coupé peut encore envoyer ce qu’il garde.",
            manifest.closes_at,
            heard_until,
        ),
        (
            "Résultats",
            "Les professeurs de la classe et le chef d’établissement consultent les résultats.",
            manifest.closes_at,
            manifest.results_close_at,
        ),
        (
            "Fermeture",
            (
                "Plus aucun résultat nominatif n’est consultable, et le lien entre les élèves et "
                "leurs numéros est détruit."
            ),
            manifest.results_close_at,
            None,
        ),
    )
    return tuple(Phase(*window, state=_state(*window[2:], now=now)) for window in windows)


def next_of(manifest: Manifest, now: datetime) -> Next | None:
    """What opens or closes next; None once all is closed."""
    events = (
        ("Les passations ouvrent", manifest.opens_at),
        ("Les passations ferment", manifest.closes_at),
        ("La consultation des résultats ferme", manifest.results_close_at),
    )
    for what, at in events:
        if now < at:
            return Next(what, at, (at.date() - now.date()).days)
    return None


def _state(starts: datetime | None, ends: datetime | None, *, now: datetime) -> State:
    if ends is not None and ends <= now:
        return "past"
    return "later" if starts is not None and now < starts else "now"
