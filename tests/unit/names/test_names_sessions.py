# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long one stays in: short on a shared computer, never past four hours, out everywhere."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encrier import clock
from encrier_names.signin.sessions import IDLE_OWN, IDLE_SHARED, LONGEST, Terms, over

NOON = datetime(2026, 9, 9, 12, tzinfo=UTC)
PASSWORD = "quatre mots au hasard"
Forward = Callable[[timedelta], None]


@pytest.fixture
def forward(monkeypatch: pytest.MonkeyPatch) -> Forward:
    """Let time pass."""
    passed = [timedelta(0)]
    true = clock.now

    def go(by: timedelta) -> None:
        passed[0] += by

    monkeypatch.setattr(clock, "now", lambda: true() + passed[0])
    return go


@pytest.fixture
def user(names: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("django.contrib.auth.hashers.PBKDF2PasswordHasher.iterations", 1)
    staff = names.staff("agent", "ministry")
    staff.user.set_password(PASSWORD)
    staff.user.save()
    return staff


def sign_in(client: Any, **more: str) -> Any:
    return client.post("/connexion/", {"username": "agent", "password": PASSWORD} | more)


def test_twenty_minutes_without_a_page_end_it(names: Any, user: Any, forward: Forward) -> None:
    client = names.client()
    sign_in(client)
    forward(timedelta(minutes=19))
    assert client.get("/").status_code == 200
    forward(timedelta(minutes=19))
    assert client.get("/calendrier/").status_code == 200
    forward(IDLE_SHARED)
    answer = client.get("/calendrier/")
    assert answer["Location"] == "/connexion/?fin=inactif&next=%2Fcalendrier%2F"
    assert "sans activité" in client.get(answer["Location"]).content.decode()
    assert sign_in(client, next="/calendrier/")["Location"] == "/calendrier/"


def test_on_ones_own_computer_two_hours_are_allowed(
    names: Any, user: Any, forward: Forward
) -> None:
    client = names.client()
    sign_in(client, own_computer="on")
    forward(timedelta(minutes=119))
    assert client.get("/").status_code == 200
    forward(IDLE_OWN)
    assert client.get("/").status_code == 302


def test_four_hours_end_it_in_any_case(names: Any, user: Any, forward: Forward) -> None:
    client = names.client()
    sign_in(client)
    for _ in range(15):
        forward(timedelta(minutes=15))
        assert client.get("/").status_code == 200
    forward(timedelta(minutes=15))
    assert "fin=duree" in client.get("/")["Location"]


def test_whose_computer_it_is_can_be_said_afterwards(
    names: Any, user: Any, forward: Forward
) -> None:
    client = names.client()
    sign_in(client)
    assert "tenu pour partagé" in client.get("/compte/").content.decode()
    client.post("/compte/ordinateur/", {"own": "yes"})
    assert "est le vôtre" in client.get("/compte/").content.decode()
    forward(timedelta(minutes=60))
    assert client.get("/").status_code == 200
    client.post("/compte/ordinateur/", {"own": "no"})
    forward(timedelta(minutes=21))
    assert client.get("/").status_code == 302


def test_out_of_every_computer(names: Any, user: Any, forward: Forward) -> None:
    here, there = names.client(), names.client()
    sign_in(there)
    sign_in(here)
    forward(timedelta(seconds=1))
    assert here.post("/compte/partout/")["Location"] == "/connexion/?fin=partout"
    assert here.get("/").status_code == 302
    assert "fin=partout" in there.get("/")["Location"]
    forward(timedelta(seconds=1))
    sign_in(here)
    assert here.get("/").status_code == 200


def test_signing_in_changes_the_key_of_the_session(names: Any, user: Any) -> None:
    client = names.client()
    client.get("/connexion/lien/")
    client.session.save()
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_means_change_only_in_a_fresh_session(names: Any, user: Any, forward: Forward) -> None:
    """A session left open in the staff room must not give its finder a way in for good."""
    client = names.client()
    sign_in(client, own_computer="on")
    names.set(mail_host="127.0.0.1", mail_tls="none", mail_from="e@exemple.fr")
    forward(timedelta(minutes=15))
    answer = client.get("/compte/adresse/")
    assert answer.status_code == 409
    assert "reconnectez-vous" in answer.content.decode()
    assert "Ajouter une adresse" not in client.get("/compte/").content.decode()


def test_a_new_password_ends_the_other_sessions(names: Any, user: Any) -> None:
    here, there = names.client(), names.client()
    sign_in(here)
    sign_in(there)
    wrong = {"known": "not mine", "wanted": "cinq autres mots au hasard"}
    assert "pas votre mot de passe" in here.post("/compte/mot-de-passe/", wrong).content.decode()
    right = wrong | {"known": PASSWORD}
    assert here.post("/compte/mot-de-passe/", right)["Location"] == "/compte/"
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302
    assert "n’est pas le bon" in sign_in(names.client()).content.decode()


def test_a_form_sent_after_the_end_is_not_taken(names: Any, user: Any, forward: Forward) -> None:
    client = names.client()
    sign_in(client)
    forward(IDLE_SHARED)
    assert (
        client.post("/compte/ordinateur/", {"own": "yes"})["Location"] == "/connexion/?fin=inactif"
    )


moments = st.timedeltas(timedelta(0), timedelta(hours=6))


@given(idle=moments, age=moments, own=st.booleans())
def test_no_session_outlives_its_terms(idle: timedelta, age: timedelta, own: bool) -> None:  # noqa: FBT001
    terms = Terms(NOON - age, NOON - min(idle, age), own)
    allowed = IDLE_OWN if own else IDLE_SHARED
    alive = over(terms, now=NOON, since=None) is None
    assert alive == (age < LONGEST and min(idle, age) < allowed)
    assert over(terms, now=NOON, since=NOON + timedelta(seconds=1)) == "partout"
    assert terms.idle_until <= terms.until
