# SPDX-License-Identifier: AGPL-3.0-or-later
"""Admission lists: who may sit, by sitting id, waiting to be sent. docs/spec/admission-list.md.

A row says nothing of the pupil; the rows of a list are sorted by sitting id, which is random.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Max

from encrier import booklets, clock, terms
from encrier.errors import BadSetting, EncrierError
from encrier.ids import BundleId
from encrier.keyfiles import read_secret
from encrier.manifest import BundleEntry, Manifest
from encrier.records import Record, to_bytes
from encrier.terms import Terms
from encrier.wire import Admission, AdmissionList, BookletKey
from encrier_names import zone
from encrier_names.campaign import freezing
from encrier_names.doors.models import Outgoing
from encrier_names.followup.windows import ends_of
from encrier_names.keying import windows as keying
from encrier_names.pseudonyms import links
from encrier_names.pseudonyms.key import seal_to_send, unseal_to_send
from encrier_names.pseudonyms.rows import Sitting
from encrier_names.schools.models import Pupil
from encrier_names.sittings import grants
from encrier_names.sittings.models import Grant
from encrier_names.stores import take_turn

RELEASE_BEFORE: Final = timedelta(minutes=10)  # so that a slow exchange is not late for the bell


class Placed(Record, frozen=True):
    """A row of a list, and the pair that serves its code."""

    row: Admission
    pair: int


class Waiting(Record, frozen=True):
    """A list that not every node of its pair has taken."""

    serial: int
    pair: int
    listed: bytes  # canonical


class BookletKeyMissing(EncrierError):
    what = "The key of a booklet is not where the settings of the names zone say."
    next_step = (
        "Copy it from the keys of the results zone (booklets/ID.key): pupils cannot begin before."
    )


def rows_of(pupils: Iterable[UUID], manifest: Manifest) -> list[Placed]:
    """The rows that let answers take the sittings of these pupils, those who have a code."""
    sittings = links.of(pupils)
    granted, ends = grants.of(sittings), ends_of(sittings) | keying.ends_of(sittings)
    booklet = booklets_of(sittings, manifest)
    return [
        _row(sitting, _until(granted[pupil], ends.get(pupil)), manifest, bundle=booklet[pupil])
        for pupil, sitting in sittings.items()
    ]


def _until(grant: Grant, ends_at: datetime | None) -> Grant:
    """The grant with the end of the sitting's own window; a session that was closed goes first."""
    return msgspec.structs.replace(grant, closes_at=grant.closes_at or ends_at)


def booklets_of(pupils: Iterable[UUID], manifest: Manifest) -> dict[UUID, BundleId]:
    """The booklet of each pupil: that of her level, where the campaign has several."""
    if not manifest.bundles:
        raise BadSetting("The campaign manifest names no booklet.")
    campaign, wanted = zone.current().campaign, list(pupils)
    if len(campaign.levels) == 1:
        return dict.fromkeys(wanted, campaign.booklet_of(manifest.level))
    levels = dict(Pupil.objects.filter(id__in=wanted).values_list("id", "level"))
    return {pupil: campaign.booklet_of(levels.get(pupil, manifest.level)) for pupil in wanted}


def rows_of_reserves(reserves: Iterable[UUID], manifest: Manifest, *, level: str) -> list[Placed]:
    """The rows that let answers take the reserve codes of a class before they are anybody's."""
    bundle = zone.current().campaign.booklet_of(level)
    sittings = links.of_reserves(reserves)
    return [_row(one, grants.NOTHING, manifest, bundle=bundle) for one in sittings.values()]


def withdrawn(sitting: Sitting, manifest: Manifest) -> Placed:
    """The row that takes a code back: nobody signs in with it any more, and no save is taken."""
    bundle = zone.current().campaign.booklet_of(manifest.level)
    placed = _row(sitting, grants.NOTHING, manifest, bundle=bundle)
    closed = msgspec.structs.replace(placed.row, open=False)
    return msgspec.structs.replace(placed, row=closed)


