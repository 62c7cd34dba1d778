# SPDX-License-Identifier: AGPL-3.0-or-later
"""A link by mail: a quarter of an hour, once, in one browser; nobody learns who is here."""

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from encrier import clock
from stagecraft.mailbox import Mailbox, open_mailbox

ASK, ADDRESS = "/connexion/lien/", "Helene.Duprat@Exemple.fr"


@pytest.fixture
def mailbox(names: Any) -> Iterator[Mailbox]:
    with open_mailbox() as box:
        names.set(
            mail_host="127.0.0.1", mail_port=box.port, mail_tls="none", mail_from="e@exemple.fr"
        )
        yield box
        for thread in threading.enumerate():
            if thread.name.startswith("letters"):
                thread.join()


@pytest.fixture
def helene(names: Any) -> Any:
    """A teacher whose address is proved."""
    return with_address(names, "helene")


def with_address(names: Any, user: str, address: str = ADDRESS) -> Any:
    from encrier_names.people import accounts

    staff = names.staff(user, "ministry")
    accounts.prove_address(accounts.account_of(staff), address)
    return staff


def link_in(body: str) -> str:
    found = re.search(r"http://127.0.0.1(/\S+)", body)
    assert found is not None
    return found.group(1)


def ask(client: Any, address: str = ADDRESS) -> Any:
    return client.post(ASK, {"address": address})


def signed_in(client: Any) -> bool:
    return "_auth_user_id" in client.session


def test_a_link_opens_by_its_button_in_the_browser_that_asked(
    names: Any, mailbox: Mailbox, helene: Any
) -> None:
    client = names.client()
    ask(client, "helene.duprat@exemple.fr ")
    letter = mailbox.next()
    assert letter.to == "helene.duprat@exemple.fr"
    link = link_in(letter.body)
    assert client.get(link).status_code == 200
    assert not signed_in(client)
    assert client.post(link)["Location"] == "/"
    assert int(client.session["_auth_user_id"]) == helene.user.id


def test_a_link_serves_once(names: Any, mailbox: Mailbox, helene: Any) -> None:
    client = names.client()
    ask(client)
    link = link_in(mailbox.next().body)
    client.post(link)
    client.post("/deconnexion/")
    ask(client)
    assert client.post(link).status_code == 400
    assert not signed_in(client)


def test_a_link_does_not_open_in_another_browser(names: Any, mailbox: Mailbox, helene: Any) -> None:
    ask(names.client())
    link = link_in(mailbox.next().body)
    thief = names.client()
    for answer in (thief.get(link), thief.post(link)):
        assert answer.status_code == 400
        assert "dans le navigateur où vous l’avez demandé" in answer.content.decode()
    ask(thief, "autre@exemple.fr")
    assert thief.post(link).status_code == 400
    assert not signed_in(thief)


def test_a_link_lasts_a_quarter_of_an_hour(
    names: Any, mailbox: Mailbox, helene: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = names.client()
    ask(client)
    link = link_in(mailbox.next().body)
    later = clock.now() + timedelta(minutes=15)
    monkeypatch.setattr(clock, "now", lambda: later)
    answer = client.post(link)
    assert answer.status_code == 400
    assert "quart d’heure" in answer.content.decode()


def test_a_closed_account_gets_no_link(names: Any, mailbox: Mailbox, helene: Any) -> None:
    client = names.client()
    ask(client)
    link = link_in(mailbox.next().body)
    helene.user.is_active = False
    helene.user.save()
    assert client.post(link).status_code == 400
    ask(client)
    with_address(names, "other", "other@exemple.fr")
    ask(client, "other@exemple.fr")
    assert mailbox.next().to == "other@exemple.fr"


def test_the_answer_is_the_same_for_an_address_that_nobody_has(
    names: Any, mailbox: Mailbox, helene: Any
) -> None:
    from encrier_names.people.models import MailLink

    known, unknown = ask(names.client()), ask(names.client(), "personne@exemple.fr")
    mailbox.next()
    assert known.content == unknown.content
    assert known.status_code == unknown.status_code
    assert known.cookies.keys() == unknown.cookies.keys()
    assert MailLink.objects.count() == 2
    assert mailbox.empty


def test_after_three_letters_no_more_leave_and_the_answer_is_the_same(
    names: Any, mailbox: Mailbox, helene: Any
) -> None:
    client = names.client()
    answers = [ask(client).content for _ in range(5)]
    assert len(set(answers)) == 1
    for _ in range(3):
        mailbox.next()
    with_address(names, "other", "other@exemple.fr")
    ask(client, "other@exemple.fr")
    assert mailbox.next().to == "other@exemple.fr"


def test_one_address_of_two_accounts_gets_a_link_for_each(
    names: Any, mailbox: Mailbox, helene: Any
) -> None:
    school = names.open_class(2).school
    second = with_address(names, "second")
    second.school = school
    second.save()
    client = names.client()
    ask(client)
    letters = [mailbox.next(), mailbox.next()]
    assert sum(school.name in letter.body for letter in letters) == 1
    client.post(link_in(letters[0].body))
    assert signed_in(client)


def test_a_new_address_is_proved_before_it_serves(names: Any, mailbox: Mailbox) -> None:
    from encrier_names.people.accounts import person_of

    agent = names.staff("agent", "ministry")
    client = names.client(agent)
    client.post("/compte/adresse/", {"address": "neuve@exemple.fr"})
    link = link_in(mailbox.next().body)
    ask(names.client(), "neuve@exemple.fr")
    assert client.post(link)["Location"] == "/compte/"
    assert person_of(agent).address == "neuve@exemple.fr"
    assert mailbox.empty  # before, it was nobody's
    visitor = names.client()
    ask(visitor, "neuve@exemple.fr")
    visitor.post(link_in(mailbox.next().body))
    assert signed_in(visitor)


def test_neither_address_nor_link_is_readable_on_the_disk(
    names: Any, mailbox: Mailbox, helene: Any
) -> None:
    client = names.client()
    ask(client)
    token = link_in(mailbox.next().body).split("/")[3]
    content = names.every_byte().lower()
    assert b"duprat" not in content
    assert token.lower().encode() not in content


def test_a_mail_server_that_is_down_changes_nothing_for_who_asks(names: Any, helene: Any) -> None:
    names.set(mail_host="127.0.0.1", mail_port=9, mail_tls="none", mail_from="e@exemple.fr")
    assert ask(names.client()).status_code == 200


def test_without_a_mail_server_there_is_no_such_page(names: Any) -> None:
    client = names.client()
    assert client.get(ASK).status_code == 404
    assert ASK not in client.get("/connexion/").content.decode()
