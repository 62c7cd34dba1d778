# SPDX-License-Identifier: AGPL-3.0-or-later
"""Destroys the line between pupils and numbers. There is no way back, and that is the point.

Key first: once it is gone every remaining row is noise, even if the next step fails. Knows no
name. Does not reach backups: their holders destroy their copy of the key file.
"""

from encrier import clock
from encrier.errors import EncrierError
from encrier.manifest import Manifest
from encrier.records import Record
from encrier_names import zone
from encrier_names.doors.models import Outgoing
from encrier_names.pseudonyms import key, links
from encrier_names.pseudonyms.models import Link, Whose
from encrier_names.restitution.models import StoredDomain, StoredScore
from encrier_names.rooms.models import Session
from encrier_names.sittings.models import Granted, SeenProgress
from encrier_names.stores import forget_removed


class WrongLabel(EncrierError):
    what = "Ce n’est pas le nom de cette campagne\u00a0: rien n’a été détruit."
    next_step = "Tapez le nom de la campagne en entier, tel que le manifeste le donne."


class TooEarly(EncrierError):
    what = "La date de fermeture des résultats n’est pas atteinte\u00a0: rien n’a été détruit."
    next_step = "Attendez cette date, ou ajoutez --before-closing si c’est voulu."


class Shredded(Record, frozen=True):
    """What was destroyed."""

    key_destroyed: bool
    links: int
    scores: int
    files_too: bool  # False: PostgreSQL keeps removed rows until its owners write tables anew


_EMPTIED = (Link, Whose, StoredScore, StoredDomain, SeenProgress, Granted, Outgoing)


def shred(manifest: Manifest, *, typed_label: str, before_closing: bool) -> Shredded:
    """Destroy the link key, the links, scores, progress, grants and sessions of a campaign."""
    if typed_label != manifest.label:
        raise WrongLabel
    if clock.now() < manifest.results_close_at and not before_closing:
        raise TooEarly
    key_destroyed = key.destroy_key()
    n_links = links.destroy_rows()
    n_scores = StoredScore.objects.all().delete()[0]
    StoredDomain.objects.all().delete()
    SeenProgress.objects.all().delete()
    Granted.objects.all().delete()
    Session.objects.all().delete()  # with who sat, absences, incident notes and receipts
    Outgoing.objects.update(box=None)
    forgotten = forget_removed(_EMPTIED, zone.current().settings)
    return Shredded(key_destroyed, n_links, n_scores, forgotten)
