# SPDX-License-Identifier: AGPL-3.0-or-later
"""A campaign to try the answers zone with: keys, a manifest, a tiny player, pupils, a server."""

import base64
import hashlib
import http.client
import json
import os
import secrets
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from encrier import booklets, calls, ids, manifest, seal, signing, terms, uploads, wire
from encrier.ids import BundleId, CampaignId, SittingId, StreamId
from encrier.records import from_bytes, to_bytes
from encrier.secret import Secret
from encrier_answers.rehearsal.server import free_port
from encrier_answers.store import Arrival

INDEX = (
    b'<!doctype html><html lang="fr"><head><meta charset="utf-8">'
    b'<meta name="encrier-root-key" content=""><meta name="encrier-answers" content=""></head>'
    b"<body></body></html>"
)
SCRIPT = b"export const n = 1;\n"
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
NODE = b"nd01"
RUN = """
import argparse, sys
from encrier.errors import EncrierError
from encrier_answers import cli
parser = argparse.ArgumentParser()
cli.verbs(parser.add_subparsers(required=True))
asked = parser.parse_args()
try:
    sys.exit(asked.run(asked))
except EncrierError as error:
    sys.exit(f"encrier: {error}")
"""  # as `encrier answers …`, with this zone alone: it needs no other installed


@dataclass
class Pupil:
    """What a pupil's browser holds; the code itself is not needed here."""

    sid: SittingId
    auth: bytes
    mac: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @property
    def sign_in(self) -> bytes:
        return to_bytes(uploads.SignIn(self.sid, self.auth))


