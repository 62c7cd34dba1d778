# SPDX-License-Identifier: AGPL-3.0-or-later
"""A copy of the store in a file, made while it serves, and put back into an empty folder.

Knows the store key: a copy is encrypted under it, as the store is. Opens no envelope; checks what
was acknowledged against its receipts. Docs: docs/operate/answers-backups.md.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import apsw

from encrier import receipts, seal
from encrier.errors import BadEnvelope, BadSetting, BadSignature, EncrierError
from encrier.ids import CampaignId
from encrier.records import Record
from encrier.secret import Secret
from encrier_answers import sqlite_sql as sql
from encrier_answers.folder import RESERVE, server_of
from encrier_answers.operating import ranks
from encrier_answers.store import draw_id
from encrier_answers.store_sqlite import FILE, connect

PARTIAL: Final = ".partial"
_BESIDE: Final = ("-wal", "-shm", "-journal")  # what SQLite may leave


class CopyRefused(EncrierError):
    what = "This is not a whole copy of this campaign's store under this key."
    next_step = "Check STORE_KEY and the campaign in the settings, or take an older copy."


class CopyNotWritten(EncrierError):
    what = "The copy cannot be read or written there."
    next_step = "Look at the room on that disk, and whether the server's user may write there."


class Copied(Record, frozen=True):
    """What a copy holds."""

    campaign: str
    last_list: int | None  # serial of the last admission list: names has to send those since
    admitted: int
    envelopes: int
    last_minute: int | None  # of the newest save or sign-in, minutes since 1970
    size_bytes: int


class Checked(Record, frozen=True):
    """What was found in the envelopes of a store, one by one."""

    envelopes: int
    wrong: int  # without a good receipt for these very bytes


def back_up(folder: Path, to: Path, *, key: Secret, campaign: CampaignId) -> Copied:
    """Copy the store as it is at one moment, saves going on; raises BadSetting, CopyRefused.

    The copy is read back before it gets its name, and is on disk on return.
    """
    source = folder / FILE
    if not source.exists():
        raise BadSetting("There is no store in this folder yet.", "Start the server once.")
    if to.exists():
        raise BadSetting("There is a file of this name already.", "Name another file.")
    with _written(to, size_bytes=source.stat().st_size) as partial:
        with (
            closing(connect(source, key=key)) as ours,
            closing(connect(partial, key=key)) as copy,
            copy.backup("main", ours, "main") as copying,
        ):
            copying.step(-1)  # all at once, in one transaction that reads: whole, and of one moment
        with closing(connect(partial, key=key)) as copy:
            copy.pragma("journal_mode", "delete")  # one file, with nothing beside it
            found = _counted(copy, campaign, partial)
    return found


def put_back(
    folder: Path, copy: Path, *, key: Secret, campaign: CampaignId, at: datetime
) -> Copied:
    """Make the store of an empty folder from a copy; raises BadSetting, CopyRefused.

    Ranks go on above any that were ever given, so that results miss nothing.
    """
    if server_of(folder) is not None:
        raise BadSetting("A server runs on this folder.", "Stop it; put back into an empty folder.")
    if folder.exists() and {one.name for one in folder.iterdir()} - {"lost+found"}:
        raise BadSetting("This folder is not empty.", "Move what is there away, nothing is lost.")
    if not copy.is_file():
        raise BadSetting("There is no such file.", "Name a file that `backup` wrote.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _written(folder / FILE, size_bytes=copy.stat().st_size) as partial:
        shutil.copyfile(copy, partial)
        with closing(connect(partial, key=key)) as store:
            found = _counted(store, campaign, partial)
            _raise_ranks(store, at=at)
    return found


def folder_beside(copy: Path) -> "tempfile.TemporaryDirectory[str]":
    """A folder on the copy's own disk, removed once it is left; raises CopyNotWritten."""
    try:
        return tempfile.TemporaryDirectory(dir=copy.absolute().parent, prefix=".drill-")
    except OSError as error:
        raise CopyNotWritten from error


