# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows of the audit as French sentences: who did what, about which class or pupil.

Shows the name of a pupil only where the caller gives it: who may see it anyway.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy

from encrier.records import Record
from encrier_names.audit.models import Access, Action
from encrier_names.people import accounts
from encrier_names.schools.models import Division, Role, Staff

# What each action is called; every Action has its words (a test).
WORDS: Final = {
    Action.CLASS_LIST: gettext_lazy("a vu la liste de la classe"),
    Action.CLASS_PROGRESS: gettext_lazy("a suivi la passation de la classe"),
    Action.CLASS_RESULTS: gettext_lazy("a vu les résultats de la classe"),
    Action.PUPIL_RESULTS: gettext_lazy("a vu les résultats d’un élève"),
    Action.PUPIL_SHEET: gettext_lazy("a imprimé la fiche de résultats d’un élève"),
    Action.PUPIL_IDENTITY: gettext_lazy("a ouvert la fiche d’un élève"),
    Action.PUPIL_ADDED: gettext_lazy("a ajouté un élève"),
    Action.PUPIL_CORRECTED: gettext_lazy("a corrigé le nom d’un élève"),
    Action.PUPIL_REMOVED: gettext_lazy("a retiré un élève"),
    Action.PUPIL_MOVED: gettext_lazy("a changé un élève de classe"),
    Action.PUPIL_CLOSED: gettext_lazy("a clos la ligne d’un élève"),
    Action.PUPIL_REOPENED: gettext_lazy("a rouvert la ligne d’un élève"),
    Action.LIST_REOPENED: gettext_lazy("a rouvert la liste de la classe"),
    Action.SITTING_PAUSED: gettext_lazy("a mis une passation en pause"),
    Action.SITTING_RESUMED: gettext_lazy("a repris une passation"),
    Action.SITTING_CLOSED: gettext_lazy("a fermé une passation"),
    Action.SITTING_REOPENED: gettext_lazy("a rouvert une passation"),
    Action.CODE_REPLACED: gettext_lazy("a donné un nouveau code à un élève"),
    Action.PUPIL_NEEDS: gettext_lazy("a vu les besoins d’un élève"),
    Action.PUPIL_GRANTED: gettext_lazy("a changé les aménagements d’un élève"),
    Action.CODE_SHEET: gettext_lazy("a imprimé les codes de la classe"),
    Action.VALIDATION: gettext_lazy("a validé la liste de la classe"),
    Action.IMPORT: gettext_lazy("a importé une liste d’élèves"),
    Action.IMPORT_UNDONE: gettext_lazy("a annulé un import"),
    Action.CODE_PAGE: gettext_lazy("a ouvert la page du code d’un élève"),
    Action.CODES_EXCHANGED: gettext_lazy("a remis en ordre les codes échangés de deux élèves"),
    Action.RESERVE_GIVEN: gettext_lazy("a donné un code de réserve à un élève"),
    Action.SESSION_BOARD: gettext_lazy("a suivi une séance"),
    Action.SESSION_MADE: gettext_lazy("a prévu une séance"),
    Action.SESSION_CHANGED: gettext_lazy("a changé une séance"),
    Action.SESSION_REMOVED: gettext_lazy("a retiré une séance"),
    Action.SEAT_MOVED: gettext_lazy("a changé un élève de place"),
    Action.SEAT_ABSENT: gettext_lazy("a noté un élève absent d’une séance"),
    Action.SEAT_PRESENT: gettext_lazy("a noté un élève présent à une séance"),
    Action.EXTRA_TIME: gettext_lazy("a donné du temps de plus"),
    Action.INCIDENT_WRITTEN: gettext_lazy("a noté un incident"),
    Action.INCIDENTS_READ: gettext_lazy("a lu les incidents"),
    Action.SESSION_RECEIPT: gettext_lazy("a vu le relevé d’une séance"),
    Action.SESSION_SIGNED: gettext_lazy("a signé le relevé d’une séance"),
    Action.RECEIPT_PAPER: gettext_lazy("a imprimé le relevé d’une séance"),
    Action.PLAN_PROPOSED: gettext_lazy("a fait proposer les séances"),
    Action.CLASS_LIST_PDF: gettext_lazy("a imprimé la liste de la classe"),
    Action.CLASS_ABSENTEES: gettext_lazy("a imprimé les absents de la classe"),
    Action.MISSING_PUPILS: gettext_lazy("a vu qui manque"),
    Action.END_DECLARED: gettext_lazy("a déclaré la fin de l’évaluation"),
    Action.END_TAKEN_BACK: gettext_lazy("a repris la déclaration de fin"),
    Action.WINDOW_EXTENDED: gettext_lazy("a prolongé une période"),
    Action.KEYING_RING: gettext_lazy("a ouvert la saisie de la classe"),
    Action.REOPENING_ASKED: gettext_lazy("a demandé de rouvrir la saisie de la classe"),
    Action.REOPENING_GRANTED: gettext_lazy("a rouvert la saisie de la classe"),
    Action.REOPENING_REFUSED: gettext_lazy("a refusé de rouvrir la saisie de la classe"),
    Action.ACCESS_LOG: gettext_lazy("a consulté le journal des accès"),
    Action.PUPIL_ACCESSES: gettext_lazy("a cherché qui a vu un élève"),
    Action.SIGNED_IN: gettext_lazy("s’est connecté"),
    Action.SIGNED_OUT_EVERYWHERE: gettext_lazy("s’est déconnecté de tous les ordinateurs"),
    Action.STAFF_INVITED: gettext_lazy("a invité"),
    Action.STAFF_JOINED: gettext_lazy("a accepté son invitation"),
    Action.STAFF_CLOSED: gettext_lazy("a fermé le compte de"),
    Action.STAFF_REOPENED: gettext_lazy("a rouvert le compte de"),
    Action.CLASS_GIVEN: gettext_lazy("a donné une classe à"),
    Action.CLASS_TAKEN: gettext_lazy("a repris une classe à"),
    Action.PASSWORD_CHANGED: gettext_lazy("a choisi un mot de passe"),
    Action.PASSKEY_ADDED: gettext_lazy("a ajouté une clé d’accès"),
    Action.PASSKEY_REMOVED: gettext_lazy("a retiré une clé d’accès"),
    Action.IDENTITY_LINKED: gettext_lazy("a lié son identité d’agent"),
    Action.IDENTITY_REMOVED: gettext_lazy("a délié son identité d’agent"),
    Action.ADDRESS_CHANGED: gettext_lazy("a confirmé son adresse électronique"),
}
UNKNOWN: Final = gettext_lazy("a fait une action que cette version ne connaît pas")


