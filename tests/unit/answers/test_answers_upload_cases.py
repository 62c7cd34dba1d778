# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cases of docs/spec/upload.md, in its order and with its numbers, on the real server."""

import base64
import hashlib
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from encrier import receipts, seal, signing, uploads
from encrier.ids import StreamId

FINAL = seal.Kind.FINAL
OLD, NEW = StreamId(b"stream-1"), StreamId(b"stream-2")


def _kept(server: Any, pupil: Any) -> list[bytes]:
    """The envelopes of one pupil that results would get."""
    saves = (save.envelope for save in server.drain())
    return [envelope for envelope in saves if seal.read_header(envelope).sid == pupil.sid]


def _last(server: Any, pupil: Any) -> Any:
    return server.post("/v1/sign-in", pupil.sign_in).json


def test_case_1_a_save_sent_twice_is_kept_once_and_gets_the_same_receipt(server: Any) -> None:
    pupil = server.new_pupil()
    envelope = server.campaign.envelope(pupil)
    first, second = server.save(pupil, envelope), server.save(pupil, envelope)
    assert (first.status, second.status) == (200, 200)
    assert first.body == second.body
    receipt = receipts.check(first.body, by=signing.public_of(server.campaign.receipt_key))
    assert receipts.covers(receipt, seal.read_header(envelope), envelope)
    assert _kept(server, pupil) == [envelope]


def test_case_2_a_save_whose_reply_was_lost_gets_the_receipt_it_missed(server: Any) -> None:
    pupil = server.new_pupil()
    envelope = server.campaign.envelope(pupil)
    server.save_without_reading_the_reply(pupil, envelope)
    again = server.save(pupil, envelope)
    assert (again.status, again.body[:3]) == (200, b"RC2")
    assert _kept(server, pupil) == [envelope]


def test_case_3_other_bytes_under_the_same_number_are_a_conflict(server: Any) -> None:
    pupil = server.new_pupil()
    envelope = server.campaign.envelope(pupil, seq=3)
    server.save(pupil, envelope)
    refused = server.save(pupil, server.campaign.envelope(pupil, seq=3))
    assert refused.status == 409
    assert set(refused.json) == {"what", "next_step"}
    assert _kept(server, pupil) == [envelope]


def test_case_4_an_older_save_is_superseded(server: Any) -> None:
    pupil = server.new_pupil()
    newest = server.campaign.envelope(pupil, seq=5)
    server.save(pupil, newest)
    older = server.save(pupil, server.campaign.envelope(pupil, seq=4))
    assert (older.status, older.json) == (200, {"superseded": True})
    assert older.headers["content-type"] == "application/json"
    assert _kept(server, pupil) == [newest]


def test_case_5_gaps_between_numbers_are_fine(server: Any) -> None:
    pupil = server.new_pupil()
    server.save(pupil, server.campaign.envelope(pupil, seq=0))
    far = server.campaign.envelope(pupil, seq=2**32 - 1)
    assert server.save(pupil, far).status == 200
    assert _kept(server, pupil) == [far]


def test_case_6_a_new_device_opens_a_new_stream_and_both_are_kept(server: Any) -> None:
    pupil = server.new_pupil()
    one = server.campaign.envelope(pupil, stream=OLD, seq=9)
    server.save(pupil, one, box=b"first box")
    last = _last(server, pupil)["last"]
    assert (last["epoch"], last["seq"], base64.b64decode(last["box"])) == (0, 9, b"first box")
    two = server.campaign.envelope(pupil, stream=NEW, epoch=last["epoch"] + 1)
    server.save(pupil, two)
    assert _kept(server, pupil) == [one, two]


def test_case_7_a_forgotten_device_replaces_neither_box_nor_percentage(server: Any) -> None:
    pupil = server.new_pupil()
    server.save(pupil, server.campaign.envelope(pupil, stream=OLD, seq=9))
    newer = server.campaign.envelope(pupil, stream=NEW, epoch=1, progress=80)
    server.save(pupil, newer, box=b"newer box")
    late = server.campaign.envelope(pupil, stream=OLD, seq=10, progress=20)
    server.save(pupil, late, box=b"late box")
    last = _last(server, pupil)["last"]
    assert (last["epoch"], base64.b64decode(last["box"])) == (1, b"newer box")
    assert server.progress_of(pupil).percent == 80
    assert _kept(server, pupil) == [newer, late]


def test_case_8_a_final_deletes_the_box_and_finishes_the_sitting(server: Any) -> None:
    pupil = server.new_pupil()
    server.save(pupil, server.campaign.envelope(pupil))
    server.save(pupil, server.campaign.envelope(pupil, seq=1, kind=FINAL, progress=100))
    signed_in = _last(server, pupil)
    assert signed_in["state"] == "finished"
    assert (signed_in["last"]["epoch"], signed_in["last"]["box"]) == (0, "")
    assert server.progress_of(pupil).state == "finished"


