# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which requests come from one network, without knowing which: a random name for each.

The names are drawn anew by each process and leave it in no reply, no row and no line of a log.
"""

import hashlib
import secrets
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from encrier_answers.guessing import UNKNOWN

if TYPE_CHECKING:
    from granian.rsgi import Scope

FORWARDED: Final = "x-forwarded-for"
_NAME: Final = 8  # bytes


class Nearness:
    """Names networks: an IPv4 address, or the first half of an IPv6 one, which one line has."""

    def __init__(self, *, proxied: bool) -> None:
        """proxied: our own proxy says where a request comes from, as the last of its header."""
        self._key, self._proxied = secrets.token_bytes(32), proxied

    def of(self, scope: "Scope") -> bytes:
        """The name of the network of a request; UNKNOWN where nothing says it."""
        if self._proxied:
            return self.named((scope.headers.get(FORWARDED) or "").rpartition(",")[2].strip())
        return self.named(scope.client.rpartition(":")[0].strip("[]"))

    def named(self, address: str) -> bytes:
        """The name of an address's network."""
        if not address:
            return UNKNOWN
        if ":" in address:
            try:
                found = ip_address(address.partition("%")[0])
            except ValueError:
                return UNKNOWN
            mapped = getattr(found, "ipv4_mapped", None)
            address = str(mapped) if mapped else found.packed[:8].hex()
        return hashlib.blake2b(address.encode(), key=self._key, digest_size=_NAME).digest()
