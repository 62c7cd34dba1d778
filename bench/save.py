# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many durable saves a second one machine acknowledges, client and server on its own cores.

Closed loop over loopback without TLS: each connection sends its next save when the last receipt
has come, so latency is that of a saturated server and says nothing of a calm one. The client
spends CPU on the same cores and checks no signature; the server checks each sign-in secret, signs
each receipt and answers after fsync into the encrypted store. Envelopes have the real size
(2,227 bytes) and a real header; their inside is random, which the server cannot tell. After the
run every acknowledged save is looked for in what results would pull.

    python bench/save.py [--seconds 10] [--connections 64] [--postgres] [--json] [--write]

--postgres: the store is in a PostgreSQL of its own, durable, on the same cores; its processor time
is not the server's.
"""

import argparse
import asyncio
import base64
import hashlib
import json
import os
import platform
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import ground
import performance_page

from encrier import (
    booklets,
    calls,
    ids,
    manifest,
    receipts,
    seal,
    signing,
    terms,
    uploads,
    wire,
)
from encrier.ids import BundleId, CampaignId, SittingId, StreamId
from encrier.records import from_bytes, to_bytes
from encrier.secret import Secret
from stagecraft.cluster import Cluster

MAX_SECONDS: Final = 10.0
NODE: Final = b"node"
SEALED_SIZE: Final = 1120 + 1024 + 16  # encapsulation, smallest bucket, tag
BOX: Final = bytes(512)
SERVE: Final = "import sys; from encrier.cli import main; sys.exit(main(['answers', 'serve']))"


@dataclass
class Bench:
    """A campaign made for the run, in a folder that goes with it."""

    root: Path
    n_pupils: int
    port: int = 0
    campaign: CampaignId = field(default_factory=lambda: CampaignId(secrets.token_bytes(16)))
    sealing_key: bytes = field(default_factory=lambda: secrets.token_bytes(1216))
    bundle: BundleId = field(init=False)
    keys: dict[str, Secret] = field(default_factory=dict)
    pupils: list[tuple[SittingId, bytes]] = field(default_factory=list)

    def lay_out(self) -> dict[str, str]:
        """Write the files of a campaign; the server's environment."""
        self.keys = {name: signing.draw_key() for name in ("root", "names", "results", "receipt")}
        index = to_bytes({"v": 1, "title": "bench", "items": {}, "files": {}})
        self.booklet_key = booklets.draw_key()
        booklet = booklets.close(index, {}, title="bench", key=self.booklet_key)
        self.bundle = BundleId(booklet.entry.id)
        booklets.write(booklet, self.root / "bundles" / self.bundle.hex())
        (self.root / "player").mkdir()
        (self.root / "player" / "index.html").write_text(
            '<meta name="encrier-root-key" content=""><meta name="encrier-answers" content="">'
        )
        signed = manifest.sign(self._manifest(booklet.entry), key=self.keys["root"])
        (self.root / "manifest.json").write_bytes(signed)
        self.pupils = [
            (SittingId(secrets.token_bytes(16)), secrets.token_bytes(32))
            for _ in range(self.n_pupils)
        ]
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        return self._environ()

    def _manifest(self, entry: manifest.BundleEntry) -> manifest.Manifest:
        now = datetime.now(tz=UTC)
        day = timedelta(days=1)
        public = {name: signing.public_of(key) for name, key in self.keys.items()}
        return manifest.Manifest(
            v=1,
            campaign=self.campaign,
            label="bench",
            level="6e",
            suite=1,
            sealing_key=self.sealing_key,
            kdf_iterations=1000,
            opens_at=now - day,
            closes_at=now + day,
            grace_h=24,
            results_close_at=now + 9 * day,
            bundles=[entry],
            nodes=[manifest.Node(NODE, "http://127.0.0.1/", public["receipt"])],
            names_key=public["names"],
            results_key=public["results"],
        )

    def _environ(self) -> dict[str, str]:
        def written(content: bytes) -> str:
            return base64.b64encode(content).decode()

        values = {
            "FOLDER": str(self.root / "data"),
            "STORE_KEY": written(secrets.token_bytes(32)),
            "RECEIPT_KEY": written(self.keys["receipt"].reveal()),
            "NODE": written(NODE),
            "MANIFEST_FILE": str(self.root / "manifest.json"),
            "ROOT_KEY": written(signing.public_of(self.keys["root"])),
            "PLAYER": str(self.root / "player"),
            "BUNDLES": str(self.root / "bundles"),
            "PORT": str(self.port),
        }
        return {f"ENCRIER_ANSWERS_{name}": value for name, value in values.items()}

    def admit(self) -> None:
        """Send the admission list, as names does."""
        rows = [
            wire.Admission(sid, hashlib.sha256(auth).digest(), self.bundle, bytes(terms.BOX_SIZE))
            for sid, auth in self.pupils
        ]
        keys = (wire.BookletKey(self.bundle, self.booklet_key.reveal()),)
        listed = wire.AdmissionList(self.campaign, 1, rows, keys)
        self.call("POST", "/v1/admission", to_bytes(listed))

    def call(self, method: str, path: str, body: bytes = b"", *, by: str = "names") -> bytes:
        """A signed call of another zone."""
        now = datetime.now(tz=UTC)
        value = calls.sign(self.keys[by], method=method, path=path, body=body, at=now)
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=body or None,
            headers={calls.HEADER: value},
            method=method,
        )
        with urllib.request.urlopen(asked, timeout=60) as reply:  # noqa: S310 loopback
            return bytes(reply.read())

    def save(self, rank: int, seq: int) -> bytes:
        """The body of one save of one pupil."""
        sid, auth = self.pupils[rank % self.n_pupils]
        header = seal.Header(
            key=ids.key_id(self.sealing_key),
            campaign=self.campaign,
            sid=sid,
            stream=StreamId(b"stream-1"),
            epoch=0,
            seq=seq,
            kind=seal.Kind.SNAPSHOT,
            bundle=self.bundle,
            progress=50,
        )
        envelope = header.to_bytes() + secrets.token_bytes(SEALED_SIZE)
        return uploads.pack_save(uploads.Save(auth, 1, envelope, BOX))

    def count_missing(self, acknowledged: dict[bytes, int]) -> int:
        """How many sittings lack their last acknowledged save or a later one."""
        after, more = 0, True
        found: dict[bytes, int] = {}
        while more:
            body = self.call("GET", f"/v1/batch?after={after}", by="results")
            batch = from_bytes(body, wire.EnvelopeBatch)
            for row in batch.rows:
                header = seal.read_header(row.envelope)
                found[header.sid] = header.seq
            after, more = batch.next, batch.more
        return sum(found.get(sid, -1) < seq for sid, seq in acknowledged.items())


