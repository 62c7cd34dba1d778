# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a hostile or broken client sends: refused in a sentence, and nothing is kept of it."""

import secrets
import socket
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from encrier import ids, uploads
from encrier.ids import BundleId, CampaignId, SittingId
from encrier.records import from_bytes
from encrier_answers import app

HURRIED = "from encrier_answers import app\napp.BODY_DEADLINE_S = 0.3\n"


def _refused(answer: Any, status: int) -> uploads.Refusal:
    assert answer.status == status, answer
    refusal = from_bytes(answer.body, uploads.Refusal)
    assert refusal.what
    assert refusal.next_step
    return refusal


def _raw(server: Any, request: bytes, *, close: bool = False) -> bytes:
    """Send bytes that no HTTP library would, and give all that comes back."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as line:
        line.sendall(request)
        if close:
            line.shutdown(socket.SHUT_WR)
        came = b""
        try:
            while piece := line.recv(65536):
                came += piece
                if b"\r\n\r\n" in came and not close:
                    return came
        except ConnectionResetError:
            return came
        return came


def test_an_unknown_sitting_and_a_wrong_secret_get_the_same_reply(server: Any) -> None:
    known, stranger = server.new_pupil(), server.campaign.pupil()
    impostor = type(known)(known.sid, secrets.token_bytes(32))
    wrong = server.post("/v1/sign-in", impostor.sign_in)
    unknown = server.post("/v1/sign-in", stranger.sign_in)
    _refused(wrong, 403)
    assert wrong.body == unknown.body
    assert {**wrong.headers, "date": ""} == {**unknown.headers, "date": ""}


def test_a_save_with_a_wrong_secret_is_refused_and_not_kept(server: Any) -> None:
    pupil = server.new_pupil()
    envelope = server.campaign.envelope(pupil)
    _refused(server.save(pupil, envelope, auth=secrets.token_bytes(32)), 403)
    _refused(server.save(server.campaign.pupil(), envelope), 403)
    assert envelope not in [save.envelope for save in server.drain()]


@pytest.mark.parametrize(
    "change",
    [
        {"campaign": CampaignId(bytes(16))},
        {"key": ids.KeyId(bytes(8))},
        {"bundle": BundleId(bytes(8))},
    ],
    ids=["other campaign", "wrong key id", "wrong bundle"],
)
def test_an_envelope_of_something_else_is_refused(server: Any, change: dict[str, Any]) -> None:
    pupil = server.new_pupil()
    _refused(server.save(pupil, server.campaign.envelope(pupil, **change)), 400)


def test_a_save_replayed_under_another_sitting_is_refused(server: Any) -> None:
    victim, thief = server.new_pupil(), server.new_pupil()
    envelope = server.campaign.envelope(victim)
    _refused(server.save(thief, envelope), 403)


def test_a_corrupt_envelope_is_refused(server: Any) -> None:
    pupil = server.new_pupil()
    envelope = server.campaign.envelope(pupil)
    for corrupt in (b"", envelope[:-1], b"XX1" + envelope[3:], envelope + b"\0"):
        _refused(server.save(pupil, corrupt), 400)


@pytest.mark.parametrize(
    "body", [b"x", b"SV1", b"\0" * 41, b"SV1" + bytes(100), secrets.token_bytes(3000)]
)
def test_a_body_that_is_not_a_save_is_refused(server: Any, body: bytes) -> None:
    _refused(server.post("/v1/save", body), 400)


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b"{}", b'{"sid":1,"auth":2}', b'{"sid":"AAAA","auth":"AAAA"}', b"[" * 1000],
)
def test_a_body_that_is_not_a_sign_in_is_refused(server: Any, body: bytes) -> None:
    _refused(server.post("/v1/sign-in", body), 400)


def test_a_sign_in_with_one_field_more_is_refused(server: Any) -> None:
    pupil = server.new_pupil()
    _refused(server.post("/v1/sign-in", pupil.sign_in[:-1] + b',"name":"x"}'), 400)


def test_a_huge_body_is_refused_before_it_is_read(server: Any) -> None:
    for size in (uploads.MAX_SAVE + 1, 10**12, 10**30):
        head = f"POST /v1/save HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n"
        # A size that no machine can count is refused by the HTTP parser itself.
        assert _raw(server, head.encode())[9:12] in (b"413", b"400")


def test_the_largest_save_is_taken(server: Any) -> None:
    pupil = server.new_pupil()
    sheet = secrets.token_hex(64_000).encode()
    envelope = server.campaign.envelope(pupil, sheet)
    assert len(envelope) > 100_000
    assert server.save(pupil, envelope, box=bytes(uploads.MAX_BOX)).status == 200
    _refused(server.save(pupil, envelope, box=bytes(uploads.MAX_BOX + 1)), 413)


def test_a_body_without_a_size_is_refused(server: Any) -> None:
    chunked = b"POST /v1/save HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"
    assert _raw(server, chunked)[9:12] == b"411"


def test_a_body_cut_short_keeps_nothing(server: Any) -> None:
    pupil = server.new_pupil()
    envelope = server.campaign.envelope(pupil)
    body = uploads.pack_save(uploads.Save(pupil.auth, 0, envelope, b"box"))
    head = f"POST /v1/save HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    came = _raw(server, head.encode() + body[:-10], close=True)
    assert b" 200 " not in came[:15]
    assert server.save(pupil, envelope).body[:3] == b"RC2"
    assert [s.envelope for s in server.drain()].count(envelope) == 1


def test_a_body_that_never_comes_is_given_up(new_campaign: Any, serve: Callable[..., Any]) -> None:
    with serve(new_campaign, before=HURRIED) as server:
        head = b"POST /v1/save HTTP/1.1\r\nHost: x\r\nContent-Length: 3000\r\n\r\nSV1"
        assert _raw(server, head)[9:12] == b"408"
        pupil = server.new_pupil()
        assert server.save(pupil, new_campaign.envelope(pupil)).status == 200


@pytest.mark.parametrize(
    "path", ["/nothing", "/v1", "/v1/save/", "/v2/save", "//", "/index.html", "/v1/save%00"]
)
def test_an_unknown_route_does_not_exist(server: Any, path: str) -> None:
    _refused(server.get(path), 404)
    _refused(server.post(path, b"x"), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/save", "POST"),
        ("PUT", "/v1/save", "POST"),
        ("DELETE", "/v1/save", "POST"),
        ("GET", "/v1/sign-in", "POST"),
        ("GET", "/v1/admission", "POST"),
        ("POST", "/v1/batch", "GET"),
        ("OPTIONS", "/v1/save", "POST"),
        ("POST", "/", "GET"),
        ("TRACE", "/", "GET"),
    ],
)
def test_a_method_that_a_route_does_not_take_is_refused(
    server: Any, method: str, path: str, allowed: str
) -> None:
    answer = server.ask(method, path)
    _refused(answer, 405)
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize("start", ["/player", "/bundles"])
@pytest.mark.parametrize(
    "rest",
    [
        "/../manifest.json",
        "/..%2fmanifest.json",
        "/%2e%2e/manifest.json",
        "/%252e%252e/manifest.json",
        "/..\\manifest.json",
        "/./app.0123abcd.js/../../data/answers.db",
        "//etc/passwd",
        "/",
        "",
    ],
)
def test_no_path_leaves_its_folder(server: Any, start: str, rest: str) -> None:
    request = f"GET {start}{rest} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    assert _raw(server, request)[9:12] in (b"404", b"400")


def test_before_the_opening_and_after_the_end(server: Any) -> None:
    hour = timedelta(hours=1)
    now = datetime.now(tz=UTC)
    early = server.new_pupil(opens_at=now + hour)
    _refused(server.post("/v1/sign-in", early.sign_in), 425)
    _refused(server.save(early, server.campaign.envelope(early)), 425)
    late = server.new_pupil(closes_at=now - hour)
    _refused(server.post("/v1/sign-in", late.sign_in), 423)
    assert server.save(late, server.campaign.envelope(late)).status == 200  # within the grace
    past = server.new_pupil(closes_at=now - 25 * hour)
    _refused(server.save(past, server.campaign.envelope(past)), 423)


def test_a_wrong_secret_learns_nothing_of_the_hours(server: Any) -> None:
    closed = server.new_pupil(open=False)
    _refused(server.post("/v1/sign-in", type(closed)(closed.sid, bytes(32)).sign_in), 403)


def test_no_reply_repeats_what_was_sent(server: Any) -> None:
    canary = SittingId(b"canary-canary-16")
    sent = server.post("/v1/sign-in", type(server.campaign.pupil())(canary, bytes(32)).sign_in)
    assert b"canary" not in sent.body
    assert "Y2FuYXJ5" not in sent.body.decode()


def test_lists_that_never_end_fill_no_memory_and_stop_no_pupil(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    head = (
        b"POST /v1/admission HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n"
        b"Expect: 100-continue\r\n\r\n"
    )
    with serve(new_campaign) as server, ExitStack() as held:
        pupil = server.new_pupil()
        for _ in range(app.MAX_BIG_BODIES):
            line = held.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            line.sendall(head)
            assert line.recv(12) == b"HTTP/1.1 100"  # it is being read
        statuses = {_raw(server, head)[9:12] for _ in range(3)}
        assert statuses == {b"503"}
        assert server.post("/v1/sign-in", pupil.sign_in).status == 200
        assert server.save(pupil, new_campaign.envelope(pupil)).status == 200
