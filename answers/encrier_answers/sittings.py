# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is decided about a sitting: who is let in, which save is kept, which resume box.

Pure: the time, the stored state and the request come in as arguments. Knows no clock, store,
network or key; never opens an envelope.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from enum import Enum, IntEnum
from typing import Final

from encrier.errors import EncrierError
from encrier.ids import BundleId, SittingId, StreamId
from encrier.manifest import Manifest
from encrier.records import Record
from encrier.seal import Header, Kind
from encrier.uploads import Save, Terms, rescue_proof

_NOBODY: Final = bytes(32)  # compared when the sitting is unknown, so that it takes the same time


class NotAdmitted(EncrierError):
    what = "Ce code n’est pas attendu ici."
    next_step = "Compare-le avec ta feuille, puis appelle ton professeur."


class NotOpenYet(EncrierError):
    what = "L’évaluation n’est pas encore ouverte."
    next_step = "Attends que ton professeur te dise de commencer, puis réessaie."


class SittingClosed(EncrierError):
    what = "L’évaluation est fermée."
    next_step = "Tes réponses restent sur cet ordinateur. Appelle ton professeur."


class SaveConflict(EncrierError):
    what = "Une autre sauvegarde porte déjà ce numéro."
    next_step = "Recharge la page : tes réponses gardées reviennent."


class Admitted(Record, frozen=True):
    """One sitting that may be taken, times in minutes since 1970 (UTC); None: as the campaign."""

    sid: SittingId
    auth_sha256: bytes  # 32 bytes
    bundle: BundleId
    terms: bytes  # a sealed box: what the pupil is granted
    opens: int | None
    closes: int | None
    is_open: bool


class Progress(IntEnum):
    """How far a sitting is, as it is stored."""

    STARTED = 1
    FINISHED = 2


class Verdict(Enum):
    """What becomes of a save."""

    KEEP = "keep"
    SAME = "same"  # already on disk: the browser missed our first reply
    SUPERSEDED = "superseded"  # a later save of this stream is on disk
    CONFLICT = "conflict"  # another save has this number


class Kept(Record, frozen=True):
    """The newest save on disk of one stream."""

    seq: int
    sha256: bytes
    receipt: bytes
    rank: int = 0


class Sitting(Record, frozen=True):
    """Where one sitting stands. `newest` is the highest (epoch, seq, stream) ever stored."""

    sid: SittingId
    progress: Progress
    percent: int
    unsent: int
    minute: int
    newest: tuple[int, int, StreamId] | None = None
    box: bytes = b""  # empty: deleted after the final, or once it was kept long enough
    box_minute: int = 0