@contextmanager
def database(*, wanted: bool) -> Iterator[dict[str, str]]:
    """The settings of a new database on a PostgreSQL of its own, where one is wanted."""
    if not wanted:
        yield {}
        return
    cluster = Cluster(durable=True)
    try:
        yield {"ENCRIER_ANSWERS_DATABASE": cluster.new_database()}
    finally:
        cluster.stop()


@contextmanager
def serving(bench: Bench, more: dict[str, str]) -> Iterator[int]:
    """The server's own processes; gives the pid of the first. more: settings."""
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE],
        env=os.environ | bench.lay_out() | more,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 20
        while True:
            try:
                bench.admit()
                break
            except OSError:
                if server.poll() is not None or time.monotonic() > until:
                    raise
                time.sleep(0.1)
        yield server.pid
    finally:
        server.terminate()
        server.wait(30)


def cpu_s(pid: int) -> float:
    """CPU seconds of a process and its children so far, user and system."""
    ticks = 0
    for of in [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]:
        fields = Path(f"/proc/{of}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


async def pupil(bench: Bench, rank: int, until: float, waits_s: list[float]) -> dict[bytes, int]:
    """One connection that saves for one pupil after another; the last number acknowledged."""
    reader, writer = await asyncio.open_connection("127.0.0.1", bench.port)
    acknowledged: dict[bytes, int] = {}
    n_mine = bench.n_pupils // 256
    turn = 0
    while time.perf_counter() < until:
        mine, seq = rank * n_mine + turn % n_mine, turn // n_mine
        body = bench.save(mine, seq)
        began = time.perf_counter()
        head = f"POST /v1/save HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        reply = await reader.readuntil(b"\r\n\r\n")
        if not reply.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"refused: {reply[:40]!r}")
        await reader.readexactly(receipts.SIZE)
        waits_s.append(time.perf_counter() - began)
        acknowledged[bench.pupils[mine][0]] = seq
        turn += 1
    writer.close()
    return acknowledged


