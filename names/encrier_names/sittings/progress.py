# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps what answers says of each sitting, and puts it in words. Pure but for two functions."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, Literal

import msgspec
from django.db import transaction

from encrier import clock
from encrier.ids import SittingId
from encrier.records import Record
from encrier.wire import SittingProgress
from encrier_names.batches import batches
from encrier_names.keying import levels
from encrier_names.sittings.models import Pull, SeenProgress
from encrier_names.stores import take_turn

State = Literal["expected", "started", "finished"]
_RANK: Final = {"expected": 0, "started": 1, "finished": 2}
_LOOKUP: Final = 500  # sittings a query
_ALL: Final = 100  # percent
_FIELDS: Final = ("state", "percent", "unsent", "last_minute")


class Move(Record, frozen=True):
    """One sitting that is further than before, or that answers knows no more."""

    sid: SittingId
    before: State
    after: State


class Kept(Record, frozen=True):
    """What a pull brought."""

    seen: int  # sittings that answers knows
    moves: tuple[Move, ...]


def merged(reports: Iterable[SittingProgress]) -> dict[bytes, SittingProgress]:
    """One report a sitting: where nodes disagree, the one that has seen most."""
    best: dict[bytes, SittingProgress] = {}
    for report in reports:
        known = best.get(report.sid)
        if known is None or _seen(report) > _seen(known):
            best[report.sid] = report
    return best


def keep(reports: Iterable[SittingProgress], *, is_all: bool = True) -> Kept:
    """Make what is kept what the nodes now say; write only what is new.

    is_all: False where a pair was silent: what nobody told stays as it was, and so does the
    moment of the last pull.
    A sitting that nobody has begun is not kept: it is expected, as each one is at first.
    A sitting that is keyed, and of which all is, is finished.
    """
    keyed = levels.booklets()
    said = merged(_whole(one) if one.bundle in keyed else one for one in reports)
    n_seen = len(said)
    begun = {sid: report for sid, report in said.items() if report.state != "expected"}
    changed: list[SittingProgress] = []
    gone: list[str] = []
    moves: list[Move] = []
    with transaction.atomic():
        take_turn("progress")
        for row in SeenProgress.objects.iterator():
            sid = SittingId(bytes.fromhex(row.sid))
            report = begun.pop(sid, None)
            if sid not in said and not is_all:
                continue
            after: State = report.state if report else "expected"
            if row.state != after:
                moves.append(Move(sid, state_of(row), after))
            if report is None:
                gone.append(row.sid)
            elif not _same(row, report):
                changed.append(report)
        moves += [Move(SittingId(sid), "expected", new.state) for sid, new in begun.items()]
        _write([*changed, *begun.values()], gone)
        if is_all:
            Pull.objects.update_or_create(id=1, defaults={"at": clock.now()})
    return Kept(n_seen, tuple(moves))


def of(sids: Iterable[bytes]) -> dict[bytes, SeenProgress]:
    """What is known of these sittings."""
    wanted = [sid.hex() for sid in sids]
    return {bytes.fromhex(p.sid): p for p in SeenProgress.objects.filter(sid__in=wanted)}


def states_of(sids: Iterable[bytes]) -> dict[SittingId, State]:
    """The state of those of these sittings that have begun."""
    wanted = [sid.hex() for sid in sids]
    found: dict[SittingId, State] = {}
    for part in batches(wanted, _LOOKUP):
        for row in SeenProgress.objects.filter(sid__in=part):
            found[SittingId(bytes.fromhex(row.sid))] = state_of(row)
    return found


def state_of(seen: SeenProgress) -> State:
    """The state that was kept, as one of the three there are."""
    match seen.state:
        case "started" | "finished" as state:
            return state
        case _:
            return "expected"


def pulled_at() -> datetime | None:
    """When answers was last asked."""
    pull = Pull.objects.first()
    return pull.at if pull else None


def seen_at(last_minute: int | None) -> datetime | None:
    """The moment of a minute count since 1970."""
    return None if last_minute is None else datetime.fromtimestamp(last_minute * 60, tz=UTC)


def _whole(report: SittingProgress) -> SittingProgress:
    """A keyed sitting is never final: it is finished as long as every item is said."""
    is_whole = report.percent == _ALL and report.state == "started"
    return msgspec.structs.replace(report, state="finished") if is_whole else report


def _seen(report: SittingProgress) -> tuple[int, int, int]:
    return _RANK[report.state], report.percent, report.last_minute or 0


def _same(row: SeenProgress, report: SittingProgress) -> bool:
    return all(getattr(row, name) == getattr(report, name) for name in _FIELDS)


def _write(reports: Iterable[SittingProgress], gone: list[str]) -> None:
    rows = [
        SeenProgress(sid=one.sid.hex(), **{name: getattr(one, name) for name in _FIELDS})
        for one in reports
    ]
    SeenProgress.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["sid"],
        update_fields=_FIELDS,
    )
    for part in batches(gone, _LOOKUP):
        SeenProgress.objects.filter(sid__in=part).delete()
