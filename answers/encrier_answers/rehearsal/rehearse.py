# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rehearsal from its first key to its last figure: the thin part that acts.

Starts the server and the load as processes, watches them, reconciles, searches, reports.
"""

import hashlib
import os
import random
import resource
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from encrier import calls, signing, terms
from encrier.errors import EncrierError
from encrier.records import Record, from_bytes, to_bytes
from encrier.settings import is_loopback
from encrier.wire import Admission, AdmissionList, BookletKey
from encrier_answers.configuration import PREFIX
from encrier_answers.rehearsal import canaries, letters, reconcile
from encrier_answers.rehearsal.campaign import Campaign
from encrier_answers.rehearsal.letters import Script
from encrier_answers.rehearsal.load import MOST_LINES
from encrier_answers.rehearsal.reconcile import Account
from encrier_answers.rehearsal.server import Door, Look, Server, Watch, free_port
from encrier_answers.rehearsal.shape import Day, DayRefused
from encrier_answers.rehearsal.tally import Tallied

HERE: Final = "127.0.0.1"
MB: Final = 1 << 20
KB: Final = 1 << 10
LINE_TLS: Final = 43 * KB + 36 * KB  # of memory: client (uvloop) and server, measured
LINE_PLAIN: Final = 8 * KB + 24 * KB
A_PUPIL: Final = 4 * KB  # her day and identity in the load, her admission in the server
A_PROCESS: Final = 80 * MB
A_SAVE_ON_DISK: Final = 1 * KB  # its receipt; envelopes replace one another
A_PUPIL_ON_DISK: Final = 10 * KB  # her stored envelope, box, row, and what was sealed ahead
DRAIN_S: Final = 30.0
FILES_BESIDES: Final = 200  # that a server opens besides its connections
LEAD_S: Final = 1.0  # between the word to begin and the beginning
ADMITTED_AT_ONCE: Final = 50_000


class TooLarge(EncrierError):
    what = "This machine has not enough memory or disk for this rehearsal."
    next_step = "Rehearse with fewer --pupils, fewer --connections, or --plain."


class NotThisMachine(EncrierError):
    what = "A rehearsal loads nobody else's machine."
    next_step = "Give --server an address of this machine, as https://127.0.0.1:8002."


class NotServed(EncrierError):
    what = "The campaign of this rehearsal has just been drawn, and nobody serves it yet."
    next_step = "Start a server with the settings in its file `environment`, then ask this again."


class LoadFailed(EncrierError):
    what = "A process of the load ended before its time."
    next_step = "Look at load.log in the folder of the rehearsal (--keep FOLDER)."


class Asked(Record, frozen=True):
    """What is rehearsed, and how."""

    day: Day
    n_sample: int = 200
    n_lines: int = 0  # connections that pupils share; 0: each has one
    plain: bool = False
    server: str | None = None  # an address: the server was started by somebody else
    database: str | None = None
    workers: int | None = None
    starts_per_s: float | None = None
    kills: int = 0

    @property
    def tls(self) -> bool:
        """Whether the load speaks TLS."""
        return not self.plain if self.server is None else self.server.startswith("https:")


class Done(Record, frozen=True):
    """All that a rehearsal gives."""

    asked: Asked
    tallied: list[Tallied]
    looks: list[Look]
    account: Account
    search: canaries.Search
    began_at: datetime
    load_before: float  # of the machine, one minute


class Needs(Record, frozen=True):
    """What a rehearsal will use, estimated."""

    processes: int
    lines: int
    memory_mb: int
    disk_mb: int

    def __str__(self) -> str:
        return (
            f"{self.lines:,} connections in {self.processes} load processes, about"
            f" {self.memory_mb:,} MB of memory and {self.disk_mb:,} MB of disk"
        )


def needs(asked: Asked) -> Needs:
    """Estimate what a rehearsal will use."""
    day = asked.day
    n_lines = asked.n_lines or day.pupils
    n_processes = max(-(-n_lines // MOST_LINES), min(os.cpu_count() or 1, -(-day.pupils // 500)))
    n_processes = min(n_processes, n_lines)
    memory = n_lines * (LINE_TLS if asked.tls else LINE_PLAIN)
    memory += day.pupils * A_PUPIL + (n_processes + 2) * A_PROCESS
    n_saves = day.pupils * day.seconds / day.save_every_s
    disk = n_saves * A_SAVE_ON_DISK + day.pupils * A_PUPIL_ON_DISK
    return Needs(n_processes, n_lines, int(memory) // MB, int(disk) // MB)


def check(asked: Asked, needed: Needs, *, memory_mb: int, disk_mb: int, files: int) -> None:
    """Refuse what this machine cannot hold, or what is not this machine.

    files: as many as a process may open.
    """
    asked.day.check()
    if not 0 <= asked.n_lines <= asked.day.pupils:
        raise DayRefused("There are more --connections than --pupils.")
    if asked.server is not None:
        _place(asked.server)
    if asked.database is not None and asked.server is not None:
        raise DayRefused("A server that is there already has its store: --database says nothing.")
    if asked.kills and asked.server is not None:
        raise DayRefused("Only a server that the rehearsal started can be killed.")
    n_servers = asked.workers or 1
    if asked.server is None and needed.lines + FILES_BESIDES > files * n_servers:
        raise TooLarge(
            f"{needed.lines:,} connections are more files than {n_servers} server processes may"
            f" open here ({files:,} each).",
            "Give --workers, or allow more (LimitNOFILE, ulimit -n).",
        )
    if needed.memory_mb > memory_mb or needed.disk_mb + 512 > disk_mb:
        raise TooLarge(
            f"This rehearsal needs {needed}; free are {memory_mb:,} MB and {disk_mb:,} MB."
        )


def most_files() -> int:
    """How many files a process may open, once it asks for as many as it may."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1]


