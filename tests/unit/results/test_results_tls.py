# SPDX-License-Identifier: AGPL-3.0-or-later
"""TLS of the doors: sessions are resumed, and a server that is not trusted is still refused."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from encrier.errors import EncrierError
from encrier_results import doors
from encrier_results.settings import ResultsSettings
from stagecraft.certificates import own_certificate
from stagecraft.rounds import ResultsZone
from stagecraft.strangers import Standing

REPLY = b'{"type":"register/1","campaign":"AAAAAAAAAAAAAAAAAAAAAA==","rows":[]}'


class Secure:
    """A server with a certificate of its own, and whether each of its calls resumed a session."""

    def __init__(self, folder: Path, name: str) -> None:
        self.resumed: list[bool] = []
        this = self

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                this.resumed.append(self.connection.session_reused)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(REPLY)

            def log_message(self, *_: object) -> None:
                """Nothing is printed."""

        certificate = own_certificate(folder, name, 0)
        self.ca_file = folder / f"{name}.pem"
        standing = Standing(Door, tls=certificate.context)
        self.url, self.close = standing.url, standing.close


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[Secure]:
    made = Secure(tmp_path, "names")
    yield made
    made.close()


def settings(tmp_path: Path, secure: Secure, ca_file: Path) -> ResultsSettings:
    given = ResultsZone(tmp_path, []).settings
    told = {name: getattr(given, name) for name in given.__struct_fields__}
    return ResultsSettings(**{**told, "names_url": secure.url, "ca_file": ca_file})


def test_each_call_after_the_first_resumes_the_session(tmp_path: Path, secure: Secure) -> None:
    told = settings(tmp_path, secure, secure.ca_file)
    for _ in range(4):
        assert doors.register(told).rows == []
    assert secure.resumed == [False, True, True, True]


def test_the_session_of_one_server_is_not_offered_to_another(
    tmp_path: Path, secure: Secure
) -> None:
    doors.register(settings(tmp_path, secure, secure.ca_file))
    other = Secure(tmp_path, "other")
    try:
        with pytest.raises(EncrierError):  # its certificate is not the one that is trusted
            doors.register(settings(tmp_path, other, secure.ca_file))
    finally:
        other.close()
    assert other.resumed == []


def test_a_server_that_nobody_vouches_for_is_refused(tmp_path: Path, secure: Secure) -> None:
    stranger = own_certificate(tmp_path, "stranger", 0)
    assert stranger.context is not None
    with pytest.raises(doors.DoorClosed):
        doors.register(settings(tmp_path, secure, tmp_path / "stranger.pem"))
    assert secure.resumed == []