async def hammer(
    bench: Bench, *, seconds: float, connections: int
) -> tuple[list[float], dict[bytes, int], float]:
    """Latencies, last acknowledged number of each sitting, and how long it took."""
    waits_s: list[float] = []
    began = time.perf_counter()
    tasks = [pupil(bench, rank, began + seconds, waits_s) for rank in range(connections)]
    acknowledged: dict[bytes, int] = {}
    for done in await asyncio.gather(*tasks):
        acknowledged |= done
    return waits_s, acknowledged, time.perf_counter() - began


def section(figures: dict[str, object], *, postgres: bool) -> str:
    """The figures as a section of docs/performance.md."""
    store = "PostgreSQL" if postgres else "SQLite"
    command = f"python bench/save.py --connections {figures['connections']}"
    command += " --postgres --write" if postgres else " --write"
    lines = [
        f"## Durable saves, {store}",
        "",
        f"`{command}`, {datetime.now(UTC):%Y-%m-%d}.",
        ground.machine(postgres=postgres),
        "Closed loop without TLS, client on the same cores, an fsync before each receipt.",
        "",
        "| | goal | measured |",
        "|---|---|---|",
        f"| saves a second | 15,000 | {figures['saves_per_s']:,} |",
        f"| wait, median, ms | | {figures['p50_ms']} |",
        f"| wait, 99 %, ms | 250 | {figures['p99_ms']} |",
        f"| processor time of the server a save, µs | 80 | {figures['server_cpu_us_per_save']} |",
        f"| acknowledged and not found afterwards | 0 | {figures['acknowledged_but_missing']} |",
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Run once and print the figures; exit 1 if an acknowledged save is missing."""
    asked = argparse.ArgumentParser(description="Measure durable saves of the answers zone.")
    asked.add_argument("--seconds", type=float, default=MAX_SECONDS)
    asked.add_argument("--connections", type=int, default=64, choices=range(1, 257))
    asked.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--write", action="store_true", help=f"write {performance_page.PAGE.name}")
    given = asked.parse_args()
    seconds = min(given.seconds, MAX_SECONDS)
    with tempfile.TemporaryDirectory() as folder, database(wanted=given.postgres) as more:
        bench = Bench(Path(folder), n_pupils=256 * 20)
        with serving(bench, more) as pid:
            before = cpu_s(pid)
            waits_s, acknowledged, took_s = asyncio.run(
                hammer(bench, seconds=seconds, connections=given.connections)
            )
            server_s = cpu_s(pid) - before
            missing = bench.count_missing(acknowledged)
    cuts = statistics.quantiles(waits_s, n=100)
    figures = {
        "saves_per_s": round(len(waits_s) / took_s),
        "p50_ms": round(cuts[49] * 1000, 1),
        "p99_ms": round(cuts[98] * 1000, 1),
        "server_cpu_us_per_save": round(server_s / len(waits_s) * 1e6),
        "saves": len(waits_s),
        "acknowledged_but_missing": missing,
        "connections": given.connections,
        "cores": os.cpu_count(),
        "load_1min": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
    }
    if given.write:
        performance_page.put(section(figures, postgres=given.postgres))
    print(json.dumps(figures) if given.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
