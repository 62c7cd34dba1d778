# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the stores have alike: how an entry of a batch is decided, what their rows say.

Rows are in the order of the columns that both schemas give them. Pure; knows no SQL.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from encrier.ids import BundleId, SittingId, StreamId
from encrier_answers.sittings import (
    Admitted,
    Kept,
    Progress,
    Sitting,
    Verdict,
    after_save,
    after_sign_in,
    is_beside,
    is_elsewhere,
    judge,
)
from encrier_answers.store import Arrival, KeptSave, Outcome, SignInMark


def sid_of(entry: Arrival | SignInMark) -> SittingId:
    """Whose entry it is."""
    return entry.header.sid if isinstance(entry, Arrival) else entry.sid


def decide(
    entry: Arrival | SignInMark, *, before: Sitting | None, kept: Kept | None
) -> tuple[Outcome, Sitting | None]:
    """What becomes of an entry, and the sitting to be written; None: nothing is to be written.

    kept: the newest save of an arrival's stream, as the entries before this one left it.
    """
    if isinstance(entry, SignInMark):
        return Outcome(Verdict.KEEP), after_sign_in(before, entry.sid, minute=entry.minute)
    header = entry.header
    verdict = judge(kept, seq=header.seq, sha256=entry.sha256)
    if verdict is not Verdict.KEEP:
        same = kept if verdict is Verdict.SAME else None
        return Outcome(verdict, same.receipt, rank=same.rank) if same else Outcome(verdict), None
    after = after_save(before, header, unsent=entry.unsent, box=entry.box, minute=entry.minute)
    elsewhere, beside = is_elsewhere(before, header), is_beside(before, header)
    return Outcome(verdict, entry.receipt, elsewhere, is_beside=beside), after


def sitting_of(row: Sequence[Any]) -> Sitting:
    """A row of `sitting`."""
    sid, progress, percent, unsent, minute, epoch, seq, stream, box, box_minute = row
    newest = None if epoch is None else (epoch, seq, StreamId(stream))
    return Sitting(
        SittingId(sid), Progress(progress), percent, unsent, minute, newest, box, box_minute
    )


def row_of_sitting(s: Sitting) -> tuple[Any, ...]:
    """The row of `sitting` that holds this."""
    mark = s.newest or (None, None, None)
    return s.sid, int(s.progress), s.percent, s.unsent, s.minute, *mark, s.box, s.box_minute


def begun_of(row: Sequence[Any]) -> Sitting:
    """The first columns of a row of `sitting`, without its box."""
    sid, progress, percent, unsent, minute = row
    return Sitting(SittingId(sid), Progress(progress), percent, unsent, minute)


def admitted_of(row: Sequence[Any]) -> Admitted:
    """A row of `admission`."""
    sid, auth, bundle, terms, opens, closes, is_open = row
    return Admitted(SittingId(sid), auth, BundleId(bundle), terms, opens, closes, bool(is_open))


def row_of_admitted(a: Admitted) -> tuple[Any, ...]:
    """The row of `admission` that holds this."""
    return a.sid, a.auth_sha256, a.bundle, a.terms, a.opens, a.closes, int(a.is_open)


def bounded(rows: Iterable[tuple[int, bytes, bytes]], *, at_most_bytes: int) -> list[KeptSave]:
    """The first of these rows (rank, envelope, receipt) within a size; at least one if any."""
    drained: list[KeptSave] = []
    size_bytes = 0
    for rank, envelope, receipt in rows:
        size_bytes += len(envelope)
        if drained and size_bytes > at_most_bytes:
            break
        drained.append(KeptSave(rank, envelope, receipt))
    return drained
