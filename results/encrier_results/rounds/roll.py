# SPDX-License-Identifier: AGPL-3.0-or-later
"""The register as an opening holds it: of each pupil only what opening and scoring need.

A country's register is a kilobyte a pupil in memory, most of it level, settings and background,
of which an opening makes nothing; this is a third. Knows numbers and keys; never a name.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from encrier.records import Record, from_bytes
from encrier.wire import Registered


class Enrolled(Record, frozen=True):
    """One pupil of the register, in short."""

    order: str
    sid: bytes
    mac: bytes
    bundle: bytes
    school: int
    set_aside: bool


class Roll(Record, frozen=True):
    """The register, in short."""

    campaign: bytes
    rows: list[Enrolled]


class _Register(Record, frozen=True, tag="register/1"):
    """A register whose rows are read one at a time: whole, it would be there twice."""

    campaign: Annotated[bytes, Meta(min_length=16, max_length=16)]
    rows: list[msgspec.Raw]


def read_roll(content: bytes) -> Roll:
    """Read a register, each row as strictly as the door does; raises BadRecord."""
    lines = from_bytes(content, _Register)
    bundles: dict[bytes, bytes] = {}
    rows = []
    for line in lines.rows:
        row = from_bytes(bytes(line), Registered)
        bundle = bundles.setdefault(row.bundle, row.bundle)  # one object for all pupils who sit it
        rows.append(Enrolled(row.order, row.sid, row.mac, bundle, row.school, row.set_aside))
    return Roll(lines.campaign, rows)
