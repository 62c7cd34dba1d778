# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is on its way in a simulated world, how a network spoils it, what a forger makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from encrier import seal, uploads
from encrier.records import to_bytes
from encrier_answers.replies import Reply
from stagecraft.simulated_node import Answered
from stagecraft.simulated_pupils import Device

FORGER: Final = b"forger"  # its network
OF_FORGER: Final = bytes(range(32))  # a secret of its own
T = TypeVar("T")


class Chance:
    """What one number decides: each draw takes its part of it; 0 draws the first of all."""

    def __init__(self, number: int) -> None:
        self.rest = number

    def of(self, options: Sequence[T]) -> T:
        self.rest, drawn = divmod(self.rest, len(options))
        return options[drawn]

    def one_in(self, odds: int) -> bool:
        self.rest, drawn = divmod(self.rest, odds)
        return drawn == odds - 1


@dataclass(frozen=True, eq=False)
class Message:
    """A request on its way to the node."""

    route: str  # save, sign-in, list
    body: bytes
    sender: Device | None = None  # None: names, or a forger
    digest: str | None = None
    network: bytes = b""
    is_cut: bool = False


@dataclass(frozen=True, eq=False)
class Answer:
    """What comes back to whoever asked."""

    to: Message
    answer: Answered
    is_spoilt: bool = False


def spoilt(message: Message | Answer, chance: Chance) -> Message | Answer:
    """Cut short, or with a byte of it changed."""
    is_cut = chance.one_in(3)
    if isinstance(message, Message):
        body = _changed(message.body, chance, is_cut=is_cut)
        return replace(message, body=body, is_cut=message.is_cut or is_cut)
    if not isinstance(message.answer, Reply):
        return message
    answer = message.answer
    body = _changed(answer.body, chance, is_cut=is_cut)
    return replace(message, answer=Reply(answer.status, answer.headers, body), is_spoilt=True)


def forged(seen: bytes, chance: Chance) -> Message:
    """A request of somebody who saw this save go by and has no secret of that pupil."""
    save = uploads.unpack_save(seen)
    header = seal.read_header(save.envelope)
    inside = save.envelope[seal.HEADER_SIZE :]
    newer = seal.Header(
        header.key, header.campaign, header.sid, header.stream, header.epoch,
        header.seq + 1, header.kind, header.bundle, header.progress,
    ).to_bytes() + inside  # fmt: skip
    other = save.envelope[:-1] + bytes([save.envelope[-1] ^ 1])
    asks = (
        seen,  # again, as it was
        _packed(save, auth=OF_FORGER, openly=True),
        _packed(save, auth=OF_FORGER),
        _packed(save, envelope=newer),
        _packed(save, envelope=other),
        _packed(save, box=b"box of a forger"),
        _packed(save, envelope=newer, openly=True),
        seen[: chance.of(range(1, len(seen)))],
        seen + bytes(uploads.MAX_SAVE),
    )
    if chance.one_in(len(asks) + 1):
        ask = to_bytes(uploads.SignIn(header.sid, OF_FORGER))
        return Message("sign-in", ask, network=FORGER)
    return Message("save", chance.of(asks), network=FORGER)


def false_receipt(given: bytes, chance: Chance, *, of: bytes, waits_for: bytes) -> bytes:
    """A receipt that was given for another envelope, as it is or made to look like the one awaited.

    of, waits_for: digests of the two envelopes.
    """
    return chance.of((given, given.replace(of, waits_for), _changed(given, chance, is_cut=False)))


def _packed(
    save: uploads.Save,
    *,
    auth: bytes | None = None,
    envelope: bytes | None = None,
    box: bytes | None = None,
    openly: bool = False,
) -> bytes:
    return uploads.pack_save(
        uploads.Save(
            save.auth if auth is None else auth,
            save.unsent,
            save.envelope if envelope is None else envelope,
            save.box if box is None else box,
            not openly,
        )
    )


def _changed(content: bytes, chance: Chance, *, is_cut: bool) -> bytes:
    if not content:
        return b"?"
    at = chance.of(range(len(content)))
    if is_cut:
        return content[:at]
    return content[:at] + bytes([content[at] ^ (1 << chance.of(range(8)))]) + content[at + 1 :]
