# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a pupil's browser asks: to be let in, to have a save kept, to hear what is granted.

Signs and opens nothing. Refusals are in French, for the pupil who reads them.
Docs: docs/spec/upload.md.
"""

from typing import Final, Protocol

from encrier import receipts, seal, uploads
from encrier.clock import Clock
from encrier.errors import BadEnvelope, BadRecord
from encrier.ids import SittingId
from encrier.manifest import Manifest
from encrier.records import from_bytes, to_bytes
from encrier_answers.configuration import Zone
from encrier_answers.gate import Gate
from encrier_answers.replies import BYTES, Reply, Request, reply
from encrier_answers.sittings import (
    Admitted,
    Progress,
    SaveConflict,
    Sitting,
    SittingClosed,
    Verdict,
    box_of,
    may_save,
    may_sign_in,
    recognise,
    recognise_save,
    terms_mark,
    terms_of,
    to_minute,
)
from encrier_answers.store import Outcome, SignInMark, Taken

MAX_SIGN_IN: Final = 1024  # bytes; a sign-in is 100
ELSEWHERE: Final = ("encrier-elsewhere", "1")
BESIDE: Final = ("encrier-beside", "1")
RECEIPT: Final = reply(b"", kind=BYTES)  # what every receipt comes with
SUPERSEDED: Final = reply(b'{"superseded":true}')


class BadAsk(BadRecord):
    """A sign-in or a save that no player of this campaign writes."""

    what = "Cette demande n’est pas celle d’une page d’évaluation."
    next_step = "Recharge la page : tes réponses gardées reviennent."


class Keeping(Protocol):
    """Who keeps what was let in."""

    @property
    def store(self) -> bytes:
        """The id of the store where it is kept."""
        ...

    async def put(self, taken: Taken) -> Outcome:
        """What became of a save, once it is on disk; raises StoreSilent."""
        ...

    def note(self, mark: SignInMark) -> None:
        """Keep a sign-in some time soon."""
        ...

    async def last(self, sid: SittingId) -> Sitting | None:
        """Where a sitting stands; raises StoreSilent."""
        ...


class Pupils:
    """The pupils' routes."""

    def __init__(self, zone: Zone, *, gate: Gate, keeping: Keeping, now: Clock) -> None:
        self._zone, self._now = zone, now
        self._gate, self._keeping = gate, keeping
        self._sealed_to = zone.manifest.sealing_key_id, zone.manifest.campaign_id

    async def sign_in(self, request: Request) -> Reply:
        """Let a pupil in, with what a new device needs to go on from the last save."""
        asked = _read_sign_in(request.body)
        sid, now = SittingId(asked.sid), self._now()
        admitted = self._let_in(request, asked)
        may_sign_in(admitted, self._zone.manifest, now=now)
        booklet_key = self._gate.booklet_key(admitted.bundle)
        minute = to_minute(now)
        if asked.ticket and (held := self._gate.held(sid, asked.ticket)):
            return held  # she waits already: the store is not asked
        sitting = await self._keeping.last(sid)
        if sitting is None and not asked.ticket and (held := self._gate.held(sid)):
            return held  # she has not begun: who has never waits
        self._keeping.note(SignInMark(sid, minute))
        return reply(
            to_bytes(
                uploads.SignedIn(
                    bundle=admitted.bundle,
                    booklet_key=booklet_key,
                    state="finished" if _is_finished(sitting) else "open",
                    terms=terms_of(admitted, self._zone.manifest),
                    last=_last_save(sitting, self._zone.manifest, minute=minute),
                )
            )
        )

    async def save(self, request: Request) -> Reply:
        """Keep a save, then give its receipt; never the other way round."""
        asked, header = _read_save(request.body)
        now, manifest = self._now(), self._zone.manifest
        admitted = self._gate.let_in(
            request.network, header.sid, lambda known: recognise_save(known, asked)
        )
        may_save(admitted, manifest, now=now)
        if (header.key, header.campaign, header.bundle) != (*self._sealed_to, admitted.bundle):
            raise BadAsk("Cette sauvegarde n’est pas celle de cette évaluation.")
        outcome = await self._keeping.put(self._taken(asked, header, minute=to_minute(now)))
        if outcome.verdict is Verdict.CONFLICT:
            raise SaveConflict
        if outcome.verdict is Verdict.SUPERSEDED:
            return SUPERSEDED
        more = (
            (uploads.TERMS_HEADER, terms_mark(admitted)),
            (uploads.KEPT_HEADER, f"{self._keeping.store.hex()} {outcome.rank}"),
        )
        others = (ELSEWHERE,) if outcome.is_elsewhere else (BESIDE,) if outcome.is_beside else ()
        return Reply(RECEIPT.status, (*RECEIPT.headers, *more, *others), outcome.receipt)

    async def terms(self, request: Request) -> Reply:
        """Tell until when a pupil has, and what she is granted, where no save tells it."""
        asked = _read_sign_in(request.body)
        admitted = self._let_in(request, asked)
        if not admitted.is_open:
            raise SittingClosed
        return reply(to_bytes(terms_of(admitted, self._zone.manifest)))

    def _let_in(self, request: Request, asked: uploads.SignIn) -> Admitted:
        sid = SittingId(asked.sid)
        return self._gate.let_in(request.network, sid, lambda known: recognise(known, asked.auth))

    def _taken(self, asked: uploads.Save, header: seal.Header, *, minute: int) -> Taken:
        sha256, node = seal.digest(asked.envelope), self._zone.settings.node
        return Taken(
            header=header,
            envelope=asked.envelope,
            statement=receipts.statement(header, sha256, minute=minute, node=node),
            unsent=asked.unsent,
            box=asked.box,
            minute=minute,
        )


def _read_sign_in(body: bytes) -> uploads.SignIn:
    try:
        return from_bytes(body, uploads.SignIn)
    except BadRecord as error:
        raise BadAsk from error


def _read_save(body: bytes) -> tuple[uploads.Save, seal.Header]:
    try:
        asked = uploads.unpack_save(body)
        return asked, seal.read_header(asked.envelope)
    except (BadRecord, BadEnvelope) as error:
        raise BadAsk from error


def _is_finished(sitting: Sitting | None) -> bool:
    return sitting is not None and sitting.progress is Progress.FINISHED


def _last_save(
    sitting: Sitting | None, manifest: Manifest, *, minute: int
) -> uploads.LastSave | None:
    """The newest save, so that a new device takes the next epoch even when the box is gone."""
    if sitting is None or sitting.newest is None:
        return None
    epoch, seq, stream = sitting.newest
    return uploads.LastSave(stream, epoch, seq, box_of(sitting, manifest, now_minute=minute))
