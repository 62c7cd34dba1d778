# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing in through a provider: who is known enters, and no forged answer is believed."""

import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from encrier_names.signin.openid import provider as calls
from stagecraft.provider import CLIENT, SECRET, Provider, running

START, BACK = "/connexion/agent/", "/connexion/agent/retour/"
FORGED = [
    "wrong nonce", "no nonce", "other audience", "two audiences", "expired", "old",
    "from the future", "other issuer", "other issuer answers", "wrong access token", "no subject",
    "no signature", "signed with the client secret", "another key",
    "user information of another", "user information for another client",
]  # fmt: skip


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any) -> None:
        return None


@pytest.fixture
def provider(names: Any) -> Iterator[Provider]:
    """The provider, and a zone that has its address."""
    with running() as found:
        calls.forget()
        names.set(
            openid_issuer=found.issuer,
            openid_client=CLIENT,
            openid_secret=SECRET,
        )
        yield found
        calls.forget()


def signed_in_there(address: str, login: str) -> str:
    """Sign in at the provider; the path and query that the browser is sent back to."""
    opener = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))
    try:
        opener.open(address, data=urlencode({"login": login}).encode(), timeout=5)
    except urllib.error.HTTPError as sent:
        with sent:
            back = urlsplit(sent.headers["Location"])
            return f"{back.path}?{back.query}"
    raise AssertionError(address)


def go_there(client: Any, login: str = "helene", **fields: str) -> str:
    return signed_in_there(client.post(START, fields)["Location"], login)


def invited(names: Any, **kwargs: Any) -> tuple[Any, Any]:
    """A teacher with an invitation, whose browser has given its code."""
    from encrier_names.people import accounts, invitations
    from encrier_names.people.models import Person
    from encrier_names.schools.models import Role

    school = names.open_class(2).school
    staff = accounts.open_account(Person("Mme Hélène Duprat"), Role.TEACHER, school=school)
    _made, code = invitations.invite(staff, by=None)
    client = names.client()
    assert client.post("/invitation/", {"code": code})["Location"] == "/invitation/moyen/"
    return staff, client


def linked(names: Any) -> Any:
    """A teacher whose identity there is linked, signed out again."""
    staff, client = invited(names)
    assert client.get(go_there(client, but="lier"))["Location"] == "/"
    client.post("/deconnexion/")
    return staff


def signed_in(client: Any) -> bool:
    return "_auth_user_id" in client.session


def test_an_invitation_links_an_identity_that_then_signs_in(names: Any, provider: Provider) -> None:
    staff = linked(names)
    client = names.client()
    answer = client.get(go_there(client))
    assert answer["Location"] == "/"
    assert int(client.session["_auth_user_id"]) == staff.user.id
    assert client.get("/").status_code == 200


def test_who_is_unknown_is_told_what_to_do_and_stays_out(names: Any, provider: Provider) -> None:
    linked(names)
    client = names.client()
    answer = client.get(go_there(client, "inconnue"))
    assert answer.status_code == 403
    assert "Demandez une invitation" in answer.content.decode()
    assert "Ève Inconnue" in answer.content.decode()
    assert not signed_in(client)


def test_the_same_address_is_not_the_same_person(names: Any, provider: Provider) -> None:
    """Somebody at another identity provider has our teacher's address: she is not our teacher."""
    from encrier_names.people import accounts

    staff = linked(names)
    accounts.prove_address(accounts.account_of(staff), "helene@exemple.fr")
    provider.idp = "another-identity-provider"
    client = names.client()
    assert client.get(go_there(client)).status_code == 403
    assert not signed_in(client)


@pytest.mark.parametrize("mischief", FORGED)
def test_a_forged_answer_is_refused(names: Any, provider: Provider, mischief: str) -> None:
    linked(names)
    client = names.client()
    provider.mischief = mischief
    answer = client.get(go_there(client))
    assert answer.status_code == 400
    assert "vous n’êtes pas connecté" in answer.content.decode()
    assert not signed_in(client)


def test_what_was_refused_was_only_the_mischief(names: Any, provider: Provider) -> None:
    linked(names)
    client = names.client()
    provider.mischief = FORGED[0]
    client.get(go_there(client))
    provider.mischief = ""
    assert client.get(go_there(client)).status_code == 302


def test_an_answer_serves_once(names: Any, provider: Provider) -> None:
    linked(names)
    client = names.client()
    back = go_there(client)
    client.get(back)
    client.post("/deconnexion/")
    assert client.get(back).status_code == 400
    assert not signed_in(client)


