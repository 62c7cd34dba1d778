# SPDX-License-Identifier: AGPL-3.0-or-later
"""Admission lists: who may sit, by sitting id, waiting to be sent. docs/spec/admission-list.md.

A row says nothing of the pupil; the rows of a list are sorted by sitting id, which is random.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max

from encrier import clock
from encrier.errors import BadSetting
from encrier.manifest import Manifest
from encrier.records import to_bytes
from encrier.wire import Admission, AdmissionList
from encrier_names.doors.models import Outgoing
from encrier_names.pseudonyms.key import seal_to_send, unseal_to_send
from encrier_names.pseudonyms.links import Sitting


def admission_of(sitting: Sitting, manifest: Manifest) -> Admission:
    """The row that lets answers take one sitting."""
    if not manifest.bundles:
        raise BadSetting("The campaign manifest names no booklet.")
    bundle = manifest.bundles[0].id
    return Admission(sid=sitting.sid, auth_sha256=sitting.auth_sha256, bundle=bundle)


def queue(rows: Iterable[Admission], manifest: Manifest) -> int:
    """Put an admission list in the queue and give its serial, one more than the last."""
    ordered = sorted(rows, key=lambda row: row.sid)
    with transaction.atomic():
        serial: int = (Outgoing.objects.aggregate(last=Max("serial"))["last"] or 0) + 1
        listed = AdmissionList(campaign=manifest.campaign, serial=serial, rows=ordered)
        box = seal_to_send(to_bytes(listed), name=_name(serial))
        Outgoing.objects.create(serial=serial, n_rows=len(ordered), box=box)
    return serial


def waiting() -> list[tuple[int, bytes]]:
    """The lists not yet acknowledged, oldest first: serial and canonical bytes."""
    rows = Outgoing.objects.filter(acknowledged_at=None).order_by("serial")
    return [
        (row.serial, unseal_to_send(bytes(row.box), name=_name(row.serial)))
        for row in rows
        if row.box is not None
    ]


def acknowledge(serial: int) -> None:
    """Note that every node took this list, and forget its content."""
    Outgoing.objects.filter(serial=serial).update(acknowledged_at=clock.now(), box=None)


def _name(serial: int) -> str:
    return f"admission-list/{serial}"
