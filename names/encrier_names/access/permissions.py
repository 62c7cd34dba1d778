# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may do what, as one table: what the page « Qui voit quoi » and docs/permissions.md show.

A test holds it to the views: each page of `urls` stands in one line here, with the very roles that
its view lets in. Pure; knows nobody.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from encrier_names.schools.models import Role

T, S, H, A, M, U = (
    Role.TEACHER, Role.SUPERVISOR, Role.HEAD, Role.ACADEMY, Role.MINISTRY, Role.AUDITOR
)  # fmt: skip

HER_CLASSES = gettext_lazy("ses classes")
HIS_SCHOOL = gettext_lazy("son établissement")
EVERY_SCHOOL = gettext_lazy("tous")
ITS_SCHOOLS = gettext_lazy("ses établissements, sans nom d’élève")
ONESELF = gettext_lazy("son compte")
YES = gettext_lazy("oui")
COUNTS = gettext_lazy("des nombres, aucun nom")


Words = str | Promise  # a French string, translated when it is shown


class Line(NamedTuple):
    """One thing that may be done: by whom, how far, and on which pages."""

    what: Words
    pages: str  # names of `urls`, with a space between
    who: Mapping[Role, Words]  # how far each role may; a role that is not named may not
    names: bool = False  # whether the names of pupils are shown


_CLASS: Final = {T: HER_CLASSES, H: HIS_SCHOOL, M: EVERY_SCHOOL}
_ROOM: Final = {T: HER_CLASSES, S: HER_CLASSES, H: HIS_SCHOOL}
_HEAD: Final = {H: HIS_SCHOOL}
_ABOVE: Final = {A: ITS_SCHOOLS, M: EVERY_SCHOOL}

TABLE: Final = (
    Line(
        what=gettext_lazy("Voir les résultats d’un élève ou d’une classe"),
        pages="class-results pupil-results pupil-sheet",
        who=_CLASS,
        names=True,
    ),
    Line(
        what=gettext_lazy("Voir la liste d’une classe"),
        pages="class-list",
        who=_CLASS,
        names=True,
    ),
    Line(
        what=gettext_lazy("Suivre la passation d’une classe"),
        pages="class-progress",
        who=_ROOM | {M: EVERY_SCHOOL},
        names=True,
    ),
    Line(
        what=gettext_lazy("Mener une passation\u00a0: pause, absence, besoins, nouveau code"),
        pages="supervise pupil-absence pupil-needs needs-profile new-code reserve-give "
        "codes-exchange",
        who=_ROOM,
        names=True,
    ),
    Line(
        what=gettext_lazy("Saisir les cahiers d’une classe, demander à rouvrir sa saisie"),
        pages="keying keying-ring reopening-ask",
        who={T: HER_CLASSES, H: HIS_SCHOOL},
        names=True,
    ),
    Line(
        what=gettext_lazy("Lire les cahiers et ce qui sert à les saisir"),
        pages="keying-kit",
        who={T: YES, H: YES, M: YES},
    ),
    Line(
        what=gettext_lazy("Importer une liste d’élèves"),
        pages="import-choose list-template import-understood import-correct "
        "import-same import-retake import-done import-undo",
        who=_HEAD,
        names=True,
    ),
    Line(
        what=gettext_lazy(
            "Corriger une liste\u00a0: ajouter, corriger, déplacer, retirer un élève"
        ),
        pages="pupil-add pupil-correct pupil-move pupil-remove",
        who=_HEAD,
        names=True,
    ),
    Line(
        what=gettext_lazy("Valider une liste et imprimer les codes"),
        pages="validate-all class-validate class-codes code-sheet",
        who=_HEAD,
        names=True,
    ),
    Line(
        what=gettext_lazy("Tenir une séance\u00a0: tableau, incident, relevé, agenda"),
        pages="sessions session-new session-board session-states session-act session-wall "
        "incident-new session-receipt receipt-paper plan-calendar",
        who=_ROOM,
        names=True,
    ),
    Line(
        what=gettext_lazy("Prévoir les salles et les séances de l’établissement"),
        pages="plan plan-rules plan-propose plan-doors room-add room-edit room-remove "
        "session-setup",
        who=_HEAD,
    ),
    Line(
        what=gettext_lazy("Imprimer la liste d’une classe"),
        pages="class-list-pdf",
        who={T: HER_CLASSES, H: HIS_SCHOOL},
        names=True,
    ),
    Line(
        what=gettext_lazy("Imprimer les autres documents\u00a0: absents, familles, incidents, fin"),
        pages="documents school-documents family-letter incident-form end-declaration "
        "school-absentees class-absentees incidents incidents-paper",
        who=_HEAD,
        names=True,
    ),
    Line(
        what=gettext_lazy("Voir qui manque et déclarer la fin"),
        pages="missing end end-take-back",
        who=_HEAD,
        names=True,
    ),
    Line(
        what=gettext_lazy("Lire les messages"),
        pages="messages",
        who={H: HIS_SCHOOL, A: ITS_SCHOOLS, M: EVERY_SCHOOL},
    ),
    Line(
        what=gettext_lazy("Marquer un message comme lu"),
        pages="message-read",
        who=_HEAD,
    ),
    Line(
        what=gettext_lazy("Écrire aux établissements"),
        pages="message-write message message-withdraw",
        who=_ABOVE,
    ),
    Line(
        what=gettext_lazy("Suivre les établissements, prolonger une période, compter"),
        pages="follow-board board-csv followed extend participation participation-csv",
        who=_ABOVE,
    ),
    Line(
        what=gettext_lazy("Décider de rouvrir la saisie d’une classe"),
        pages="reopening-decide",
        who=_ABOVE,
    ),
    Line(
        what=gettext_lazy("Voir le tableau national"),
        pages="national",
        who={M: EVERY_SCHOOL},
    ),
    Line(
        what=gettext_lazy("Inviter, donner et reprendre des classes, fermer un compte"),
        pages="people people-invite person person-classes person-close person-invite",
        who=_HEAD,
    ),
    Line(
        what=gettext_lazy("Dire qui a vu un élève"),
        pages="pupil-accesses",
        who=_HEAD,
        names=True,
    ),
    Line(
        what=gettext_lazy("Lire le journal des accès"),
        pages="access-log access-log-csv",
        who=_HEAD | {U: COUNTS},
    ),
    Line(
        what=gettext_lazy("Ouvrir la page d’un établissement"),
        pages="school",
        who={M: EVERY_SCHOOL},
    ),
    Line(
        what=gettext_lazy("Voir l’accueil et le calendrier"),
        pages="home calendar",
        who={
            T: HER_CLASSES,
            S: HER_CLASSES,
            H: HIS_SCHOOL,
            A: ITS_SCHOOLS,
            M: EVERY_SCHOOL,
            U: COUNTS,
        },
    ),
    Line(
        what=gettext_lazy("Gérer son propre compte"),
        pages="account password-change address-change "
        "identity-remove whose-computer sign-out-everywhere",
        who=dict.fromkeys(Role, ONESELF),
    ),
    Line(
        what=gettext_lazy("Lire ce tableau"),
        pages="permissions",
        who=dict.fromkeys(Role, YES),
    ),
)


def as_markdown() -> str:
    """The table as docs/permissions.md holds it, in French, as the page shows it."""
    header = ["", *(str(role.label) for role in Role)]
    rows = [[str(line.what), *(str(line.who.get(role, "–")) for role in Role)] for line in TABLE]
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
