# SPDX-License-Identifier: AGPL-3.0-or-later
"""A sitting that a teacher keys: corrected for weeks, its box is given back all that time."""

import base64
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from encrier.ids import StreamId
from stagecraft.clocks import Clock
from stagecraft.node import Campaign, Pupil, Server

WEEKS_H = 3 * 7 * 24
SCHOOL, HOME = StreamId(b"school--"), StreamId(b"home----")


def _last(server: Server, pupil: Pupil) -> tuple[int, bytes]:
    last = server.post("/v1/sign-in", pupil.sign_in).json["last"]
    return last["epoch"], base64.b64decode(last["box"])


@pytest.mark.parametrize(("kept_h", "is_given"), [(WEEKS_H, True), (24, False)])
def test_a_box_is_given_back_after_three_weeks_where_the_manifest_says_so(
    tmp_path: Path, disk: dict[str, Any], *, kept_h: int, is_given: bool
) -> None:
    """Each start forgets the boxes whose time is over before it keeps anything."""
    there = Campaign(tmp_path, boxes_kept_h=kept_h)
    clock = Clock(tmp_path / "clock")
    with Server(there, before=clock.before, **disk) as server:
        pupil = server.new_pupil(closes_at=there.closes_at + timedelta(hours=3 * WEEKS_H))
        other = server.new_pupil(closes_at=there.closes_at + timedelta(hours=3 * WEEKS_H))
        server.save(pupil, there.envelope(pupil, stream=SCHOOL), box=b"keyed")
    clock.jump(WEEKS_H - 1)
    with Server(there, before=clock.before, **disk) as server:
        assert server.save(other, there.envelope(other)).status == 200
        assert _last(server, pupil) == (0, b"keyed" if is_given else b"")
        corrected = there.envelope(pupil, stream=HOME, epoch=1)
        assert server.save(pupil, corrected, box=b"corrected").status == 200
        assert _last(server, pupil) == (1, b"corrected")
    clock.jump(2 * WEEKS_H)
    with Server(there, before=clock.before, **disk) as server:
        assert _last(server, pupil) == (1, b""), "the epoch outlives the box"
