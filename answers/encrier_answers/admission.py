# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may sit, held in memory: sign-ins on the hour are answered without a look at the disk.

Knows sitting ids and hashes of sign-in secrets; never a code, a name, a school or a class.
"""

import hashlib
from collections.abc import Iterable, Iterator

from encrier.errors import EncrierError
from encrier.ids import BundleId, CampaignId, SittingId
from encrier.manifest import Manifest
from encrier.wire import Admission, AdmissionList
from encrier_answers.sittings import Admitted, to_minute, up_to_minute
from encrier_answers.store import ListMark


class ListRefused(EncrierError):
    what = "This admission list cannot follow those already taken."
    next_step = "Serials only grow; send the list again under the next serial."


class Admissions:
    """The sittings that may be taken, as the lists applied so far say."""

    def __init__(self, rows: Iterable[Admitted], lists: Iterable[ListMark]) -> None:
        self._rows = {row.sid: row for row in rows}
        self._lists = {mark.serial: mark for mark in lists}

    def find(self, sid: SittingId) -> Admitted | None:
        return self._rows.get(sid)

    def __iter__(self) -> Iterator[Admitted]:
        return iter(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    def already(self, mark: ListMark) -> bool:
        """Whether this very list was applied; raises ListRefused if its serial is another's."""
        known = self._lists.get(mark.serial)
        if known is not None and known.sha256 == mark.sha256:
            return True
        if mark.serial <= max(self._lists, default=-1):
            raise ListRefused
        return False

    def apply(self, mark: ListMark, rows: Iterable[Admitted]) -> None:
        """Take a list that is on disk into memory."""
        self._rows.update((row.sid, row) for row in rows)
        self._lists[mark.serial] = mark


def mark_of(body: bytes, sent: AdmissionList) -> ListMark:
    """What is remembered of a list: its serial, its digest and its length."""
    return ListMark(sent.serial, hashlib.sha256(body).digest(), len(sent.rows))


def read_rows(sent: AdmissionList, manifest: Manifest) -> list[Admitted]:
    """The rows of a list as they are kept; raises ListRefused for what this campaign is not."""
    if CampaignId(sent.campaign) != manifest.campaign_id:
        raise ListRefused(
            "This admission list is another campaign's.", "Send it to that campaign's node."
        )
    bundles = {entry.id for entry in manifest.bundles}
    if any(row.bundle not in bundles for row in sent.rows):
        raise ListRefused(
            "This admission list names a booklet that the manifest does not.",
            "Sign a manifest with all booklets, then send the list again.",
        )
    return [_admitted(row) for row in sent.rows]


def _admitted(row: Admission) -> Admitted:
    return Admitted(
        sid=SittingId(row.sid),
        auth_sha256=row.auth_sha256,
        bundle=BundleId(row.bundle),
        opens=None if row.opens_at is None else to_minute(row.opens_at),
        closes=None if row.closes_at is None else up_to_minute(row.closes_at),
        extra_time=row.extra_time,
        is_open=row.open,
    )
