# SPDX-License-Identifier: AGPL-3.0-or-later
"""What there is to do in a round: which sittings to open, which to score, in which shares.

Pure. Knows sittings and where their saves stand; never an answer, never a name.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from encrier.ids import BundleId, SittingId
from encrier.manifest import Manifest
from encrier.records import to_bytes
from encrier_results.booklets import Booklet
from encrier_results.rounds import share
from encrier_results.rounds.kept import Kept
from encrier_results.rounds.posted import digest
from encrier_results.rounds.roll import Enrolled
from encrier_results.rounds.saves import Saves
from encrier_results.rounds.share import SITTINGS, Opening, Scoring, ToOpen, ToScore

_UNKNOWN: Final = bytes(32)  # in the place of the HMAC key of a sitting that no pupil has


def to_open(
    saves: Saves, kept: Kept, roll: Mapping[SittingId, Enrolled], manifest: Manifest
) -> list[SittingId]:
    """The sittings that are not kept as what was pulled says, in the order of the files.

    A sitting of which an envelope was put aside is looked at again when the manifest changes: a
    node that was added may have signed what was of an unknown one.
    """
    terms = _terms(manifest)
    found = []
    for sid in saves:
        line = kept.lines.get(sid)
        plain = saves.fingerprint(sid, under=_mac(sid, roll) or _UNKNOWN)
        if line is None or line.fingerprint != (_both(plain, terms) if line.rejected else plain):
            found.append((saves.last_place(sid), sid))
    found.sort()
    return [sid for _, sid in found]


def shares_to_open(
    sids: Sequence[SittingId],
    saves: Saves,
    roll: Mapping[SittingId, Enrolled],
    *,
    terms_of: Manifest,
    first_box: int,
) -> Iterator[bytes]:
    """Cut sittings to open into shares, a box each."""
    terms = _terms(terms_of)
    for box, at in enumerate(range(0, len(sids), SITTINGS), start=first_box):
        sittings = []
        for sid in sids[at : at + SITTINGS]:
            mac = _mac(sid, roll)
            plain = saves.fingerprint(sid, under=mac or _UNKNOWN)
            sittings.append(ToOpen(sid, mac, plain, _both(plain, terms), saves.streams(sid)))
        yield share.written(Opening(box, sittings))


def to_score(
    kept: Kept,
    roll: Mapping[SittingId, Enrolled],
    booklets: Mapping[BundleId, Booklet],
    is_wanted: Callable[[str, bytes], bool],
) -> Iterator[bytes]:
    """The opened sittings of pupils to score, a share each box.

    is_wanted: whether to score an order number whose row is made from what this digest says: its
    saves, its booklet, its key.
    """
    for box, sids in kept.sittings().items():
        sittings = []
        for sid in sids:
            row = roll.get(sid)
            if row is None or row.set_aside:
                continue
            rules = booklets[BundleId(row.bundle)].rules
            made_from = digest(row.bundle, rules, kept.lines[sid].fingerprint)
            if is_wanted(row.order, made_from):
                sittings.append(ToScore(sid, row.order, row.bundle, made_from))
        if sittings:
            yield share.written(Scoring(box, sittings))


def _mac(sid: SittingId, roll: Mapping[SittingId, Enrolled]) -> bytes | None:
    row = roll.get(sid)
    return None if row is None else row.mac


def _terms(manifest: Manifest) -> bytes:
    """What a manifest says of receipts and keys, in short."""
    said = (manifest.campaign, manifest.sealing_key, manifest.nodes)
    return hashlib.sha256(to_bytes(said)).digest()


def _both(fingerprint: bytes, terms: bytes) -> bytes:
    return hashlib.sha256(fingerprint + terms).digest()[: len(fingerprint)]
