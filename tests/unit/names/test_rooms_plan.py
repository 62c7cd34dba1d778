# SPDX-License-Identifier: AGPL-3.0-or-later
"""A head plans: rooms, a proposal, what is locked, moved, removed; what is given away of it."""

import io
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from pypdf import PdfReader

from encrier import clock
from stagecraft.rooms import a_room, a_session

ROOM = {"name": "Info 1", "seats": "12", "headsets": "12", "halves": ["1m", "2m", "4m"]}


def school_with(names: Any, n_pupils: int = 5, *, seats: int = 3) -> tuple[Any, Any, Any]:
    """A class that is to sit within three weeks, a room, and a head's browser."""
    now = clock.now()
    names.start(opens_at=now - timedelta(hours=1), closes_at=now + timedelta(days=21))
    division = names.validated_class(n_pupils)
    a_room(division.school, seats=seats)
    head = names.client(names.staff("head", "head", school=division.school))
    return division, head, division.school


def planned(school: Any) -> list[Any]:
    from encrier_names.rooms.models import Session

    return list(Session.objects.filter(school=school).order_by("starts_at"))


def pupils_in(sessions: list[Any]) -> list[Any]:
    return [pupil for s in sessions for pupil in s.seats.values_list("pupil", flat=True)]


def test_every_pupil_is_given_a_seat_once_in_half_groups(names: Any) -> None:
    division, head, school = school_with(names)
    head.post("/salles/proposer/")
    sessions = planned(school)
    assert sorted(s.label for s in sessions) == ["6B, groupe 1 sur 2", "6B, groupe 2 sur 2"]
    assert sorted(pupils_in(sessions)) == sorted(division.pupils.values_list("id", flat=True))
    for session in sessions:
        assert session.starts_at > clock.now()
        assert session.starts_at <= session.begins_at < session.starts_at + timedelta(minutes=10)
    assert "Tous les élèves ont une place" in head.get("/salles/").content.decode()


def test_a_room_that_is_too_small_is_said_with_what_would_do(names: Any) -> None:
    from encrier_names.rooms import plan
    from encrier_names.rooms.models import Room

    _, head, school = school_with(names, 5, seats=2)
    now = clock.now()
    Room.objects.update(halves="2m")
    # closes after a single Tuesday morning, whatever today is
    until_tuesday = (1 - now.weekday()) % 7 or 7
    names.start(closes_at=now + timedelta(days=until_tuesday + 1))
    rules = plan.rules_of(school)
    plan.keep_rules(school, msgspec.structs.replace(rules, morning=(480, 560)))
    head.post("/salles/proposer/")
    page = head.get("/salles/").content.decode().replace("\u00a0", " ")
    assert "Il manque 3 places" in page
    assert "6B (3 élèves)" in page
    assert "suffirait" in page or "aiderait" in page


def test_a_new_proposal_leaves_what_is_locked_and_keeps_supervisors(names: Any) -> None:
    _, head, school = school_with(names)
    head.post("/salles/proposer/")
    first, second = planned(school)
    watcher = names.staff("w", "supervisor", school=school)
    sent = {"act": "supervisors", "supervisors": [str(watcher.id)]}
    head.post(f"/seances/{first.id}/modifier/", sent)
    head.post(f"/seances/{second.id}/modifier/", {"act": "lock"})
    second.starts_at += timedelta(days=3)
    second.ends_at += timedelta(days=3)
    second.save(update_fields=["starts_at", "ends_at"])
    head.post("/salles/proposer/")
    again = {s.id: s for s in planned(school)}
    assert set(again) == {first.id, second.id}
    assert again[second.id].starts_at == second.starts_at
    assert list(again[first.id].supervisors.all()) == [watcher]


def _free_monday(sessions: list[Any]) -> Any:
    """A Monday after all of these."""
    after = max(s.ends_at for s in sessions).date()
    return after + timedelta(days=7 - after.weekday())


