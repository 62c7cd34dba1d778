# SPDX-License-Identifier: AGPL-3.0-or-later
"""The doors to the other zones: signed calls only, idempotent lists, nothing missed in a batch."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from encrier import calls, receipts, seal, signing, terms, uploads, wire
from encrier.ids import CampaignId, StreamId
from encrier.records import from_bytes, to_bytes

ASKED_EACH_TIME = "from encrier_answers import line\nline.DRAINED_FOR_S = 0.0\n"
GRANTED = b"g" * terms.BOX_SIZE


def _list(server: Any, serial: int, *pupils: Any) -> bytes:
    rows = [server.campaign.admission(pupil) for pupil in pupils]
    return to_bytes(wire.AdmissionList(server.campaign.id, serial, rows))


def _keys(server: Any, serial: int, *keys: wire.BookletKey) -> bytes:
    return to_bytes(wire.AdmissionList(server.campaign.id, serial, [], keys))


def _send(server: Any, body: bytes) -> Any:
    return server.call("POST", "/v1/admission", body, key=server.campaign.names_key)


@pytest.fixture
def alone(new_campaign: Any, serve: Callable[..., Any]) -> Any:
    """A server that no other test has sent lists to."""
    with serve(new_campaign) as running:
        yield running


def test_a_list_sent_twice_is_applied_once(alone: Any) -> None:
    body = _list(alone, 7, alone.campaign.pupil())
    assert _send(alone, body).json == {"serial": 7, "rows": 1}
    assert _send(alone, body).json == {"serial": 7, "rows": 1}


def test_a_serial_is_never_given_to_two_lists(alone: Any) -> None:
    _send(alone, _list(alone, 7, alone.campaign.pupil()))
    stranger = alone.campaign.pupil()
    assert _send(alone, _list(alone, 7, stranger)).status == 409
    assert _send(alone, _list(alone, 6, stranger)).status == 409
    assert alone.post("/v1/sign-in", stranger.sign_in).status == 403


def test_an_older_list_sent_again_undoes_nothing(alone: Any) -> None:
    pupil = alone.campaign.pupil()
    first = _list(alone, 1, pupil)
    _send(alone, first)
    closing = wire.AdmissionList(
        alone.campaign.id, 2, [alone.campaign.admission(pupil, open=False)]
    )
    _send(alone, to_bytes(closing))
    assert _send(alone, first).status == 200
    assert alone.post("/v1/sign-in", pupil.sign_in).status == 423


def test_lists_are_known_after_a_restart(new_campaign: Any, serve: Callable[..., Any]) -> None:
    with serve(new_campaign) as server:
        pupil, closed = server.new_pupil(terms=GRANTED), server.new_pupil(open=False)
        body = _list(server, 9, new_campaign.pupil())
        _send(server, body)
        server.kill()
    box = base64.b64encode(GRANTED).decode()
    with serve(new_campaign) as server:
        assert server.post("/v1/sign-in", pupil.sign_in).json["terms"]["box"] == box
        assert server.post("/v1/sign-in", closed.sign_in).status == 423
        assert _send(server, body).status == 200
        assert _send(server, _list(server, 9)).status == 409


def test_a_list_of_another_campaign_or_booklet_is_refused_whole(server: Any) -> None:
    good, bad = server.campaign.pupil(), server.campaign.pupil()
    other = to_bytes(wire.AdmissionList(CampaignId(bytes(16)), 10**6, []))
    assert _send(server, other).status == 409
    assert (
        server.admit(
            server.campaign.admission(good), server.campaign.admission(bad, bundle=bytes(8))
        ).status
        == 409
    )
    assert server.post("/v1/sign-in", good.sign_in).status == 403


def test_nobody_begins_before_names_hands_over_the_key_of_the_booklet(alone: Any) -> None:
    campaign, pupil = alone.campaign, alone.campaign.pupil()
    assert _send(alone, _list(alone, 1, pupil)).status == 200
    early = alone.post("/v1/sign-in", pupil.sign_in)
    assert (early.status, early.json["what"]) == (425, "L’évaluation n’est pas encore ouverte.")
    key = wire.BookletKey(campaign.bundle, campaign.booklet_key.reveal())
    assert _send(alone, _keys(alone, 2, key)).status == 200
    signed = alone.post("/v1/sign-in", pupil.sign_in).json
    assert base64.b64decode(signed["booklet_key"]) == campaign.booklet_key.reveal()


def test_a_key_that_is_not_its_booklets_is_refused(alone: Any) -> None:
    pupil = alone.campaign.pupil()
    assert _send(alone, _list(alone, 1, pupil)).status == 200
    wrong = wire.BookletKey(alone.campaign.bundle, bytes(32))
    assert _send(alone, _keys(alone, 2, wrong)).status == 409
    assert alone.post("/v1/sign-in", pupil.sign_in).status == 425


def test_a_key_is_known_after_a_restart(new_campaign: Any, serve: Callable[..., Any]) -> None:
    with serve(new_campaign) as server:
        pupil = server.new_pupil()
        server.kill()
    with serve(new_campaign) as server:
        assert server.post("/v1/sign-in", pupil.sign_in).status == 200


def test_what_is_granted_on_the_way_is_told_to_who_works(server: Any) -> None:
    pupil = server.new_pupil()
    before = server.post("/v1/terms", pupil.sign_in).json
    receipt = server.save(pupil, server.campaign.envelope(pupil))
    assert receipt.headers["encrier-terms"] == before["mark"]
    assert server.admit(server.campaign.admission(pupil, terms=GRANTED)).status == 200
    after = server.save(pupil, server.campaign.envelope(pupil, seq=1))
    assert after.headers["encrier-terms"] != before["mark"]
    told = server.post("/v1/terms", pupil.sign_in).json
    assert told["mark"] == after.headers["encrier-terms"]
    assert base64.b64decode(told["box"]) == GRANTED


def test_an_end_brought_forward_is_told_and_late_answers_are_still_taken(server: Any) -> None:
    pupil = server.new_pupil()
    now = datetime.now(tz=UTC)
    assert server.admit(server.campaign.admission(pupil, closes_at=now)).status == 200
    told = server.post("/v1/terms", pupil.sign_in).json
    assert datetime.fromisoformat(told["closes_at"]) <= now + timedelta(minutes=1)
    assert server.save(pupil, server.campaign.envelope(pupil)).status == 200


def test_a_school_whose_window_is_extended_goes_on_after_the_campaign_has_closed(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    now = datetime.now(tz=UTC)
    new_campaign.closes_at = now - timedelta(days=2)  # and the grace of a day is over too
    new_campaign.opens_at = now - timedelta(days=9)
    new_campaign.manifest = new_campaign._write_manifest()
    with serve(new_campaign) as server:
        own_end = now + timedelta(days=1)
        extended, other = server.new_pupil(closes_at=own_end), server.new_pupil()
        assert server.post("/v1/sign-in", other.sign_in).status == 423
        assert server.save(other, new_campaign.envelope(other)).status == 423
        assert server.post("/v1/sign-in", extended.sign_in).status == 200
        told = server.post("/v1/terms", extended.sign_in).json
        assert (
            own_end <= datetime.fromisoformat(told["closes_at"]) <= own_end + timedelta(minutes=1)
        )
        assert server.save(extended, new_campaign.envelope(extended)).status == 200


def test_terms_are_told_to_nobody_else(server: Any) -> None:
    one, other = server.new_pupil(), server.campaign.pupil()
    assert server.post("/v1/terms", other.sign_in).status == 403
    withdrawn = server.new_pupil(open=False)
    assert server.post("/v1/terms", withdrawn.sign_in).status == 423
    assert server.post("/v1/terms", one.sign_in[:-4]).status == 400


@pytest.mark.parametrize("body", [b"", b"{}", b"nonsense", b'{"type":"admission-list/2"}'])
def test_what_is_not_a_list_is_refused(server: Any, body: bytes) -> None:
    assert _send(server, body).status in (400, 411)


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/admission"), ("GET", "/v1/progress"), ("GET", "/v1/batch?after=0")],
)
def test_a_call_that_its_zone_did_not_sign_is_refused(server: Any, method: str, path: str) -> None:
    campaign, body = server.campaign, b"{}" if method == "POST" else b""
    wrong = campaign.results_key if path != "/v1/batch?after=0" else campaign.names_key
    old = datetime.now(tz=UTC) - timedelta(minutes=6)
    right = campaign.names_key if wrong is campaign.results_key else campaign.results_key
    assert server.ask(method, path, body).status == 403
    assert server.ask(method, path, body, {calls.HEADER: "v1 0 x"}).status == 403
    assert server.call(method, path, body, key=wrong).status == 403
    assert server.call(method, path, body, key=signing.draw_key()).status == 403
    assert server.call(method, path, body, key=right, at=old).status == 403


def test_a_signature_is_for_one_path_and_one_body(server: Any) -> None:
    campaign, now = server.campaign, datetime.now(tz=UTC)
    value = calls.sign(
        campaign.results_key, method="GET", path="/v1/batch?after=0", body=b"", at=now
    )
    assert server.get("/v1/batch?after=0", **{calls.HEADER: value}).status == 200
    assert server.get("/v1/batch?after=1", **{calls.HEADER: value}).status == 403


@pytest.mark.parametrize(
    "query",
    ["", "?after=", "?after=-1", "?after=x", "?after=01", "?after=0&n=1", "?after=" + "9" * 30],
)
def test_a_batch_is_asked_for_with_one_number(server: Any, query: str) -> None:
    got = server.call("GET", f"/v1/batch{query}", key=server.campaign.results_key)
    assert got.status == 400


def test_a_batch_gives_each_envelope_with_its_receipt(alone: Any) -> None:
    pupil = alone.new_pupil()
    envelope = alone.campaign.envelope(pupil)
    receipt = alone.save(pupil, envelope).body
    got = alone.call("GET", "/v1/batch?after=0", key=alone.campaign.results_key)
    batch = from_bytes(got.body, wire.EnvelopeBatch)
    assert batch.rows == [wire.SealedSave(envelope, receipt)]
    assert (batch.campaign, batch.node, batch.more) == (alone.campaign.id, b"nd01", False)
    receipts.check(batch.rows[0].receipt, by=signing.public_of(alone.campaign.receipt_key))


def test_a_save_that_replaces_one_already_pulled_comes_again(alone: Any) -> None:
    first, second = alone.new_pupil(), alone.new_pupil()
    for pupil in (first, second):
        alone.save(pupil, alone.campaign.envelope(pupil))
    got = alone.call("GET", "/v1/batch?after=0", key=alone.campaign.results_key)
    after = from_bytes(got.body, wire.EnvelopeBatch).next
    newer = alone.campaign.envelope(first, seq=1)
    alone.save(first, newer)
    got = alone.call("GET", f"/v1/batch?after={after}", key=alone.campaign.results_key)
    assert [row.envelope for row in from_bytes(got.body, wire.EnvelopeBatch).rows] == [newer]


def test_the_newest_save_replaced_between_two_pulls_is_not_missed(alone: Any) -> None:
    pupil = alone.new_pupil()
    after = 0
    for seq in range(3):  # each time the only row, so its rank could be given anew
        envelope = alone.campaign.envelope(pupil, seq=seq)
        alone.save(pupil, envelope)
        got = alone.call("GET", f"/v1/batch?after={after}", key=alone.campaign.results_key)
        batch = from_bytes(got.body, wire.EnvelopeBatch)
        assert [row.envelope for row in batch.rows] == [envelope]
        after = batch.next


def test_batches_are_bounded_and_give_everything(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    small = "from encrier_answers import doors\ndoors.MAX_ROWS = 3\n"
    with serve(new_campaign, before=small) as server:
        pupil = server.new_pupil()
        sent = [
            new_campaign.envelope(pupil, stream=StreamId(bytes([n]) * 8), epoch=n) for n in range(7)
        ]
        for envelope in sent:
            assert server.save(pupil, envelope).status == 200
        got = server.call("GET", "/v1/batch?after=0", key=new_campaign.results_key)
        first = from_bytes(got.body, wire.EnvelopeBatch)
        assert (len(first.rows), first.more) == (3, True)
        assert [save.envelope for save in server.drain()] == sent


def test_progress_says_how_far_and_never_what(alone: Any) -> None:
    absent, present, busy = (alone.new_pupil() for _ in range(3))
    alone.post("/v1/sign-in", present.sign_in)
    alone.save(busy, alone.campaign.envelope(busy, progress=42))
    expected, started, saved = (alone.progress_of(p) for p in (absent, present, busy))
    assert (expected.state, expected.percent, expected.last_minute) == ("expected", 0, None)
    assert (started.state, started.percent) == ("started", 0)
    assert (saved.state, saved.percent, saved.unsent) == ("started", 42, 0)
    assert saved.last_minute is not None
    assert {row.bundle for row in (expected, started, saved)} == {alone.campaign.bundle}


def test_each_zone_gets_only_what_is_its(alone: Any) -> None:
    pupil = alone.new_pupil()
    envelope = alone.campaign.envelope(pupil, kind=seal.Kind.FINAL)
    alone.save(pupil, envelope)
    progress = alone.call("GET", "/v1/progress", key=alone.campaign.names_key).body
    batch = alone.call("GET", "/v1/batch?after=0", key=alone.campaign.results_key).body
    assert b"envelope" not in progress
    assert b"auth" not in progress + batch


def test_a_browser_hears_up_to_which_save_results_has_all(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    with serve(new_campaign, before=ASKED_EACH_TIME) as server:

        def drained() -> uploads.Drained:
            return from_bytes(server.get("/v1/drained").body, uploads.Drained)

        pupil, key = server.new_pupil(), new_campaign.results_key
        saved = server.save(pupil, new_campaign.envelope(pupil))
        store, rank = saved.headers["encrier-kept"].split()
        assert (drained().node, drained().store.hex()) == (b"nd01", store)
        none, right = "0" * 16, f"after={rank}&store={store}"
        for asked in (f"after={rank}", f"after={rank}&store={none}"):
            assert server.call("GET", f"/v1/batch?{asked}", key=key).status == 200
        more = server.call("GET", f"/v1/batch?after=9&store={store}", key=key)
        assert more.status == 409, "more than was ever given"
        wrong = new_campaign.names_key
        assert server.call("GET", f"/v1/batch?{right}", key=wrong).status == 403
        assert drained().drained == 0
        assert server.call("GET", f"/v1/batch?{right}", key=key).status == 200
        assert drained().drained == int(rank)
    with serve(new_campaign) as again:
        told = again.get("/v1/drained")
        assert from_bytes(told.body, uploads.Drained).drained == int(rank)
        assert told.headers["cache-control"] == "public, max-age=60"


def test_who_knows_another_disk_is_given_all_of_this_one(alone: Any) -> None:
    pupil, key = alone.new_pupil(), alone.campaign.results_key
    envelope = alone.campaign.envelope(pupil)
    alone.save(pupil, envelope)
    got = alone.call("GET", f"/v1/batch?after=900&store={'0' * 16}", key=key)
    batch = from_bytes(got.body, wire.EnvelopeBatch)
    assert [row.envelope for row in batch.rows] == [envelope]
