# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real PostgreSQL of this test run: its own cluster in its own folder, gone at the end.

PostgreSQL refuses to run as root: there its processes are those of the user `postgres`, which
Debian's package makes, or of `nobody`.
"""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

from bring import postgres as bring_postgres

_SPEED: Final = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"
_SIZED: Final = "-c shared_buffers=1GB -c max_wal_size=4GB"
ADMINISTRATOR: Final = "administrator"


class Cluster:
    """A cluster that listens on a socket only; whoever may enter its folder is trusted."""

    def __init__(self, *, durable: bool = False) -> None:
        """Lay it and start it; durable: with every safety that an operator has, and its cost."""
        self.folder = Path(tempfile.mkdtemp(prefix="encrier-pg-"))
        self._programs = Path(bring_postgres())
        self._user = other_user()
        if self._user:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        common = ("--encoding=UTF8", "--locale=C", "--auth=trust", "--no-sync")
        self._run("initdb", "-D", self.data, "-U", ADMINISTRATOR, *common)
        given = _SIZED if durable else _SPEED
        options = f"-k {self.folder} -c listen_addresses= -c max_connections=60 {given}"
        self._begin = ("pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "-o", options)
        self._run(*self._begin, "start")

    @property
    def data(self) -> Path:
        """Where the bytes are."""
        return self.folder / "data"

    def url(self, role: str, database: str) -> str:
        """The address of a database for a role."""
        return f"postgresql://{role}@/{database}?host={self.folder}"

    def psql(self, script: str) -> str:
        """Run a script as its administrator would, to its end or not at all."""
        asked = (str(self._programs / "psql"), "-X", "-qAt", "-v", "ON_ERROR_STOP=1")
        done = subprocess.run(
            [*asked, "-d", self.url(ADMINISTRATOR, "postgres")],
            input=script,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def new_database(self) -> str:
        """The address of a new and empty database with a role of its own."""
        name = f"own_{secrets.token_hex(4)}"
        self.psql(f"CREATE ROLE {name} LOGIN;\nCREATE DATABASE {name} OWNER {name};")
        return self.url(name, name)

    def crash(self) -> None:
        """End every process of it at once, as kill -9 does; `start` recovers."""
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")

    def kill(self) -> None:
        """Kill -9 of each of its processes; `start` recovers."""
        kill_all_on(self.data)

    def start(self) -> None:
        """Start it again."""
        self._run(*self._begin, "start")

    def stop(self) -> None:
        """End it and remove all of it."""
        self.crash()
        shutil.rmtree(self.folder)

    def _run(self, program: str, *words: object) -> None:
        done = subprocess.run(
            [str(self._programs / program), *(str(word) for word in words)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # not a pipe: the server would keep it open
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            check=False,
            **as_user(self._user),
        )
        assert done.returncode == 0, f"{program} failed"


def processes_on(data: Path) -> list[int]:
    """Every process of the PostgreSQL that runs on a folder, the first of them first."""
    try:
        first = int((data / "postmaster.pid").read_text().split()[0])
        command = Path(f"/proc/{first}/cmdline").read_text()
        children = Path(f"/proc/{first}/task/{first}/children").read_text()
    except (OSError, IndexError):
        return []
    is_ours = f"{data}" in command  # numbers are given again
    return [first, *map(int, children.split())] if is_ours else []


def kill_all_on(data: Path) -> None:
    """Kill -9 of every process of the PostgreSQL that runs on a folder, and wait for their end."""
    for first in processes_on(data)[:1]:
        signalled(first, signal.SIGSTOP)  # so that it begins no other meanwhile
    killed = processes_on(data)
    for one in killed:
        signalled(one, signal.SIGKILL)
    while not all(map(_is_gone, killed)):
        os.sched_yield()


def _is_gone(process: int) -> bool:
    """Whether nothing is left of a process, not even an exit code for whoever adopted it."""
    try:
        os.waitpid(process, os.WNOHANG)
    except ChildProcessError:
        return not Path(f"/proc/{process}").exists()
    return False


def signalled(process: int, number: signal.Signals) -> bool:
    """Send a signal to a process; whether it was still there."""
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return False
    return True


def other_user() -> pwd.struct_passwd | None:
    """Who runs a database that this user, being root, may not run."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def as_user(user: pwd.struct_passwd | None) -> dict[str, Any]:
    """What to tell `subprocess`, so that a process is that user's."""
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
