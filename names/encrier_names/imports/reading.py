# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a class list for the campaign this zone serves."""

from django.utils import timezone

from encrier import clock
from encrier_names import zone
from encrier_names.rosters import read
from encrier_names.rosters.identifiers import BadUai, Level, Uai, parse_uai
from encrier_names.rosters.reading import Reading, When


def campaign_levels() -> frozenset[Level]:
    """The levels that the campaign assesses; all, where none of them is one of ours."""
    assessed = {plan.level for plan in zone.current().campaign.levels}
    levels = frozenset(level for level in Level if level.value in assessed)
    return levels or frozenset(Level)


def school_named(file_name: str) -> Uai | None:
    """The school whose number begins the name of a file."""
    try:
        return parse_uai(file_name[:8])
    except BadUai:
        return None


def read_list(content: bytes, *, file_name: str, uai: str | None) -> Reading:
    """Read a file of this school, keeping only pupils of the campaign's levels."""
    running = zone.current()
    year = running.campaign.school_year if running.campaign_sha256 else None
    when = When(timezone.localdate(clock.now()), year)
    return read(content, file_name=file_name, expected_uai=uai, levels=campaign_levels(), when=when)
