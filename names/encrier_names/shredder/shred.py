# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: SLF001 - `_default_manager` is public in Django's documentation
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
from encrier_names.rooms.models import Incident, Receipt, Seat, Session
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


# Who sat, what was noted and declared go before the sessions that they belong to.
_GOES = (
    StoredScore, StoredDomain, SeenProgress, Granted,
    Seat, Incident, Receipt, Session.supervisors.through, Session,
)  # fmt: skip
_ELSEWHERE = (Link, Whose, Outgoing)  # emptied by those who know how


def shred(manifest: Manifest, *, typed_label: str, before_closing: bool) -> Shredded:
    """Destroy the link key, the links, scores, progress, grants and sessions of a campaign."""
    if typed_label != manifest.label:
        raise WrongLabel
    if clock.now() < manifest.results_close_at and not before_closing:
        raise TooEarly
    key_destroyed = key.destroy_key()
    n_links = links.destroy_rows()
    removed = {table: table._default_manager.all().delete()[0] for table in _GOES}
    Outgoing.objects.update(box=None)
    forgotten = forget_removed((*_GOES, *_ELSEWHERE), zone.current().settings)
    return Shredded(key_destroyed, n_links, removed[StoredScore], forgotten)
