# SPDX-License-Identifier: AGPL-3.0-or-later
"""A keying that has ended is opened again on request: with a reason, once, by who decides."""

from datetime import timedelta
from typing import Any

import pytest

from encrier import clock
from encrier.records import from_bytes
from encrier.wire import AdmissionList
from encrier_names.audit.models import Access
from encrier_names.codesheets.sheet import slips_of
from encrier_names.doors import admission
from encrier_names.followup import tallies
from encrier_names.keying import reopening, windows
from encrier_names.keying.models import Reopening
from encrier_names.schools.hours import PARIS_TIME, day_in_paris
from encrier_names.schools.models import Identity
from stagecraft.keyed import a_sister, keyed

WHY = "La connexion a été coupée pendant trois jours."
NO = "La période était assez longue."


@pytest.fixture
def division(names: Any) -> Any:
    """A validated class of Rennes whose keying has ended."""
    keyed(names, closes=-1)
    return _class_of_rennes(names)


def _class_of_rennes(names: Any) -> Any:
    division = names.validated_class(3)
    division.school.academy = "RENNES"
    division.school.save()
    tallies.recount(division.school.id)
    return division


def _ask(names: Any, division: Any, *, reason: str = WHY, user: str = "t") -> Any:
    teacher = names.staff(user, "teacher", school=division.school, divisions=[division])
    client = names.client(teacher)
    return client, client.post(f"/classes/{division.id}/saisie/rouvrir/", {"reason": reason})


def _academy(names: Any, academy: str = "RENNES") -> Any:
    return names.client(names.staff(f"a-{academy}", "academy", academy=academy))


def _day(n: int) -> str:
    return (day_in_paris(clock.now()) + timedelta(days=n)).isoformat()


def _actions() -> list[str]:
    rows = Access.objects.order_by("id").values_list("action", flat=True)
    return [action for action in rows if action.startswith("reopening")]


def test_a_granted_request_opens_the_keying_of_that_class_until_that_day(
    names: Any, division: Any
) -> None:
    sister = a_sister(division)
    teacher, asked = _ask(names, division)
    assert asked.status_code == 302
    page = _academy(names).get(f"/suivi/etablissements/{division.school.id}/").content.decode()
    assert WHY in page
    request = Reopening.objects.get()
    assert f"/suivi/saisies/{request.id}/" in page
    client = names.client(names.staff("agent", "ministry"))
    done = client.post(f"/suivi/saisies/{request.id}/", {"decision": "grant", "day": _day(3)})
    assert done.status_code == 302
    request.refresh_from_db()
    assert request.ends_at is not None
    assert request.ends_at.astimezone(PARIS_TIME).date().isoformat() == _day(3)
    ends = {
        row.sid: row.closes_at
        for one in admission.waiting()
        for row in from_bytes(one.listed, AdmissionList).rows
    }
    assert {ends[slip.sid] for slip in slips_of(division)} == {request.ends_at}
    assert request.ends_at not in {ends[slip.sid] for slip in slips_of(sister)}
    assert (
        f'href="/saisie/{division.id}/#' in teacher.get(f"/classes/{division.id}/").content.decode()
    )
    assert _actions() == ["reopening-asked", "reopening-granted"]


def test_a_refused_request_is_answered_on_the_page_of_the_class(names: Any, division: Any) -> None:
    teacher, _ = _ask(names, division)
    waits = teacher.get(f"/classes/{division.id}/").content.decode()
    assert "la réponse sera ici" in waits
    assert "/saisie/rouvrir/" not in waits
    address = f"/suivi/saisies/{Reopening.objects.get().id}/"
    academy = _academy(names)
    assert academy.post(address, {"decision": "refuse", "answer": NO}).status_code == 302
    page = teacher.get(f"/classes/{division.id}/").content.decode()
    assert NO in page
    assert "/saisie/rouvrir/" in page  # may be asked again, for another reason
    assert windows.window_of(division).closes < clock.now()
    assert _actions() == ["reopening-asked", "reopening-refused"]
    assert NO in academy.get(f"/suivi/etablissements/{division.school.id}/").content.decode()


def test_who_decides_finds_the_request_on_the_first_page(names: Any, division: Any) -> None:
    academy = _academy(names)
    assert "demande à rouvrir" not in academy.get("/").content.decode()
    _ask(names, division)
    page = academy.get("/").content.decode()
    assert "demande à rouvrir" in page
    assert f'href="/suivi/etablissements/{division.school.id}/">6B, ' in page


