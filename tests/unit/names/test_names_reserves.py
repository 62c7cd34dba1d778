# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reserve codes, and two slips exchanged: the rule of each case, both attempts kept, all logged."""

import base64
import io
from typing import Any

import msgspec
import pytest
from pypdf import PdfReader

from encrier import codes, terms
from encrier.records import from_bytes
from encrier.wire import AdmissionList, SittingProgress
from encrier_names import zone
from encrier_names.audit.models import Access
from encrier_names.codesheets.sheet import n_pages, numbers_given, sheet_pdf
from encrier_names.codesheets.validation import validate
from encrier_names.doors import admission
from encrier_names.doors.register import register
from encrier_names.pseudonyms import links
from encrier_names.pseudonyms.links import ReserveGone
from encrier_names.sittings import board, grants, progress, supervision
from encrier_names.sittings.codes import use_of
from encrier_names.sittings.models import Grant
from encrier_names.validation import reserves
from encrier_names.validation.models import Reserve


def _campaign(names: Any) -> str:
    """A campaign file of the zone's manifest, with two reserve codes a class."""
    manifest = names.manifest
    opens, closes, end = (
        moment.isoformat()
        for moment in (manifest.opens_at, manifest.closes_at, manifest.results_close_at)
    )
    return (
        f'v = 1\ncampaign = "{base64.b64encode(manifest.campaign).decode()}"\n'
        'label = "Sixième 2026"\nask = "la DEC de Rennes"\n'
        "[windows]\n"
        f"sittings = {{ opens = {opens}, closes = {closes} }}\n"
        f"results = {{ opens = {closes}, closes = {end} }}\n"
        f'[[levels]]\nlevel = "6E"\nmode = "screen"\nbooklets = ["{b"bundle01".hex()}"]\n'
        "[rules]\nreserve_codes_a_class = 2\n"
    )


@pytest.fixture
def room(names: Any) -> Any:
    """A validated class of three with two reserve codes, where answers does not listen."""
    nobody = msgspec.structs.replace(names.manifest.nodes[0], url="http://127.0.0.1:9")
    names.start(nodes=[nobody])
    names.fix(_campaign(names))
    return names.validated_class(3)


def _teacher(names: Any, room: Any) -> Any:
    return names.client(names.staff("t", "teacher", school=room.school, divisions=[room]))


def _last_list() -> dict[bytes, bool]:
    content = admission.waiting()[-1].listed
    return {row.sid: row.open for row in from_bytes(content, AdmissionList).rows}


def _sids(room: Any) -> dict[Any, bytes]:
    pupils = room.pupils.values_list("id", flat=True)
    return {pupil: sitting.sid for pupil, sitting in links.of(pupils).items()}


def test_reserve_codes_are_admitted_from_the_start(room: Any) -> None:
    spare = links.of_reserves(reserves.ids([room]))
    assert len(spare) == 2
    admitted = _last_list()
    assert len(admitted) == 5
    assert {sitting.sid for sitting in spare.values()} < set(admitted)
    assert all(admitted.values())
    assert numbers_given() == 3


def test_they_are_printed_without_a_name_after_the_slips(names: Any, room: Any) -> None:
    pages = PdfReader(io.BytesIO(sheet_pdf(room, names.manifest))).pages
    texts = [" ".join(page.extract_text().split()) for page in pages]
    assert len(texts) == n_pages(3, n_reserves=2) == 4
    spare = texts[2]
    assert "ZORGLUB" not in spare
    for left in reserves.left(room):
        code = links.of_reserves([left.id])[left.id].code
        assert f"Réserve {left.rank}" in spare
        assert " ".join(codes.printed(code).split("-")) in spare
        assert codes.printed(code).startswith(left.begins)
    assert "coupon «\u00a0Réserve\u00a0»" in pages[3].extract_text().replace("\n", " ")


def test_a_reserve_code_becomes_the_pupil_s_and_the_old_one_nobody_s(names: Any, room: Any) -> None:
    pupil = room.pupils.first()
    grants.change([pupil.id], lambda grant: msgspec.structs.replace(grant, extra_time=33))
    old = links.of([pupil.id])[pupil.id]
    chosen = reserves.left(room)[1]
    spare = links.of_reserves([chosen.id])[chosen.id]
    page = _teacher(names, room).post(
        f"/eleves/{pupil.id}/reserve/", {"sure": "yes", "reserve": str(chosen.id)}
    )
    assert "Réserve 2" in page.content.decode()
    assert links.of([pupil.id])[pupil.id] == spare
    assert [s.order for s in links.set_aside()] == [old.order]
    assert _last_list() == {old.sid: False, spare.sid: True}
    assert [left.rank for left in reserves.left(room)] == [1]
    row = Access.objects.get(action="reserve-given")
    assert (row.pupil, row.division, row.n_pupils) == (pupil.id, room.id, 1)


def test_the_register_counts_a_reserve_apart_until_it_is_given(names: Any, room: Any) -> None:
    pupil = room.pupils.first()
    reserve = reserves.left(room)[0].id
    spare = links.of_reserves([reserve])[reserve]
    rows = {row.order: row for row in register(names.manifest, declared=()).rows}
    assert sum(row.set_aside for row in rows.values()) == 2
    assert (rows[spare.order].set_aside, rows[spare.order].school) == (True, 0)
    old = links.of([pupil.id])[pupil.id]
    supervision.give_reserve(pupil.id, reserve)
    rows = {row.order: row for row in register(names.manifest, declared=()).rows}
    assert (rows[spare.order].set_aside, rows[spare.order].school) == (False, room.school.number)
    assert rows[old.order].set_aside
    assert sum(not row.set_aside for row in rows.values()) == 3


