# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys that rotate, backups and health from the command line. Prints counts, never a name."""

import argparse
import os

import msgspec

from encrier.errors import EncrierError
from encrier.keyfiles import read_secret
from encrier_names import zone
from encrier_names.commands import say
from encrier_names.upkeep import backup as backups
from encrier_names.upkeep import rotation
from encrier_names.upkeep.health import examine, worst
from encrier_names.upkeep.sealed_file import BackupBroken


class BackupExists(EncrierError):
    what = "There is a file of this name already, or none can be made there."
    next_step = "Name another: a backup is never written over another."


def rotate_keys(asked: argparse.Namespace) -> int:
    """Seal every personal column under the key that now seals."""
    done = rotation.rotate()
    sentence = f"{done.resealed} boxes sealed anew, {done.already} under the new key"
    if done.broken:
        sentence += f"; {done.broken} open with no key of the settings: keep the old keys"
    else:
        sentence += "; the old key may be destroyed"
    say(msgspec.to_builtins(done), sentence, as_json=asked.json)
    return 1 if done.broken else 0


def backup(asked: argparse.Namespace) -> int:
    """Write both databases into a new file, whole or not at all."""
    to = read_secret(asked.to).reveal()
    partial = asked.out.with_name(asked.out.name + ".partial")
    try:
        if asked.out.exists():
            raise BackupExists
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BackupExists from error
    try:
        with os.fdopen(descriptor, "wb") as target:
            counts = backups.backup(target, zone.current().manifest, to=to)
            target.flush()
            os.fsync(target.fileno())
        partial.rename(asked.out)
    finally:
        partial.unlink(missing_ok=True)
    _say_rows(counts, str(asked.out), as_json=asked.json)
    return 0


def restore(asked: argparse.Namespace) -> int:
    """Put a backup into empty databases, or only check that it could be."""
    running, key = zone.current(), read_secret(asked.key)
    try:
        with asked.file.open("rb") as source:
            if asked.check:
                begin, counts = backups.check(source, key=key)
                made = f"whole, made {begin.made_at:%Y-%m-%d %H:%M} UTC"
                _say_rows(counts, made, as_json=asked.json)
                return 0
            counts = backups.restore(source, running.settings, running.manifest, key=key)
    except OSError as error:
        raise BackupBroken from error
    _say_rows(counts, "restored", as_json=asked.json)
    return 0


def health(asked: argparse.Namespace) -> int:
    """Say how the zone is, as the page for load balancers does."""
    findings = examine()
    lines = [f"{found.what:12} {found.state:8} {found.says}" for found in findings]
    say({"findings": msgspec.to_builtins(findings)}, "\n".join(lines), as_json=asked.json)
    return 0 if worst(findings) == "ok" else 1


def _say_rows(counts: dict[str, int], what: str, *, as_json: bool) -> None:
    n_rows, n_tables = sum(counts.values()), len(counts)
    say({"rows": counts}, f"{what}: {n_rows} rows of {n_tables} tables", as_json=as_json)