def _row(sitting: Sitting, grant: Grant, manifest: Manifest, *, bundle: BundleId) -> Placed:
    box = terms.seal(
        Terms(grant.extra_time, grant.paused, grant.settings),
        key=sitting.terms,
        campaign=manifest.campaign_id,
        sid=sitting.sid,
    )
    row = Admission(
        sid=sitting.sid,
        auth_sha256=sitting.auth_sha256,
        bundle=bundle,
        terms=box,
        closes_at=grant.closes_at,
    )
    return Placed(row, manifest.pair_of(sitting.code))


def release_keys(manifest: Manifest, folder: Path) -> bool:
    """Queue the keys of the booklets, once a pair, when the sittings are about to open.

    A pair that is added later gets them at the next exchange.
    """
    if clock.now() < manifest.opens_at - RELEASE_BEFORE:
        return False
    released = Outgoing.objects.filter(n_keys__gte=len(manifest.bundles))
    missing = sorted(set(manifest.pairs) - set(released.values_list("pair", flat=True)))
    if missing:
        keys = tuple(_key_of(entry, folder) for entry in manifest.bundles)
        freezing.freeze()
        for pair in missing:
            _put((), manifest, pair=pair, keys=keys)
    return bool(missing)


def _key_of(entry: BundleEntry, folder: Path) -> BookletKey:
    try:
        key = read_secret(folder / f"{entry.id.hex()}.key")
    except BadSetting as error:
        raise BookletKeyMissing from error
    if booklets.commitment(key) != entry.key_sha256:
        raise BookletKeyMissing("A booklet’s key file holds the key of another booklet.")
    return BookletKey(entry.id, key.reveal())


def queue(rows: Iterable[Placed], manifest: Manifest) -> int:
    """Put these rows in the queue, one list a pair that serves some; give the last serial.

    Without rows, one list to the first pair: what was asked for is on record all the same.
    """
    ordered = sorted(rows, key=lambda placed: placed.row.sid)
    freezing.freeze()  # answers, and pupils with a code on paper, now count on what it says
    with transaction.atomic():  # all of it or nothing
        serials = [
            _put([placed.row for placed in ordered if placed.pair == pair], manifest, pair=pair)
            for pair in sorted({placed.pair for placed in ordered}) or manifest.pairs[:1]
        ]
    return serials[-1]


def _put(
    rows: Sequence[Admission],
    manifest: Manifest,
    *,
    pair: int,
    keys: tuple[BookletKey, ...] = (),
) -> int:
    """Put one list in the queue and give its serial, one more than the last of any pair."""
    with transaction.atomic():
        take_turn("admission-list")
        serial: int = (Outgoing.objects.aggregate(last=Max("serial"))["last"] or 0) + 1
        listed = AdmissionList(
            campaign=manifest.campaign, serial=serial, rows=list(rows), booklet_keys=keys
        )
        box = seal_to_send(to_bytes(listed), name=_name(serial))
        Outgoing.objects.create(
            serial=serial, pair=pair, n_rows=len(rows), n_keys=len(keys), box=box
        )
    return serial


def waiting() -> list[Waiting]:
    """The lists not yet acknowledged, oldest first."""
    rows = Outgoing.objects.filter(acknowledged_at=None).order_by("serial")
    return [
        Waiting(row.serial, row.pair, unseal_to_send(bytes(row.box), name=_name(row.serial)))
        for row in rows
        if row.box is not None
    ]


def is_waiting() -> bool:
    """Whether a list has not been acknowledged yet."""
    return Outgoing.objects.filter(acknowledged_at=None).exists()


def acknowledge(serial: int) -> None:
    """Note that every node of its pair took this list, and forget its content."""
    Outgoing.objects.filter(serial=serial).update(acknowledged_at=clock.now(), box=None)


def _name(serial: int) -> str:
    return f"admission-list/{serial}"
