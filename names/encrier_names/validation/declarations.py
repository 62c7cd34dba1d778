# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the head declares of a list, word for word, by whom and when. Kept; names no pupil."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from encrier import clock
from encrier.records import Record
from encrier_names.schools.models import Staff
from encrier_names.validation.models import Declaration


class Declared(Record, frozen=True):
    """A declaration as it is shown again."""

    sentence: str
    by: str
    at: datetime
    n_pupils: int


def sentence(n_pupils: int) -> str:
    """What is declared of a list of so many pupils."""
    return ngettext(
        "Je déclare avoir vérifié cette liste\u00a0: elle contient l’élève de la classe présent "
        "à ce jour, et lui seul.",
        "Je déclare avoir vérifié cette liste\u00a0: elle contient les %(n)s élèves de la classe "
        "présents à ce jour, et eux seuls.",
        n_pupils,
    ) % {"n": n_pupils}


def sentence_of_all(classes: Sequence[tuple[str, int]]) -> str:
    """What is declared of several lists at once; `classes`: labels, and how many pupils each."""
    listed = ", ".join(
        ngettext("%(label)s (%(n)s élève)", "%(label)s (%(n)s élèves)", n)
        % {"label": label, "n": n}
        for label, n in classes
    )
    return ngettext(
        "Je déclare avoir vérifié cette liste\u00a0: elle contient les élèves de sa classe "
        "présents à ce jour, et eux seuls\u00a0: %(classes)s.",
        "Je déclare avoir vérifié ces %(n)s listes\u00a0: chacune contient les élèves de sa "
        "classe présents à ce jour, et eux seuls\u00a0: %(classes)s.",
        len(classes),
    ) % {"n": len(classes), "classes": listed}


def keep(division: UUID, staff: Staff | None, *, n_pupils: int, said: str | None = None) -> None:
    """Keep what was just declared; by nobody where the operator validated.

    said: the sentence, where it is not that of one list.
    """
    if staff is None:
        keep_many({division: n_pupils})
        return
    said = said or sentence(n_pupils)
    Declaration.objects.create(
        at=clock.now(), division=division, staff=staff.id, n_pupils=n_pupils, sentence=said
    )


def keep_many(pupils_of: Mapping[UUID, int]) -> None:
    """Keep that the operator validated these classes, of so many pupils each."""
    said = _("Liste validée par l’opérateur, sans déclaration.")
    now = clock.now()
    Declaration.objects.bulk_create(
        (
            Declaration(at=now, division=division, n_pupils=n_pupils, sentence=said)
            for division, n_pupils in pupils_of.items()
        ),
        batch_size=500,
    )


def last(division: UUID) -> Declared | None:
    """The last declaration of a class."""
    row = Declaration.objects.filter(division=division).order_by("at").last()
    if row is None:
        return None
    return Declared(sentence=row.sentence, by=_who(row.staff), at=row.at, n_pupils=row.n_pupils)


def _who(staff: UUID | None) -> str:
    if staff is None:
        return _("l’opérateur de la plateforme")
    found = Staff.objects.select_related("user").filter(id=staff).first()
    return found.user.get_username() if found else _("un compte qui n’existe plus")
