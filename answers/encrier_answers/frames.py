# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the workers and the keeper say to each other, on a socket of this machine.

A frame is four bytes of length, then one message in MessagePack. Both ends are processes of one
server, of one release: the format is nobody else's, and is never kept.
"""

import struct
from collections.abc import Iterator
from typing import Final

import msgspec

from encrier_answers.replies import Reply, Request
from encrier_answers.sittings import Sitting
from encrier_answers.store import Outcome, TakenList

_LENGTH: Final = struct.Struct(">I")
Entry = tuple[bytes, bytes, int, bytes, int]  # envelope, statement, unsent, box, minute
Mark = tuple[bytes, int]  # sitting, minute


class Put(msgspec.Struct, frozen=True, tag=0, array_like=True):
    """Saves to be kept, and sign-ins for which nobody waits."""

    n: int  # of this question, on this line
    entries: list[Entry]
    marks: list[Mark]


class Last(msgspec.Struct, frozen=True, tag=1, array_like=True):
    """Where a sitting stands is asked."""

    n: int
    sid: bytes


class Ask(msgspec.Struct, frozen=True, tag=2, array_like=True):
    """A request of another zone: the keeper answers it."""

    n: int
    request: Request


class Outcomes(msgspec.Struct, frozen=True, tag=3, array_like=True):
    """What became of the entries of a Put, in order; None: the disk refuses all of them."""

    n: int
    outcomes: list[Outcome] | None


class Found(msgspec.Struct, frozen=True, tag=4, array_like=True):
    """Where a sitting stands; silent: the disk did not say."""

    n: int
    sitting: Sitting | None
    is_silent: bool = False


class Told(msgspec.Struct, frozen=True, tag=5, array_like=True):
    """The reply to another zone."""

    n: int
    reply: Reply


class News(msgspec.Struct, frozen=True, tag=6, array_like=True):
    """An admission list, or a part of what is known at the start; `more`: another part follows."""

    taken: TakenList
    more: bool = False
    store: bytes = b""  # the id of the keeper's, said at the start


class Heard(msgspec.Struct, frozen=True, tag=7, array_like=True):
    """The worker has taken the news."""


Message = Put | Last | Ask | Outcomes | Found | Told | News | Heard
_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Message)


def written(message: Message) -> bytes:
    """A message as a frame."""
    content = _ENCODER.encode(message)
    return _LENGTH.pack(len(content)) + content


class Reading:
    """Takes bytes as they come, gives messages as they are whole."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def feed(self, content: bytes) -> Iterator[Message]:
        """The messages that these bytes complete, in order."""
        self._waiting += content
        at = 0
        while len(self._waiting) - at >= _LENGTH.size:
            (size,) = _LENGTH.unpack_from(self._waiting, at)
            end = at + _LENGTH.size + size
            if end > len(self._waiting):
                break
            yield _DECODER.decode(memoryview(self._waiting)[at + _LENGTH.size : end].tobytes())
            at = end
        del self._waiting[:at]
