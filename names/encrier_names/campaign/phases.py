# SPDX-License-Identifier: AGPL-3.0-or-later
"""The windows of a campaign and where we stand in them: pure, but for the clock of the reader."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from django.utils import timezone
from django.utils.translation import gettext_noop as sentence

from encrier.campaign import Campaign, Window, Windows
from encrier.manifest import Manifest
from encrier.records import Record

State = Literal["past", "now", "later"]
_WHAT: Final[Mapping[str, str]] = {
    sentence("Préparation"): sentence(
        "Importer les listes, les vérifier, les valider, imprimer les codes, essayer "
        "les ordinateurs."
    ),
    sentence("Listes"): sentence(
        "Importer les listes, les vérifier, les valider. Imprimer les codes, essayer "
        "les ordinateurs."
    ),
    sentence("Rattrapage"): sentence("Les élèves qui étaient absents passent ce qui leur manque."),
    sentence("Saisie"): sentence("Les professeurs saisissent les réponses des cahiers."),
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
        "Plus aucun résultat nominatif n’est consultable, et le lien entre les "
        "élèves et leurs numéros est détruit."
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


def phases(campaign: Campaign, manifest: Manifest, now: datetime) -> tuple[Phase, ...]:
    """The windows in their order. manifest: says when the last computer may still send."""
    windows = campaign.windows
    end, lists, results = windows.sittings_end, windows.lists, windows.results
    spans: tuple[tuple[str, datetime | None, datetime | None], ...] = (
        ("Préparation", None, windows.sittings.opens)
        if lists is None
        else ("Listes", lists.opens, lists.closes),
        ("Passation", windows.sittings.opens, windows.sittings.closes),
        *_span("Rattrapage", windows.catch_up),
        *_span("Saisie", windows.keying),
        ("Derniers envois", end, manifest.last_save_at),
        ("Résultats", results.opens, results.closes),
        ("Fermeture", results.closes, None),
    )
    return tuple(
        Phase(name, _WHAT[name], starts, ends, state=_state(starts, ends, now=now))
        for name, starts, ends in spans
    )


def next_of(campaign: Campaign, now: datetime) -> Next | None:
    """What opens or closes next; None once all is closed."""
    events = _events(campaign.windows)
    coming = [(at, what) for what, at in events if now < at]
    if not coming:
        return None
    at, what = min(coming)
    return Next(what, at, (timezone.localdate(at) - timezone.localdate(now)).days)


def _events(windows: Windows) -> list[tuple[str, datetime]]:
    named = (
        (sentence("Les listes ouvrent"), sentence("Les listes ferment"), windows.lists),
        (sentence("Les passations ouvrent"), sentence("Les passations ferment"), windows.sittings),
        (sentence("Le rattrapage ouvre"), sentence("Le rattrapage ferme"), windows.catch_up),
        (sentence("La saisie ouvre"), sentence("La saisie ferme"), windows.keying),
    )
    found = [
        event
        for opening, closing, window in named
        if window is not None
        for event in ((opening, window.opens), (closing, window.closes))
    ]
    return [*found, (sentence("La consultation des résultats ferme"), windows.results.closes)]


def _span(name: str, window: Window | None) -> tuple[tuple[str, datetime, datetime], ...]:
    return () if window is None else ((name, window.opens, window.closes),)


def _state(starts: datetime | None, ends: datetime | None, *, now: datetime) -> State:
    if ends is not None and ends <= now:
        return "past"
    return "later" if starts is not None and now < starts else "now"
