# SPDX-License-Identifier: AGPL-3.0-or-later
"""The doors towards results: signed calls only, strict records, serials that only grow."""

import json
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from encrier import calls, clock, signing
from encrier.records import from_bytes, to_bytes
from encrier.wire import DomainScore, Register, ScoreRow
from encrier_names.codesheets.sheet import slips_of
from encrier_names.doors.register import background
from encrier_names.doors.scores import SerialTaken, take
from encrier_names.pseudonyms.key import destroy_key
from encrier_names.restitution import scores
from encrier_names.restitution.models import StoredScore, TakenSheet
from encrier_names.schools.models import Identity

REGISTER, SCORES = "/doors/register", "/doors/scores"


def _orders(division: Any) -> list[str]:
    return [s.order for s in slips_of(division)]


def _post(names: Any, sheet: Any) -> Any:
    return names.call("POST", SCORES, to_bytes(sheet))


def test_the_register_gives_numbers_and_keys_and_nothing_that_names(names: Any) -> None:
    division = names.validated_class(5)
    answer = names.call("GET", REGISTER)
    register = from_bytes(answer.content, Register)
    assert register.campaign == names.manifest.campaign
    assert {row.order for row in register.rows} == set(_orders(division))
    assert {row.sid: row.mac for row in register.rows} == {s.sid: s.mac for s in slips_of(division)}
    assert {(r.school, r.class_number) for r in register.rows} == {
        (division.school.number, division.number)
    }
    for pupil in division.pupils.all():
        assert pupil.identity.last_name.encode() not in answer.content
        assert str(pupil.identity.ine).encode() not in answer.content
        assert str(pupil.id).encode() not in answer.content
    for word in (b'"6B"', b"9990001X", b"Coll\xc3", b"2015-"):
        assert word not in answer.content


def test_the_register_holds_the_background_only_if_the_campaign_declares_it(names: Any) -> None:
    names.validated_class(2)
    bare = from_bytes(names.call("GET", REGISTER).content, Register)
    assert [row.background for row in bare.rows] == [{}, {}]
    identity = Identity(last_name="A", first_name="B", sex="F")
    assert background(identity, ("sex", "birth_quarter")) == {"sex": "F"}


@pytest.mark.parametrize(
    ("month", "quarter"), [(1, "2015-Q1"), (3, "2015-Q1"), (4, "2015-Q2"), (12, "2015-Q4")]
)
def test_a_date_of_birth_leaves_as_a_quarter(month: int, quarter: str) -> None:
    born = msgspec.json.decode(f'"2015-{month:02}-09"', type=date)
    identity = Identity(last_name="A", first_name="B", birth_date=born)
    assert background(identity, ("birth_quarter",)) == {"birth_quarter": quarter}


def test_classes_that_are_not_validated_are_not_in_the_register(names: Any) -> None:
    names.open_class(4)
    assert from_bytes(names.call("GET", REGISTER).content, Register).rows == []


@pytest.mark.parametrize(("method", "path"), [("GET", REGISTER), ("POST", SCORES)])
def test_a_call_that_results_did_not_sign_is_refused(names: Any, method: str, path: str) -> None:
    body = b"" if method == "GET" else to_bytes(names.sheet(1, []))
    stranger = signing.draw_key()
    assert names.call(method, path, body, key=stranger).status_code == 403
    unsigned = names.client().generic(method, path, body, content_type="application/json")
    assert unsigned.status_code == 403
    assert TakenSheet.objects.count() == 0


def test_a_head_who_is_signed_in_cannot_use_a_door(names: Any) -> None:
    division = names.validated_class(1)
    head = names.client(names.staff("head", "head", school=division.school))
    assert head.get(REGISTER).status_code == 403
    assert head.post(SCORES, b"{}", content_type="application/json").status_code == 403


