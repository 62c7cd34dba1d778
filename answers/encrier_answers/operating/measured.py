# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a pupil costs this zone, measured; each figure with its row of docs/performance.md.

A test compares the two: whoever measures again changes both.
"""

from typing import Final, NamedTuple


class Measured(NamedTuple):
    """A figure, the section and the row of docs/performance.md where it stands."""

    value: float
    section: str
    row: str


_PUPIL: Final = "What a pupil costs the answers zone"
CPU_A_SAVE_US: Final = Measured(  # at a school hour's rate, where each save wakes a thread
    439, "Rehearsal of a country's hour", "server, processor time a save, µs"
)
CPU_A_SIGN_IN_US: Final = Measured(610, _PUPIL, "processor time of a connection and a sign-in, µs")
MEMORY_AT_REST_MB: Final = Measured(55, _PUPIL, "memory of a server at rest, MB")
MEMORY_A_CONNECTION_KIB: Final = Measured(27, _PUPIL, "memory of an open TLS connection, KiB")
MEMORY_ADMITTED_BYTES: Final = Measured(
    2843, _PUPIL, "memory of an admitted pupil, a worker and the keeper, bytes"
)
DISK_SAT_BYTES: Final = Measured(5793, _PUPIL, "disk of a pupil who has sat, bytes")
