# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may sit, held in memory: sign-ins on the hour are answered without a look at the disk.

Knows sitting ids, hashes of sign-in secrets, and the keys of booklets once they are handed over;
never a code, a name, a school or a class.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from encrier.booklets import commitment
from encrier.errors import EncrierError
from encrier.ids import BundleId, CampaignId, SittingId
from encrier.manifest import Manifest
from encrier.records import from_bytes
from encrier.secret import Secret
from encrier.wire import Admission, AdmissionList
from encrier_answers.sittings import Admitted, NotOpenYet, to_minute, up_to_minute
from encrier_answers.store import ListMark, TakenList


class ListRefused(EncrierError):
    what = "This admission list cannot follow those already taken."
    next_step = "Serials only grow; send the list again under the next serial."


class Admissions:
    """The sittings that may be taken, as the lists applied so far say."""

    def __init__(
        self,
        rows: Iterable[Admitted] = (),
        lists: Iterable[ListMark] = (),
        keys: Mapping[BundleId, bytes] | None = None,
    ) -> None:
        self._rows = {row.sid: row for row in rows}
        self._keys = dict(keys or {})
        self._lists = {mark.serial: mark for mark in lists}

    def find(self, sid: SittingId) -> Admitted | None:
        return self._rows.get(sid)

    def booklet_key(self, bundle: BundleId) -> bytes:
        """What opens a booklet; raises NotOpenYet while names keeps it."""
        try:
            return self._keys[bundle]
        except KeyError as error:
            raise NotOpenYet from error

    def __iter__(self) -> Iterator[Admitted]:
        return iter(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def keys(self) -> Mapping[BundleId, bytes]:
        """The keys of booklets handed over so far."""
        return self._keys

    @property
    def last_mark(self) -> ListMark | None:
        """The latest list applied."""
        return self._lists[max(self._lists)] if self._lists else None

    def already(self, mark: ListMark) -> bool:
        """Whether this very list was applied; raises ListRefused if its serial is another's."""
        known = self._lists.get(mark.serial)
        if known is not None and known.sha256 == mark.sha256:
            return True
        if mark.serial <= max(self._lists, default=-1):
            raise ListRefused
        return False

    def apply(self, taken: TakenList) -> None:
        """Take a list that is on disk into memory."""
        self._rows.update((row.sid, row) for row in taken.rows)
        self._keys.update(taken.keys)
        self._lists[taken.mark.serial] = taken.mark


def read_list(body: bytes, manifest: Manifest) -> TakenList:
    """A list as it is kept; raises BadRecord, or ListRefused for what this campaign is not."""
    sent = from_bytes(body, AdmissionList)
    if CampaignId(sent.campaign) != manifest.campaign_id:
        raise ListRefused(
            "This admission list is another campaign's.", "Send it to that campaign's node."
        )
    entries = {entry.id: entry for entry in manifest.bundles}
    named = {row.bundle for row in sent.rows} | {handed.bundle for handed in sent.booklet_keys}
    if not named <= entries.keys():
        raise ListRefused(
            "This admission list names a booklet that the manifest does not.",
            "Sign a manifest with all booklets, then send the list again.",
        )
    for handed in sent.booklet_keys:
        if commitment(Secret(handed.key)) != entries[handed.bundle].key_sha256:
            raise ListRefused(
                "This admission list brings a key that is not its booklet's.",
                "Give names the key files written with this manifest, then send it again.",
            )
    return TakenList(
        mark=ListMark(sent.serial, hashlib.sha256(body).digest(), len(sent.rows)),
        rows=[_admitted(row) for row in sent.rows],
        keys={BundleId(handed.bundle): handed.key for handed in sent.booklet_keys},
    )


def _admitted(row: Admission) -> Admitted:
    return Admitted(
        sid=SittingId(row.sid),
        auth_sha256=row.auth_sha256,
        bundle=BundleId(row.bundle),
        terms=row.terms,
        opens=None if row.opens_at is None else to_minute(row.opens_at),
        closes=None if row.closes_at is None else up_to_minute(row.closes_at),
        is_open=row.open,
    )
