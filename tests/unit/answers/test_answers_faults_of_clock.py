# SPDX-License-Identifier: AGPL-3.0-or-later
"""A server whose clock jumps back and forth: nothing acknowledged is lost, ranks do not ask it."""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from encrier import receipts, seal, signing
from encrier.records import from_bytes
from encrier.wire import EnvelopeBatch, SealedSave
from encrier_answers.sittings import to_minute
from stagecraft.clocks import Clock

HOUR: Final = timedelta(hours=1)
JUMPS: Final = (0, 2, -30, 0, -1, 30, -6, 0)  # hours, one after the other


def _minute(campaign: Any, receipt: bytes) -> int:
    return receipts.check(receipt, by=signing.public_of(campaign.receipt_key)).minute


def test_receipts_and_ranks_outlive_a_clock_that_jumps(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    """The opening was a day ago: a clock that is 30 hours late refuses, and takes nothing back."""
    clock = Clock(new_campaign.root / "clock")
    given: list[tuple[bytes, bytes]] = []
    pulled: list[SealedSave] = []
    after = 0
    with serve(new_campaign, before=clock.before) as server:
        pupil = server.new_pupil(closes_at=new_campaign.closes_at + 90 * HOUR)
        for seq, hours in enumerate(JUMPS):
            clock.jump(hours)
            envelope = new_campaign.envelope(pupil, stream=b"stream%02d" % seq, epoch=seq)
            earliest = to_minute(clock.now())
            answer = server.save(pupil, envelope)
            assert answer.status == (425 if hours == -30 else 200)
            if answer.status == 200:
                given.append((envelope, answer.body))
                assert earliest <= _minute(new_campaign, answer.body) <= earliest + 2
            batch = _pull(server, after, clock)
            after, pulled = batch.next, pulled + batch.rows
        for envelope, receipt in given:
            assert server.save(pupil, envelope).body == receipt
    assert [(row.envelope, row.receipt) for row in pulled] == given
    with serve(new_campaign) as server:
        assert [(row.envelope, row.receipt) for row in server.drain()] == given


def _pull(server: Any, after: int, clock: Clock) -> EnvelopeBatch:
    """As results does, whose own clock has the same fault: a call is good for minutes."""
    key = server.campaign.results_key
    got = server.call("GET", f"/v1/batch?after={after}", key=key, at=clock.now())
    return from_bytes(got.body, EnvelopeBatch)


def test_a_box_ends_and_a_room_closes_by_the_clock_and_both_come_back_with_it(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    clock = Clock(new_campaign.root / "clock")
    with serve(new_campaign, before=clock.before) as server:
        closes_at = new_campaign.closes_at + 2 * HOUR  # in 26 hours, and a day of grace
        pupil = server.new_pupil(closes_at=closes_at)
        server.save(pupil, new_campaign.envelope(pupil), box=b"first box")
        seen = {}
        for seq, hours in enumerate((0, 25, 27, 51, -2, 0), start=1):
            clock.jump(hours)
            told = server.post("/v1/sign-in", pupil.sign_in)
            box = told.json["last"]["box"] if told.status == 200 else ""
            save = server.save(pupil, new_campaign.envelope(pupil, seq=seq), box=b"first box")
            seen[hours, seq] = told.status, base64.b64decode(box), save.status
        kept = [seal.read_header(row.envelope).seq for row in server.drain()]
    assert seen == {
        (0, 1): (200, b"first box", 200),
        (25, 2): (200, b"", 200),
        (27, 3): (423, b"", 200),  # the grace: a school whose network fell
        (51, 4): (423, b"", 423),
        (-2, 5): (200, b"first box", 200),
        (0, 6): (200, b"first box", 200),
    }
    assert kept == [6]