@pytest.mark.parametrize("reason", ["court", "x" * 501, "Prénbome ZORGLUBAB était absent.", ""])
def test_a_reason_is_a_sentence_that_names_no_pupil(names: Any, division: Any, reason: str) -> None:
    _client, response = _ask(names, division, reason=reason)
    assert response.status_code == 200
    assert "error" in response.content.decode()
    assert Reopening.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Léa Martin était malade.", True),
        ("MARTIN LEA", True),
        ("J’ai oublié Jean-Luc Le Goff !", True),
        ("Martine et Léa", False),
        ("La classe de Mme Martin", False),
    ],
)
def test_a_pupil_is_named_by_both_of_her_names(text: str, *, named: bool) -> None:
    people = [Identity("Martin", "Léa"), Identity("Le Goff", "Jean-Luc")]
    assert reopening.names_somebody(text, people) == named


def test_the_reason_stands_nowhere_in_clear(names: Any, division: Any) -> None:
    _ask(names, division)
    assert WHY.encode() not in names.every_byte()


def test_what_is_open_is_not_asked_for_and_nothing_is_asked_twice(names: Any) -> None:
    keyed(names)
    division = _class_of_rennes(names)
    assert _ask(names, division)[1].status_code == 409
    assert Reopening.objects.count() == 0


def test_a_second_request_waits_for_the_answer_to_the_first(names: Any, division: Any) -> None:
    _ask(names, division)
    assert _ask(names, division, user="t2")[1].status_code == 409
    assert Reopening.objects.count() == 1


def test_a_request_is_decided_once(names: Any, division: Any) -> None:
    _ask(names, division)
    address = f"/suivi/saisies/{Reopening.objects.get().id}/"
    academy = _academy(names)
    academy.post(address, {"decision": "refuse", "answer": NO})
    assert academy.post(address, {"decision": "grant", "day": _day(1)}).status_code == 409
    assert Reopening.objects.get().ends_at is None


@pytest.mark.parametrize(
    "given",
    [
        {"decision": "grant", "day": _day(9)},  # the campaign allows five
        {"decision": "grant", "day": _day(-1)},
        {"decision": "grant"},
        {"decision": "refuse", "answer": "non"},
        {"day": _day(2), "answer": NO},
    ],
)
def test_a_decision_is_whole_and_within_what_the_campaign_allows(
    names: Any, division: Any, given: dict[str, str]
) -> None:
    _ask(names, division)
    response = _academy(names).post(f"/suivi/saisies/{Reopening.objects.get().id}/", given)
    assert response.status_code == 200
    assert Reopening.objects.get().decided_at is None


def test_the_last_answers_arrive_before_results_close(names: Any, division: Any) -> None:
    closes = names.manifest.results_close_at
    late = reopening.ends(closes - timedelta(days=3))
    assert len(late) < 6
    assert max(late) + timedelta(hours=names.manifest.grace_h) <= closes
    assert reopening.ends(closes) == []


def test_charlie_of_another_academie_knows_nothing_of_it(names: Any, division: Any) -> None:
    _ask(names, division)
    address = f"/suivi/saisies/{Reopening.objects.get().id}/"
    charlie = _academy(names, "LYON")
    assert charlie.get(address).status_code == 404
    assert charlie.post(address, {"decision": "grant", "day": _day(1)}).status_code == 404
    assert "demande à rouvrir" not in charlie.get("/").content.decode()


def test_who_does_not_decide_is_told_who_does(names: Any) -> None:
    keyed(names, closes=-1, more='[decides]\nreopen_keying = ["ministry"]')
    division = _class_of_rennes(names)
    _ask(names, division)
    request = Reopening.objects.get()
    academy = _academy(names)
    refused = academy.get(f"/suivi/saisies/{request.id}/")
    assert refused.status_code == 403
    assert "le ministère" in refused.content.decode()
    page = academy.get(f"/suivi/etablissements/{division.school.id}/").content.decode()
    assert WHY in page
    assert f"/suivi/saisies/{request.id}/" not in page
    assert "demande à rouvrir" not in academy.get("/").content.decode()


def test_no_pupil_is_said_to_have_been_seen_by_who_decides(names: Any, division: Any) -> None:
    from encrier_names.audit.reading import about_pupil

    _ask(names, division)
    address = f"/suivi/saisies/{Reopening.objects.get().id}/"
    _academy(names).post(address, {"decision": "grant", "day": _day(1)})
    seen = about_pupil(division.pupils.first().id, division.id)
    assert not [row for row in seen if row.action.startswith("reopening")]
