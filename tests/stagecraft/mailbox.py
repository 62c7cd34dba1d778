# SPDX-License-Identifier: AGPL-3.0-or-later
"""A mail server that keeps what it is given: real SMTP, on this machine, for tests."""

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import Any, NamedTuple

from aiosmtpd.controller import Controller

from operators import free_port

PATIENCE_S = 20


class Received(NamedTuple):
    to: str
    subject: str
    body: str


class Mailbox:
    """All letters, in the order in which they came."""

    def __init__(self) -> None:
        self.port = free_port(0)
        self._came: queue.Queue[Received] = queue.Queue()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 aiosmtpd names it
        message = message_from_bytes(envelope.content, policy=policy.default)
        body = message.get_body()
        assert body is not None
        self._came.put(Received(envelope.rcpt_tos[0], str(message["subject"]), body.get_content()))
        return "250 OK"

    def next(self) -> Received:
        """The next letter, waited for."""
        return self._came.get(timeout=PATIENCE_S)

    @property
    def empty(self) -> bool:
        return self._came.empty()


@contextmanager
def open_mailbox() -> Iterator[Mailbox]:
    """The server, while it runs."""
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=box.port)
    server.start()
    try:
        yield box
    finally:
        server.stop()