def test_a_session_is_moved_and_locked_or_its_objections_are_said(names: Any) -> None:
    _, head, school = school_with(names)
    other = a_room(school, "Info 2", seats=3)
    head.post("/salles/proposer/")
    first, second = planned(school)
    local = second.starts_at.astimezone().strftime
    sent = {"act": "move", "room": str(other.id), "day": local("%Y-%m-%d")}
    refused = head.post(
        f"/seances/{first.id}/modifier/", sent | {"start": "03:00", "end": "04:30"}
    ).content.decode()
    assert "n’est pas dans les heures de l’établissement" in refused
    taken = sent | {"room": str(second.room_id)}
    from django.utils import timezone

    start, end = (f"{timezone.localtime(at):%H:%M}" for at in (second.starts_at, second.ends_at))
    refused = head.post(
        f"/seances/{first.id}/modifier/", taken | {"start": start, "end": end}
    ).content.decode()
    assert "est prise de" in refused
    first.refresh_from_db()
    assert not first.is_locked
    later = sent | {
        "start": "10:30",
        "end": "11:30",
        "day": f"{_free_monday(planned(school)):%Y-%m-%d}",
    }
    assert head.post(f"/seances/{first.id}/modifier/", later).status_code == 302
    first.refresh_from_db()
    assert first.is_locked
    assert first.place == "Info 2"
    assert f"{timezone.localtime(first.starts_at):%H:%M}" == "10:30"


def test_a_session_that_is_removed_leaves_its_pupils_to_the_next_proposal(names: Any) -> None:
    _division, head, school = school_with(names)
    head.post("/salles/proposer/")
    head.post(f"/seances/{planned(school)[0].id}/modifier/", {"act": "remove"})
    page = head.get("/salles/").content.decode().replace("\u00a0", " ")
    assert "Une nouvelle proposition suffirait" in page
    head.post("/salles/proposer/")
    assert len(pupils_in(planned(school))) == 5


def test_who_was_absent_is_given_another_session(names: Any) -> None:
    from encrier_names.rooms.models import Absence, AbsenceReason

    division, head, school = school_with(names, seats=9)
    session = a_session(division.pupils.all(), opened_at=clock.now())
    seat = session.seats.first()
    seat.note(Absence(AbsenceReason.ILL, clock.now(), session.id))
    seat.save()
    head.post("/salles/proposer/")
    (caught_up,) = [s for s in planned(school) if s.id != session.id]
    assert pupils_in([caught_up]) == [seat.pupil_id]


