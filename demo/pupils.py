# SPDX-License-Identifier: AGPL-3.0-or-later
"""Simulated pupils: they hold a printed code and speak the real protocol, sealed as a browser does.

What a simulated pupil knows is what a real one's browser knows: the site's address, the root key
and the code. Networks break here as in a computer room: before the save arrives, or after it
was kept but before the receipt is back.
"""

import http.client
import os
import random
import zlib
from collections.abc import Iterator, Mapping
from typing import Final, Literal
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from encrier import codes, manifest, receipts, seal, uploads
from encrier.ids import BundleId, StreamId
from encrier.records import from_bytes, to_bytes
from encrier.sheets import AnswerSheet, Event, ItemAnswer, Mark
from encrier.uploads import SignedIn, SignIn

Fault = Literal["request lost", "reply lost"]
Answers = Mapping[str, Mapping[str, list[str]]]  # item -> response -> values
FINE: Final = 200


class NetworkDown(ConnectionError):
    """The simulated cable is out."""


class Network:
    """A pupil's way to the answers zone, with the faults that are planned for it."""

    def __init__(self, url: str, faults: Iterator[Fault | None]) -> None:
        self._place = urlsplit(url)
        self._faults = faults

    def send(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        """Send one request; a fault planned for it strikes here."""
        fault = next(self._faults, None)
        if fault == "request lost":
            raise NetworkDown
        wire = http.client.HTTPConnection(self._place.hostname or "", self._place.port, timeout=20)
        try:
            wire.request(method, path, body)
            reply = wire.getresponse()
            answered = reply.status, reply.read()
        finally:
            wire.close()
        if fault == "reply lost":
            raise NetworkDown
        return answered


class Pupil:
    """One device of one pupil: signs in, answers, saves, and keeps what could not be sent."""

    def __init__(self, code: codes.PupilCode, network: Network, *, root_key: bytes) -> None:
        self._network = network
        self._campaign = manifest.check(self._get("/v1/manifest"), root_key=root_key)
        self.keys = codes.derive(
            code, self._campaign.campaign_id, iterations=self._campaign.kdf_iterations
        )
        self._items: dict[str, ItemAnswer] = {}
        self._events: list[Event] = []
        self._event = 0
        self._seq = 0
        self._epoch = 0
        self._stream = StreamId(os.urandom(8))
        self._bundle = BundleId(bytes(8))
        self._outbox: bytes | None = None  # the body of the last save not acknowledged
        self._envelope = b""
        self.receipts: list[bytes] = []

    def sign_in(self) -> SignedIn:
        """Show sid and auth; take up where another device left off."""
        shown = to_bytes(SignIn(self.keys.sid, self.keys.auth))
        status, content = self._network.send("POST", "/v1/sign-in", shown)
        if status != FINE:
            raise PermissionError(content.decode())
        signed_in = from_bytes(content, SignedIn)
        self._bundle = BundleId(signed_in.bundle)
        if signed_in.last is not None:
            self._resume(signed_in.last)
        self._note("sign-in")
        return signed_in

    def answer(
        self, item: str, given: Mapping[str, list[str]], *, mark: Mark | None = None
    ) -> None:
        """Write an answer on the sheet, or what a teacher notes of it; nothing is sent yet."""
        before = self._items.get(item)
        self._event += 1
        self._items[item] = ItemAnswer(
            r=dict(given),
            t_ms=(before.t_ms if before else 0) + random.randrange(8_000, 90_000),  # noqa: S311 play
            n=(before.n if before else 0) + 1,
            stamp=(self._epoch, self._event, self._stream.hex()),
            mark=mark,
        )

    def save(self, *, n_items: int, kind: seal.Kind = seal.Kind.SNAPSHOT) -> bool:
        """Seal the sheet and send it; False where it stays on this computer for now."""
        if kind is seal.Kind.FINAL:
            self._note("finish")
        sheet = to_bytes(AnswerSheet(1, self._bundle.hex(), self._items, self._events))
        header = seal.Header(
            key=self._campaign.sealing_key_id,
            campaign=self._campaign.campaign_id,
            sid=self.keys.sid,
            stream=self._stream,
            epoch=self._epoch,
            seq=self._seq,
            kind=kind,
            bundle=self._bundle,
            progress=min(100, 100 * len(self._items) // max(1, n_items)),
        )
        self._envelope = seal.seal(sheet, header, to=self._campaign.sealing_key, mac=self.keys.mac)
        self._outbox = uploads.pack_save(
            uploads.Save(self.keys.auth, 0, self._envelope, self._box(sheet))
        )
        self._seq += 1
        return self.send()

    def send(self) -> bool:
        """Send what waits, the same bytes as before; True once nothing waits."""
        if self._outbox is None:
            return True
        try:
            status, content = self._network.send("POST", "/v1/save", self._outbox)
        except OSError:  # the cable, or a server that is restarting: it stays here
            return False
        if status != FINE:
            raise PermissionError(content.decode())
        node = self._campaign.nodes[0]
        receipt = receipts.check(content, by=node.receipt_key)
        if not receipts.covers(receipt, seal.read_header(self._envelope), self._envelope):
            raise PermissionError("The receipt is for another envelope.")
        self.receipts.append(content)
        self._outbox = None
        return True

    def _get(self, path: str) -> bytes:
        for _ in range(10):
            try:
                status, content = self._network.send("GET", path)
            except NetworkDown:
                continue
            if status == FINE:
                return content
        raise NetworkDown

    def _resume(self, last: uploads.LastSave) -> None:
        self._epoch = last.epoch + 1
        if not last.box:
            return
        bound = uploads.resume_context(
            self._campaign.campaign, self.keys.sid, last.stream, last.epoch, last.seq
        )
        packed = AESGCM(self.keys.resume).decrypt(last.box[:12], last.box[12:], bound)
        sheet = from_bytes(zlib.decompress(packed, -15), AnswerSheet)
        self._items, self._events = dict(sheet.items), list(sheet.events)

    def _box(self, sheet: bytes) -> bytes:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(sheet) + packer.flush()
        nonce = os.urandom(12)
        bound = uploads.resume_context(
            self._campaign.campaign, self.keys.sid, self._stream, self._epoch, self._seq
        )
        return nonce + AESGCM(self.keys.resume).encrypt(nonce, packed, bound)

    def _note(self, kind: Literal["sign-in", "finish"]) -> None:
        self._event += 1
        self._events.append(Event(kind=kind, stamp=(self._epoch, self._event, self._stream.hex())))


def play(ability: float, patterns: list[Answers], *, chance: random.Random) -> Answers:
    """Invent a pupil's answers: item by item, the right one or what a weaker pupil wrote.

    ability: 0 to 1, the share of items answered as in the first pattern, which is all right.
    """
    right, *others = patterns
    played = {}
    for item in right:
        source = right if chance.random() < ability else chance.choice(others)
        played[item] = dict(source.get(item, {}))
    return played
