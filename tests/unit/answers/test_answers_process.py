# SPDX-License-Identifier: AGPL-3.0-or-later
"""The server as processes: killed, stopped, started twice; what it leaves in its log and folder."""

import json
import os
import re
import signal
import socket
import ssl
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from encrier import receipts, seal, signing, uploads
from encrier.ids import StreamId
from encrier_answers import app, replies
from encrier_answers.store_sqlite import FILE, SqliteStore


def _hammer(server: Any, pupil: Any, stream: bytes, acknowledged: dict[bytes, bytes]) -> None:
    """Save again and again, remembering each envelope with its receipt, until the line is cut."""
    seq = 0
    while True:
        envelope = server.campaign.envelope(pupil, stream=StreamId(stream), seq=seq)
        try:
            answer = server.save(pupil, envelope)
        except (OSError, HTTPException):
            return
        if answer.status == 200:
            acknowledged[envelope] = answer.body
        seq += 1


def test_a_kill_loses_no_acknowledged_save(
    new_campaign: Any, serve: Callable[..., Any], disk: dict[str, str]
) -> None:
    acknowledged: list[dict[bytes, bytes]] = [{} for _ in range(4)]
    for turn in range(3):
        with serve(new_campaign, **disk) as server:
            pupils = [server.new_pupil() for _ in acknowledged]
            hammers = [
                threading.Thread(target=_hammer, args=(server, p, b"%08d" % turn, kept))
                for p, kept in zip(pupils, acknowledged, strict=True)
            ]
            for hammer in hammers:
                hammer.start()
            while any(len(kept) < 15 * (turn + 1) for kept in acknowledged):
                assert server.process.poll() is None
                hammers[0].join(0.01)
            server.kill()
            for hammer in hammers:
                hammer.join(20)
    with serve(new_campaign, **disk) as server:
        _assert_all_there(server, acknowledged)


def _assert_all_there(server: Any, acknowledged: list[dict[bytes, bytes]]) -> None:
    """Each receipt's envelope, or a later one of its stream, is among those results would get."""
    key = signing.public_of(server.campaign.receipt_key)
    kept = {}
    for save in server.drain():
        header = seal.read_header(save.envelope)
        kept[header.sid, header.stream] = (header.seq, save.envelope, save.receipt)
    n_checked = 0
    for envelope, given in (pair for kept_by in acknowledged for pair in kept_by.items()):
        header = seal.read_header(envelope)
        receipt = receipts.check(given, by=key)
        assert receipts.covers(receipt, header, envelope)
        seq, newest, newest_receipt = kept[header.sid, header.stream]
        assert seq >= header.seq
        if seq == header.seq:
            assert (newest, newest_receipt) == (envelope, given)
        n_checked += 1
    assert n_checked >= 4 * 45


