# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a head does next: one sentence and one button, from the counters and the day. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from django.utils.translation import gettext, gettext_lazy, ngettext

from encrier.records import Record
from encrier_names.dates import day, hour
from encrier_names.followup.steps import Step, Window

Page = Literal["import", "list", "codes", "sittings", "missing", "end", "results", "calendar"]
TRAIL: Final = (
    gettext_lazy("Importer"),
    gettext_lazy("Valider"),
    gettext_lazy("Imprimer"),
    gettext_lazy("Faire passer"),
    gettext_lazy("Rattraper"),
    gettext_lazy("Déclarer la fin"),
    gettext_lazy("Résultats"),
)
_PLACE: Final[Mapping[str, int]] = {
    "no-list": 0,
    "to-validate": 1,
    "some-validated": 1,
    "to-print": 2,
    "ready": 3,
    "under-way": 3,
    "nearly": 4,
    "done": 5,
    "declared": 6,
}


class Guide(Record, frozen=True):
    """What comes next. place: in `TRAIL`; page: where the button leads."""

    place: int
    sentence: str
    button: str
    page: Page


def guide(step: str, window: Window, *, divisions_left: int, finished: int, awaited: int) -> Guide:
    """What the head of a school does next.

    divisions_left: classes to validate, or to print.
    """
    if window.is_over and step not in {"no-list", "declared"}:
        return Guide(
            len(TRAIL) - 1,
            gettext(
                "La fenêtre est fermée. Ce qui n’est pas terminé est traité sans vous\u00a0: "
                "vous n’avez rien à faire."
            ),
            gettext("Voir les résultats"),
            "results",
        )
    place = _PLACE[step]
    match step:
        case "no-list" | "to-validate" | "some-validated" | "to-print":
            return _before(step, place, divisions_left)
        case "ready":
            return _ready(place, window)
        case "done":
            said = gettext("Tous les élèves attendus ont terminé.")
            return Guide(place, said, gettext("Déclarer la fin"), "end")
        case "declared":
            said = gettext("Vous avez déclaré la fin. Il ne reste que les résultats à lire.")
            return Guide(place, said, gettext("Voir les résultats"), "results")
    return _missing(place, awaited - finished, window)


def _before(step: Step | str, place: int, divisions_left: int) -> Guide:
    if step == "no-list":
        said = gettext(
            "Aucune classe pour l’instant. Importez la liste depuis SIECLE ou ONDE\u00a0: vous "
            "verrez ce qui a été compris avant que rien ne soit enregistré."
        )
        return Guide(place, said, gettext("Importer une liste d’élèves"), "import")
    if step == "to-print":
        said = ngettext(
            "La validation est faite. Il reste à imprimer les codes d’une classe.",
            "La validation est faite. Il reste à imprimer les codes de {n} classes.",
            divisions_left,
        )
        return Guide(place, said.format(n=divisions_left), gettext("Imprimer les codes"), "codes")
    said = ngettext(
        "Une liste est à vérifier, puis à valider.",
        "{n} listes sont à vérifier, puis à valider.",
        divisions_left,
    )
    button = gettext("Vérifier et valider")
    return Guide(place, said.format(n=divisions_left), button, "list")


def _ready(place: int, window: Window) -> Guide:
    if window.is_before:
        when = window.opens_at
        sentence = gettext("Tout est prêt. Les passations ouvrent le {day} à {hour}.")
        said = sentence.format(day=day(when), hour=hour(when))
        return Guide(place, said, gettext("Voir le calendrier"), "calendar")
    if window.is_keyed:
        sentence = gettext("Tout est prêt\u00a0: les cahiers peuvent être saisis, {until}.")
        button = gettext("Suivre la saisie")
    else:
        sentence = gettext("Tout est prêt\u00a0: les élèves peuvent passer, {until}.")
        button = gettext("Suivre les passations")
    return Guide(place, sentence.format(until=_until(window.ends_at)), button, "sittings")


def _missing(place: int, n_missing: int, window: Window) -> Guide:
    if window.is_keyed:
        said = ngettext(
            "Un élève n’est pas encore saisi en entier\u00a0; il peut l’être {until}.",
            "{n} élèves ne sont pas encore saisis en entier\u00a0; ils peuvent l’être {until}.",
            n_missing,
        )
    else:
        said = ngettext(
            "Un élève n’a pas encore terminé\u00a0; il peut passer {until}.",
            "{n} élèves n’ont pas encore terminé\u00a0; ils peuvent passer {until}.",
            n_missing,
        )
    sentence = said.format(n=n_missing, until=_until(window.ends_at))
    return Guide(place, sentence, gettext("Voir qui manque"), "missing")


def _until(moment: datetime) -> str:
    said = gettext("jusqu’au {day} à {hour}")
    return said.format(day=day(moment), hour=hour(moment))
