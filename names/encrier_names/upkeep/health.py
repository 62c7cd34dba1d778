# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether this zone is well, for whoever watches machines. Knows no pupil and counts none.

What keeps pages from being served is `failing`: a load balancer then asks another machine. What
somebody should look at, and would be the same on another machine, is a `warning`.
"""

import functools
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final, Literal

from django.db import DatabaseError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from encrier import clock
from encrier.records import Record
from encrier_names import zone
from encrier_names.sittings.progress import pulled_at
from encrier_names.stores import ALIASES, postgres, rights

STALE: Final = timedelta(minutes=10)  # an exchange every 30 s is what the README says
DRIFT: Final = timedelta(seconds=30)
LOW_DISK: Final = 0.05  # of the whole disk

State = Literal["ok", "warning", "failing"]


class Finding(Record, frozen=True):
    """One thing that was looked at; `says` is a word or two for the operator."""

    what: str
    state: State
    says: str


def examine() -> list[Finding]:
    """Look at everything; asks each database a few short questions."""
    found = [_asked(look) for look in (_databases, _migrations, _rights)]
    if found[0].state == "ok":
        found += [_asked(_exchange), _asked(_clock)]
    return [*found, _disk()]


def worst(findings: list[Finding]) -> State:
    """The state of the whole."""
    order: tuple[State, ...] = ("failing", "warning", "ok")
    return next(state for state in order if state in {f.state for f in findings} | {"ok"})


def exchange_state(pulled: datetime | None, now: datetime, *, window: bool) -> tuple[State, str]:
    """What the age of the last exchange with answers says. window: whether sittings are open."""
    if pulled is None:
        return ("warning" if window else "ok"), "never"
    minutes = f"{max(0, round((now - pulled) / timedelta(minutes=1)))}-minutes-ago"
    return ("warning" if window and now - pulled > STALE else "ok"), minutes


def disk_state(free: int, total: int) -> tuple[State, str]:
    """What the room that is left on the disk says."""
    return ("warning" if free < total * LOW_DISK else "ok"), f"{100 * free // total}-percent-free"


def _asked(look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except DatabaseError:
        return Finding(look.__name__.strip("_"), "failing", "no-answer")


def _databases() -> Finding:
    for alias in ALIASES:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")
    return Finding("databases", "ok", connections[ALIASES[0]].vendor)


def _migrations() -> Finding:
    wanted = _on_disk()
    missing = 0
    for alias in ALIASES:
        missing += len(wanted - set(MigrationRecorder(connections[alias]).applied_migrations()))
    return Finding("migrations", "failing" if missing else "ok", f"{missing}-missing")


@functools.cache
def _on_disk() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _rights() -> Finding:
    """Whether who serves may do more than it should; on SQLite there is nobody else."""
    schemas = postgres.served(zone.current().settings) or ()
    too_much = list(rights.too_much(schemas))
    return Finding("rights", "warning" if too_much else "ok", "-".join(too_much) or "as-granted")


def _exchange() -> Finding:
    now, manifest = clock.now(), zone.current().manifest
    window = manifest.opens_at <= now <= manifest.closes_at
    state, says = exchange_state(pulled_at(), now, window=window)
    return Finding("exchange", state, says)


def _clock() -> Finding:
    """Our clock beside the database's, and beside the last exchange, which cannot be to come."""
    now, pulled = clock.now(), pulled_at()
    ahead = [at for at in [*_moments_elsewhere()] if abs(at - now) > DRIFT]
    off = bool(ahead) or (pulled is not None and pulled - now > DRIFT)
    return Finding("clock", "warning" if off else "ok", "off" if off else "as-others")


def _moments_elsewhere() -> Iterator[datetime]:
    for alias in ALIASES:
        if connections[alias].vendor == "postgresql":
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT clock_timestamp()")
                yield cursor.fetchone()[0]


def _disk() -> Finding:
    usage = shutil.disk_usage(zone.current().settings.folder)
    return Finding("disk", *disk_state(usage.free, usage.total))
