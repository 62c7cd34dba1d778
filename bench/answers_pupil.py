# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one pupil costs the answers zone: bytes of disk, bytes of memory, time of a processor.

The figures that `encrier answers capacity` reckons with. The server is real, its connections are
TLS with an ECDSA key, its memory is its share of what its processes hold (PSS). The disk is that
of the store's file with no journal beside it, after each pupil saved five times in a random order.

    python bench/answers_pupil.py [--pupils 20000] [--connections 2000] [--write]
"""

import argparse
import random
import secrets
import socket
import ssl
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import ground
import performance_page
from save import BOX, SEALED_SIZE

from encrier import receipts, seal, signing, uploads
from encrier.clock import now
from encrier_answers.operating import copies
from encrier_answers.sittings import to_minute
from encrier_answers.store import Arrival
from encrier_answers.store_sqlite import FILE, SqliteStore, connect
from stagecraft.certificates import HOST, own_certificate
from stagecraft.node import NODE, Campaign, Pupil, Server

TITLE: Final = "What a pupil costs the answers zone"
N_SAVES: Final = 5
A_BATCH: Final = 500


def file_bytes(campaign: Campaign) -> int:
    """The size of the store once its journal is written into it."""
    path = campaign.root / "data" / FILE
    with closing(connect(path, key=campaign.store_key)) as store:
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return path.stat().st_size


def arrival(campaign: Campaign, pupil: Pupil, seq: int) -> Arrival:
    """A save of the real size, with its receipt."""
    header = campaign.header(pupil, seq=seq)
    envelope, minute = header.to_bytes() + secrets.token_bytes(SEALED_SIZE), to_minute(now())
    return Arrival(
        header=header,
        envelope=envelope,
        sha256=seal.digest(envelope),
        receipt=receipts.sign(header, envelope, minute=minute, node=NODE, key=campaign.receipt_key),
        unsent=0,
        box=BOX,
        minute=minute,
    )


def sit(campaign: Campaign, pupils: list[Pupil]) -> None:
    """Each pupil saves, again and again, in a random order."""
    store = SqliteStore(campaign.root / "data", key=campaign.store_key, campaign=campaign.id)
    with closing(store):
        for seq in range(N_SAVES):
            random.shuffle(pupils)
            for at in range(0, len(pupils), A_BATCH):
                store.put_batch([arrival(campaign, one, seq) for one in pupils[at : at + A_BATCH]])


def copied(campaign: Campaign) -> dict[str, float]:
    """Seconds of a backup, of putting it back, of reading it against its receipts."""
    key, root = campaign.store_key, campaign.root
    began = time.perf_counter()
    copies.back_up(root / "data", root / "copy", key=key, campaign=campaign.id)
    backed = time.perf_counter()
    copies.put_back(root / "back", root / "copy", key=key, campaign=campaign.id, at=now())
    back = time.perf_counter()
    node_key = signing.public_of(campaign.receipt_key)
    checked = copies.check_receipts(root / "back", key=key, node_key=node_key)
    assert checked.wrong == 0, "a receipt does not fit"  # noqa: S101 the bench must not lie
    over = time.perf_counter()
    return {
        "back_up_s": round(backed - began, 2),
        "put_back_s": round(back - backed, 2),
        "envelopes_checked_per_s": round(checked.envelopes / (over - back)),
    }


def connected(server: Server, pupil: Pupil, n: int, context: ssl.SSLContext) -> tuple[float, float]:
    """Bytes of an open TLS connection that has saved, microseconds of one that signs in."""
    campaign = server.campaign
    envelope = campaign.header(pupil, seq=N_SAVES).to_bytes() + secrets.token_bytes(SEALED_SIZE)
    save = uploads.pack_save(uploads.Save(pupil.auth, 1, envelope, BOX))
    held, used = 1024 * ground.held_kb(server.process.pid), ground.spent_s(server.process.pid)
    lines = [context.wrap_socket(socket.create_connection((HOST, server.port))) for _ in range(n)]
    for line in lines:
        ask(line, "/v1/sign-in", pupil.sign_in)
    handshake_us = (ground.spent_s(server.process.pid) - used) / n * 1e6
    for line in lines:
        ask(line, "/v1/save", save)
    connection = (1024 * ground.held_kb(server.process.pid) - held) / n
    for line in lines:
        line.close()
    return connection, handshake_us


def ask(line: ssl.SSLSocket, path: str, body: bytes) -> None:
    """Send one request on an open connection and hear that it was taken."""
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    line.sendall(head.encode() + body)
    if not line.recv(4096).startswith(b"HTTP/1.1 200"):
        raise SystemExit("refused")


def measure(root: Path, *, n_pupils: int, n_connections: int) -> dict[str, float]:
    """All figures of the page."""
    campaign = Campaign(root)
    own_certificate(root, "node", 0)
    pem = str(root / "node.pem")
    context = ssl.create_default_context(cafile=pem)
    context.check_hostname = False
    tls = {"tls_cert_file": pem, "tls_key_file": pem, "trusted": context}
    with Server(campaign, **tls) as server:
        server.get("/")
        rest = 1024 * ground.held_kb(server.process.pid)
        empty = file_bytes(campaign)
        pupils = [campaign.pupil() for _ in range(n_pupils)]
        server.admit(*(campaign.admission(one) for one in pupils))
    admitted = file_bytes(campaign)
    with Server(campaign, **tls) as server:
        server.get("/")
        filled = 1024 * ground.held_kb(server.process.pid)
    sit(campaign, pupils)
    sat = file_bytes(campaign)
    with Server(campaign, **tls) as server:
        connection, handshake_us = connected(server, pupils[0], n_connections, context)
    return {
        "rest_mb": rest / 2**20,
        "admitted_memory": (filled - rest) / n_pupils,
        "admitted_disk": (admitted - empty) / n_pupils,
        "sat_disk": (sat - empty) / n_pupils,
        "connection_kib": connection / 1024,
        "handshake_us": handshake_us,
        **copied(campaign),
    }


def section(f: dict[str, float], *, n_pupils: int, n_connections: int) -> str:
    """The figures as a section of docs/performance.md."""
    command = f"python bench/answers_pupil.py --pupils {n_pupils} --connections {n_connections}"
    rows = {
        "memory of a server at rest, MB": f["rest_mb"],
        "memory of an admitted pupil, a worker and the keeper, bytes": f["admitted_memory"],
        "memory of an open TLS connection, KiB": f["connection_kib"],
        "processor time of a connection and a sign-in, µs": f["handshake_us"],
        "disk of an admitted pupil, bytes": f["admitted_disk"],
        "disk of a pupil who has sat, bytes": f["sat_disk"],
        "envelopes held against their receipts a second, in a drill": f["envelopes_checked_per_s"],
    }
    lines = [
        f"## {TITLE}",
        "",
        f"`{command} --write`, {datetime.now(UTC):%Y-%m-%d}.",
        ground.machine(postgres=False),
        f"TLS 1.3 with a P-256 key; each pupil saved {N_SAVES} times, in a random order.",
        "",
        "| | measured |",
        "|---|---|",
        *(f"| {name} | {round(value):,} |" for name, value in rows.items()),
        "",
        f"{n_pupils:,} envelopes: backup {f['back_up_s']} s, put back {f['put_back_s']} s.",
    ]
    return "\n".join(lines)


def main() -> int:
    """Measure once and print the section."""
    asked = argparse.ArgumentParser(description="Measure what a pupil costs the answers zone.")
    asked.add_argument("--pupils", type=int, default=20_000)
    asked.add_argument("--connections", type=int, default=2_000)
    asked.add_argument("--write", action="store_true", help=f"write {performance_page.PAGE.name}")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sizes = {"n_pupils": given.pupils, "n_connections": given.connections}
        text = section(measure(Path(folder), **sizes), **sizes)
    if given.write:
        performance_page.put(text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