def raise_ranks(folder: Path, *, key: Secret, at: datetime) -> None:
    """Where a file was copied by hand: go on above any rank; raises BadSetting, CopyRefused."""
    if server_of(folder) is not None:
        raise BadSetting("A server runs on this folder.", "Stop it first.")
    if not (folder / FILE).exists():
        raise BadSetting("There is no store in this folder.", "Put a copy back: restore --from.")
    try:
        with closing(connect(folder / FILE, key=key)) as store:
            _raise_ranks(store, at=at)
    except apsw.Error as error:
        raise CopyRefused from error


def check_receipts(folder: Path, *, key: Secret, node_key: bytes) -> Checked:
    """Read every envelope of a store and hold it against the receipt that was given for it."""
    n_envelopes = n_wrong = 0
    with closing(connect(folder / FILE, key=key)) as store:
        kept = store.execute("SELECT sha256, envelope, receipt FROM save")
        for sha256, envelope, receipt in kept:
            n_envelopes += 1
            n_wrong += not _is_acknowledged(sha256, envelope, receipt, node_key=node_key)
    return Checked(n_envelopes, n_wrong)


def _is_acknowledged(sha256: bytes, envelope: bytes, receipt: bytes, *, node_key: bytes) -> bool:
    try:
        given, header = receipts.check(receipt, by=node_key), seal.read_header(envelope)
    except (BadSignature, BadEnvelope):
        return False
    return seal.digest(envelope) == sha256 and receipts.covers(given, header, envelope)


def _counted(copy: apsw.Connection, campaign: CampaignId, path: Path) -> Copied:
    """What a copy holds, once it is known to be whole and of this campaign."""
    try:
        whole = [row[0] for row in copy.execute("PRAGMA quick_check(1)")] == ["ok"]
        version = copy.pragma("user_version")
        ours = copy.execute("SELECT id FROM campaign").fetchall()
        if not whole or version != sql.VERSION or ours != [(campaign,)]:
            raise CopyRefused
        ((last_list,),) = copy.execute("SELECT max(serial) FROM admission_list")
        ((admitted,),) = copy.execute("SELECT count(*) FROM admission")
        ((envelopes,),) = copy.execute(sql.N_ENVELOPES)
        ((minute,),) = copy.execute(sql.LAST_MINUTE)
    except apsw.Error as error:
        raise CopyRefused from error
    size_bytes = path.stat().st_size
    return Copied(campaign.hex(), last_list, admitted, envelopes, minute, size_bytes)


def _raise_ranks(store: apsw.Connection, *, at: datetime) -> None:
    """Be another store, whose next rank is above any that was given (SQLite keeps the last)."""
    known = store.execute("SELECT seq FROM sqlite_sequence WHERE name = 'save'").fetchone()
    ((minute,),) = store.execute(sql.LAST_MINUTE)
    after = ranks.after_restore(known[0] if known else 0, newest_minute=minute, at=at)
    raised = "UPDATE sqlite_sequence SET seq = ? WHERE name = 'save'"
    if known is None:
        raised = "INSERT INTO sqlite_sequence (name, seq) VALUES ('save', ?)"
    store.execute(raised, (after,))
    store.execute("UPDATE campaign SET store = ?, drained = 0", (draw_id(),))  # another store


def _check_room(folder: Path, size_bytes: int) -> None:
    free = shutil.disk_usage(folder).free
    if free - size_bytes < RESERVE:
        raise BadSetting(
            f"The copy takes {size_bytes >> 20} MiB, and {free >> 20} are free there.",
            "Copy to another disk.",
        )


@contextmanager
def _written(path: Path, *, size_bytes: int) -> Iterator[Path]:
    """A file to be written beside; gets its name once all of it is on disk, or is removed."""
    partial = path.with_name(path.name + PARTIAL)
    try:
        _check_room(path.parent, size_bytes)
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        yield partial
        _sync(partial)
        partial.rename(path)
        _sync(path.parent)
    except (OSError, apsw.FullError, apsw.IOError, apsw.CantOpenError) as error:
        raise CopyNotWritten from error
    except apsw.Error as error:
        raise CopyRefused from error
    finally:
        for left in (partial, *(partial.with_name(partial.name + s) for s in _BESIDE)):
            left.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