@dataclass
class Answer:
    """An HTTP reply."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # whatever the door says
        return json.loads(self.body)


class Campaign:
    """A campaign on disk, ready to be served from `root`."""

    def __init__(
        self,
        root: Path,
        *,
        grace_h: int = 24,
        page_url: str | None = None,
        nodes: Sequence[bytes] = (NODE,),
        **manifest: Any,  # other fields of the manifest
    ) -> None:
        """page_url: of the ministry's page, which the node then does not serve."""
        self.root, self.page_url, self.nodes, self._said = root, page_url, nodes, manifest
        self.id = CampaignId(secrets.token_bytes(16))
        self.root_key, self.names_key, self.results_key, self.receipt_key = (
            signing.draw_key() for _ in range(4)
        )
        self.store_key = Secret(secrets.token_bytes(32))
        self.sealing_key = (
            MLKEM768PrivateKey.generate().public_key().public_bytes_raw()
            + X25519PrivateKey.generate().public_key().public_bytes_raw()
        )
        self.opens_at = datetime.now(tz=UTC) - timedelta(days=1)
        self.closes_at = datetime.now(tz=UTC) + timedelta(days=1)
        self.grace_h = grace_h
        self.serial = 0  # of the last admission list sent
        self.bundle = self._write_bundle()
        self._write_player()
        self.manifest = self._write_manifest()

    def admission(self, pupil: Pupil, **changes: Any) -> wire.Admission:  # any field of the record
        fields: dict[str, Any] = {
            "sid": pupil.sid,
            "auth_sha256": hashlib.sha256(pupil.auth).digest(),
            "bundle": self.bundle,
            "terms": bytes(terms.BOX_SIZE),
        }
        return wire.Admission(**(fields | changes))

    def pupil(self) -> Pupil:
        return Pupil(SittingId(secrets.token_bytes(16)), secrets.token_bytes(32))

    def header(self, pupil: Pupil, **changes: Any) -> seal.Header:  # any field of the record
        fields: dict[str, Any] = {
            "key": ids.key_id(self.sealing_key),
            "campaign": self.id,
            "sid": pupil.sid,
            "stream": StreamId(b"stream-1"),
            "epoch": 0,
            "seq": 0,
            "kind": seal.Kind.SNAPSHOT,
            "bundle": self.bundle,
            "progress": 10,
        }
        return seal.Header(**(fields | changes))

    def envelope(self, pupil: Pupil, sheet: bytes = b"{}", **changes: Any) -> bytes:
        header = self.header(pupil, **changes)
        return seal.seal(sheet, header, to=self.sealing_key, mac=pupil.mac)

    def arrival(self, **changes: Any) -> Arrival:  # any field of the record, and `pupil`, `header`
        fields: dict[str, Any] = {
            "envelope": b"envelope",
            "box": b"box",
            "minute": 100,
            "unsent": 0,
        }
        fields |= changes
        pupil = fields.pop("pupil", None) or self.pupil()
        header, envelope = fields.pop("header", {}), fields["envelope"]
        return Arrival(
            header=self.header(pupil, **header),
            sha256=seal.digest(envelope),
            receipt=b"receipt of " + envelope,
            **fields,
        )

    def environ(self, *, port: int) -> dict[str, str]:
        def b64(content: bytes) -> str:
            return base64.b64encode(content).decode()

        prefix = "ENCRIER_ANSWERS_"
        return {
            f"{prefix}FOLDER": str(self.root / "data"),
            f"{prefix}STORE_KEY": b64(self.store_key.reveal()),
            f"{prefix}RECEIPT_KEY": b64(self.receipt_key.reveal()),
            f"{prefix}NODE": b64(NODE),
            f"{prefix}MANIFEST_FILE": str(self.root / "manifest.json"),
            f"{prefix}ROOT_KEY": b64(signing.public_of(self.root_key)),
            f"{prefix}BUNDLES": str(self.root / "bundles"),
            f"{prefix}PORT": str(port),
        } | ({} if self.page_url else {f"{prefix}PLAYER": str(self.root / "player")})

    def _write_bundle(self) -> BundleId:
        sha256 = hashlib.sha256(PICTURE).hexdigest()
        files = {
            "media/plan.svg": {"sha256": sha256, "size": len(PICTURE), "type": "image/svg+xml"}
        }
        index = to_bytes({"v": 1, "title": "Essai", "items": {}, "files": files})
        self.booklet_key = booklets.draw_key()
        self.booklet = booklets.close(index, {sha256: PICTURE}, title="Essai", key=self.booklet_key)
        bundle = BundleId(self.booklet.entry.id)
        booklets.write(self.booklet, self.root / "bundles" / bundle.hex())
        return bundle

    def _write_player(self) -> None:
        player = self.root / "player"
        player.mkdir()
        (player / "index.html").write_bytes(INDEX)
        (player / "app.0123abcd.js").write_bytes(SCRIPT)
        (player / "secours").mkdir()
        (player / "secours" / "index.html").write_bytes(INDEX)
        (player / "secours" / "film.0123abcd.js").write_bytes(SCRIPT)
        (player / "frame.0123abcd.html").write_bytes(b"<!doctype html><title>frame</title>")

    def _write_manifest(self) -> manifest.Manifest:
        made = manifest.Manifest(
            v=1,
            campaign=self.id,
            label="Essai",
            level="6e",
            suite=1,
            sealing_key=self.sealing_key,
            kdf_iterations=1000,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            grace_h=self.grace_h,
            results_close_at=self.closes_at + timedelta(days=30),
            bundles=[self.booklet.entry],
            nodes=[
                manifest.Node(one, "http://127.0.0.1/", signing.public_of(self.receipt_key))
                for one in self.nodes
            ],
            names_key=signing.public_of(self.names_key),
            results_key=signing.public_of(self.results_key),
            page_url=self.page_url,
            **self._said,
        )
        (self.root / "manifest.json").write_bytes(manifest.sign(made, key=self.root_key))
        return made


