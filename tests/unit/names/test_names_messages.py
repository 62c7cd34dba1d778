# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages: to the schools of a filter, read by heads, without a way to elsewhere."""

from datetime import timedelta
from typing import Any

import pytest

from encrier import clock
from encrier_names.followup import tallies
from encrier_names.notices.models import Addressed, Message
from encrier_names.schools.models import School

GIVEN = {"title": "Rappel", "text": "Pensez à valider\nvos listes.", "page": "import-choose"}


@pytest.fixture
def schools(names: Any) -> list[School]:
    """Two schools of Rennes, one of Lyon."""
    made = [
        School.objects.create(uai=uai, name=f"Collège {uai}", academy=academy)
        for uai, academy in (("0350001A", "RENNES"), ("0350002B", "RENNES"), ("0690001X", "LYON"))
    ]
    tallies.rebuild()
    return made


def given(**changes: str) -> dict[str, str]:
    later = (clock.now() + timedelta(days=5)).date().isoformat()
    return {**GIVEN, "expires_on": later, **changes}


def test_a_message_reaches_the_schools_of_the_filter_and_is_read(
    names: Any, schools: list[School]
) -> None:
    author = names.client(names.staff("a", "academy", academy="RENNES"))
    assert "2 établissements" in author.get("/messages/ecrire/").content.decode()
    sent = author.post("/messages/ecrire/?q=0350001A", given())
    page = author.get(sent["location"]).content.decode()
    assert "Lu par 0 établissements sur 1" in page
    heads = [names.client(names.staff(s.uai, "head", school=s)) for s in schools]
    first = heads[0].get("/").content.decode()
    assert "Pensez à valider<br>vos listes." in first
    assert 'href="/listes/"' in first
    assert "Pensez" not in heads[1].get("/").content.decode()
    message = Message.objects.get()
    heads[0].post(f"/messages/{message.id}/lu/")
    assert "Pensez" not in heads[0].get("/").content.decode()
    assert "Pensez" in heads[0].get("/messages/").content.decode()
    assert "Lu par 1 établissements sur 1" in author.get(sent["location"]).content.decode()
    assert heads[1].post(f"/messages/{message.id}/lu/").status_code == 404


def test_an_academie_writes_to_no_school_of_another(names: Any, schools: list[School]) -> None:
    author = names.client(names.staff("a", "academy", academy="RENNES"))
    author.post("/messages/ecrire/?academie=LYON", given())
    author.post("/messages/ecrire/", given())
    addressed = Addressed.objects.values_list("school__academy", flat=True)
    assert set(addressed) == {"RENNES"}


def test_the_ministry_writes_to_all_and_the_academie_cannot_take_it_back(
    names: Any, schools: list[School]
) -> None:
    agent = names.client(names.staff("m", "ministry"))
    agent.post("/messages/ecrire/", given())
    message = Message.objects.get()
    assert message.addressed.count() == 3
    correspondent = names.client(names.staff("a", "academy", academy="RENNES"))
    assert correspondent.post(f"/messages/{message.id}/retirer/").status_code == 404
    head = names.client(names.staff("h", "head", school=schools[2]))
    assert "Ministère" in head.get("/").content.decode()
    agent.post(f"/messages/{message.id}/retirer/")
    assert "Ministère" not in head.get("/").content.decode()


def test_a_message_that_has_expired_is_shown_no_more(names: Any, schools: list[School]) -> None:
    names.client(names.staff("m", "ministry")).post("/messages/ecrire/", given())
    Message.objects.update(expires_at=clock.now())
    head = names.client(names.staff("h", "head", school=schools[0]))
    assert "Pensez" not in head.get("/").content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": "Voir https://exemple.fr/page"}, "ne mène pas ailleurs"),
        ({"text": "Allez sur www.exemple.org"}, "ne mène pas ailleurs"),
        ({"text": "Allez sur exemple.com"}, "ne mène pas ailleurs"),
        ({"text": "L’élève 990000001AA est absent"}, "INE"),
        ({"expires_on": "2020-01-01"}, "passé"),
        ({"page": "sign-out"}, "page"),
        ({"text": ""}, "obligatoire"),
    ],
)
def test_what_leads_elsewhere_or_names_a_pupil_is_refused(
    names: Any, schools: list[School], changes: dict[str, str], said: str
) -> None:
    author = names.client(names.staff("a", "academy", academy="RENNES"))
    page = author.post("/messages/ecrire/", given(**changes)).content.decode()
    assert said in page
    assert Message.objects.count() == 0


def test_the_text_of_a_message_is_text(names: Any, schools: list[School]) -> None:
    author = names.client(names.staff("a", "academy", academy="RENNES"))
    text = "<script>1</script> Écrivez à assistance@ac-exemple.fr & merci."
    author.post("/messages/ecrire/", given(text=text))
    head = names.client(names.staff("h", "head", school=schools[0]))
    page = head.get("/").content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


def test_nobody_is_written_to_where_nobody_is_found(names: Any, schools: list[School]) -> None:
    author = names.client(names.staff("a", "academy", academy="RENNES"))
    assert author.post("/messages/ecrire/?q=zzzz", given()).status_code == 409
    assert Message.objects.count() == 0
