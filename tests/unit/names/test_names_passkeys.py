# SPDX-License-Identifier: AGPL-3.0-or-later
"""Passkeys: the device that was attached opens, once a challenge, and no other does."""

from typing import Any

import pytest
from django.test import Client

from encrier_names.headers import HEADERS
from stagecraft.passkey import ADD, ENTER, PRESENT, Device, attach, enter, options_on


def browser(staff: Any = None) -> Any:
    """A browser where the address bar says a name: keys are bound to one."""
    client = Client(SERVER_NAME="localhost")
    if staff is not None:
        client.force_login(staff.user)
    return client


def signed_in(client: Any) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def agent(names: Any) -> Any:
    staff = names.staff("agent", "ministry")
    staff.user.set_unusable_password()
    staff.user.save()
    return staff


def test_a_key_is_attached_and_opens(agent: Any) -> None:
    device = Device()
    assert attach(browser(agent), device)["Location"] == "/compte/"
    client = browser()
    assert enter(client, device)["Location"] == "/"
    assert int(client.session["_auth_user_id"]) == agent.user.id


def test_several_keys_have_names_and_days_and_go_one_by_one(agent: Any) -> None:
    phone, stick = Device(), Device()
    client = browser(agent)
    attach(client, phone, "Mon téléphone")
    attach(client, stick, "Clé du bureau")
    page = client.get("/compte/").content.decode()
    assert "Mon téléphone" in page
    assert "Clé du bureau" in page
    gone = next(key for key in agent.passkeys.all() if key.name.shown == "Clé du bureau")
    assert client.post(f"/compte/cles/{gone.id}/retirer/")["Location"] == "/compte/"
    assert enter(browser(), stick).status_code == 400
    assert enter(browser(), phone).status_code == 302


def test_the_last_means_stays(agent: Any) -> None:
    device, client = Device(), browser(agent)
    attach(client, device)
    answer = client.post(f"/compte/cles/{agent.passkeys.get().id}/retirer/")
    assert answer.status_code == 409
    assert "dernier moyen" in answer.content.decode()
    assert enter(browser(), device).status_code == 302


def test_the_key_of_another_cannot_be_removed(names: Any, agent: Any) -> None:
    attach(browser(agent), Device())
    other = browser(names.staff("other", "ministry"))
    assert other.post(f"/compte/cles/{agent.passkeys.get().id}/retirer/").status_code == 404


def test_an_answer_serves_once(agent: Any) -> None:
    device = Device()
    attach(browser(agent), device)
    client = browser()
    answer = device.get(options_on(client, ENTER))
    assert client.post(ENTER, {"answer": answer}).status_code == 302
    client.post("/deconnexion/")
    assert client.post(ENTER, {"answer": answer}).status_code == 400
    thief = browser()
    options_on(thief, ENTER)
    assert thief.post(ENTER, {"answer": answer}).status_code == 400
    assert not signed_in(thief)


@pytest.mark.parametrize(
    "wrong", [{"origin": "https://faux.exemple"}, {"site": "faux.exemple"}, {"flags": PRESENT}]
)
def test_another_site_or_a_locked_device_is_refused(agent: Any, wrong: dict[str, Any]) -> None:
    device, client = Device(), browser()
    attach(browser(agent), device)
    vars(device).update(wrong)
    assert enter(client, device).status_code == 400
    assert not signed_in(client)


def test_the_signature_of_another_device_is_refused(agent: Any) -> None:
    device, client = Device(), browser()
    attach(browser(agent), device)
    device.key = Device().key
    assert enter(client, device).status_code == 400
    assert not signed_in(client)


def test_a_copied_device_is_found_out(agent: Any) -> None:
    """Its count of uses is behind that of the one it was copied from."""
    device = Device()
    attach(browser(agent), device)
    enter(browser(), device)
    enter(browser(), device)
    device.count = 0
    assert enter(browser(), device).status_code == 400


@pytest.mark.parametrize(
    "answer", ["", "{", "[]", "{}", '{"rawId": 7}', '{"rawId": "é"}', '{"rawId": "AAAA"}', "null"]
)
def test_nonsense_is_refused_and_breaks_nothing(names: Any, answer: str) -> None:
    client = browser()
    options_on(client, ENTER)
    assert client.post(ENTER, {"answer": answer}).status_code == 400


def test_a_closed_account_stays_shut(agent: Any) -> None:
    device = Device()
    attach(browser(agent), device)
    agent.user.is_active = False
    agent.user.save()
    assert enter(browser(), device).status_code == 400


def test_the_same_key_is_not_attached_twice(names: Any, agent: Any) -> None:
    device = Device()
    attach(browser(agent), device)
    other = names.staff("other", "ministry")
    assert attach(browser(other), device).status_code == 400
    assert other.passkeys.count() == 0


def test_the_script_is_allowed_on_its_two_pages_and_nowhere_else(agent: Any) -> None:
    client = browser(agent)
    policies = {page: client.get(page)["Content-Security-Policy"] for page in (ENTER, ADD, "/")}
    assert "script-src 'self'" in policies[ENTER]
    assert "script-src 'self'" in policies[ADD]
    assert policies["/"] == HEADERS["Content-Security-Policy"]
    assert "script" not in policies["/"]


def test_where_the_address_is_a_number_keys_are_not_offered(names: Any) -> None:
    client = names.client()
    assert client.get(ENTER).status_code == 404
    assert ENTER not in client.get("/connexion/").content.decode()
    assert ENTER in browser().get("/connexion/").content.decode()


def test_how_a_key_is_called_is_sealed(names: Any, agent: Any) -> None:
    attach(browser(agent), Device(), "Zorglubophone")
    assert b"Zorglubophone" not in names.every_byte()
