# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is given a slip in large print: whose needs ask for large text on the screen. Pure."""

from typing import Final

from encrier_names.sittings.models import Grant

# At 125 % many read an ordinary slip, whose code is set in 15.5 points; from 150 % on few do.
_LARGE: Final = frozenset({"size:150", "size:175", "size:200"})


def asked_by(grant: Grant) -> bool:
    """Whether what a pupil is granted calls for a slip in large print."""
    return not _LARGE.isdisjoint(grant.settings)
