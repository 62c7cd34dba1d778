# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many browsers at once, each with an open line; they send again as the player does."""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from encrier import receipts, seal, signing, uploads
from encrier.ids import StreamId
from stagecraft.node import Campaign, Pupil, Server

INSIDE: Final = 1120 + 1024 + 16  # bytes of an envelope after its header: as sealed, at random
AGAIN_S: Final = 0.05  # between two tries; a player waits longer


@dataclass(eq=False)
class Browser:
    """One pupil's page: a line to the server, a save that waits, what was acknowledged."""

    campaign: Campaign
    pupil: Pupil
    stream: StreamId = field(default_factory=lambda: StreamId(secrets.token_bytes(8)))
    seq: int = 0
    kept: dict[int, tuple[bytes, bytes]] = field(default_factory=dict)  # envelope, receipt
    statuses: list[int] = field(default_factory=list)
    waits_s: list[float] = field(default_factory=list)
    n_cut: int = 0
    line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def save(self, port: int) -> None:
        """Seal once, then send the same bytes until a receipt covers them."""
        header = self.campaign.header(self.pupil, stream=self.stream, seq=self.seq)
        envelope = header.to_bytes() + secrets.token_bytes(INSIDE)
        body = uploads.pack_save(uploads.Save(self.pupil.auth, 0, envelope, b"box"))
        began = time.monotonic()
        while True:
            try:
                status, reply = await self._ask(port, body)
            except (OSError, asyncio.IncompleteReadError):
                self.hang_up()
                self.n_cut += 1
            else:
                self.statuses.append(status)
                if status == 200:
                    break
            await asyncio.sleep(AGAIN_S)
        key = signing.public_of(self.campaign.receipt_key)
        assert receipts.covers(receipts.check(reply, by=key), header, envelope)
        self.waits_s.append(time.monotonic() - began)
        self.kept[self.seq] = envelope, reply
        self.seq += 1

    def hang_up(self) -> None:
        if self.line is not None:
            self.line[1].transport.abort()
            self.line = None

    async def _ask(self, port: int, body: bytes) -> tuple[int, bytes]:
        if self.line is None:
            self.line = await asyncio.open_connection("127.0.0.1", port)
        reader, writer = self.line
        head = f"POST /v1/save HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        came = (await reader.readuntil(b"\r\n\r\n")).lower()
        size = int(came.partition(b"content-length:")[2].partition(b"\r\n")[0])
        return int(came[9:12]), await reader.readexactly(size)


def browsers(server: Server, n: int) -> list[Browser]:
    """As many pupils, admitted, each with a browser."""
    pupils = [server.campaign.pupil() for _ in range(n)]
    assert server.admit(*map(server.campaign.admission, pupils)).status == 200
    return [Browser(server.campaign, pupil) for pupil in pupils]


async def all_save(crowd: Sequence[Browser], port: int, *, times: int) -> None:
    """Each saves as often, one save after the other; all at once."""
    await save_until(crowd, port, lambda browser: len(browser.waits_s) >= times)


async def save_until(
    crowd: Sequence[Browser], port: int, is_over: Callable[[Browser], bool]
) -> None:
    """Each saves, one save after the other, until it is over for it."""

    async def one(browser: Browser) -> None:
        while not is_over(browser):
            await browser.save(port)

    try:
        await asyncio.gather(*map(one, crowd))
    finally:
        for browser in crowd:
            browser.hang_up()
        await asyncio.sleep(0)  # the loop lets the lines go


def n_lost(server: Server, crowd: Iterable[Browser]) -> int:
    """How many browsers' last acknowledged save is not what results would get, receipt and all."""
    drained = {seal.digest(save.envelope): save.receipt for save in server.drain()}
    last = [browser.kept[max(browser.kept)] for browser in crowd if browser.kept]
    assert last
    return sum(drained.get(seal.digest(envelope)) != receipt for envelope, receipt in last)