def free_memory_mb() -> int:
    """What the kernel says that programs can have."""
    written = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    return next(int(x.split()[1]) for x in written if x.startswith("MemAvailable:")) // 1024


def rehearse(asked: Asked, folder: Path) -> Done:
    """Rehearse once; what is left in the folder can be opened and searched afterwards."""
    _allow_many_files()
    is_new = not Campaign.is_in(folder)
    campaign = Campaign(folder)
    door, began_at = _door(asked, campaign), datetime.now(tz=UTC)
    environ = campaign.environ(
        port=door.port, tls=asked.tls, workers=asked.workers, starts_per_s=asked.starts_per_s
    )
    if asked.database is not None:
        environ[f"{PREFIX}DATABASE"] = asked.database
    if asked.server is not None and is_new:
        ours = {name: value for name, value in environ.items() if name.startswith(PREFIX)}
        (folder / "environment").write_text("".join(f"{n}={v}\n" for n, v in ours.items()))
        raise NotServed
    server = Server(environ, door=door, log=folder / "server.log")
    script = _script(asked, campaign, door)
    (folder / "script.json").write_bytes(to_bytes(script))
    load_before = os.getloadavg()[0]
    with _served(server, is_ours=asked.server is None):
        results_key = campaign.key("results")
        before = reconcile.newest_rank(door, key=results_key)
        _admit(script, campaign, door, first_serial=int(began_at.timestamp()))
        tallied, looks = _play(asked, script, server)
        account = reconcile.reconcile(
            script,
            receipt_key=signing.public_of(campaign.key("receipt")),
            batches=reconcile.pulled(door, key=results_key, after=before),
        )
    found = canaries.search(script, campaign, database=asked.database)
    return Done(asked, tallied, looks, account, found, began_at, load_before)


@contextmanager
def _served(server: Server, *, is_ours: bool) -> Iterator[None]:
    if is_ours:
        with server:
            yield
    else:
        yield


def _door(asked: Asked, campaign: Campaign) -> Door:
    authority = campaign.authority if asked.tls else None
    if asked.server is None:
        return Door(HERE, free_port(), authority)
    host, port = _place(asked.server)
    return Door(host, port, authority)


