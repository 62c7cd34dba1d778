# SPDX-License-Identifier: AGPL-3.0-or-later
"""TLS of one who calls again and again: each call resumes the session of the last to that server.

A country is pulled in some two thousand calls, each on a connection of its own; a session that is
resumed spares both ends certificates and signatures. Certificates are checked as Python checks
them by default, when a session begins; a server that remembers none is met anew.
"""

import ssl
from pathlib import Path
from typing import Any, cast


class ResumingContext(ssl.SSLContext):
    """Checks servers as the default context does, and remembers the last session of each."""

    sessions: dict[object, ssl.SSLSession]

    def wrap_socket(self, sock: Any, *args: Any, **options: Any) -> ssl.SSLSocket:
        """Begin TLS on a connection, with the session of the last one to the same server."""
        server = (options.get("server_hostname"), sock.getpeername())
        options.setdefault("session", self.sessions.get(server))
        made = super().wrap_socket(sock, *args, **options)
        cast("_Socket", made).server = server
        return made


class _Socket(ssl.SSLSocket):
    """Notes its session once it received something: in TLS 1.3 no session comes before."""

    server: object = None

    def recv_into(self, *args: Any, **options: Any) -> int:
        """Receive, as any socket does."""
        size = super().recv_into(*args, **options)
        if self.server is not None and self.session is not None:
            cast("ResumingContext", self.context).sessions[self.server] = self.session
        return size


def resuming(ca_file: Path | None) -> ResumingContext:
    """Trust the system's certificates, or only those of a file."""
    context = ResumingContext(ssl.PROTOCOL_TLS_CLIENT)  # checks certificates and host names
    context.sslsocket_class = _Socket
    context.sessions = {}
    if ca_file is None:
        context.load_default_certs()
    else:
        context.load_verify_locations(ca_file)
    return context