def test_extra_time_makes_a_session_longer(names: Any) -> None:
    from encrier_names.sittings import grants

    division, head, school = school_with(names)
    one = division.pupils.first().id
    grants.change([one], lambda g: msgspec.structs.replace(g, extra_time=100))
    head.post("/salles/proposer/")
    minutes = {(s.ends_at - s.starts_at).seconds // 60: pupils_in([s]) for s in planned(school)}
    assert set(minutes) == {60, 110}
    assert one in minutes[110]


def test_the_calendar_and_the_doors_name_rooms_and_no_pupil(names: Any) -> None:
    division, head, _ = school_with(names)
    head.post("/salles/proposer/")
    agenda = head.get("/seances/agenda.ics")
    assert agenda["content-type"].startswith("text/calendar")
    unfolded = agenda.content.replace(b"\r\n ", b"").decode()
    assert unfolded.count("BEGIN:VEVENT") == 2
    assert "LOCATION:Info 1" in unfolded
    doors = PdfReader(io.BytesIO(head.get("/salles/portes.pdf").content))
    posted = " ".join(page.extract_text() for page in doors.pages)
    assert "6B, groupe 1 sur 2" in posted
    for pupil in division.pupils.all():
        assert pupil.identity.last_name not in unfolded + posted


def test_a_calendar_keeps_its_events_from_one_plan_to_the_next(names: Any) -> None:
    _, head, _ = school_with(names)
    uids, revisions = [], []
    for _time in range(2):
        head.post("/salles/proposer/")
        lines = head.get("/seances/agenda.ics").content.decode().split("\r\n")
        uids.append(sorted(line for line in lines if line.startswith("UID:")))
        revisions.append({line for line in lines if line.startswith("SEQUENCE:")})
    assert uids[0] == uids[1]
    assert revisions[0] != revisions[1]


def test_a_room_is_described_once_under_a_name(names: Any) -> None:
    from encrier_names.rooms.models import Room

    _, head, _school = school_with(names)
    assert "porte déjà ce nom" in head.post("/salles/ajouter/", ROOM).content.decode()
    assert head.post("/salles/ajouter/", ROOM | {"name": "CDI"}).status_code == 302
    room = Room.objects.get(name="CDI")
    busy = {"name": "CDI", "busy": "14/09/2026 ; 15/09/2026", "line_mbits": "8"}
    assert head.post(f"/salles/{room.id}/", ROOM | busy).status_code == 302
    room.refresh_from_db()
    assert room.busy == "2026-09-14 2026-09-15"
    wrong = head.post(f"/salles/{room.id}/", ROOM | {"name": "CDI", "busy": "demain"})
    assert "demain" in wrong.content.decode()


@pytest.mark.parametrize(
    "changes",
    [{"seats": "0"}, {"halves": []}, {"headsets": "-1"}, {"busy": "31/02/2026"}, {"name": " "}],
)
def test_a_room_that_makes_no_sense_is_not_kept(names: Any, changes: dict[str, Any]) -> None:
    from encrier_names.rooms.models import Room

    _, head, _ = school_with(names)
    assert head.post("/salles/ajouter/", ROOM | {"name": "CDI"} | changes).status_code == 200
    assert Room.objects.count() == 1


def test_rules_come_back_as_they_were_written(names: Any) -> None:
    from encrier_names.rooms import plan
    from encrier_names.rooms.forms import RulesForm

    _, head, school = school_with(names)
    sent = RulesForm.initial_of(plan.rules_of(school)) | {
        "n_sequences": 2,
        "days_off": "14/09/2026",
        "headsets": "own",
        "at_once": "3",
    }
    given = {name: value for name, value in sent.items() if value is not None}
    assert head.post("/salles/regles/", given).status_code == 302
    rules = plan.rules_of(school)
    assert (rules.n_sequences, rules.at_once, rules.own_headsets) == (2, 3, True)
    assert [day.isoformat() for day in rules.days_off] == ["2026-09-14"]
    assert RulesForm.initial_of(rules)["days_off"] == "14/09/2026"
    assert head.post("/salles/regles/", given | {"morning_to": "07:00"}).status_code == 200


def test_a_teacher_opens_a_session_of_her_own_class_and_watches_it(names: Any) -> None:
    division, _, school = school_with(names)
    teacher = names.staff("t", "teacher", school=school, divisions=[division])
    client = names.client(teacher)
    today = clock.now()
    sent = {
        "day": f"{today:%Y-%m-%d}",
        "start": "09:00",
        "end": "10:00",
        "place": "CDI",
        "divisions": [str(division.id)],
        "half": "2",
        "sequence": "1",
    }
    assert client.post("/seances/ouvrir/", sent).status_code == 302
    (session,) = planned(school)
    assert session.label == "6B, groupe 2 sur 2"
    assert session.seats.count() == 2
    assert list(session.supervisors.all()) == [teacher]
    other = names.open_class(2, uai="9990002Y", division="6Z")
    assert client.post("/seances/ouvrir/", sent | {"divisions": [str(other.id)]}).status_code == 200
    assert len(planned(school)) == 1


def test_the_hours_of_a_plan_are_those_of_the_island(names: Any) -> None:
    from zoneinfo import ZoneInfo

    _division, _, school = school_with(names)
    school.uai = "9740001A"
    school.save()
    staff = names.staff("reunion", "head", school=school)
    names.client(staff).post("/salles/proposer/")
    hours = {s.starts_at.astimezone(ZoneInfo("Indian/Reunion")).hour for s in planned(school)}
    assert min(hours) >= 8
    agenda = names.client(staff).get("/seances/agenda.ics").content.decode()
    assert "DTSTART:2" in agenda  # in UTC: no zone but that of Paris is written out
