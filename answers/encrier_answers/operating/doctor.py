# SPDX-License-Identifier: AGPL-3.0-or-later
"""What to think of a machine: from facts to findings, with what to do about each.

Pure: no clock, disk or network; `facts` asks. FAILING is kept for what stops the service or loses
what was acknowledged; all else that hurts is a WARNING.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import Enum
from statistics import median
from typing import Final

from encrier.records import Record
from encrier_answers.configuration import BACKLOG, MAX_CONNECTIONS
from encrier_answers.folder import RESERVE
from encrier_answers.operating import measured
from encrier_answers.operating.databases import DatabaseFacts
from encrier_answers.sittings import from_minute

SLOW_SYNC_MS: Final = 20.0
TOO_FAST_MS: Final = 0.01  # no disk known to us; a cache that answers for it
EXPIRES_SOON: Final = timedelta(days=14)
CLOCK_MAY_LAG: Final = timedelta(minutes=2)
IN_MEMORY: Final = frozenset({"tmpfs", "ramfs"})
IN_A_CONTAINER: Final = frozenset({"overlay", "aufs"})
OVER_A_NETWORK: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "glusterfs"})
OLDEST_POSTGRES: Final = 140_000
MIB: Final = 1 << 20


class Grade(Enum):
    """How bad it is."""

    FINE = "fine"
    WARNING = "warning"
    FAILING = "failing"


class Finding(Record, frozen=True):
    """One line of what the doctor says."""

    about: str
    grade: Grade
    what: str
    do: str = ""


class Dates(Record, frozen=True):
    """When a campaign takes answers."""

    opens_at: datetime
    closes_at: datetime
    last_save_at: datetime


class StoreFacts(Record, frozen=True):
    """What a store says when it is opened; `fault`: why it cannot be."""

    is_made: bool
    fault: str = ""
    admitted: int = 0
    last_minute: int | None = None


class DiskFacts(Record, frozen=True):
    """The disk of the folder."""

    kind: str  # of its file system
    free_bytes: int
    used_bytes: int  # by the store
    syncs_ms: Sequence[float]  # of some small writes


class Limits(Record, frozen=True):
    """What the system allows."""

    descriptors: int
    somaxconn: int | None


class Certificate(Record, frozen=True):
    """What browsers are shown."""

    names: Sequence[str]
    expires_at: datetime
    is_rsa: bool
    is_of_key: bool


def worst(findings: Sequence[Finding]) -> Grade:
    """The worst grade of all."""
    order = list(Grade)
    return max((one.grade for one in findings), key=order.index, default=Grade.FINE)


def of_dates(dates: Dates, *, now: datetime) -> Finding:
    """Whether the campaign is on."""
    if now < dates.opens_at:
        days = (dates.opens_at - now).days
        return _fine("campaign", f"opens in {days} days" if days else "opens within a day")
    if now <= dates.closes_at:
        return _fine("campaign", f"is open until {dates.closes_at:%Y-%m-%d %H:%M} UTC")
    if now <= dates.last_save_at:
        return _fine("campaign", "is closed, late saves are still taken")
    return _warning("campaign", "is closed, nothing is taken any more", "Serve the next one.")


def of_store(store: StoreFacts) -> Finding:
    """Whether it opens and is whole."""
    if store.fault:
        return _failing(
            "store", store.fault, "Stop the server, keep the file, put a backup back elsewhere."
        )
    if not store.is_made:
        return _fine("store", "is not made yet: the first start makes it")
    return _fine("store", f"opens and is whole, {store.admitted} pupils admitted")


def of_disk(disk: DiskFacts, *, admitted: int, is_remote: bool) -> Iterator[Finding]:
    """Its kind, its room, how fast it is. is_remote: the store is in a database elsewhere."""
    if is_remote:
        yield _fine("disk", "keeps a lock and counters only")
        return
    yield _kind_of_disk(disk.kind)
    need = RESERVE + max(0, admitted * int(measured.DISK_SAT_BYTES.value) - disk.used_bytes)
    said = f"{disk.free_bytes // MIB:,} MiB free, {need // MIB:,} needed"
    if disk.free_bytes < RESERVE:
        yield _failing("room", f"{said}: saves are refused now", "Free some room.")
    elif disk.free_bytes < need:
        yield _warning("room", f"{said} once every admitted pupil has sat", "Make room in time.")
    else:
        yield _fine("room", said)
    yield _sync(median(disk.syncs_ms))


def _sync(took_ms: float) -> Finding:
    if took_ms < TOO_FAST_MS:
        return _warning(
            "sync",
            "a small write is said to be on disk at once: a cache answers for it",
            "Ask who runs this disk whether that cache survives a power cut.",
        )
    if took_ms > SLOW_SYNC_MS:
        return _warning(
            "sync",
            f"a small write takes {took_ms:.1f} ms to be on disk: pupils wait, none is lost",
            "Give the folder a faster disk, with a cache that survives a power cut.",
        )
    return _fine("sync", f"a small write is on disk within {took_ms:.2f} ms")


def _kind_of_disk(kind: str) -> Finding:
    if kind in IN_MEMORY:
        return _failing("disk", f"{kind}: gone when the machine stops", "Put FOLDER on a disk.")
    if kind in OVER_A_NETWORK:
        return _failing(
            "disk",
            f"{kind}: SQLite cannot keep its word over a network",
            "Put FOLDER on a disk of this machine, or use DATABASE.",
        )
    if kind in IN_A_CONTAINER:
        return _failing(
            "disk", f"{kind}: gone with the container", "Mount a volume where FOLDER is."
        )
    return _fine("disk", kind)


def of_clock(
    now: datetime, *, last_minute: int | None, is_synchronised: bool | None
) -> Iterator[Finding]:
    """Whether it is held right, and went back since the last save.

    is_synchronised: None where this system does not tell.
    """
    if is_synchronised is False:
        yield _warning("clock", "nothing holds it right", "Start time synchronisation (chrony).")
    if last_minute is None:
        yield _fine("clock", "nothing in the store to compare with")
        return
    ahead = from_minute(last_minute) - now
    if ahead > CLOCK_MAY_LAG:
        yield _warning(
            "clock",
            f"is {int(ahead.total_seconds() // 60)} minutes behind the newest save",
            "Set it: openings, closings, signed calls and ranks of a restore go by this clock.",
        )
    else:
        yield _fine("clock", "is not behind the newest save")


def of_limits(limits: Limits) -> Iterator[Finding]:
    """Whether as many browsers may come as the server takes."""
    if limits.descriptors < MAX_CONNECTIONS + 500:
        yield _warning(
            "descriptors",
            f"{limits.descriptors:,} a process: that many browsers and no more, of the"
            f" {MAX_CONNECTIONS:,} it would take",
            "LimitNOFILE=131072 in the unit, or `ulimit -n 131072` before the start.",
        )
    else:
        yield _fine("descriptors", f"{limits.descriptors:,} a process")
    if limits.somaxconn is None:
        yield _warning("backlog", "net.core.somaxconn cannot be read", "Look at it by hand.")
    elif limits.somaxconn < BACKLOG:
        yield _warning(
            "backlog",
            f"net.core.somaxconn is {limits.somaxconn:,}: more browsers at once are not heard",
            f"sysctl -w net.core.somaxconn={BACKLOG}",
        )
    else:
        yield _fine("backlog", f"net.core.somaxconn is {limits.somaxconn:,}")


def of_certificate(found: Certificate, *, host: str, now: datetime) -> Iterator[Finding]:
    """Whether browsers will take it, and at what price. host: of this node in the manifest."""
    until = f"names {', '.join(found.names)}, until {found.expires_at:%Y-%m-%d}"
    if not found.is_of_key:
        yield _failing("certificate", "is not of this key", "Give the two that go together.")
    if found.expires_at <= now:
        yield _failing("certificate", f"{until}: no browser takes it", "Renew it.")
    elif found.expires_at - now < EXPIRES_SOON:
        yield _warning("certificate", until, "Renew it.")
    else:
        yield _fine("certificate", until)
    if not any(_fits(name, host) for name in found.names):
        yield _failing(
            "certificate", f"does not name {host}, where browsers go", "Ask for one that does."
        )
    if found.is_rsa:
        yield _warning(
            "certificate",
            "RSA: a browser that comes costs three times the processor of ECDSA",
            "Ask for one with a P-256 key.",
        )


def _fits(name: str, host: str) -> bool:
    return name.lower() == host.lower() or (
        name.startswith("*.") and host.lower().partition(".")[2] == name[2:].lower()
    )


def of_database(found: DatabaseFacts) -> Iterator[Finding]:
    """Whether what it acknowledges survives."""
    if found.version < OLDEST_POSTGRES:
        yield _failing("database", f"PostgreSQL {found.version // 10_000}", "14 or later.")
    for setting, is_on in (("fsync", found.fsync), ("full_page_writes", found.full_page_writes)):
        if not is_on:
            yield _failing(
                "database", f"{setting} is off: a power cut loses acknowledged saves", "Turn it on."
            )
    yield _fine("database", "synchronous_commit is on in our sessions")
    yield _standby(found)


def _standby(found: DatabaseFacts) -> Finding:
    if not found.sees_standbys:
        return _warning(
            "standby",
            f"{found.n_standbys} connected; this role may not see their state",
            "GRANT pg_monitor TO the role, or look as an administrator.",
        )
    if found.wants_standby and not found.n_synchronous:
        return _failing(
            "standby",
            "synchronous_standby_names is set and none is connected: commits wait for ever",
            "Start the standby, or empty synchronous_standby_names.",
        )
    if found.n_synchronous:
        return _fine("standby", f"{found.n_synchronous} synchronous: a lost machine loses nothing")
    return _warning(
        "standby",
        f"none is synchronous, {found.n_standbys} follow: a lost disk loses acknowledged saves",
        "Set synchronous_standby_names and start a standby.",
    )


def _fine(about: str, what: str) -> Finding:
    return Finding(about, Grade.FINE, what)


def _warning(about: str, what: str, do: str) -> Finding:
    return Finding(about, Grade.WARNING, what, do)


def _failing(about: str, what: str, do: str) -> Finding:
    return Finding(about, Grade.FAILING, what, do)