class Sentence(Record, frozen=True):
    """One row, in words."""

    at: datetime
    who: str
    role: str
    did: str
    division: str  # its label, as it is today; empty where there is none
    pupil: str  # her name where the reader may see it
    about: str  # the colleague whose access was changed
    n_pupils: int


def sentences(rows: Sequence[Access], *, pupils: Mapping[UUID, str]) -> list[Sentence]:
    """The rows in words. `pupils`: the names that may be shown, and no other is."""
    people = {row.staff for row in rows} | {row.about for row in rows if row.about}
    names = accounts.names_of(people)
    roles = dict(Staff.objects.filter(id__in=people).values_list("id", "role"))
    labels = dict(
        Division.objects.filter(id__in={r.division for r in rows}).values_list("id", "label")
    )
    gone = str(gettext_lazy("compte supprimé"))
    return [
        Sentence(
            at=row.at,
            who=names.get(row.staff, gone),
            role=str(Role(roles[row.staff]).label) if row.staff in roles else "",
            did=words(row.action),
            division=labels.get(row.division, "") if row.division else "",
            pupil=pupils.get(row.pupil, "") if row.pupil else "",
            about=names.get(row.about, gone) if row.about and row.about != row.staff else "",
            n_pupils=row.n_pupils,
        )
        for row in rows
    ]


def words(action: str) -> str:
    """What an action is called."""
    return str(WORDS.get(Action(action), UNKNOWN)) if action in Action.values else str(UNKNOWN)