def _place(server: str) -> tuple[str, int]:
    """Host and port of a server on this machine; raises NotThisMachine.

    Over IPv4: a machine has as many addresses of its own there as there are schools.
    """
    parts = urlsplit(server)
    host = HERE if parts.hostname == "localhost" else parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not is_loopback(host) or ":" in host:
        raise NotThisMachine
    if parts.port is None:
        raise NotThisMachine("The address of the server names no port.")
    return host, parts.port


def _script(asked: Asked, campaign: Campaign, door: Door) -> Script:
    manifest = campaign.manifest
    return Script(
        day=asked.day,
        campaign=manifest.campaign,
        sealing_key=manifest.sealing_key,
        bundle=manifest.bundles[0].id,
        secret=secrets.token_bytes(32),
        canary=f"canari{secrets.token_hex(8)}",
        n_sample=asked.n_sample,
        n_processes=needs(asked).processes,
        n_lines=asked.n_lines,
        host=door.host,
        port=door.port,
        authority=str(door.authority or ""),
        folder=str(campaign.folder),
        drain_s=DRAIN_S,
    )


def _admit(script: Script, campaign: Campaign, door: Door, *, first_serial: int) -> None:
    """Hand over who may sit, as the names zone does."""
    key = BookletKey(script.bundle, campaign.key("booklet").reveal())
    for serial, first in enumerate(range(0, script.day.pupils, ADMITTED_AT_ONCE), first_serial):
        ranks = range(first, min(first + ADMITTED_AT_ONCE, script.day.pupils))
        pupils = (letters.who(script, rank) for rank in ranks)
        rows = [
            Admission(
                one.sid, hashlib.sha256(one.auth).digest(), script.bundle, bytes(terms.BOX_SIZE)
            )
            for one in pupils
        ]
        body = to_bytes(AdmissionList(script.campaign, serial, rows, (key,)))
        value = calls.sign(
            campaign.key("names"),
            method="POST",
            path="/v1/admission",
            body=body,
            at=datetime.now(tz=UTC),
        )
        status, _ = door.ask("POST", "/v1/admission", body=body, headers={calls.HEADER: value})
        if status != HTTPStatus.OK:
            raise LoadFailed(f"The server refused the list of pupils with {status}.")


def _play(asked: Asked, script: Script, server: Server) -> tuple[list[Tallied], list[Look]]:
    """Start the load, wait for its last reply."""
    folder = Path(script.folder)
    command = [sys.executable, "-m", "encrier_answers.rehearsal.load", str(folder / "script.json")]
    with (folder / "load.log").open("ab") as log:
        load = [
            subprocess.Popen(
                [*command, str(n)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
            for n in range(script.n_processes)
        ]
    try:
        for one in load:  # sealing ahead takes them a while
            assert one.stdout is not None  # noqa: S101 it was asked for
            if one.stdout.readline() != "ready\n":
                raise LoadFailed
        began = time.monotonic() + LEAD_S
        for one in load:
            assert one.stdin is not None  # noqa: S101 it was asked for
            one.stdin.write(f"{began!r}\n")
            one.stdin.flush()
        with Watch(lambda: server.pid, [one.pid for one in load], began) as watch:
            _kill_at_times(asked, server, began)
            longest_s = asked.day.seconds + script.drain_s + 60
            if any(one.wait(max(1.0, began + longest_s - time.monotonic())) for one in load):
                raise LoadFailed
    except subprocess.TimeoutExpired as error:
        raise LoadFailed from error
    finally:
        for one in load:
            one.kill()
            one.communicate()
    written = [folder / f"tallied-{n}.json" for n in range(script.n_processes)]
    return [from_bytes(file.read_bytes(), Tallied) for file in written], watch.looks


def _kill_at_times(asked: Asked, server: Server, began: float) -> None:
    """Kill the server at moments that nobody chose, and start it again."""
    day = asked.day
    drawn = random.Random(day.seed)  # noqa: S311 no secret: the same seed, the same moments
    for at_s in sorted(drawn.uniform(day.run_up_s, day.seconds) for _ in range(asked.kills)):
        time.sleep(max(0.0, began + at_s - time.monotonic()))
        server.kill()
        server.start()


def _allow_many_files() -> None:
    """Open as many files as this machine allows: each connection is one."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files(), most_files()))