def test_an_old_signature_and_one_of_another_body_are_refused(names: Any) -> None:
    body = to_bytes(names.sheet(1, []))
    late = calls.sign(
        names.results_key,
        method="POST",
        path=SCORES,
        body=body,
        at=clock.now() - timedelta(minutes=6),
    )
    for header, sent in ((late, body), (_header(names, b"other"), body)):
        answer = names.client().generic(
            "POST", SCORES, sent, content_type="application/json", headers={calls.HEADER: header}
        )
        assert answer.status_code == 403
    assert TakenSheet.objects.count() == 0


def _header(names: Any, body: bytes) -> str:
    return calls.sign(names.results_key, method="POST", path=SCORES, body=body, at=clock.now())


def test_a_score_sheet_is_kept_by_order_number(names: Any) -> None:
    orders = _orders(names.validated_class(3))
    answer = _post(names, names.sheet(7, orders))
    assert json.loads(answer.content) == {"serial": 7, "rows": 3}
    kept = scores.rows_of(orders)
    assert kept[orders[0]].status == "unfinished"
    assert kept[orders[1]].domains[0].group == "satisfaisant"


def test_the_same_sheet_again_changes_nothing(names: Any) -> None:
    sheet = names.sheet(1, _orders(names.validated_class(2)))
    first, again = _post(names, sheet), _post(names, sheet)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert TakenSheet.objects.count() == 1


def test_an_older_sheet_replayed_after_a_newer_one_does_not_bring_scores_back(names: Any) -> None:
    orders = _orders(names.validated_class(2))
    old = names.sheet(1, orders)
    new = names.sheet(
        2, [], rows=[ScoreRow(orders[0], "complete", 9, [DomainScore("fr", 8.0, "satisfaisant")])]
    )
    assert _post(names, old).status_code == 200
    assert _post(names, new).status_code == 200
    assert _post(names, old).status_code == 200  # known: a no-op
    assert scores.rows_of(orders)[orders[0]].answered == 9
    assert scores.rows_of(orders)[orders[1]].answered == 5  # not named by the newer sheet


@pytest.mark.parametrize("serial", [5, 4, 0])
def test_another_content_under_a_serial_that_does_not_grow_is_refused(
    names: Any, serial: int
) -> None:
    orders = _orders(names.validated_class(2))
    assert _post(names, names.sheet(5, orders)).status_code == 200
    assert _post(names, names.sheet(serial, orders[:1])).status_code == 409
    with pytest.raises(SerialTaken):
        take(to_bytes(names.sheet(serial, [])), names.manifest)


def test_a_sheet_that_is_wrong_anywhere_is_refused_whole(names: Any) -> None:
    orders = _orders(names.validated_class(2))
    good = names.sheet(1, orders)
    wrong = [
        names.sheet(1, orders, campaign=bytes(16)),
        names.sheet(1, [*orders, orders[0]]),
        names.sheet(1, [*orders, next(o for o in ("00000000", "00000001") if o not in orders)]),
        names.sheet(1, orders, domains=[]),
        names.sheet(1, orders, domains=[*good.domains, good.domains[0]]),
    ]
    for sheet in wrong:
        assert _post(names, sheet).status_code == 400
    document = json.loads(to_bytes(good))
    others: list[object] = [
        {**document, "name": "x"},
        {**document, "type": "score-sheet/2"},
        [],
        None,
    ]
    for changed in others:
        body = json.dumps(changed).encode()
        assert names.call("POST", SCORES, body).status_code == 400
    assert names.call("POST", SCORES, b"\xff{").status_code == 400
    assert StoredScore.objects.count() == 0
    assert _post(names, good).status_code == 200


def test_after_the_closing_date_both_doors_answer_410(names: Any) -> None:
    orders = _orders(names.validated_class(1))
    names.close_results()
    assert names.call("GET", REGISTER).status_code == 410
    assert _post(names, names.sheet(1, orders)).status_code == 410


def test_once_the_link_is_destroyed_the_register_is_gone(names: Any) -> None:
    names.validated_class(1)
    destroy_key()
    assert names.call("GET", REGISTER).status_code == 410


def test_a_door_takes_only_its_method(names: Any) -> None:
    assert names.call("POST", REGISTER, b"{}").status_code == 405
    assert names.call("GET", SCORES).status_code == 405
