# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps what answers says of each sitting, and puts it in words. Pure but for two functions."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, Literal

from django.db import transaction

from encrier import clock
from encrier.wire import SittingProgress
from encrier_names.sittings.models import Pull, SeenProgress
from encrier_names.stores import take_turn

_RANK: Final = {"expected": 0, "started": 1, "finished": 2}


def merged(reports: Iterable[SittingProgress]) -> dict[bytes, SittingProgress]:
    """One report a sitting: where nodes disagree, the one that has seen most."""
    best: dict[bytes, SittingProgress] = {}
    for report in reports:
        known = best.get(report.sid)
        if known is None or _seen(report) > _seen(known):
            best[report.sid] = report
    return best


def keep(reports: Iterable[SittingProgress]) -> int:
    """Replace all progress with what the nodes now say; give the number of sittings."""
    rows = [
        SeenProgress(
            sid=report.sid.hex(),
            state=report.state,
            percent=report.percent,
            unsent=report.unsent,
            last_minute=report.last_minute,
        )
        for report in merged(reports).values()
    ]
    with transaction.atomic():
        take_turn("progress")
        SeenProgress.objects.all().delete()
        SeenProgress.objects.bulk_create(rows, batch_size=1000)
        Pull.objects.update_or_create(id=1, defaults={"at": clock.now()})
    return len(rows)


def of(sids: Iterable[bytes]) -> dict[bytes, SeenProgress]:
    """What is known of these sittings."""
    wanted = [sid.hex() for sid in sids]
    return {bytes.fromhex(p.sid): p for p in SeenProgress.objects.filter(sid__in=wanted)}


def state_of(seen: SeenProgress) -> Literal["expected", "started", "finished"]:
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


def _seen(report: SittingProgress) -> tuple[int, int, int]:
    return _RANK[report.state], report.percent, report.last_minute or 0
