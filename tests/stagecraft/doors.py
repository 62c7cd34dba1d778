# SPDX-License-Identifier: AGPL-3.0-or-later
"""Knock at the zones' doors, with the right key or a wrong one."""

import base64
import urllib.error
import urllib.request
from pathlib import Path

from encrier import calls, clock
from encrier.records import from_bytes
from encrier.secret import Secret
from encrier.wire import Register
from stagecraft.autumn import Autumn
from stagecraft.staffroom import Page


def key_of(file: Path) -> Secret:
    """Read a key file."""
    return Secret(base64.b64decode(file.read_text(encoding="ascii")))


def knock(base: str, path: str, *, key: Secret | None, body: bytes | None = None) -> Page:
    """Make a call between zones; without a key it is not signed."""
    method = "GET" if body is None else "POST"
    request = urllib.request.Request(base + path, data=body, method=method)
    if key is not None:
        header = calls.sign(key, method=method, path=path, body=body or b"", at=clock.now())
        request.add_header(calls.HEADER, header)
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            return Page(reply.status, reply.read())
    except urllib.error.HTTPError as error:
        with error:
            return Page(error.code, error.read())


def register_of(autumn: Autumn) -> Register:
    """What results is told of the pupils."""
    stage = autumn.stage
    return register_at(stage.names_url, key_of(stage.results.folder / "keys/door.key"))


def register_at(names_url: str, key: Secret) -> Register:
    """What a names zone tells whoever holds the key of results."""
    page = knock(names_url, "/doors/register", key=key)
    assert page.status == 200
    return from_bytes(page.content, Register)
