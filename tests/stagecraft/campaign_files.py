# SPDX-License-Identifier: AGPL-3.0-or-later
"""Campaign files for the names zone of a test, around the moment of the test."""

import base64
from datetime import datetime, timedelta
from typing import Any

from encrier import clock

DAY = timedelta(days=1)
BUNDLES = (b"bundle01", b"bundle02")
TWO_LEVELS = "\n".join(
    f'[[levels]]\nlevel = "{level}"\nmode = "screen"\nbooklets = ["{bundle.hex()}"]'
    for level, bundle in zip(("6E", "CE1"), BUNDLES, strict=True)
)


def window(start: datetime, end: datetime) -> str:
    return f"{{ opens = {start.isoformat()}, closes = {end.isoformat()} }}"


def text(
    names: Any,
    *,
    lists: tuple[float, float] = (-100, 7),
    more: str = "",
    levels: str = "",
    windows: str = "",
) -> str:
    """A campaign file of the zone's manifest; lists open and close so many days from now.

    windows: more lines of that part of the file.
    """
    manifest, now = names.manifest, clock.now()
    one = f'[[levels]]\nlevel = "6E"\nmode = "screen"\nbooklets = ["{BUNDLES[0].hex()}"]'
    return (
        f'v = 1\ncampaign = "{base64.b64encode(manifest.campaign).decode()}"\n'
        'label = "Sixième 2026"\nask = "la DEC de Rennes"\n[windows]\n'
        f"lists = {window(now + lists[0] * DAY, now + lists[1] * DAY)}\n"
        f"sittings = {window(manifest.opens_at, manifest.closes_at)}\n"
        f"results = {window(manifest.closes_at, manifest.results_close_at)}\n{windows}\n"
        f"{levels or one}\n{more}\n"
    )


def ahead(names: Any, **changes: Any) -> None:
    """Put the sittings a few days ahead."""
    now = clock.now()
    moments = {"opens_at": now + 8 * DAY, "closes_at": now + 20 * DAY}
    names.start(**{**moments, "results_close_at": now + 90 * DAY, **changes})
