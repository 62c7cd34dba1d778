# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make pair`: two nodes of answers before two PostgreSQL under Patroni, until Ctrl-C.

All of it on this machine, from the files of deploy/answers/pair. Kill what you like.
"""

import base64
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path += [str(ROOT / part) for part in ("tests", "tools")]

import bring  # noqa: E402

from stagecraft.node import Campaign, Server  # noqa: E402
from stagecraft.pair import HOST, Pair  # noqa: E402

NODES: Final = (b"nd01", b"nd02")
EVERY_S: Final = 1.0
AWAY_S: Final = 20.0


def main() -> int:
    """Start all of it, say who leads whenever that changes, end all of it."""
    if not bring.patroni():
        sys.stderr.write("No Patroni here. Run: sudo apt install patroni etcd-server\n")
        return 1
    for ending in (signal.SIGINT, signal.SIGTERM):  # however it is told to end, it ends cleanly
        signal.signal(ending, signal.default_int_handler)
    try:
        play()
    except KeyboardInterrupt:
        print("\nends      every process was told to stop, nothing is left")
    return 0


def play() -> None:
    """Run until interrupted."""
    with ExitStack() as running:
        pair = running.enter_context(Pair(durable=True))
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        campaign, url = Campaign(folder, nodes=NODES), pair.new_database()
        for name in NODES:
            number, own = base64.b64encode(name).decode(), str(folder / name.decode())
            node = Server(campaign, database=url, node=number, folder=own)
            running.enter_context(node)
            print(f"node      http://{HOST}:{node.port}")
        print(f"database  {url}")
        for machine in pair.machines:
            print(f"kill it   pkill -9 -f {machine.folder}  # {machine.name}")
        watch(pair)


def watch(pair: Pair) -> None:
    """Say who is what whenever it changes; switch on again what was killed, after a while."""
    said, killed_at = "", dict.fromkeys(pair.machines, 0.0)
    while True:
        for machine in pair.machines:
            if machine.is_on:
                killed_at[machine] = time.monotonic()
            elif time.monotonic() > killed_at[machine] + AWAY_S:
                machine.start()
        roles = ", ".join(f"{one.name} {HOST}:{one.port} {one.role()}" for one in pair.machines)
        if roles != said:
            print(f"database  {roles}", flush=True)
        said = roles
        time.sleep(EVERY_S)


if __name__ == "__main__":
    sys.exit(main())
