# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two real PostgreSQL under Patroni with an etcd that judges, on this machine, gone at the end.

Started from the files of deploy/answers/pair that operators fill, TLS and passwords included.
"""

import http.client
import json
import os
import random
import secrets
import shutil
import signal
import socket
import ssl
import string
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Self

import bring

from stagecraft.cluster import as_user, kill_all_on, other_user, processes_on, signalled
from stagecraft.node import pause

FILES: Final = Path(__file__).parents[2] / "deploy" / "answers" / "pair"
HOST: Final = "127.0.0.1"
START_S: Final = 60.0
# Nothing is lost without fsync where only processes die; with it, what an operator pays.
_SPEED: Final = "    fsync: 'off'\n"
_QUIET_PORTS: Final = range(20_000, 32_000)  # below those that the system lends to callers


class Pair:
    """An etcd and two machines, each a Patroni agent with its PostgreSQL."""

    def __init__(self, *, durable: bool = False) -> None:
        """Lay and start all of it, until both databases are there and one waits for the other."""
        self.folder = Path(tempfile.mkdtemp(prefix="encrier-pair-"))
        self._user = other_user()
        self._root, self._etcd_port = self._reachable(Path(bring.patroni())), quiet_port()
        self._passwords = {
            name: secrets.token_hex(16) for name in ("SUPERUSER_PASSWORD", "REPLICATION_PASSWORD")
        }
        self._speed = "" if durable else _SPEED
        self._draw_certificates()
        self.machines = [Machine(self, "one"), Machine(self, "two")]
        self.etcd = self._start_etcd()
        try:
            self.wait(lambda: _listens(self._etcd_port))
            for machine in self.machines:
                machine.start()
            self.wait_until_whole()
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def primary(self) -> "Machine":
        """The machine that may be written to; raises where there is none at this moment."""
        return next(one for one in self.machines if one.role() == "primary")

    @property
    def standby(self) -> "Machine":
        """The other one."""
        primary = self.primary
        return next(one for one in self.machines if one is not primary)

    def url(self, role: str, database: str, password: str, *, only: "Machine | None" = None) -> str:
        """The address of a database, on both machines; only: on one of them."""
        machines = [only] if only else self.machines
        hosts = ",".join(f"{HOST}:{one.port}" for one in machines)
        checked = f"sslmode=verify-full&sslrootcert={self.folder}/authority.pem"
        return f"postgresql://{role}:{password}@{hosts}/{database}?{checked}"

    def new_database(self) -> str:
        """The address of a new and empty database with a role of its own."""
        name, password = f"own_{secrets.token_hex(4)}", secrets.token_hex(16)
        self.psql(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
        self.psql(f"CREATE DATABASE {name} OWNER {name}")
        return self.url(name, name, password)

    def psql(self, asked: str, *, at: "Machine | None" = None, database: str = "postgres") -> str:
        """Run a statement as the administrator, at the primary if nothing else is said."""
        at = at or self.primary
        url = self.url("postgres", database, self._passwords["SUPERUSER_PASSWORD"], only=at)
        command = [f"{bring.postgres()}/psql", "-X", "-qAt", "-v", "ON_ERROR_STOP=1", "-d", url]
        done = subprocess.run([*command, "-c", asked], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def wait_until_whole(self, *, still_s: float = 0) -> None:
        """Wait until a primary's commits wait for the other machine; still_s: and for so long."""
        since = time.monotonic()

        def is_whole() -> bool:
            nonlocal since
            if not self._is_whole():
                since = time.monotonic()
            return time.monotonic() >= since + still_s and self._is_whole()

        self.wait(is_whole)

    def _is_whole(self) -> bool:
        roles = sorted(one.role() for one in self.machines)
        has_standby = any(one.has_sync_standby() for one in self.machines)
        return has_standby and roles == ["primary", "sync_standby"]

    def wait(self, is_so: Callable[[], bool], *, at_most_s: float = START_S) -> None:
        """Wait until something is so; fails with what the agents said."""
        until = time.monotonic() + at_most_s
        while not is_so():
            assert time.monotonic() < until, self.said()
            pause(0.05)

    def said(self) -> str:
        """The last lines of each log."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"{log.name}:\n{log.read_text()[-3000:]}" for log in logs)

    def stop(self) -> None:
        """End every process and remove all of it."""
        for machine in self.machines:
            machine.kill()
        self.etcd.kill()
        self.etcd.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, name: str, *command: str, **environ: str) -> "subprocess.Popen[bytes]":
        """Start a process of the pair's user, that writes to NAME.log."""
        libraries = ":".join(map(str, self._root.glob("usr/lib/*-linux-gnu")))
        apart = {
            "PYTHONPATH": str(self._root / "usr/lib/python3/dist-packages"),
            "LD_LIBRARY_PATH": libraries,
        }
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "PATRONI_"))}
        inherited["HOME"] = str(self.folder)  # where libpq looks for certificates
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                command,
                env=inherited | ({} if self._root == Path("/") else apart) | environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
                **as_user(self._user),
            )

    def program(self, name: str) -> str:
        return str(self._root / "usr/bin" / name)

    def own(self, place: Path) -> None:
        """Hand a folder with all that is in it to the pair's user."""
        if self._user:
            for one in (place, *place.rglob("*")):
                os.chown(one, self._user.pw_uid, self._user.pw_gid)

    def filled(self, template: str, **values: object) -> str:
        """One of the operator's files with its blanks filled."""
        common = {"ADDRESS": HOST, "TLS": self.folder / HOST, **self._passwords}
        text = (FILES / template).read_text(encoding="utf-8")
        return string.Template(text).substitute(common | values)

    def configuration(self, machine: "Machine") -> str:
        """The patroni.yml of a machine."""
        filled = self.filled(
            "patroni.yml",
            NAME=machine.name,
            PORT=machine.port,
            DOOR_PORT=machine.door_port,
            ETCD=f"{HOST}:{self._etcd_port}",
            WATCHDOG="off",
            PROGRAMS=bring.postgres(),
            FOLDER=machine.folder,
        )
        return filled + self._speed

    def _start_etcd(self) -> "subprocess.Popen[bytes]":
        ports = {"CLIENT_PORT": self._etcd_port, "PEER_PORT": quiet_port()}
        cluster = f"judge=https://{HOST}:{ports['PEER_PORT']}"
        filled = self.filled(
            "etcd.env", NAME="judge", FOLDER=self.folder / "etcd", CLUSTER=cluster, **ports
        )
        lines = [line.partition("=") for line in filled.splitlines() if line.startswith("ETCD_")]
        return self.run("etcd", self.program("etcd"), **{k: v.strip('"') for k, _, v in lines})

    def _draw_certificates(self) -> None:
        script = str(FILES / "certificates.sh")
        subprocess.run(["sh", script, str(self.folder), HOST], check=True)
        self.own(self.folder)

    def _reachable(self, root: Path) -> Path:
        """Where the pair's user finds the programs: who may not enter the folder of these tests."""
        if not self._user or root == Path("/"):
            return root
        return Path(shutil.copytree(root, self.folder / "programs", symlinks=True))