def test_an_answer_serves_only_the_browser_that_asked(names: Any, provider: Provider) -> None:
    """Else somebody could be made to sign in as another."""
    linked(names)
    back = go_there(names.client())
    victim = names.client()
    assert victim.get(back).status_code == 400
    victim.post(START)
    assert victim.get(back).status_code == 400
    assert not signed_in(victim)


def test_a_code_without_its_verifier_is_worth_nothing(names: Any, provider: Provider) -> None:
    linked(names)
    thief, owner = names.client(), names.client()
    code = parse_qs(urlsplit(go_there(owner)).query)["code"][0]
    mine = parse_qs(urlsplit(thief.post(START)["Location"]).query)["state"][0]
    answer = {"code": code, "state": mine, "iss": provider.issuer}
    assert thief.get(f"{BACK}?{urlencode(answer)}").status_code == 400
    assert not signed_in(thief)


def test_a_changed_key_is_fetched(
    names: Any, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    linked(names)
    provider.change_key()
    monkeypatch.setattr(calls, "SOONEST", timedelta(0))
    client = names.client()
    assert client.get(go_there(client)).status_code == 302


def test_keys_are_asked_for_anew_once_a_minute_at_most(names: Any, provider: Provider) -> None:
    """Forged tokens must not make us hammer the provider."""
    linked(names)
    provider.change_key()
    client = names.client()
    assert client.get(go_there(client)).status_code == 400


def test_a_level_that_is_asked_for_must_be_reached(names: Any, provider: Provider) -> None:
    linked(names)
    names.set(openid_acr="eidas2 eidas3")
    client = names.client()
    answer = client.get(go_there(client))
    assert answer.status_code == 400
    assert "second facteur" in answer.content.decode()
    provider.acr = "eidas2"
    assert client.get(go_there(client)).status_code == 302


def test_an_identity_of_another_account_cannot_be_taken(names: Any, provider: Provider) -> None:
    linked(names)
    other = names.client(names.staff("other", "ministry"))
    answer = other.get(go_there(other, but="lier"))
    assert answer.status_code == 409
    assert "autre compte" in answer.content.decode()


def test_a_closed_account_is_unknown(names: Any, provider: Provider) -> None:
    staff = linked(names)
    staff.user.is_active = False
    staff.user.save()
    client = names.client()
    assert client.get(go_there(client)).status_code == 403


def test_signing_out_ends_the_session_of_the_provider_too(names: Any, provider: Provider) -> None:
    linked(names)
    client = names.client()
    client.get(go_there(client))
    out = client.post("/deconnexion/")["Location"]
    assert out.startswith(f"{provider.issuer}/session/end?")
    asked = parse_qs(urlsplit(out).query)
    assert asked["post_logout_redirect_uri"] == ["http://127.0.0.1/connexion/"]
    assert asked["id_token_hint"][0].count(".") == 2
    assert not signed_in(client)


def test_the_session_gets_another_key_at_sign_in(names: Any, provider: Provider) -> None:
    linked(names)
    client = names.client()
    back = go_there(client)
    before = client.session.session_key
    client.get(back)
    assert client.session.session_key != before


def test_giving_up_over_there_leads_back(names: Any, provider: Provider) -> None:
    client = names.client()
    state = parse_qs(urlsplit(client.post(START)["Location"]).query)["state"][0]
    answer = {"error": "access_denied", "state": state, "iss": provider.issuer}
    assert client.get(f"{BACK}?{urlencode(answer)}")["Location"] == "/connexion/"


def test_a_provider_that_is_down_is_said_to_be(names: Any) -> None:
    names.set(openid_issuer="http://127.0.0.1:9", openid_client="c", openid_secret="secret")
    calls.forget()
    answer = names.client().post(START)
    assert answer.status_code == 503
    assert "ne répond pas" in answer.content.decode()


def test_without_a_provider_nothing_of_it_is_there(names: Any) -> None:
    client = names.client()
    assert "ProConnect" not in client.get("/connexion/").content.decode()
    assert client.post(START).status_code == 404
    assert client.get(BACK).status_code == 404


def test_no_claim_is_kept(names: Any, provider: Provider) -> None:
    linked(names)
    content = names.every_byte()
    for claim in (b"s-helene", b"helene@exemple.fr", b"11004301500012", b"Duprat"):
        assert claim not in content
