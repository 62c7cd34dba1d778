# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a load balancer and Prometheus are told by a real server, and what they are never told."""

import http.client
import socket
from collections.abc import Callable
from typing import Any

from encrier import seal
from encrier_answers.health import DRAINING
from encrier_answers.rehearsal.server import free_port
from stagecraft.node import pause
from stagecraft.prometheus import parsed, value

HURRIED = (
    "from encrier_answers import app, health\napp.TELL_EVERY_S, health.PROBE_EVERY_S = 0.02, 0\n"
)


def _metrics(port: int) -> tuple[str, str]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    line.request("GET", "/metrics")
    got = line.getresponse()
    text = got.read().decode()
    line.close()
    assert got.status == 200
    return got.getheader("content-type") or "", text


def test_a_node_that_takes_saves_says_so(server: Any) -> None:
    assert server.get("/v1/health").status == 200
    assert server.get("/v1/ready").json == {"ready": True}
    assert server.post("/v1/ready", b"").status == 405


def test_a_node_whose_disk_is_nearly_full_lives_and_is_not_ready(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    full = "from encrier_answers import folder\nfolder.RESERVE = 2**62\n"
    with serve(new_campaign, before=full) as server:
        assert server.get("/v1/health").status == 200
        answer = server.get("/v1/ready")
        assert answer.status == 503
        assert "takes no saves" in answer.json["what"]


def test_a_silent_disk_is_not_ready_and_is_asked_once_however_many_ask(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    silent = """
import sys, threading
from encrier_answers import health
from encrier_answers.store_sqlite import SqliteStore
health.PROBE_S, health.PROBE_EVERY_S = 0.1, 60.0
def wait_for_ever(self, batch):
    sys.stderr.write("asked\\n")
    sys.stderr.flush()
    threading.Event().wait(5)
    return []
SqliteStore.put_batch = wait_for_ever
"""
    with serve(new_campaign, before=silent) as server:
        assert [server.get("/v1/ready").status for _ in range(5)] == [503] * 5
    assert server.errors.read_text().count("asked") == 1


def test_a_node_told_to_end_sends_browsers_elsewhere_and_goes_on_saving(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    with serve(new_campaign, before=HURRIED) as server:
        pupil = server.new_pupil()
        (new_campaign.root / "data" / DRAINING).touch()
        for _ in range(200):
            if server.get("/v1/ready").status == 503:
                break
            pause(0.02)
        saved = server.save(pupil, new_campaign.envelope(pupil))
        assert saved.status == 200
        assert saved.headers["connection"] == "close"
    with serve(new_campaign) as again:
        assert again.get("/v1/ready").status == 200, "a server that starts is not told to end"


def test_metrics_count_what_happened_and_name_nobody(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    port, address = free_port(), "127.99.31.7"
    with serve(new_campaign, before=HURRIED, metrics_port=str(port)) as server:
        pupil, stranger = server.new_pupil(), new_campaign.pupil()
        server.post("/v1/sign-in", pupil.sign_in)
        envelope = new_campaign.envelope(pupil)
        for _ in range(2):
            assert server.save(pupil, envelope).status == 200
        server.save(pupil, new_campaign.envelope(pupil))
        server.post("/v1/sign-in", stranger.sign_in)
        _sign_in_from(address, server.port, stranger.sign_in)
        kind, text = _metrics(port)
        for _ in range(200):
            if value(parsed(text), "encrier_guesses_total", outcome="failed") == 2:
                break
            pause(0.02)
            kind, text = _metrics(port)
    found = parsed(text)
    assert kind.startswith("text/plain; version=0.0.4")
    assert value(found, "encrier_saves_total", outcome="kept") == 1
    assert value(found, "encrier_saves_total", outcome="same") == 1
    assert value(found, "encrier_saves_total", outcome="conflict") == 1
    assert value(found, "encrier_sign_ins_total") == 1
    assert value(found, "encrier_refusals_total", status="403") == 2
    assert value(found, "encrier_refusals_total", status="409") == 1
    assert value(found, "encrier_processes") == 2, "a worker and the keeper"
    assert value(found, "encrier_free_bytes") > 0
    told = text + server.errors.read_text() + repr(_in(new_campaign.root / "data" / "vitals"))
    header = seal.read_header(envelope)
    for one in (address, pupil.sid, stranger.sid, pupil.auth, header.stream):
        for trace in _spellings(one):
            assert trace not in told


def _spellings(one: str | bytes) -> list[str]:
    if isinstance(one, str):
        return [one, repr(socket.inet_aton(one))[2:-1]]
    return [
        one.hex(),
        repr(one)[2:-1],
        str(int.from_bytes(one)),
        str(int.from_bytes(one, "little")),
    ]


def _in(folder: Any) -> list[bytes]:
    return [path.read_bytes() for path in folder.iterdir()]


def _sign_in_from(address: str, port: int, body: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), source_address=(address, 0)) as line:
        head = f"POST /v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        line.sendall(head.encode() + body)
        assert line.recv(12) == b"HTTP/1.1 403"


def test_the_metrics_port_tells_one_page_and_logs_nobody(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    port = free_port()
    with serve(new_campaign, before=HURRIED, metrics_port=str(port)) as server:
        for path in ("/", "/metrics?sid=1", "/v1/manifest"):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            line.request("GET", path)
            assert line.getresponse().status == 404
            line.close()
    assert server.errors.read_text().count("\n") == 2, "serving, stopped"


def test_a_supervisor_is_told_that_the_server_is_ready_and_lives(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    named = new_campaign.root / "notify"
    asks = f"import os\nos.environ['NOTIFY_SOCKET'] = {str(named)!r}\n" + HURRIED
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(str(named))
        supervisor.settimeout(20)
        with serve(new_campaign, before=asks):
            heard = [supervisor.recv(100) for _ in range(3)]
    assert heard == [b"READY=1\nWATCHDOG=1"] * 3