class Machine:
    """A Patroni agent and its PostgreSQL, which die together."""

    def __init__(self, pair: Pair, name: str) -> None:
        self.name, self._pair, self.folder = name, pair, pair.folder / name
        self.port, self.door_port = quiet_port(), quiet_port()
        self.folder.mkdir(mode=0o700)
        (self.folder / "patroni.yml").write_text(pair.configuration(self), encoding="utf-8")
        pair.own(self.folder)
        self._asking = ssl.create_default_context(cafile=pair.folder / "authority.pem")
        self.agent: subprocess.Popen[bytes] | None = None

    @property
    def is_on(self) -> bool:
        """Whether its agent runs."""
        return self.agent is not None and self.agent.poll() is None

    def start(self) -> None:
        """Switch it on."""
        command = ("/usr/bin/python3", self._pair.program("patroni"))
        self.agent = self._pair.run(self.name, *command, str(self.folder / "patroni.yml"))

    def kill(self) -> None:
        """Kill -9 of the agent and of every process of its PostgreSQL, as if it were unplugged."""
        if self.agent and self.is_on:
            os.killpg(self.agent.pid, signal.SIGKILL)  # with what it runs for a copy or a rewind
            self.agent.wait(20)
        kill_all_on(self.folder / "data")

    def freeze(self, *, agent_alone: bool = False) -> None:
        """Stop it from running without killing it, until `thaw`."""
        self._signal_all(signal.SIGSTOP, agent_alone=agent_alone)

    def thaw(self) -> None:
        """Let it run again."""
        self._signal_all(signal.SIGCONT, agent_alone=False)

    def role(self) -> str:
        """What its agent says that it is: primary, sync_standby, replica, or why not."""
        said = self._ask()
        if said.get("state") != "running":
            return str(said.get("state", "silent"))
        role = "primary" if said["role"] in {"master", "primary"} else str(said["role"])
        return "sync_standby" if said.get("sync_standby") else role

    def has_sync_standby(self) -> bool:
        """Whether its PostgreSQL at this moment sees the standby that commits wait for."""
        return any(one["sync_state"] == "sync" for one in self._ask().get("replication", ()))

    def _ask(self) -> dict[str, Any]:
        """What its agent tells anybody; nothing where none answers."""
        line = http.client.HTTPSConnection(HOST, self.door_port, timeout=2, context=self._asking)
        try:
            line.request("GET", "/patroni")
            said: dict[str, Any] = json.loads(line.getresponse().read())
        except (OSError, http.client.HTTPException):
            return {}
        finally:
            line.close()
        return said

    def _signal_all(self, number: signal.Signals, *, agent_alone: bool) -> None:
        assert self.agent is not None
        for process in (
            self.agent.pid,
            *(() if agent_alone else processes_on(self.folder / "data")),
        ):
            signalled(process, number)


def quiet_port() -> int:
    """A free port that stays free while what listened there is dead."""
    while True:
        port = random.choice(_QUIET_PORTS)  # noqa: S311 no secret
        try:
            socket.create_server((HOST, port)).close()
        except OSError:
            continue
        return port


def _listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port)).close()
    except OSError:
        return False
    return True
