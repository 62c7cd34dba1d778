# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a player sends to answers and gets back. Docs: docs/spec/upload.md.

Not a door between zones: the public side of the answers zone, the same for every player.
"""

import base64
import hashlib
import hmac
import struct
from typing import Annotated, Final, Literal

from msgspec import Meta

from encrier.errors import BadRecord
from encrier.records import Record
from encrier.seal import MAX_ENVELOPE
from encrier.terms import Box
from encrier.wire import Count, Id8, Id16, Key32, Moment

MAGIC: Final = b"SV1"
MAGIC_RESCUED: Final = b"SV2"
MAX_BOX: Final = 160 * 1024
_LAYOUT: Final = struct.Struct(">3s32sHI")
MAX_SAVE: Final = _LAYOUT.size + MAX_ENVELOPE + MAX_BOX
RESUME_LABEL: Final = b"resume/v1\0"
RESCUE_LABEL: Final = b"rescue/v1\0"
DIGEST_HEADER: Final = "content-digest"
TERMS_HEADER: Final = "encrier-terms"
KEPT_HEADER: Final = "encrier-kept"


class SignIn(Record, frozen=True):
    """What the browser shows to be let in: derived from the code, never the code."""

    sid: Id16
    auth: Annotated[bytes, Meta(min_length=32, max_length=32)]
    ticket: Annotated[bytes, Meta(max_length=64)] = b""  # of the waiting room, as it was given


class Waiting(Record, frozen=True):
    """The host's answer to a sign-in that is good and must wait: docs/spec/waiting-room.md."""

    ticket: bytes  # opaque; shown at the next sign-in
    place: Annotated[int, Meta(ge=1)]  # 1: the next to start
    wait_s: Count  # until her turn, as it looks now


class LastSave(Record, frozen=True):
    """Where this sitting stands on the host: the latest save and its sealed resume box."""

    stream: Id8
    epoch: Annotated[int, Meta(ge=0, le=255)]
    seq: Count
    box: bytes  # nonce 12, then AES-256-GCM under the resume key


class Terms(Record, frozen=True):
    """Until when, and what the pupil is granted; `mark` changes with either."""

    closes_at: Moment
    box: Box
    mark: Annotated[str, Meta(pattern="^[0-9a-f]{8}$")]


class SignedIn(Record, frozen=True):
    """The host's answer to a sign-in."""

    bundle: Id8
    booklet_key: Key32  # opens the booklet, see sealed-booklet.md
    state: Literal["open", "finished"]
    terms: Terms
    last: LastSave | None


class Refusal(Record, frozen=True):
    """Why a request was refused, in the words the pupil reads."""

    what: str
    next_step: str


class Drained(Record, frozen=True):
    """How far the ministry has taken a node's saves: docs/spec/drained.md."""

    store: Id8
    node: Annotated[bytes, Meta(min_length=4, max_length=4)]
    drained: Count  # rank: no save up to here can be lost with the node's disk


class Save(Record, frozen=True):
    """One save as it travels: who, what still waits, the envelope, the resume box.

    A rescued one shows no `auth`, only a proof that is good for it alone.
    """

    auth: bytes  # 32 bytes; of a rescued save, its proof
    unsent: int  # 0 to 65,535: answers newer than this envelope when it was sent
    envelope: bytes
    box: bytes
    is_rescued: bool = False


def pack_save(save: Save) -> bytes:
    """Write a save as the body of a request."""
    magic = MAGIC_RESCUED if save.is_rescued else MAGIC
    head = _LAYOUT.pack(magic, save.auth, save.unsent, len(save.envelope))
    return head + save.envelope + save.box


def rescue_proof(auth_sha256: bytes, save: Save) -> bytes:
    """What a rescued save shows: it binds all that follows it, and nobody learns `auth` from it."""
    rest = struct.pack(">HI", save.unsent, len(save.envelope)) + save.envelope + save.box
    return hmac.digest(auth_sha256, RESCUE_LABEL + rest, hashlib.sha256)


def unpack_save(body: bytes) -> Save:
    """Read the body of a save, or refuse it."""
    if not _LAYOUT.size <= len(body) <= MAX_SAVE:
        raise BadRecord("This save has the wrong size.")
    magic, auth, unsent, size = _LAYOUT.unpack_from(body)
    envelope = body[_LAYOUT.size : _LAYOUT.size + size]
    box = body[_LAYOUT.size + size :]
    is_known = magic in {MAGIC, MAGIC_RESCUED}
    if not is_known or len(envelope) != size or len(box) > MAX_BOX:
        raise BadRecord("This save is cut short or is not one.")
    return Save(auth, unsent, envelope, box, magic == MAGIC_RESCUED)


def content_digest(body: bytes) -> str:
    """What a body is sent with, so that the host can tell one that was changed (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def is_altered(body: bytes, said: str | None) -> bool:
    """Whether a body is not the one that was sent; one that came without a digest is believed."""
    return said is not None and said.startswith("sha-256=:") and said != content_digest(body)


def resume_context(campaign: bytes, sid: bytes, stream: bytes, epoch: int, seq: int) -> bytes:
    """What a resume box is bound to (AES-GCM associated data)."""
    return RESUME_LABEL + campaign + sid + stream + struct.pack(">BI", epoch, seq)
