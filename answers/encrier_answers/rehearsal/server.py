# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real server of a rehearsal in its own processes, and what it costs, seen from outside.

Knows process ids and /proc; asks the server nothing but whether it answers.
"""

import http.client
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, Self

from encrier.errors import EncrierError
from encrier.records import Record

START_S: Final = 30.0
STOP_S: Final = 30.0
SHARED_EVERY: Final = 10  # looks between two at shared memory: those walk every page
_RUN: Final = "import sys; from encrier.cli import main; sys.exit(main())"  # the command `encrier`


class ServerFailed(EncrierError):
    what = "The server of the rehearsal did not start, or ended."
    next_step = "Look at server.log in the folder of the rehearsal (--keep FOLDER)."


class Door:
    """Short calls to the server: one connection a call."""

    def __init__(self, host: str, port: int, authority: Path | None) -> None:
        self.host, self.port, self.authority = host, port, authority
        self._tls = ssl.create_default_context(cafile=str(authority)) if authority else None

    def ask(
        self, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Status and body of a reply."""
        line = (
            http.client.HTTPSConnection(self.host, self.port, timeout=120, context=self._tls)
            if self._tls
            else http.client.HTTPConnection(self.host, self.port, timeout=120)
        )
        try:
            line.request(method, path, body or None, dict(headers or {}))
            got = line.getresponse()
            return got.status, got.read()
        finally:
            line.close()


class Server:
    """`encrier answers serve`, started, killed and started again."""

    def __init__(self, environ: Mapping[str, str], *, door: Door, log: Path) -> None:
        self._environ, self._door, self.log = dict(environ), door, log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Of the process that was started."""
        return self._process.pid if self._process else None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it answers; raises ServerFailed."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _RUN, "answers", "serve"],
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + START_S
        while time.monotonic() < until and self._process.poll() is None:
            try:
                if self._door.ask("GET", "/v1/manifest")[0] == http.HTTPStatus.OK:
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
        self.kill()
        raise ServerFailed

    def stop(self) -> None:
        """End it as an operator does."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(STOP_S)

    def kill(self) -> None:
        """End every process of it at once, as kill -9 does."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(STOP_S)


class Look(Record, frozen=True):
    """What was seen at one moment."""

    at_s: float
    server_s: float  # processor seconds of the server so far, its earlier processes included
    load_s: float  # those of the load processes
    server_mb: float  # memory resident, pages shared by several counted in each
    shared_mb: float | None  # the same, pages shared counted once; looked at more rarely


class Watch:
    """Looks once a second at the server's processes and at those of the load."""

    def __init__(self, server: Callable[[], int | None], load: Sequence[int], began: float) -> None:
        """server: its process now; load: theirs."""
        self._server, self._load, self._began = server, load, began
        self.looks: list[Look] = []
        self._spent: dict[int, float] = {}  # processor seconds of each process ever seen
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            self.looks.append(self._look(is_thorough=len(self.looks) % SHARED_EVERY == 0))
            if self._over.wait(1.0):
                self.looks.append(self._look(is_thorough=True))
                return

    def _look(self, *, is_thorough: bool) -> Look:
        pid = self._server()
        tree = [] if pid is None else [pid, *below(pid)]
        for one in (*tree, *self._load):
            self._spent[one] = max(self._spent.get(one, 0.0), cpu_s(one))
        return Look(
            at_s=time.monotonic() - self._began,
            server_s=sum(s for one, s in self._spent.items() if one not in self._load),
            load_s=sum(self._spent[one] for one in self._load),
            server_mb=sum(_status_kb(one, "status", "VmRSS:") for one in tree) / 1024,
            shared_mb=sum(map(pss_kb, tree)) / 1024 if is_thorough else None,
        )


def below(pid: int) -> list[int]:
    """The processes that this one started, and those that they did."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(one) for t in tasks for one in (t / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [one for child in children for one in (child, *below(child))]


def cpu_s(pid: int) -> float:
    """Processor seconds of one process so far, user and system; 0 once it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def pss_kb(pid: int) -> int:
    """KiB that one process holds now, its part of what it shares; 0 once it is gone."""
    return _status_kb(pid, "smaps_rollup", "Pss:")


def _status_kb(pid: int, file: str, name: str) -> int:
    try:
        written = Path(f"/proc/{pid}/{file}").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(x.split()[1]) for x in written.splitlines() if x.startswith(name)), 0)


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
