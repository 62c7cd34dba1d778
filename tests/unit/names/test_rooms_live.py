# SPDX-License-Identifier: AGPL-3.0-or-later
"""The board of a room: how each pupil is, what a supervisor sees and does, and nobody else."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from encrier import clock
from stagecraft.rooms import a_session

SEEN, GONE = 200, 404


def told(names: Any, division: Any, **seen: Any) -> None:
    """What answers has just said of every pupil of a class."""
    from encrier_names.codesheets.sheet import slips_of
    from encrier_names.sittings.models import Pull, SeenProgress

    now = clock.now()
    minute = int(now.timestamp() // 60) - seen.pop("silent_min", 0)
    given = {"state": "started", "percent": 40, "unsent": 0, "last_minute": minute, **seen}
    for slip in slips_of(division):
        SeenProgress.objects.update_or_create(sid=slip.sid.hex(), defaults=given)
    Pull.objects.update_or_create(id=1, defaults={"at": now})


def room_of(names: Any, n_pupils: int = 3, **changes: Any) -> tuple[Any, Any, Any]:
    """A class that sits, its session, and a supervisor who has no class of his own."""
    division = names.validated_class(n_pupils)
    watcher = names.staff("watcher", "supervisor", school=division.school)
    session = a_session(division.pupils.all(), supervisors=[watcher], **changes)
    return division, session, watcher


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        ({"percent": 0}, "connected"),
        ({"percent": 40}, "writing"),
        ({"silent_min": 3}, "writing"),  # a calm page saves every two minutes or so
        ({"silent_min": 4}, "silent"),
        ({"state": "finished", "percent": 100, "silent_min": 30}, "finished"),
        ({"state": "expected", "last_minute": None}, "expected"),
    ],
)
def test_a_pupil_is_in_the_state_that_answers_tells(
    names: Any, seen: dict[str, Any], state: str
) -> None:
    from encrier_names.rooms import live

    division, session, _ = room_of(names)
    told(names, division, **seen)
    board = live.board_of(session, now=clock.now())
    assert [tile.state for tile in board.tiles] == [state] * 3


def test_news_that_are_old_say_so_and_call_nobody_silent_since(names: Any) -> None:
    from encrier_names.rooms import live

    division, session, _ = room_of(names)
    told(names, division)
    board = live.board_of(session, now=clock.now() + timedelta(minutes=20))
    assert board.is_stale
    assert board.n_silent == 0


def test_a_pupil_in_a_pause_or_stopped_is_not_called_silent(names: Any) -> None:
    from encrier_names.rooms import live
    from encrier_names.sittings import grants

    division, session, _ = room_of(names, 2)
    told(names, division, silent_min=9)
    first, second = division.pupils.values_list("id", flat=True)
    grants.change([first], grants.paused)
    grants.change([second], grants.closed(clock.now()))
    states = {t.line.pupil: t.state for t in live.board_of(session, now=clock.now()).tiles}
    assert states == {first: "writing", second: "stopped"}


def test_a_supervisor_sees_the_pupils_of_his_room_and_no_other_page_of_theirs(names: Any) -> None:
    division, session, watcher = room_of(names)
    client, pupil = names.client(watcher), division.pupils.first()
    page = client.get(f"/seances/{session.id}/").content.decode()
    assert pupil.identity.shown in page
    for sitting_page in ("besoins", "absence", "nouveau-code"):
        address = f"/eleves/{pupil.id}/{sitting_page}/"
        assert client.get(address).status_code == SEEN
    for other in (f"/classes/{division.id}/passation/", f"/eleves/{pupil.id}/resultats/"):
        assert client.get(other).status_code == GONE


def test_a_teacher_who_watches_a_room_sees_no_result_of_its_pupils(names: Any) -> None:
    division = names.validated_class(2)
    names.send_scores(division)
    teacher = names.staff("t", "teacher", school=division.school)
    session = a_session(division.pupils.all(), supervisors=[teacher])
    client, pupil = names.client(teacher), division.pupils.first()
    assert client.get(f"/seances/{session.id}/").status_code == SEEN
    assert client.get(f"/eleves/{pupil.id}/resultats/").status_code == GONE


@pytest.mark.parametrize("hours", [-30, 30], ids=["long past", "not yet"])
def test_a_room_is_shown_to_its_supervisor_while_it_is_and_not_before_or_long_after(
    names: Any, hours: int
) -> None:
    division, session, watcher = room_of(names, since_min=20 - hours * 60)
    client, pupil = names.client(watcher), division.pupils.first()
    assert client.get(f"/seances/{session.id}/").status_code == GONE
    assert client.get(f"/eleves/{pupil.id}/besoins/").status_code == GONE
    listed = client.get("/seances/").content.decode()
    assert session.label in listed
    assert f"/seances/{session.id}/" not in listed


def test_the_projector_and_what_refreshes_itself_name_nobody(names: Any) -> None:
    division, session, watcher = room_of(names)
    told(names, division)
    client = names.client(watcher)
    for page in ("projection", "etats"):
        content = client.get(f"/seances/{session.id}/{page}/").content.decode()
        for pupil in division.pupils.all():
            identity = pupil.identity
            assert identity.last_name not in content
            assert identity.first_name not in content
    from encrier_names.rooms import live

    letters = [t.line.screen for t in live.board_of(session, now=clock.now()).tiles]
    wall = client.get(f"/seances/{session.id}/projection/").content.decode()
    assert all(screen in wall for screen in letters)


def test_a_script_may_run_on_the_two_live_pages_and_nowhere_else(names: Any) -> None:
    _, session, watcher = room_of(names)
    client = names.client(watcher)
    policy = "content-security-policy"
    for page in ("", "projection/"):
        given = client.get(f"/seances/{session.id}/{page}")[policy]
        assert "script-src 'self'" in given
        assert "unsafe" not in given
    for page in (f"/seances/{session.id}/releve/", "/seances/", "/"):
        assert "script-src" not in client.get(page)[policy]


@pytest.mark.parametrize(
    ("act", "action", "holds"),
    [
        ("pause", "sitting-paused", lambda grant: grant.paused),
        ("close", "sitting-closed", lambda grant: grant.closes_at is not None),
        ("extra", "extra-time", lambda grant: grant.extra_time == 33),
    ],
)
def test_what_is_done_for_some_is_done_for_them_alone_and_is_in_the_audit(
    names: Any, act: str, action: str, holds: Any
) -> None:
    from encrier_names.audit.models import Access
    from encrier_names.sittings import grants

    _division, session, watcher = room_of(names)
    seats = list(session.seats.all())
    sent = {"act": act, "seat": [str(s.id) for s in seats[:2]], "extra_time": "33"}
    names.client(watcher).post(f"/seances/{session.id}/agir/", sent)
    granted = grants.of(seat.pupil_id for seat in seats)
    assert [holds(granted[s.pupil_id]) for s in seats] == [True, True, False]
    row = Access.objects.latest("id")
    assert (row.action, row.n_pupils, row.staff) == (action, 2, watcher.id)


def test_opening_takes_back_a_pause_and_an_end_and_the_room_says_it_is_open(names: Any) -> None:
    from encrier_names.sittings import grants

    division, session, watcher = room_of(names)
    client, address = names.client(watcher), f"/seances/{session.id}/agir/"
    for act in ("open", "close", "open"):
        client.post(address, {"act": act, "all": "yes"})
    session.refresh_from_db()
    assert session.opened_at is not None
    assert session.closed_at is None
    granted = grants.of(division.pupils.values_list("id", flat=True)).values()
    assert not any(grant.paused or grant.closes_at for grant in granted)


def test_a_pupil_who_is_ill_is_noted_sealed_and_can_be_noted_present(names: Any) -> None:
    _division, session, watcher = room_of(names)
    seat = session.seats.first()
    client, address = names.client(watcher), f"/seances/{session.id}/agir/"
    client.post(address, {"act": "absent", "seat": str(seat.id), "reason": "ill"})
    seat.refresh_from_db()
    assert seat.absence.reason == "ill"
    assert b'"ill"' not in names.every_byte()
    assert "Malade" in client.get(f"/seances/{session.id}/").content.decode()
    client.post(address, {"act": "present", "seat": str(seat.id)})
    seat.refresh_from_db()
    assert seat.absence is None


def test_a_pupil_moves_to_another_room_and_is_seen_there(names: Any) -> None:
    division, session, watcher = room_of(names)
    other = a_session([division.pupils.last()], place="Info 2", label="autre")
    seat = session.seats.exclude(pupil=division.pupils.last()).first()
    sent = {"act": "move", "seat": str(seat.id), "to": str(other.id)}
    names.client(watcher).post(f"/seances/{session.id}/agir/", sent)
    assert set(other.seats.values_list("pupil", flat=True)) >= {seat.pupil_id}
    assert not session.seats.filter(pupil=seat.pupil_id).exists()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"act": "pause"}, 400),
        ({"act": "explode", "all": "yes"}, 400),
        ({"act": "extra", "all": "yes", "extra_time": "7"}, 400),
        ({"act": "absent", "all": "yes", "reason": "tired"}, 400),
        ({"act": "move", "all": "yes", "to": "nowhere"}, 400),
        ({"act": "pause", "seat": str(uuid4())}, 404),
    ],
)
def test_what_is_asked_wrongly_changes_nothing(
    names: Any, sent: dict[str, str], status: int
) -> None:
    from encrier_names.sittings.models import Granted

    _, session, watcher = room_of(names)
    answer = names.client(watcher).post(f"/seances/{session.id}/agir/", sent)
    assert answer.status_code == status
    assert not Granted.objects.exists()


def test_a_session_next_door_is_no_place_to_move_to(names: Any) -> None:
    _, session, watcher = room_of(names)
    there = a_session(names.validated_class(1, uai="9990002Y").pupils.all())
    sent = {"act": "move", "all": "yes", "to": str(there.id)}
    assert names.client(watcher).post(f"/seances/{session.id}/agir/", sent).status_code == 400
    assert there.seats.count() == 1


def test_the_page_of_a_pupil_leads_back_to_the_room(names: Any) -> None:
    division, session, watcher = room_of(names)
    pupil = division.pupils.first()
    client = names.client(watcher)
    page = client.get(f"/eleves/{pupil.id}/besoins/?seance={session.id}").content.decode()
    assert f'href="/seances/{session.id}/"' in page
    assert f"/classes/{division.id}/" not in page
    sent = client.post(f"/eleves/{pupil.id}/besoins/?seance={session.id}", {"extra_time": "33"})
    assert sent["location"] == f"/seances/{session.id}/"


def test_the_script_is_the_one_that_was_taken(names: Any) -> None:
    """Htmx 2.0.8 as its registry gives it, with its licence beside it."""
    import hashlib
    from pathlib import Path

    import encrier_names

    folder = Path(encrier_names.__file__).parent / "static/vendored/htmx"
    content = (folder / "htmx-2.0.8.min.js").read_bytes()
    assert hashlib.sha256(content).hexdigest() == (
        "22283ef68cb7545914f0a88a1bdedc7256a703d1d580c1d255217d0a50d31313"
    )
    assert "Zero-Clause BSD" in (folder / "LICENSE").read_text("utf-8")


def test_a_grant_given_in_a_room_keeps_the_others(names: Any) -> None:
    from encrier_names.sittings import grants

    division, session, watcher = room_of(names)
    pupils = list(division.pupils.values_list("id", flat=True))
    grants.change(pupils, lambda g: msgspec.structs.replace(g, settings=("theme:nuit",)))
    sent = {"act": "extra", "all": "yes", "extra_time": "50"}
    names.client(watcher).post(f"/seances/{session.id}/agir/", sent)
    given = {(g.extra_time, g.settings) for g in grants.of(pupils).values()}
    assert given == {(50, ("theme:nuit",))}
