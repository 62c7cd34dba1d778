# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asks this machine, its disk and its store what the doctor judges. Changes nothing.

Knows paths, limits and a certificate; reads no envelope.
"""

import ctypes
import os
import resource
import shutil
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Final

import apsw
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from encrier.errors import BadSetting
from encrier_answers import sqlite_sql as sql
from encrier_answers.configuration import Zone
from encrier_answers.folder import server_of
from encrier_answers.operating.doctor import Certificate, DiskFacts, Limits, StoreFacts
from encrier_answers.store_sqlite import FILE, connect

N_SYNCS: Final = 20
SYNC_SIZE: Final = 4096
TIMEX_SIZE: Final = 512  # more than struct timex takes anywhere
TIME_ERROR: Final = 5  # adjtimex(2): not synchronised
NO_LIMIT: Final = 1 << 30
_LIMITS: Final = "Max open files"


def of_store(zone: Zone) -> StoreFacts:
    """The encrypted file, opened and read through once."""
    path = zone.settings.folder / FILE
    if not path.exists():
        return StoreFacts(is_made=False)
    try:
        with closing(connect(path, key=zone.settings.store_key)) as store:
            ours = store.execute("SELECT id FROM campaign").fetchall()
            if ours != [(zone.manifest.campaign_id,)]:
                return StoreFacts(is_made=True, fault="holds another campaign")
            if store.pragma("user_version") != sql.VERSION:
                return StoreFacts(is_made=True, fault="was written by another release")
            broken = [row[0] for row in store.execute("PRAGMA quick_check(1)")] != ["ok"]
            if broken:
                return StoreFacts(is_made=True, fault="is damaged: quick_check failed")
            ((admitted,),) = store.execute("SELECT count(*) FROM admission")
            ((minute,),) = store.execute(sql.LAST_MINUTE)
    except apsw.NotADBError:
        return StoreFacts(is_made=True, fault="does not open: another key, or damaged")
    except apsw.Error as error:
        return StoreFacts(is_made=True, fault=f"does not open: {type(error).__name__}")
    return StoreFacts(is_made=True, admitted=admitted, last_minute=minute)


def of_disk(folder: Path) -> DiskFacts:
    """The disk of a folder, or of the nearest one above it that is there; raises BadSetting."""
    there = _there(folder)
    try:
        return DiskFacts(
            kind=kind_of(there, mounts=Path("/proc/mounts").read_text(encoding="utf-8")),
            free_bytes=shutil.disk_usage(there).free,
            used_bytes=sum(one.stat().st_size for one in folder.glob(f"{FILE}*")),
            syncs_ms=_syncs_ms(there),
        )
    except OSError as error:
        raise BadSetting(
            "The folder of the store cannot be written to.",
            "Run this as the server's user, and look at the rights of FOLDER.",
        ) from error


def kind_of(folder: Path, *, mounts: str) -> str:
    """The kind of the file system that a folder is on. mounts: as in /proc/mounts."""
    folder = folder.resolve()
    found = (line.split() for line in mounts.splitlines())
    at = [(Path(where.replace("\\040", " ")), kind) for _, where, kind, *_ in found]
    # The longest, and of two on one place the later, which hides the other.
    fits = [(len(where.parts), n, k) for n, (where, k) in enumerate(at) if _in(folder, where)]
    return max(fits, default=(0, 0, "unknown"))[2]


def of_limits(folder: Path) -> Limits:
    """Of the server that runs on this folder; where none does, of this shell."""
    pid = server_of(folder)
    try:
        somaxconn = int(Path("/proc/sys/net/core/somaxconn").read_text(encoding="ascii"))
    except OSError:
        somaxconn = None
    return Limits(_descriptors(pid), somaxconn)


def of_certificate(zone: Zone) -> Certificate | None:
    """What this node shows browsers; None: a proxy does TLS, or nothing. Raises BadSetting."""
    certificate_file, key_file = zone.settings.tls_cert_file, zone.settings.tls_key_file
    if certificate_file is None or key_file is None:
        return None
    try:
        shown = x509.load_pem_x509_certificates(certificate_file.read_bytes())[0]
        key = load_pem_private_key(key_file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, IndexError) as error:
        raise BadSetting(
            "The certificate or its key cannot be read.",
            "Both are PEM files that the server's user may read.",
        ) from error
    try:
        named = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        hosts = named.get_values_for_type(x509.DNSName)
        names = [*hosts, *map(str, named.get_values_for_type(x509.IPAddress))]
    except x509.ExtensionNotFound:
        names = []
    public, is_of_key = shown.public_key(), shown.public_key() == key.public_key()
    return Certificate(
        names, shown.not_valid_after_utc, isinstance(public, RSAPublicKey), is_of_key
    )


def is_synchronised() -> bool | None:
    """Whether the kernel was told lately what time it is; None where it does not say."""
    asked = ctypes.create_string_buffer(TIMEX_SIZE)  # all zero: asks, changes nothing
    try:
        state = ctypes.CDLL(None).adjtimex(asked)
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state != TIME_ERROR


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def memory_bytes() -> int:
    """What this machine has, or what its container may use."""
    whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        most = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
    except OSError:
        return whole
    return min(whole, int(most)) if most.isdigit() else whole


def _in(folder: Path, where: Path) -> bool:
    return folder == where or where in folder.parents


def _there(folder: Path) -> Path:
    return next(one for one in (folder, *folder.absolute().parents) if one.is_dir())


def _syncs_ms(folder: Path) -> list[float]:
    """How long each of some small writes takes to be on disk, as a commit's does."""
    took = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(N_SYNCS):
            file.write(os.urandom(SYNC_SIZE))
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
    return took


def _descriptors(pid: int | None) -> int:
    """The soft limit of a process that serves, else of this one; a very large one for no limit."""
    try:
        lines = Path(f"/proc/{pid}/limits").read_text(encoding="ascii").splitlines()
        soft = next(line[len(_LIMITS) :].split()[0] for line in lines if line.startswith(_LIMITS))
        return int(soft) if soft.isdigit() else NO_LIMIT
    except (OSError, StopIteration):
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        return NO_LIMIT if limit == resource.RLIM_INFINITY else limit
