# SPDX-License-Identifier: AGPL-3.0-or-later
"""Delegation: whom a head lets in, to what, since when; and the invitation that begins it."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest

from encrier import clock
from encrier_names.audit.models import Access
from stagecraft.mailbox import open_mailbox

INVITE = "/personnes/inviter/"


class School:
    """A school with two classes, and its head at work."""

    def __init__(self, names: Any) -> None:
        from encrier_names.schools.models import Division

        self.names = names
        self.division = names.open_class(2, division="6A")
        self.school = self.division.school
        self.other = Division.objects.create(school=self.school, label="6B")
        self.staff = names.staff("head", "head", school=self.school)
        self.head = names.client(self.staff)

    def invite(self, *divisions: Any, role: str = "teacher", **more: str) -> Any:
        chosen = [str(division.id) for division in divisions]
        fields = {"once": str(uuid.uuid4()), "shown": "Mme Hélène Duprat", "role": role}
        return self.head.post(INVITE, fields | {"divisions": chosen} | more)

    def code(self, *divisions: Any, **more: str) -> str:
        return code_on(self.invite(*divisions, **more))

    def invited(self) -> Any:
        from encrier_names.schools.models import Staff

        return Staff.objects.exclude(user__username="head").latest("user__date_joined")

    def rows(self) -> list[str]:
        rows = Access.objects.filter(staff=self.staff.id, about=self.invited().id).order_by("id")
        return list(rows.values_list("action", flat=True))


@pytest.fixture
def school(names: Any) -> School:
    return School(names)


def code_on(page: Any) -> str:
    found = re.search(r"(?:[B-Z]{4}-){3}[B-Z]{4}", page.content.decode())
    assert found is not None
    return found.group()


def choose_password(client: Any, code: str, user: str = "h.duprat") -> Any:
    client.post("/invitation/", {"code": code})
    given = {"username": user, "password": "quatre mots au hasard"}
    return client.post("/invitation/mot-de-passe/", given)


def test_an_invited_teacher_sees_her_class_and_no_other(names: Any, school: School) -> None:
    code = school.code(school.division)
    client = names.client()
    assert choose_password(client, code.lower().replace("-", " "))["Location"] == "/"
    page = client.get("/").content.decode()
    assert ">6A<" in page
    assert ">6B<" not in page  # a bare "6B" stands in one token of twenty
    assert client.get(f"/classes/{school.division.id}/").status_code == 200
    assert client.get(f"/classes/{school.other.id}/").status_code == 404


def test_an_invitation_serves_once(names: Any, school: School) -> None:
    code = school.code()
    choose_password(names.client(), code)
    late = names.client().post("/invitation/", {"code": code})
    assert late.status_code == 400
    assert "a déjà servi" in late.content.decode()


def test_of_two_who_hold_the_code_one_comes_in(names: Any, school: School) -> None:
    """Both gave it before either chose."""
    code = school.code()
    first, second = names.client(), names.client()
    for client in (first, second):
        client.post("/invitation/", {"code": code})
    assert choose_password(first, code)["Location"] == "/"
    given = {"username": "other", "password": "quatre mots au hasard"}
    assert second.post("/invitation/mot-de-passe/", given).status_code == 400
    assert "_auth_user_id" not in second.session


def test_an_invitation_lapses_after_a_fortnight(
    names: Any, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = school.code()
    later = clock.now() + timedelta(days=14)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert names.client().post("/invitation/", {"code": code}).status_code == 400


def test_another_invitation_makes_the_first_worth_nothing(names: Any, school: School) -> None:
    first = school.code()
    again = school.head.post(f"/personnes/{school.invited().id}/inviter/", {"by": "paper"})
    assert names.client().post("/invitation/", {"code": first}).status_code == 400
    assert choose_password(names.client(), code_on(again))["Location"] == "/"


def test_a_form_sent_twice_invites_once(names: Any, school: School) -> None:
    from encrier_names.schools.models import Staff

    once = str(uuid.uuid4())
    school.invite(once=once)
    answer = school.invite(once=once)
    assert answer.status_code == 409
    assert Staff.objects.filter(role="teacher").count() == 1


def test_codes_are_not_guessed_for_long(names: Any, school: School) -> None:
    code = school.code()
    client = names.client()
    answers = [client.post("/invitation/", {"code": "B" * 16}).status_code for _ in range(21)]
    assert answers == [400] * 20 + [429]
    assert client.post("/invitation/", {"code": code}).status_code == 429


def test_classes_are_given_and_taken_back_and_each_change_is_written(
    names: Any, school: School
) -> None:
    client = names.client()
    choose_password(client, school.code(school.division))
    her = f"/personnes/{school.invited().id}/"
    school.head.post(her + "classes/", {"divisions": [str(school.other.id)]})
    assert client.get(f"/classes/{school.division.id}/").status_code == 404
    assert client.get(f"/classes/{school.other.id}/").status_code == 200
    assert school.rows() == ["staff-invited", "class-given", "class-given", "class-taken"]
    page = school.head.get(her).content.decode()
    assert "a repris une classe à Mme Hélène Duprat" in page
    listed = school.head.get("/personnes/").content.decode()
    assert "6B" in listed
    assert "depuis le" in listed


def test_a_closed_account_ends_at_once_and_can_be_opened_again(names: Any, school: School) -> None:
    client = names.client()
    choose_password(client, school.code(school.division))
    assert client.get("/").status_code == 200
    her = f"/personnes/{school.invited().id}/"
    school.head.post(her + "fermer/", {"act": "close"})
    assert client.get("/").status_code == 302
    signed = {"username": "h.duprat", "password": "quatre mots au hasard"}
    assert "n’est pas le bon" in client.post("/connexion/", signed).content.decode()
    school.head.post(her + "fermer/", {"act": "reopen"})
    assert client.post("/connexion/", signed).status_code == 302
    assert school.rows()[-2:] == ["staff-closed", "staff-reopened"]


def test_closing_an_account_withdraws_its_invitation(names: Any, school: School) -> None:
    code = school.code()
    school.head.post(f"/personnes/{school.invited().id}/fermer/", {"act": "close"})
    assert names.client().post("/invitation/", {"code": code}).status_code == 400


@pytest.mark.parametrize("action", ["classes", "fermer", "inviter"])
def test_a_head_has_no_say_in_another_school_nor_over_a_head(
    names: Any, school: School, action: str
) -> None:
    there = names.open_class(2, uai="9990002Y").school
    hers = names.staff("theirs", "teacher", school=there)
    deputy = names.staff("deputy", "head", school=school.school)
    for whom in (hers, deputy, school.staff):
        assert school.head.post(f"/personnes/{whom.id}/{action}/").status_code == 404


def test_a_class_of_another_school_cannot_be_given(names: Any, school: School) -> None:
    there = names.open_class(2, uai="9990002Y", division="6Z")
    school.invite(there)
    assert not school.names.staff("nobody", "teacher").divisions.exists()
    from encrier_names.schools.models import Staff

    assert not Staff.objects.filter(role="teacher", divisions=there).exists()


def test_a_head_invites_no_head_and_no_agent(names: Any, school: School) -> None:
    from encrier_names.schools.models import Staff

    for role in ("head", "ministry", "auditor", "academy"):
        assert school.invite(role=role).status_code == 200  # the form again
    assert Staff.objects.count() == 1


def test_an_invitation_by_mail_proves_the_address(names: Any, school: School) -> None:
    from encrier_names.people.models import Account

    with open_mailbox() as box:
        names.set(
            mail_host="127.0.0.1", mail_port=box.port, mail_tls="none", mail_from="e@exemple.fr"
        )
        page = school.invite(address="helene@exemple.fr")
        letter = box.next()
    assert letter.to == "helene@exemple.fr"
    assert not re.search(r"(?:[B-Z]{4}-){3}", page.content.decode())  # the head never sees it
    link = re.search(r"http://127.0.0.1(/invitation/\w+/)", letter.body)
    assert link is not None
    client = names.client()
    assert not Account.objects.exclude(address_index="").exists()
    assert client.get(link.group(1))["Location"] == "/invitation/moyen/"
    assert "Par un lien dans ma messagerie" in client.get("/invitation/moyen/").content.decode()
    assert client.post("/invitation/courriel/")["Location"] == "/"
    assert Account.objects.exclude(address_index="").count() == 1


def test_a_mail_that_cannot_leave_becomes_paper_and_proves_nothing(
    names: Any, school: School
) -> None:
    from encrier_names.people.models import Account

    names.set(mail_host="127.0.0.1", mail_port=9, mail_tls="none", mail_from="e@exemple.fr")
    page = school.invite(address="helene@exemple.fr")
    assert "ne répond pas" in page.content.decode()
    client = names.client()
    client.post("/invitation/", {"code": code_on(page)})
    assert client.post("/invitation/courriel/").status_code == 404
    assert choose_password(client, code_on(page))["Location"] == "/"
    assert not Account.objects.exclude(address_index="").exists()


def test_who_signs_in_here_already_is_signed_out_by_an_invitation(
    names: Any, school: School
) -> None:
    """On a shared computer, the invited must not attach her means to the account of another."""
    code = school.code()
    agent = names.client(names.staff("agent", "ministry"))
    agent.post("/invitation/", {"code": code})
    assert "_auth_user_id" not in agent.session


@pytest.mark.parametrize(
    ("user", "password", "said"),
    [
        ("head", "quatre mots au hasard", "déjà pris"),
        ("HEAD", "quatre mots au hasard", "déjà pris"),
        ("h d", "quatre mots au hasard", "Des lettres"),
        ("h.d", "court", "trop court"),
        ("h.d", "1q2w3e4r5t6y", "trop courant"),
    ],
)
def test_a_bad_first_password_is_explained(
    names: Any, school: School, user: str, password: str, said: str
) -> None:
    client = names.client()
    client.post("/invitation/", {"code": school.code()})
    given = {"username": user, "password": password}
    answer = client.post("/invitation/mot-de-passe/", given)
    assert answer.status_code == 200
    assert said in answer.content.decode()


@pytest.mark.parametrize("shown", ["=HYPERLINK(1)", "@a", "+b"])
def test_a_name_that_a_spreadsheet_would_run_is_refused(school: School, shown: str) -> None:
    answer = school.invite(shown=shown)
    assert "ne commence pas par" in answer.content.decode()


def test_neither_name_nor_code_is_readable_on_the_disk(names: Any, school: School) -> None:
    code = school.code(shown="Mme Zébulonne Karpov").replace("-", "")
    content = names.every_byte()
    assert b"Karpov" not in content
    assert code.encode() not in content


@pytest.mark.parametrize("path", ["moyen/", "mot-de-passe/"])
def test_without_a_code_there_is_nothing_to_choose(names: Any, path: str) -> None:
    assert names.client().get(f"/invitation/{path}").status_code == 404