class Server:
    """The real server in its own processes, on a free port of this machine."""

    def __init__(
        self,
        campaign: Campaign,
        *,
        before: str = "",
        trusted: ssl.SSLContext | None = None,
        **environ: str,
    ) -> None:
        """before: Python run in the server before it starts, to hurry or to hurt it."""
        self._trusted = trusted  # None: no TLS
        self.campaign, self.port = campaign, free_port()
        self.run = before + RUN
        self._environ = {f"ENCRIER_ANSWERS_{name.upper()}": v for name, v in environ.items()}
        self.errors = campaign.root / "stderr"

    def command(self, *words: str) -> str:
        """What another verb prints, run beside the server with its settings."""
        done = subprocess.run(
            [sys.executable, "-c", RUN, *words],
            env=self._whole_environ(),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def _whole_environ(self) -> dict[str, str]:
        return os.environ | self.campaign.environ(port=self.port) | self._environ

    def __enter__(self) -> Self:
        environ = self._whole_environ()
        with self.errors.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-c", self.run, "serve"],
                env=environ,
                stdout=errors,
                stderr=errors,
                start_new_session=True,
            )
        self._wait_until_it_answers()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)

    def kill(self) -> None:
        """Kill -9 of every process of the server at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, b"", headers)

    def post(self, path: str, body: bytes, **headers: str) -> Answer:
        return self.ask("POST", path, body, headers)

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        connection = (
            http.client.HTTPSConnection("localhost", self.port, timeout=20, context=self._trusted)
            if self._trusted
            else http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        )
        try:
            connection.request(method, path, body or None, headers or {})
            got = connection.getresponse()
            return Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read())
        finally:
            connection.close()

    def save(
        self, pupil: Pupil, envelope: bytes, *, box: bytes = b"box", auth: bytes | None = None
    ) -> Answer:
        packed = uploads.Save(auth or pupil.auth, 0, envelope, box)
        return self.post("/v1/save", uploads.pack_save(packed))

    def save_without_reading_the_reply(self, pupil: Pupil, envelope: bytes) -> None:
        body = uploads.pack_save(uploads.Save(pupil.auth, 0, envelope, b"box"))
        head = f"POST /v1/save HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.port)) as line:
            line.sendall(head.encode() + body)

    def save_until_kept(self, pupil: Pupil, envelope: bytes) -> Answer:
        """Send again for as long as the server says that its disk is silent."""
        for _ in range(50):
            answer = self.save(pupil, envelope)
            if answer.status != 503:
                return answer
            pause(0.1)
        raise AssertionError(answer)

    def progress_of(self, pupil: Pupil) -> wire.SittingProgress:
        got = self.call("GET", "/v1/progress", key=self.campaign.names_key)
        rows = from_bytes(got.body, wire.Progress).rows
        return next(row for row in rows if row.sid == pupil.sid)

    def call(
        self, method: str, path: str, body: bytes = b"", *, key: Secret, at: datetime | None = None
    ) -> Answer:
        """A signed call, as another zone makes it."""
        value = calls.sign(key, method=method, path=path, body=body, at=at or datetime.now(tz=UTC))
        return self.ask(method, path, body, {calls.HEADER: value})

    def admit(self, *rows: wire.Admission) -> Answer:
        """Send an admission list under the next serial."""
        self.campaign.serial += 1
        keys = (wire.BookletKey(self.campaign.bundle, self.campaign.booklet_key.reveal()),)
        sent = wire.AdmissionList(self.campaign.id, self.campaign.serial, list(rows), keys)
        return self.call("POST", "/v1/admission", to_bytes(sent), key=self.campaign.names_key)

    def new_pupil(self, **changes: Any) -> Pupil:  # any field of the admission
        pupil = self.campaign.pupil()
        assert self.admit(self.campaign.admission(pupil, **changes)).status == 200
        return pupil

    def drain(self) -> list[wire.SealedSave]:
        """All envelopes, as results pulls them."""
        after, saves = 0, []
        while True:
            got = self.call("GET", f"/v1/batch?after={after}", key=self.campaign.results_key)
            batch = from_bytes(got.body, wire.EnvelopeBatch)
            saves += batch.rows
            if not batch.more:
                return saves
            after = batch.next

    def _wait_until_it_answers(self) -> None:
        for _ in range(400):
            assert self.process.poll() is None, self.errors.read_text()
            try:
                if self.get("/v1/manifest").status == 200:
                    return
            except OSError:
                pause(0.05)
        raise AssertionError(self.errors.read_text())


def pause(wait_s: float) -> None:
    """Wait on a socket that stays silent: for another process there is nothing else to wait on."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(wait_s)
        try:
            ours.recv(1)
        except TimeoutError:
            return