def test_a_told_stop_ends_cleanly_and_keeps_what_was_taken(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    with serve(new_campaign) as server:
        pupil = server.new_pupil()
        envelope = new_campaign.envelope(pupil)
        server.save(pupil, envelope)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(20) == 0
    assert server.errors.read_text().endswith("event=stopped\n")
    with serve(new_campaign) as server:
        assert [save.envelope for save in server.drain()] == [envelope]


def test_browsers_that_keep_their_line_open_do_not_hold_up_a_stop(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    with serve(new_campaign) as server, ExitStack() as held:
        for _ in range(3):
            line = held.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            line.sendall(b"GET /v1/manifest HTTP/1.1\r\nHost: x\r\n\r\n")
            assert line.recv(12) == b"HTTP/1.1 200"
        server.process.terminate()
        assert server.process.wait(5) == 0


def test_no_worker_outlives_a_killed_parent(new_campaign: Any, serve: Callable[..., Any]) -> None:
    with serve(new_campaign) as server:
        os.kill(server.process.pid, signal.SIGKILL)  # the parent alone
        server.process.wait(20)
        with serve(new_campaign) as again:  # waits for the folder, which the worker lets go
            assert again.get("/v1/manifest").status == 200


def test_a_second_server_on_the_folder_is_refused(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    hurried = "from encrier_answers import folder\nfolder.LOCK_WAIT_S = 0\n"
    with serve(new_campaign):
        second = serve(new_campaign, before=hurried)
        with pytest.raises((AssertionError, OSError)):
            second.__enter__()
        second.process.wait(20)
        assert "Another server runs on this folder" in second.errors.read_text()


def test_two_campaigns_do_not_share_a_port(
    new_campaign: Any, tmp_path: Path, serve: Callable[..., Any]
) -> None:
    (tmp_path / "other").mkdir()
    other = type(new_campaign)(tmp_path / "other")
    with serve(new_campaign) as first:
        second = serve(other, port=str(first.port))
        with pytest.raises((AssertionError, OSError)):
            second.__enter__()
        assert second.process.wait(20) != 0
        assert "port are taken" in second.errors.read_text()


def test_a_dead_writer_ends_the_server(new_campaign: Any, serve: Callable[..., Any]) -> None:
    broken = """
from encrier_answers.store_sqlite import SqliteStore
put = SqliteStore.put_batch
def break_down(self, batch):
    if any(hasattr(entry, "envelope") for entry in batch):
        raise RuntimeError("canary")
    return put(self, batch)
SqliteStore.put_batch = break_down
"""
    with serve(new_campaign, before=broken) as server:
        pupil = server.new_pupil()
        with pytest.raises((OSError, HTTPException)):
            server.save(pupil, new_campaign.envelope(pupil))
        assert server.process.wait(20) != 0
    log = server.errors.read_text()
    assert "event=writer-dead kind=RuntimeError" in log
    assert "canary" not in log


def test_a_disk_nearly_full_refuses_loudly_and_lets_pupils_read(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    nearly_full = """
from encrier_answers import folder
folder.RESERVE = 2**62
"""
    with serve(new_campaign) as server:
        pupil = server.new_pupil()
        assert server.save(pupil, new_campaign.envelope(pupil)).status == 200
    with serve(new_campaign, before=nearly_full) as server:
        for seq in range(1, 4):
            answer = server.save(pupil, new_campaign.envelope(pupil, seq=seq))
            assert answer.status == 503
            assert 1 <= int(answer.headers["retry-after"]) <= 60
            assert "encore arrivées" in answer.json["what"]
        assert server.post("/v1/sign-in", pupil.sign_in).json["last"]["seq"] == 0
        assert len(server.drain()) == 1
    log = server.errors.read_text()
    assert log.count("event=store-refuses entries=") == 1, "once a minute"


def test_a_fault_of_ours_is_told_without_its_content(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    faulty = """
from encrier_answers import pupils
def fail(*_, **__):
    raise RuntimeError("canary")
pupils.recognise = fail
"""
    with serve(new_campaign, before=faulty) as server:
        answer = server.post("/v1/sign-in", new_campaign.pupil().sign_in)
        assert answer.status == 500
        assert 5 <= int(answer.headers["retry-after"]) <= 10
        assert b"canary" not in answer.body
    log = server.errors.read_text()
    assert "event=fault kind=RuntimeError route=/v1/sign-in" in log
    assert "canary" not in log


def test_no_address_is_written_anywhere(new_campaign: Any, serve: Callable[..., Any]) -> None:
    address = "127.113.77.201"
    with serve(new_campaign) as server:
        pupil = server.new_pupil()
        save = uploads.Save(pupil.auth, 0, new_campaign.envelope(pupil), b"box")
        for path, body in [
            ("/v1/sign-in", pupil.sign_in),
            ("/v1/save", uploads.pack_save(save)),
            ("/v1/save", b"not a save"),
            ("/nothing", b"x"),
        ]:
            _post_from(address, server.port, path, body)
        assert len(server.drain()) == 1
    store = SqliteStore(
        new_campaign.root / "data", key=new_campaign.store_key, campaign=new_campaign.id
    )
    tables = ["campaign", "admission_list", "admission", "save", "sitting"]
    inside = repr([store._write.execute(f"SELECT * FROM {t}").fetchall() for t in tables])  # noqa: S608 our names
    store.close()
    assert pupil.sid.hex() in inside.replace("\\x", "") or repr(pupil.sid) in inside
    written = inside + server.errors.read_text()
    for trace in (address, repr(socket.inet_aton(address))[2:-1], str(0x7F714DC9)):
        assert trace not in written
    assert {f.name for f in (new_campaign.root / "data").iterdir()} <= {
        FILE,
        f"{FILE}-wal",
        f"{FILE}-shm",
        "answers.lock",
        "vitals",
    }


def _post_from(address: str, port: int, path: str, body: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), source_address=(address, 0)) as line:
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        line.sendall(head.encode() + body)
        assert line.recv(9) == b"HTTP/1.1 "


def test_one_module_asks_who_calls_and_gives_a_random_name_for_it() -> None:
    asks = re.compile(r"(?i)scope\.client|forwarded-for|x-real-ip|peername|client_address")
    files = Path(app.__file__).parent.rglob("*.py")
    assert [f.name for f in files if asks.search(f.read_text("utf-8"))] == ["nearness.py"]


def test_a_log_has_two_lines_whatever_browsers_do(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    with serve(new_campaign) as server:
        pupil = server.new_pupil()
        server.post("/v1/sign-in", pupil.sign_in)
        server.save(pupil, new_campaign.envelope(pupil))
        server.save_without_reading_the_reply(pupil, new_campaign.envelope(pupil, seq=1))
        for reset in (False, True):
            with socket.create_connection(("127.0.0.1", server.port)) as line:
                line.sendall(b"POST /v1/save HTTP/1.1\r\nHost: x\r\nContent-Length: 90\r\n\r\nSV1")
                if reset:
                    no_goodbye = struct.pack("ii", 1, 0)
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_goodbye)
        assert server.get("/").status == 200
    lines = server.errors.read_text().splitlines()
    assert [line.split()[0] for line in lines] == ["event=serving", "event=stopped"]


def test_status_counts_while_the_server_runs(new_campaign: Any, serve: Callable[..., Any]) -> None:
    with serve(new_campaign) as server:
        pupil, done = server.new_pupil(), server.new_pupil()
        server.save(pupil, new_campaign.envelope(pupil))
        server.save(done, new_campaign.envelope(done, kind=seal.Kind.FINAL))
        shown = subprocess.run(
            [sys.executable, "-c", server.run, "status", "--json"],
            env=os.environ | new_campaign.environ(port=1),
            capture_output=True,
            check=True,
            timeout=30,
        )
    counts = json.loads(shown.stdout)
    assert counts == {
        "campaign": new_campaign.id.hex(),
        "last_list": 2,
        "admitted": 2,
        "started": 1,
        "finished": 1,
        "envelopes": 2,
    }


def test_over_tls_browsers_are_told_to_stay_there(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    with serve(new_campaign, proxy="trusted") as server:
        assert server.get("/").headers["strict-transport-security"] == replies.HSTS[1]
    with serve(new_campaign) as server:
        assert "strict-transport-security" not in server.get("/").headers


def test_tls_is_served_where_a_certificate_is_given(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    key, certificate = _self_signed(new_campaign.root)
    trusted = ssl.create_default_context(cafile=str(certificate))
    with serve(
        new_campaign, tls_cert_file=str(certificate), tls_key_file=str(key), trusted=trusted
    ) as server:
        pupil = server.new_pupil()
        assert server.post("/v1/sign-in", pupil.sign_in).status == 200
        assert "strict-transport-security" in server.get("/").headers


def _self_signed(folder: Path) -> tuple[Path, Path]:
    """A key and a certificate for localhost; files key.pem, cert.pem."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(tz=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    key_file, certificate_file = folder / "key.pem", folder / "cert.pem"
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return key_file, certificate_file