def to_minute(moment: datetime) -> int:
    """Minutes since 1970 of an aware moment, rounded down: the finest time this zone keeps."""
    return int(moment.timestamp() // 60)


def up_to_minute(moment: datetime) -> int:
    """Minutes since 1970, rounded up: an end that is kept is never earlier than the one given."""
    return -int(-moment.timestamp() // 60)


def from_minute(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, tz=UTC)


def recognise(known: Admitted | None, auth: bytes) -> Admitted:
    """The admission, if `auth` is its secret; raises NotAdmitted, the same for every reason."""
    shown = hashlib.sha256(auth).digest()
    matches = hmac.compare_digest(shown, known.auth_sha256 if known else _NOBODY)
    if known is None or not matches:
        raise NotAdmitted
    return known


def recognise_save(known: Admitted | None, save: Save) -> Admitted:
    """The admission, if the save shows its secret, or the proof of one that was rescued."""
    if not save.is_rescued:
        return recognise(known, save.auth)
    proof = rescue_proof(known.auth_sha256 if known else _NOBODY, save)
    matches = hmac.compare_digest(save.auth, proof)
    if known is None or not matches:
        raise NotAdmitted
    return known


def closes_at(admitted: Admitted, manifest: Manifest) -> datetime:
    """When this sitting ends."""
    return manifest.closes_at if admitted.closes is None else from_minute(admitted.closes)


def terms_of(admitted: Admitted, manifest: Manifest) -> Terms:
    """Until when the pupil has, and the box of what she is granted."""
    return Terms(closes_at(admitted, manifest), admitted.terms, terms_mark(admitted))


def terms_mark(admitted: Admitted) -> str:
    """Changes whenever the terms do: what a receipt comes with, so that nobody need ask."""
    written = admitted.terms + repr(admitted.closes).encode()
    return hashlib.sha256(written).hexdigest()[:8]


def may_sign_in(admitted: Admitted, manifest: Manifest, *, now: datetime) -> None:
    """Refuse a sign-in before the opening, after the end, or into a closed room."""
    _opened(admitted, manifest, now=now)
    if not admitted.is_open or now >= closes_at(admitted, manifest):
        raise SittingClosed


def may_save(admitted: Admitted, manifest: Manifest, *, now: datetime) -> None:
    """Refuse a save before the opening, after the end and its grace, or into a closed room."""
    _opened(admitted, manifest, now=now)
    last = closes_at(admitted, manifest) + timedelta(hours=manifest.grace_h)
    if not admitted.is_open or now >= last:
        raise SittingClosed


def _opened(admitted: Admitted, manifest: Manifest, *, now: datetime) -> None:
    opens = manifest.opens_at if admitted.opens is None else from_minute(admitted.opens)
    if now < opens:
        raise NotOpenYet


def judge(kept: Kept | None, *, seq: int, sha256: bytes) -> Verdict:
    """What becomes of a save, given the newest one on disk of the same stream. Gaps are fine."""
    if kept is None or seq > kept.seq:
        return Verdict.KEEP
    if seq < kept.seq:
        return Verdict.SUPERSEDED
    return Verdict.SAME if sha256 == kept.sha256 else Verdict.CONFLICT


def after_sign_in(before: Sitting | None, sid: SittingId, *, minute: int) -> Sitting:
    """The sitting once a device has signed in."""
    if before is None:
        return Sitting(sid, Progress.STARTED, percent=0, unsent=0, minute=minute)
    return _changed(before, minute=max(minute, before.minute))


def after_save(
    before: Sitting | None, header: Header, *, unsent: int, box: bytes, minute: int
) -> Sitting:
    """The sitting once a save is kept.

    A final makes it finished for good and deletes the box; a forgotten device that saves later
    changes neither. Only the highest (epoch, seq, stream) replaces the box and the percentage.
    """
    known = after_sign_in(before, header.sid, minute=minute)
    mark = (header.epoch, header.seq, header.stream)
    finished = header.kind is Kind.FINAL or known.progress is Progress.FINISHED
    if known.newest is None or mark > known.newest:
        known = Sitting(
            known.sid, known.progress, header.progress, unsent, known.minute, mark, box, minute
        )
    if finished:
        known = _changed(known, progress=Progress.FINISHED, box=b"")
    return known


def is_elsewhere(before: Sitting | None, header: Header) -> bool:
    """Whether the pupil goes on on a device that signed in after the one of this save."""
    return before is not None and before.newest is not None and before.newest[0] > header.epoch


def is_beside(before: Sitting | None, header: Header) -> bool:
    """Whether another device of the same epoch has saved: neither knew of the other's answers.

    Both signed in before either had saved, so that no epoch says which one the pupil is at now.
    """
    if before is None or before.newest is None:
        return False
    epoch, _, stream = before.newest
    return epoch == header.epoch and stream != header.stream


def boxes_since(manifest: Manifest, *, now_minute: int) -> int:
    """The minute from which a resume box is still given; an older one is deleted."""
    return now_minute - manifest.boxes_kept_h * 60


def box_of(sitting: Sitting, manifest: Manifest, *, now_minute: int) -> bytes:
    """The resume box that may still be given, or nothing."""
    is_kept = sitting.box_minute >= boxes_since(manifest, now_minute=now_minute)
    return sitting.box if is_kept else b""


def _changed(
    sitting: Sitting,
    *,
    minute: int | None = None,
    progress: Progress | None = None,
    box: bytes | None = None,
) -> Sitting:
    return Sitting(
        sid=sitting.sid,
        progress=progress or sitting.progress,
        percent=sitting.percent,
        unsent=sitting.unsent,
        minute=sitting.minute if minute is None else minute,
        newest=sitting.newest,
        box=sitting.box if box is None else box,
        box_minute=sitting.box_minute,
    )
