# SPDX-License-Identifier: AGPL-3.0-or-later
"""Three operators on one machine: each zone with its own folder, settings, keys and processes.

An operator's commands see its own settings and nothing else of the environment. What one hands
to another is a file or a public key, as in a campaign.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
ENCRIER: Final = Path(sys.executable).with_name("encrier")
KEPT: Final = ("PATH", "LANG", "LC_ALL", "TMPDIR", "HOME")
PATIENCE_S: Final = 60.0
Process = subprocess.Popen[bytes]


class CommandFailed(RuntimeError):
    """An `encrier` command that did not end well, with what it printed."""


class Operator:
    """Who runs one zone."""

    def __init__(self, zone: str, folder: Path) -> None:
        self.zone = zone
        self.folder = folder
        folder.mkdir(parents=True, mode=0o700)
        self.settings: dict[str, str] = {}
        self._running: dict[str, Process] = {}

    def set(self, **settings: object) -> None:
        """Write settings of this zone: `folder=…` becomes ENCRIER_ZONE_FOLDER."""
        for name, value in settings.items():
            self.settings[f"ENCRIER_{self.zone.upper()}_{name.upper()}"] = str(value)

    def run(self, *arguments: object) -> str:
        """Run one command of this zone to its end and give what it printed."""
        done = subprocess.run(
            self._command(arguments),
            env=self.environ(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = f"{done.stdout}{done.stderr}".strip()
            raise CommandFailed(f"encrier {self.zone} {arguments[0]}: {said}")
        return done.stdout.strip()

    def environ(self) -> dict[str, str]:
        """What a process of this zone finds around it."""
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        return kept | self.settings

    def start(self, *arguments: object) -> Process:
        """Start a command that goes on; what it prints goes to a log in its folder."""
        with (self.folder / f"{arguments[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                self._command(arguments),
                env=self.environ(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._running[str(arguments[0])] = process
        return process

    def twin(self, folder: Path) -> "Operator":
        """The same zone with the same settings, run from another folder."""
        twin = Operator(self.zone, folder)
        twin.settings = dict(self.settings)
        return twin

    def wait_for_words(self, verb: str, words: str) -> None:
        """Wait until a command that goes on has printed something."""
        wait_until(lambda: words in self.last_words(verb), what=f"{self.zone} {verb}: {words}")

    def follow(self, verb: str) -> Iterator[str]:
        """The lines of a command that goes on, as they come, until it ends."""
        process = self._running[verb]
        with (self.folder / f"{verb}.log").open(encoding="utf-8") as log:
            while process.poll() is None:
                line = log.readline()
                if line:
                    yield line.rstrip()
                else:
                    time.sleep(0.2)

    def last_words(self, verb: str) -> str:
        """The end of what a command printed, for whoever must find out why it ended."""
        return (self.folder / f"{verb}.log").read_text(encoding="utf-8")[-2000:]

    def kill(self, process: Process) -> None:
        """Pull the plug: kill -9 on the process and all its workers."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._running = {v: p for v, p in self._running.items() if p is not process}

    def stop(self) -> None:
        """End all that runs, and wait for it."""
        for process in self._running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self._running.values():
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._running.clear()

    def _command(self, arguments: tuple[object, ...]) -> list[str]:
        return [str(ENCRIER), self.zone, *map(str, arguments)]


def free_port(wanted: int) -> int:
    """Give the port wanted, or another if it is taken."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            taken: int = probe.getsockname()[1]
            return taken
    raise CommandFailed("No port is free on this machine.")


def wait_until(ready: Callable[[], bool], *, what: str, patience_s: float = PATIENCE_S) -> None:
    """Wait for something that another process does, or say what did not come."""
    deadline = time.monotonic() + patience_s
    while not ready():
        if time.monotonic() > deadline:
            raise CommandFailed(f"This did not come in {patience_s:.0f} s: {what}.")
        time.sleep(0.05)


def answers_to(port: int, path: str = "/") -> bool:
    """Whether a server on this machine answers a request at all."""
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        wire.request("GET", path)
        wire.getresponse().read()
    except OSError:
        return False
    else:
        return True
    finally:
        wire.close()