def test_case_9_a_save_after_the_final_is_kept_and_changes_nothing_else(server: Any) -> None:
    pupil = server.new_pupil()
    final = server.campaign.envelope(pupil, stream=OLD, kind=FINAL)
    server.save(pupil, final)
    later = server.campaign.envelope(pupil, stream=NEW, epoch=1)
    assert server.save(pupil, later).status == 200
    assert _kept(server, pupil) == [final, later]
    signed_in = _last(server, pupil)
    assert (signed_in["state"], signed_in["last"]["box"]) == ("finished", "")


def test_case_10_a_final_sent_again_gets_the_same_receipt(server: Any) -> None:
    pupil = server.new_pupil()
    final = server.campaign.envelope(pupil, kind=FINAL)
    assert server.save(pupil, final).body == server.save(pupil, final).body


def test_case_11_a_receipt_survives_a_kill(new_campaign: Any, serve: Callable[..., Any]) -> None:
    with serve(new_campaign) as server:
        pupil = server.new_pupil()
        envelope = new_campaign.envelope(pupil)
        receipt = server.save(pupil, envelope).body
        server.kill()
    with serve(new_campaign) as server:
        assert server.save(pupil, envelope).body == receipt
        assert _kept(server, pupil) == [envelope]


def test_case_12_a_save_of_a_silent_disk_is_sent_again_and_gets_a_receipt(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    slow_once = """
import threading
from encrier_answers import line, store_sqlite
line.DEADLINE_S, line.LOOK_EVERY_S = 0.2, 0.05
put, silent = store_sqlite.SqliteStore.put_batch, [True]
def put_late(self, batch):
    if silent and any(hasattr(entry, "envelope") for entry in batch):
        silent.clear()
        threading.Event().wait(0.6)
    return put(self, batch)
store_sqlite.SqliteStore.put_batch = put_late
"""
    with serve(new_campaign, before=slow_once) as server:
        pupil = server.new_pupil()
        envelope = new_campaign.envelope(pupil)
        refused = server.save(pupil, envelope)
        assert refused.status == 503
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        again = server.save_until_kept(pupil, envelope)
        assert again.body[:3] == b"RC2"
        assert _kept(server, pupil) == [envelope]


def test_case_13_a_closed_room_refuses_and_takes_once_open_again(server: Any) -> None:
    pupil = server.new_pupil()
    envelope = server.campaign.envelope(pupil)
    server.admit(server.campaign.admission(pupil, open=False))
    assert server.save(pupil, envelope).status == 423
    assert server.post("/v1/sign-in", pupil.sign_in).status == 423
    server.admit(server.campaign.admission(pupil))
    assert server.save(pupil, envelope).status == 200


def test_every_case_of_the_page_has_its_test() -> None:
    page = Path(__file__).parents[3] / "docs" / "spec" / "upload.md"
    listed = re.findall(r"^(\d+)\. ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    tested = re.findall(r"^def test_case_(\d+)_", Path(__file__).read_text("utf-8"), re.MULTILINE)
    assert listed == tested


def test_case_14_a_save_of_a_device_that_signed_in_before_says_so(server: Any) -> None:
    pupil = server.new_pupil()
    first = server.save(pupil, server.campaign.envelope(pupil, stream=OLD, seq=0))
    newer = server.save(pupil, server.campaign.envelope(pupil, stream=NEW, epoch=1, seq=0))
    older = server.save(pupil, server.campaign.envelope(pupil, stream=OLD, seq=1))
    told = ["encrier-elsewhere" in reply.headers for reply in (first, newer, older)]
    assert told == [False, False, True]
    assert older.body[:3] == b"RC2"


def test_case_15_a_rescued_save_is_taken_by_its_proof_and_by_nothing_else(server: Any) -> None:
    pupil = server.new_pupil()
    envelope = server.campaign.envelope(pupil)
    save = uploads.Save(b"", 3, envelope, b"a box", is_rescued=True)
    proof = uploads.rescue_proof(hashlib.sha256(pupil.auth).digest(), save)
    body = uploads.pack_save(uploads.Save(proof, 3, envelope, b"a box", is_rescued=True))
    other = server.campaign.envelope(pupil, seq=1)
    stolen = uploads.pack_save(uploads.Save(proof, 3, other, b"a box", is_rescued=True))
    boxed = uploads.pack_save(uploads.Save(proof, 3, envelope, b"another", is_rescued=True))
    for wrong in (stolen, boxed, b"SV1" + body[3:]):
        assert server.post("/v1/save", wrong).status == 403
    taken = server.post("/v1/save", body)
    assert (taken.status, taken.body[:3]) == (200, b"RC2")
    assert server.save(pupil, envelope).body == taken.body
    assert _kept(server, pupil) == [envelope]


def test_case_16_a_body_that_was_changed_on_its_way_is_not_kept(server: Any) -> None:
    pupil = server.new_pupil()
    body = uploads.pack_save(uploads.Save(pupil.auth, 0, server.campaign.envelope(pupil), b""))
    spoilt = body[:-1] + bytes([body[-1] ^ 1])
    headers = {uploads.DIGEST_HEADER: uploads.content_digest(body)}
    refused = server.post("/v1/save", spoilt, **headers)
    assert (refused.status, set(refused.json)) == (422, {"what", "next_step"})
    assert _kept(server, pupil) == []
    assert server.post("/v1/save", body, **headers).status == 200


def test_case_17_the_same_save_many_times_at_once_is_kept_once(server: Any) -> None:
    pupil = server.new_pupil()
    envelope = server.campaign.envelope(pupil)
    with ThreadPoolExecutor(8) as computers:
        replies = list(computers.map(lambda _: server.save(pupil, envelope), range(8)))
    assert {reply.status for reply in replies} == {200}
    assert len({reply.body for reply in replies}) == 1
    assert _kept(server, pupil) == [envelope]


def test_case_18_a_save_that_got_its_receipt_is_superseded_by_a_later_one(server: Any) -> None:
    pupil = server.new_pupil()
    first = server.campaign.envelope(pupil, seq=0)
    newest = server.campaign.envelope(pupil, seq=1)
    assert server.save(pupil, first).status == 200
    assert server.save(pupil, newest).status == 200
    late = server.save(pupil, first)
    assert (late.status, late.json) == (200, {"superseded": True})
    assert _kept(server, pupil) == [newest]


def test_case_19_a_save_sent_again_with_another_box_changes_nothing(server: Any) -> None:
    pupil = server.new_pupil()
    envelope = server.campaign.envelope(pupil)
    first = server.save(pupil, envelope, box=b"first box")
    again = server.save(pupil, envelope, box=b"other box")
    assert again.body == first.body
    assert base64.b64decode(_last(server, pupil)["last"]["box"]) == b"first box"


def test_case_20_more_time_takes_what_came_after_the_grace(server: Any) -> None:
    pupil = server.new_pupil(closes_at=server.campaign.opens_at + timedelta(minutes=-5))
    envelope = server.campaign.envelope(pupil)
    assert server.save(pupil, envelope).status == 423
    server.admit(server.campaign.admission(pupil, closes_at=datetime.now(tz=UTC)))
    kept = server.save(pupil, envelope)  # within the grace
    server.admit(server.campaign.admission(pupil, closes_at=server.campaign.closes_at))
    assert (kept.status, server.save(pupil, envelope).body) == (200, kept.body)
    assert _kept(server, pupil) == [envelope]


def test_case_21_a_stream_that_goes_on_under_a_higher_epoch_has_the_box(server: Any) -> None:
    pupil, sealed = server.new_pupil(), server.campaign.envelope
    server.save(pupil, sealed(pupil, stream=OLD, seq=0))
    server.save(pupil, sealed(pupil, stream=NEW, epoch=1), box=b"the other's")
    late = sealed(pupil, stream=OLD, seq=1)
    assert "encrier-elsewhere" in server.save(pupil, late).headers
    assert base64.b64decode(_last(server, pupil)["last"]["box"]) == b"the other's"
    taken_up = sealed(pupil, stream=OLD, seq=2, epoch=2)
    assert "encrier-elsewhere" not in server.save(pupil, taken_up, box=b"of both").headers
    last = _last(server, pupil)["last"]
    assert (last["epoch"], last["seq"], base64.b64decode(last["box"])) == (2, 2, b"of both")
    other = sealed(pupil, stream=NEW, epoch=1, seq=1)
    assert "encrier-elsewhere" in server.save(pupil, other).headers
    assert _kept(server, pupil) == [taken_up, other]


def test_case_22_two_streams_of_one_epoch_hear_of_each_other(server: Any) -> None:
    pupil, sealed = server.new_pupil(), server.campaign.envelope
    saves = [(OLD, 0, 0), (NEW, 0, 0), (NEW, 1, 1), (OLD, 0, 1)]
    told = [
        server.save(pupil, sealed(pupil, stream=stream, epoch=epoch, seq=seq)).headers
        for stream, epoch, seq in saves
    ]
    assert ["encrier-beside" in headers for headers in told] == [False, True, False, False]
    assert ["encrier-elsewhere" in headers for headers in told] == [False, False, False, True]
