# SPDX-License-Identifier: AGPL-3.0-or-later
"""A campaign file may change until the first admission list, or the opening; never after.

Each version that a process starts with is written down by its SHA-256. Knows no pupil.
"""

from datetime import datetime

from django.db import transaction
from django.db.utils import OperationalError, ProgrammingError

from encrier import clock
from encrier.errors import EncrierError
from encrier.records import Record
from encrier_names import zone
from encrier_names.campaign.models import CampaignVersion


class CampaignChanged(EncrierError):
    what = "The campaign file is not the one that was frozen."
    next_step = "Put the frozen file back where CAMPAIGN_FILE says."


class Version(Record, frozen=True):
    """One version of the file, oldest first."""

    sha256: str  # hex
    first_seen_at: datetime | None
    frozen_at: datetime | None


def check() -> None:
    """Note the version that this process runs; refuse any but the frozen one (`CampaignChanged`).

    Does nothing before the tables are there.
    """
    try:
        _refuse_another()
        _note()
    except (OperationalError, ProgrammingError):  # `migrate` has not been run yet
        return
    if clock.now() >= zone.current().manifest.opens_at:
        freeze()


def freeze() -> None:
    """Freeze the version that this process runs; a no-op once it is (`CampaignChanged`)."""
    digest = _digest()
    with transaction.atomic():
        _refuse_another()
        if digest is not None:
            _note()
            CampaignVersion.objects.filter(sha256=digest, frozen_at=None).update(
                frozen_at=clock.now()
            )


def running() -> Version | None:
    """The version that this process runs; None where there is no campaign file."""
    digest = _digest()
    if digest is None:
        return None
    row = CampaignVersion.objects.filter(sha256=digest).first()
    return Version(digest, row.first_seen_at, row.frozen_at) if row else Version(digest, None, None)


def versions() -> list[Version]:
    """Every version seen, oldest first."""
    rows = CampaignVersion.objects.order_by("first_seen_at", "id")
    return [Version(r.sha256, r.first_seen_at, r.frozen_at) for r in rows]


def _note() -> None:
    digest = _digest()
    if digest is not None:
        CampaignVersion.objects.get_or_create(
            sha256=digest, defaults={"first_seen_at": clock.now()}
        )


def _refuse_another() -> None:
    frozen = CampaignVersion.objects.exclude(frozen_at=None).first()
    ours = _digest()
    if frozen is None or frozen.sha256 == ours:
        return
    given = f"the one given has the SHA-256 {ours}" if ours else "none is given"
    raise CampaignChanged(
        f"The campaign was frozen on {frozen.frozen_at:%Y-%m-%d} with the SHA-256 "
        f"{frozen.sha256}; {given}."
    )


def _digest() -> str | None:
    found = zone.current().campaign_sha256
    return None if found is None else found.hex()