def test_a_reserve_code_is_given_once(names: Any, room: Any) -> None:
    one, other, _third = room.pupils.all()
    reserve = reserves.left(room)[0].id
    supervision.give_reserve(one.id, reserve)
    before = links.of([other.id])
    with pytest.raises(ReserveGone):
        supervision.give_reserve(other.id, reserve)
    sent = {"sure": "yes", "reserve": str(reserve)}
    answer = _teacher(names, room).post(f"/eleves/{other.id}/reserve/", sent)
    assert answer.status_code == 409
    assert links.of([other.id]) == before


def test_a_reserve_of_another_class_is_not_given(names: Any, room: Any) -> None:
    elsewhere = names.validated_class(1, uai="9990002Y")
    foreign = reserves.left(elsewhere)[0].id
    pupil = room.pupils.first()
    sent = {"sure": "yes", "reserve": str(foreign)}
    assert _teacher(names, room).post(f"/eleves/{pupil.id}/reserve/", sent).status_code == 409
    assert Reserve.objects.get(id=foreign).is_given is False


def test_validating_again_draws_no_more_reserves(names: Any, room: Any) -> None:
    supervision.give_reserve(room.pupils.first().id, reserves.left(room)[0].id)
    assert validate(room).drawn == 0
    assert [left.rank for left in reserves.left(room)] == [2]


def test_two_pupils_exchange_codes_answers_and_nothing_else(names: Any, room: Any) -> None:
    one, other, third = room.pupils.all()
    grants.change([one.id], lambda grant: msgspec.structs.replace(grant, extra_time=50))
    before = _sids(room)
    progress.keep([SittingProgress(before[one.id], "started", 40, 0, 1)])
    page = _teacher(names, room).post(
        f"/eleves/{one.id}/echange/", {"sure": "yes", "other": str(other.id)}
    )
    assert "sont échangés" in page.content.decode()
    after = _sids(room)
    assert (after[one.id], after[other.id]) == (before[other.id], before[one.id])
    assert after[third.id] == before[third.id]
    assert links.set_aside() == []
    assert _last_list() == {before[one.id]: True, before[other.id]: True}
    lines = {line.pupil: line for line in board.lines(room)}
    assert (lines[one.id].percent, lines[other.id].percent) == (0, 40)
    assert lines[one.id].extra_time == 50  # what is granted stays with the pupil
    logged = Access.objects.filter(action="codes-exchanged").values_list("pupil", flat=True)
    assert set(logged) == {one.id, other.id}


def test_exchanging_twice_is_as_before(room: Any) -> None:
    one, other, _third = room.pupils.all()
    before = links.of([one.id, other.id])
    supervision.exchange_codes(one.id, other.id)
    supervision.exchange_codes(other.id, one.id)
    assert links.of([one.id, other.id]) == before


@pytest.mark.parametrize("whom", ["herself", "of another class", "nobody"])
def test_codes_are_exchanged_with_another_pupil_of_the_class_only(
    names: Any, room: Any, whom: str
) -> None:
    elsewhere = names.validated_class(1, uai="9990002Y").pupils.get()
    pupil = room.pupils.first()
    other = {"herself": pupil.id, "of another class": elsewhere.id, "nobody": ""}[whom]
    before = links.of([pupil.id, elsewhere.id])
    sent = {"sure": "yes", "other": str(other)}
    assert _teacher(names, room).post(f"/eleves/{pupil.id}/echange/", sent).status_code == 400
    assert links.of([pupil.id, elsewhere.id]) == before


@pytest.mark.parametrize("address", ["reserve", "echange", "nouveau-code"])
def test_no_code_changes_without_the_box(names: Any, room: Any, address: str) -> None:
    one, other, _third = room.pupils.all()
    before = _sids(room)
    sent = {"reserve": str(reserves.left(room)[0].id), "other": str(other.id)}
    assert _teacher(names, room).post(f"/eleves/{one.id}/{address}/", sent).status_code == 400
    assert _sids(room) == before


@pytest.mark.parametrize(
    ("seen", "use"),
    [
        (("expected", 0, 0), "none"),
        (("started", 0, 0), "opened"),
        (("started", 0, 1), "answered"),
        (("started", 5, 0), "answered"),
        (("finished", 0, 0), "answered"),
    ],
)
def test_the_page_says_whether_something_was_answered(
    names: Any, room: Any, seen: tuple[Any, int, int], use: str
) -> None:
    pupil = room.pupils.first()
    progress.keep([SittingProgress(_sids(room)[pupil.id], *seen, last_minute=1)])
    assert use_of(board.seen_of(pupil.id)) == use
    page = _teacher(names, room).get(f"/eleves/{pupil.id}/nouveau-code/").content.decode()
    assert ("il n’y a rien à faire ici" in page.split("<h3>")[0]) == (use == "opened")
    assert ("Des réponses ont été données" in page) == (use == "answered")
    assert Access.objects.get(action="code-page").n_pupils == 3


def test_what_is_granted_reaches_the_reserve_code(room: Any) -> None:
    pupil = room.pupils.first()
    grants.change([pupil.id], lambda _grant: Grant(extra_time=33))
    new = supervision.give_reserve(pupil.id, reserves.left(room)[0].id)
    content = admission.waiting()[-1].listed
    rows = {row.sid: row for row in from_bytes(content, AdmissionList).rows}
    campaign = zone.current().manifest.campaign_id
    found = terms.unseal(rows[new.sid].terms, key=new.terms, campaign=campaign, sid=new.sid)
    assert found.extra_time == 33
