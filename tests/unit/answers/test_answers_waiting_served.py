# SPDX-License-Identifier: AGPL-3.0-or-later
"""The waiting room and back-pressure against the real server."""

import secrets
from collections.abc import Callable
from typing import Any

from encrier import uploads
from encrier.records import from_bytes, to_bytes

SLOW = "0.02"  # a start every 50 s: who waits here waits
HUNG = """
import time
from encrier_answers import line
from encrier_answers.store_sqlite import SqliteStore
line.DEADLINE_S, line.LOOK_EVERY_S = 0.2, 0.05
kept = SqliteStore.put_batch
def late(self, batch):
    time.sleep(1)
    return kept(self, batch)
SqliteStore.put_batch = late
"""


def sign_in(server: Any, pupil: Any, ticket: bytes = b"") -> Any:
    return server.post("/v1/sign-in", to_bytes(uploads.SignIn(pupil.sid, pupil.auth, ticket)))


def place(server: Any, pupil: Any, ticket: bytes = b"") -> uploads.Waiting:
    """What somebody who must wait is told."""
    answer = sign_in(server, pupil, ticket)
    assert answer.status == 202, answer.body
    assert 1 <= int(answer.headers["retry-after"]) <= 30
    return from_bytes(answer.body, uploads.Waiting)


def test_who_comes_when_there_is_no_room_waits_and_keeps_her_place(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    with serve(new_campaign, starts_per_s=SLOW) as server:
        first, second, third = (server.new_pupil() for _ in range(3))
        assert sign_in(server, first).status == 200
        told = place(server, second)
        assert told.place == 1
        assert 1 <= told.wait_s <= 50
        assert place(server, third).place == 2
        assert place(server, second, told.ticket).place == 1
        assert place(server, second).place == 1, "a page that was reloaded has no ticket"
        log = server.errors.read_text()
    assert second.sid.hex() not in log


def test_who_has_begun_never_waits_and_a_wrong_code_does_not_either(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    with serve(new_campaign, starts_per_s=SLOW) as server:
        begun, here, late = (server.new_pupil() for _ in range(3))
        assert sign_in(server, here).status == 200
        assert server.save(begun, new_campaign.envelope(begun)).status == 200, "no save waits"
        place(server, late)
        for _ in range(3):  # a reload, another computer
            assert sign_in(server, begun).status == 200
        nobody = new_campaign.pupil()
        assert sign_in(server, nobody).status == 403
        assert sign_in(server, nobody, secrets.token_bytes(44)).status == 403


def test_a_place_is_kept_through_a_restart(new_campaign: Any, serve: Callable[..., Any]) -> None:
    with serve(new_campaign, starts_per_s=SLOW) as server:
        first, second, third = (server.new_pupil() for _ in range(3))
        sign_in(server, first)
        tickets = {who: place(server, pupil).ticket for who, pupil in ((2, second), (3, third))}
        server.kill()
    with serve(new_campaign, starts_per_s=SLOW) as server:
        assert sign_in(server, server.new_pupil()).status == 200, "the burst of a new process"
        assert place(server, third, tickets[3]).place == 1
        assert place(server, second, tickets[2]).place == 1, "she came before"
        assert place(server, third, tickets[3]).place == 2


def test_a_store_that_is_late_tells_when_to_send_again_and_not_as_one(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    with serve(new_campaign, before=HUNG) as server:
        pupil = server.new_pupil()
        envelope = new_campaign.envelope(pupil)
        told = []
        for _ in range(12):
            answer = server.save(pupil, envelope)
            if answer.status == 503:
                told.append(int(answer.headers["retry-after"]))
    assert len(told) >= 8
    assert all(1 <= wait_s <= 60 for wait_s in told)
    assert len(set(told)) > 1
