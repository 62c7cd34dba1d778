# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a pupil is granted: settings of the page, extra time, a pause. Docs: docs/spec/terms.md.

Needs say much about a child, so they travel sealed under a key that only the code gives: names
closes the box, the pupil's browser opens it. The host keeps boxes that are all of one size and
cannot tell a pupil who is granted something from one who is not.
"""

import struct
from typing import Annotated, Final

from msgspec import Meta

from encrier import boxes
from encrier.errors import BadRecord
from encrier.ids import CampaignId, SittingId
from encrier.records import Record

LABEL: Final = b"terms/v1\0"
PLAIN_SIZE: Final = 208
BOX_SIZE: Final = PLAIN_SIZE + boxes.OVERHEAD
MOST_EXTRA_TIME: Final = 100  # percent
_LAYOUT: Final = struct.Struct(">BBBB")  # version, extra time, flags, length of the settings
_VERSION: Final = 1
_PAUSED: Final = 1
Box = Annotated[bytes, Meta(min_length=BOX_SIZE, max_length=BOX_SIZE)]


class Terms(Record, frozen=True):
    """What one sitting is granted."""

    extra_time: int = 0  # percent of every time limit
    paused: bool = False
    settings: tuple[str, ...] = ()  # "name:value", as docs/spec/supports.md lists them


def seal(terms: Terms, *, key: bytes, campaign: CampaignId, sid: SittingId) -> bytes:
    """Close the box of one sitting; raises BadRecord when the settings do not fit."""
    settings = " ".join(terms.settings).encode()
    if _LAYOUT.size + len(settings) > PLAIN_SIZE:
        raise BadRecord("Too many settings are granted to one pupil.", "Take some away.")
    head = _LAYOUT.pack(_VERSION, terms.extra_time, _PAUSED * terms.paused, len(settings))
    plain = (head + settings).ljust(PLAIN_SIZE, b"\0")
    return boxes.close(plain, key=key, context=LABEL + campaign + sid)


def unseal(box: bytes, *, key: bytes, campaign: CampaignId, sid: SittingId) -> Terms:
    """Open a box, as the pupil's browser does; raises BadRecord when it is another's."""
    plain = boxes.open_(box, key=key, context=LABEL + campaign + sid)
    version, extra_time, flags, size = _LAYOUT.unpack_from(plain)
    written = plain[_LAYOUT.size : _LAYOUT.size + size]
    if version != _VERSION or extra_time > MOST_EXTRA_TIME or len(written) != size:
        raise BadRecord("This box of terms is of another release.")
    return Terms(extra_time, bool(flags & _PAUSED), tuple(written.decode().split()))
