# SPDX-License-Identifier: AGPL-3.0-or-later
"""Guessing is slow, and slowing it locks nobody out for long."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from encrier import clock
from encrier_names.signin.models import Failure
from encrier_names.signin.throttle import FREE, FREE_NAME, FREE_PLACE, WAIT, must_wait, place_of
from stagecraft.passkey import Device, attach, enter

GOOD, WRONG = "quatre mots au hasard", "un autre mot de passe"
SCHOOL, STRANGER = "192.0.2.7", "198.51.100.9"
NOON = datetime(2026, 9, 9, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.contrib.auth.hashers.PBKDF2PasswordHasher.iterations", 1)


@pytest.fixture
def head(names: Any) -> Any:
    staff = names.staff("mme.tete", "head", school=names.open_class(2).school)
    staff.user.set_password(GOOD)
    staff.user.save()
    return staff


def attempt(client: Any, password: str, *, user: str = "mme.tete", place: str = SCHOOL) -> Any:
    given = {"username": user, "password": password}
    return client.post("/connexion/", given, REMOTE_ADDR=place)


def waits(answer: Any) -> bool:
    return "Trop d’essais" in answer.content.decode()


def test_a_stranger_elsewhere_does_not_lock_the_head_out(names: Any, head: Any) -> None:
    client = names.client()
    answers = [attempt(client, WRONG, place=STRANGER) for _ in range(FREE + 1)]
    assert waits(answers[-1])
    assert attempt(client, GOOD).status_code == 302


def test_many_strangers_slow_the_password_and_nothing_else(names: Any, head: Any) -> None:
    """Proof that no lock-out is total: a passkey opens while the password waits."""
    device = Device()
    phone, owner = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    owner.force_login(head.user)
    attach(owner, device)
    client = names.client()
    for i in range(FREE_NAME):
        attempt(client, WRONG, place=f"198.51.{i}.9")
    assert waits(attempt(client, GOOD))
    assert enter(phone, device).status_code == 302


def test_many_names_from_one_place_wait_at_a_number_that_a_school_does_not_reach(
    names: Any, head: Any
) -> None:
    client = names.client()
    for i in range(FREE_PLACE):
        assert not waits(attempt(client, WRONG, user=f"name{i}", place=STRANGER))
    assert waits(attempt(client, WRONG, user="another", place=STRANGER))
    assert not waits(attempt(client, WRONG, user="another"))


def test_the_wait_is_over_after_a_quarter_of_an_hour(
    names: Any, head: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = names.client()
    for _ in range(FREE + 1):
        attempt(client, WRONG)
    later = clock.now() + WAIT
    monkeypatch.setattr(clock, "now", lambda: later)
    assert attempt(client, GOOD).status_code == 302


def test_failures_are_forgotten_and_name_neither_person_nor_address(
    names: Any, head: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = names.client()
    attempt(client, WRONG)
    content = names.every_byte()
    for word in (b"192.0.2", SCHOOL.encode()):
        assert word not in content
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    attempt(client, WRONG, user="another", place=STRANGER)
    assert Failure.objects.filter(last_at__lt=later).count() == 0


def test_every_refusal_costs_the_same_work(
    names: Any, head: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown name, a wrong password, an account without one, a closed one: one hash each."""
    hashed: list[str] = []
    true = PBKDF2PasswordHasher.encode

    def counting(self: Any, password: str, salt: str, iterations: int | None = None) -> str:
        hashed.append(password)
        return true(self, password, salt, iterations)

    without = names.staff("sans", "ministry")
    without.user.set_unusable_password()
    without.user.save()
    closed = names.staff("ferme", "ministry")
    closed.user.set_password(WRONG)
    closed.user.is_active = False
    closed.user.save()
    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", counting)
    said = set()
    for user in ("personne", "mme.tete", "sans", "ferme"):
        hashed.clear()
        page = attempt(names.client(), WRONG, user=user).content.decode()
        said.add(page.partition('role="alert">')[2].partition("</div>")[0])
        assert len(hashed) == 1, user
    assert len(said) == 1


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2::7", "2001:db8:1::/48"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_a_place_is_a_network_and_not_an_address(names: Any, address: str, place: str) -> None:
    assert place_of(RequestFactory().get("/", REMOTE_ADDR=address)) == place


def test_behind_our_proxy_only_what_it_says_itself_is_believed(names: Any) -> None:
    request = RequestFactory().get(
        "/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.1, 192.0.2.7"
    )
    assert place_of(request) == "127.0.0.0/24"
    names.set(proxy="trusted")
    assert place_of(request) == "192.0.2.0/24"


@given(count=st.integers(0, 100), free=st.integers(1, 50), passed=st.timedeltas(timedelta(0)))
def test_a_wait_needs_too_many_failures_and_ends(count: int, free: int, passed: timedelta) -> None:
    waiting = must_wait(count, NOON - min(passed, timedelta(days=9)), now=NOON, free=free)
    assert waiting == (count >= free and passed < WAIT)
