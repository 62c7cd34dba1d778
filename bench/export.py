# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long results takes to pull a country's final envelopes from a running node.

The store is filled first, through its own door and with batches of the size it has under load;
then the server is started on it, and all is asked for as results asks: signed calls, one batch
after the other, each read and counted. Envelopes have the real size and header; their inside is
random, which neither side of this door can tell.

    python bench/export.py [--pupils 830000] [--json] [--write]
"""

import argparse
import json
import resource
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

import ground
import performance_page

from encrier import receipts, seal
from encrier.records import from_bytes
from encrier.wire import EnvelopeBatch
from encrier_answers.store import Arrival
from encrier_answers.store_sqlite import SqliteStore
from stagecraft.node import NODE, Campaign, Server

SEALED_SIZE: Final = 1120 + 1024 + 16  # encapsulation, smallest bucket, tag
IN_BATCH: Final = 1_000
GOAL_S: Final = 300


def finals(campaign: Campaign, n_pupils: int) -> Iterator[tuple[seal.Header, bytes]]:
    """The last envelope of each pupil."""
    pool = secrets.token_bytes(SEALED_SIZE + 4096)
    for rank in range(n_pupils):
        header = campaign.header(campaign.pupil(), kind=seal.Kind.FINAL, progress=100)
        at = rank % 4096
        yield header, header.to_bytes() + pool[at : at + SEALED_SIZE]


def fill(campaign: Campaign, n_pupils: int) -> None:
    """Keep the finals, as the keeper does."""
    store = SqliteStore(campaign.root / "data", key=campaign.store_key, campaign=campaign.id)
    coming = finals(campaign, n_pupils)
    while part := list(islice(coming, IN_BATCH)):
        digests = [seal.digest(envelope) for _, envelope in part]
        said = [
            receipts.statement(header, sha256, minute=29_000_000, node=NODE)
            for (header, _), sha256 in zip(part, digests, strict=True)
        ]
        signed = receipts.sign_all(said, key=campaign.receipt_key)
        store.put_batch(
            [
                Arrival(header, envelope, sha256, receipt, 0, b"", 29_000_000)
                for (header, envelope), sha256, receipt in zip(part, digests, signed, strict=True)
            ]
        )
    store.close()


def pull(server: Server) -> tuple[int, int, int]:
    """Ask for all, as results does: envelopes, bytes of envelopes, batches."""
    after = n_envelopes = n_bytes = n_batches = 0
    more = True
    while more:
        got = server.call("GET", f"/v1/batch?after={after}", key=server.campaign.results_key)
        batch = from_bytes(got.body, EnvelopeBatch)
        after, more = batch.next, batch.more
        n_envelopes += len(batch.rows)
        n_bytes += sum(len(row.envelope) for row in batch.rows)
        n_batches += 1
    return n_envelopes, n_bytes, n_batches


def section(figures: dict[str, float]) -> str:
    """The figures as a section of docs/performance.md."""
    lines = [
        "## A country's envelopes pulled",
        "",
        f"`python bench/export.py --write`, {datetime.now(UTC):%Y-%m-%d}.",
        ground.machine(postgres=False),
        f"{figures['pupils']:,} final envelopes of one node, puller on the same cores.",
        "",
        "| | goal | measured |",
        "|---|---|---|",
        f"| all pulled and read, s | {GOAL_S} | {figures['pulled_s']} |",
        f"| start of the server on this store, s | | {figures['started_s']} |",
        f"| batches | | {figures['batches']:,} |",
        f"| store on disk, MB | | {figures['store_mb']:,} |",
        f"| filled before, s | | {figures['filled_s']} |",
        f"| envelopes missing | 0 | {figures['missing']} |",
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Run once and print the figures; exit 1 if an envelope is missing."""
    asked = argparse.ArgumentParser(description="Measure the export of final envelopes.")
    asked.add_argument("--pupils", type=int, default=830_000)
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--write", action="store_true", help=f"write {performance_page.PAGE.name}")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(Path(folder))
        began = time.perf_counter()
        fill(campaign, given.pupils)
        filled = time.perf_counter()
        with Server(campaign) as server:
            started = time.perf_counter()
            n_envelopes, _, n_batches = pull(server)
            pulled = time.perf_counter()
        size_bytes = sum(file.stat().st_size for file in (campaign.root / "data").iterdir())
    figures: dict[str, float] = {
        "pupils": given.pupils,
        "pulled_s": round(pulled - started, 1),
        "started_s": round(started - filled, 1),
        "filled_s": round(filled - began, 1),
        "batches": n_batches,
        "store_mb": size_bytes // 10**6,
        "missing": given.pupils - n_envelopes,
        "peak_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }
    if given.write:
        performance_page.put(section(figures))
    print(json.dumps(figures) if given.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))
    return 1 if figures["missing"] else 0


if __name__ == "__main__":
    sys.exit(main())
