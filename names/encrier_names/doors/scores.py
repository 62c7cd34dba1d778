# SPDX-License-Identifier: AGPL-3.0-or-later
"""Score sheets in: the serial rule, strict and idempotent. docs/spec/score-sheet.md.

Knows scores by order number; never a name.
"""

import hashlib
from collections.abc import Mapping

from django.db import transaction

from encrier import clock
from encrier.errors import BadRecord, EncrierError
from encrier.manifest import Manifest
from encrier.records import from_bytes, to_bytes
from encrier.wire import ScoreSheet
from encrier_names import zone
from encrier_names.pseudonyms import links
from encrier_names.restitution import scores
from encrier_names.restitution.models import TakenSheet
from encrier_names.stores import take_turn


class SerialTaken(EncrierError):
    what = "A score sheet with this serial, or a later one, was taken with another content."
    next_step = "Give the next sheet a serial greater than any sent before."


def take(body: bytes, manifest: Manifest) -> tuple[int, int]:
    """Keep a score sheet and give its serial and number of rows.

    The same sheet again changes nothing. Refuses another campaign, an order number that names
    never gave, the same number twice, and a serial that does not grow.
    """
    sheet = from_bytes(body, ScoreSheet)
    digest = hashlib.sha256(to_bytes(sheet)).digest()
    with transaction.atomic():
        take_turn("score-sheet")
        same = TakenSheet.objects.filter(serial=sheet.serial, sha256=digest).exists()
        if not same:
            _refuse_wrong(sheet, manifest)
            if TakenSheet.objects.filter(serial__gte=sheet.serial).exists():
                raise SerialTaken
            TakenSheet.objects.create(serial=sheet.serial, sha256=digest, taken_at=clock.now())
            scores.replace(sheet)
    return sheet.serial, len(sheet.rows)


def _refuse_wrong(sheet: ScoreSheet, manifest: Manifest) -> None:
    if sheet.campaign != manifest.campaign:
        raise BadRecord("This score sheet is of another campaign.")
    orders = [row.order for row in sheet.rows]
    if len(set(orders)) != len(orders):
        raise BadRecord("This score sheet names the same order number twice.")
    domains = [domain.id for domain in sheet.domains]
    if len(set(domains)) != len(domains):
        raise BadRecord("This score sheet defines the same domain twice.")
    if any(score.domain not in domains for row in sheet.rows for score in row.domains):
        raise BadRecord("This score sheet gives a score in a domain that it does not define.")
    if _contradicted({domain.id: domain.thresholds for domain in sheet.domains}):
        raise BadRecord(
            "This score sheet groups pupils by other thresholds than those of the campaign file.",
            "Score again with the package whose thresholds were announced.",
        )
    n_unknown = links.unknown(orders)
    if n_unknown:
        raise BadRecord(
            f"{n_unknown} order numbers of this score sheet were never given by this zone.",
            "Pull the register again, then score again.",
        )


def _contradicted(used: Mapping[str, tuple[float, float] | None]) -> bool:
    """Whether a domain has other thresholds than those that the campaign announced."""
    tests = [one for plan in zone.current().campaign.levels for one in plan.assessments]
    said: dict[str, set[tuple[float, float]]] = {}
    for one in tests:
        for domain, pair in one.thresholds.items():
            said.setdefault(domain, set()).add(pair)
    return any(domain in said and pair not in said[domain] for domain, pair in used.items())
