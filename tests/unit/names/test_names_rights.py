# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every page × every role.

« accessibles qu’à leurs professeurs et chefs d’établissement ainsi qu’aux agents de la DEPP »:
Charlie is the head of the school next door, and never gets in.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError

from encrier_names import urls
from encrier_names.audit.models import Access, Action
from encrier_names.audit.record import record
from encrier_names.schools.models import Division

SEEN, GONE, SIGN_IN = 200, 404, 302
# page: method, address; then what Alice's head, her teacher, another teacher of the school,
# Charlie, the ministry and nobody get.
MATRIX: dict[str, tuple[str, str, tuple[int, int, int, int, int, int]]] = {
    "home": ("GET", "/", (200, 200, 200, 200, 200, 302)),
    "calendar": ("GET", "/calendrier/", (200, 200, 200, 200, 200, 302)),
    "school": ("GET", "/etablissements/{school}/", (404, 404, 404, 404, 200, 302)),
    "import-choose": ("GET", "/listes/", (200, 404, 404, 200, 404, 302)),
    "import-understood": ("GET", "/listes/{waiting}/", (200, 404, 404, 404, 404, 302)),
    "list-template": ("GET", "/listes/modele.xlsx", (200, 404, 404, 200, 404, 302)),
    "import-correct": ("POST", "/listes/{waiting}/corriger/", (400, 404, 404, 409, 404, 302)),
    "import-same": ("POST", "/listes/{waiting}/meme-eleve/", (400, 404, 404, 400, 404, 302)),
    "import-retake": ("POST", "/listes/{waiting}/reprendre/", (302, 404, 404, 409, 404, 302)),
    "import-done": ("GET", "/listes/faits/{taken}/", (200, 404, 404, 404, 404, 302)),
    "import-undo": ("POST", "/listes/faits/{taken}/annuler/", (302, 404, 404, 404, 404, 302)),
    "class-list": ("GET", "/classes/{division}/", (200, 200, 404, 404, 200, 302)),
    "pupil-add": ("GET", "/classes/{division}/ajouter/", (200, 404, 404, 404, 404, 302)),
    "pupil-correct": ("GET", "/eleves/{pupil}/corriger/", (200, 404, 404, 404, 404, 302)),
    "pupil-remove": ("POST", "/eleves/{pupil}/retirer/", (409, 404, 404, 404, 404, 302)),
    "pupil-move": ("POST", "/eleves/{pupil}/classe/", (400, 404, 404, 404, 404, 302)),
    "pupil-absence": ("GET", "/eleves/{pupil}/absence/", (200, 200, 404, 404, 404, 302)),
    "class-validate": ("POST", "/classes/{division}/valider/", (400, 404, 404, 404, 404, 302)),
    "class-codes": ("GET", "/classes/{division}/codes/", (200, 404, 404, 404, 404, 302)),
    "code-sheet": ("GET", "/classes/{division}/codes.pdf", (200, 404, 404, 404, 404, 302)),
    "class-progress": ("GET", "/classes/{division}/passation/", (200, 200, 404, 404, 200, 302)),
    "supervise": (
        "POST",
        "/classes/{division}/passation/agir/",
        (400, 400, 404, 404, 404, 302),
    ),
    "pupil-needs": ("GET", "/eleves/{pupil}/besoins/", (200, 200, 404, 404, 404, 302)),
    "new-code": ("GET", "/eleves/{pupil}/nouveau-code/", (200, 200, 404, 404, 404, 302)),
    "needs-profile": ("GET", "/eleves/{pupil}/besoins.xml", (200, 200, 404, 404, 404, 302)),
    "class-results": ("GET", "/classes/{division}/resultats/", (200, 200, 404, 404, 200, 302)),
    "pupil-results": ("GET", "/eleves/{pupil}/resultats/", (200, 200, 404, 404, 200, 302)),
    "pupil-sheet": ("GET", "/eleves/{pupil}/resultats.pdf", (200, 200, 404, 404, 200, 302)),
}
OPEN_TO_ALL = {"sign-in", "sign-out"}  # tested in test_names_signin
SIGNED_CALLS = {"register-door", "scores-door"}  # tested in test_names_doors
WHO = ("head", "teacher", "colleague", "charlie", "ministry", "nobody")


def _people(names: Any, alice: Any, bob: Any) -> dict[str, Callable[[], Any]]:
    school = alice.school
    accounts = {
        "head": names.staff("head", "head", school=school),
        "teacher": names.staff("teacher", "teacher", school=school, divisions=[alice]),
        "colleague": names.staff("colleague", "teacher", school=school),
        "charlie": names.staff("charlie", "head", school=bob.school),
        "ministry": names.staff("agent", "ministry"),
        "nobody": None,
    }
    return {who: partial(names.client, staff) for who, staff in accounts.items()}


def test_every_page_of_the_zone_is_in_the_matrix() -> None:
    assert {p.name for p in urls.urlpatterns} == set(MATRIX) | OPEN_TO_ALL | SIGNED_CALLS


def test_each_role_gets_what_it_may_see_and_nothing_else(names: Any) -> None:
    alice = names.validated_class(3)
    bob = names.validated_class(2, uai="9990002Y")
    people = _people(names, alice, bob)
    head = people["head"]()
    taken = head.post(head.post("/listes/", {"file": names.file()})["location"])["location"]
    waiting = head.post("/listes/", {"file": names.file()})["location"]
    names.send_scores(alice)
    places = {
        "school": alice.school.id,
        "division": alice.id,
        "pupil": alice.pupils.first().id,
        "waiting": waiting.split("/")[2],
        "taken": taken.split("/")[3],
    }
    found = {
        (page, who): people[who]().generic(method, address.format(**places)).status_code
        for page, (method, address, _expected) in MATRIX.items()
        for who in WHO
    }
    expected = {
        (page, who): status
        for page, (_method, _address, statuses) in MATRIX.items()
        for who, status in zip(WHO, statuses, strict=True)
    }
    assert found == expected


def test_a_head_sees_no_class_of_the_school_next_door_on_his_own_page(names: Any) -> None:
    names.open_class(2, division="6A")
    other = names.open_class(2, uai="9990002Y", division="6Z")
    charlie = names.client(names.staff("charlie", "head", school=other.school))
    page = charlie.get("/").content.decode()
    assert "6Z" in page
    assert "6A" not in page


def test_a_teacher_sees_her_classes_and_not_those_of_her_colleagues(names: Any) -> None:
    hers = names.open_class(2, division="6A")
    Division.objects.create(school=hers.school, label="6Z")
    teacher = names.client(names.staff("t", "teacher", school=hers.school, divisions=[hers]))
    page = teacher.get("/").content.decode()
    assert "6A" in page
    assert "6Z" not in page


def test_an_account_without_a_role_sees_nothing(names: Any) -> None:
    client = names.client()
    client.force_login(User.objects.create(username="stray"))
    assert client.get("/").status_code == GONE


NAMED = ("class-list", "class-progress", "class-results", "pupil-results", "pupil-sheet")


@pytest.mark.parametrize("page", [*NAMED, "code-sheet"])
def test_each_read_of_named_data_leaves_a_row_in_the_audit(names: Any, page: str) -> None:
    division = names.validated_class(3)
    names.send_scores(division)
    head = names.staff("head", "head", school=division.school)
    places = {"division": division.id, "pupil": division.pupils.first().id}
    assert names.client(head).get(MATRIX[page][1].format(**places)).status_code == SEEN
    row = Access.objects.latest("id")
    assert row.staff == head.id
    assert row.action == page
    assert row.division == division.id
    assert row.n_pupils == (1 if page.startswith("pupil") else 3)


def test_each_change_of_a_list_by_hand_leaves_a_row_in_the_audit(names: Any) -> None:
    """Who renames two pupils exchanges their results."""
    division = names.open_class(2)
    head = names.staff("head", "head", school=division.school)
    client, pupil = names.client(head), division.pupils.first()
    given = {"last_name": "ARRIVÉE", "first_name": "Tardive"}
    client.get(f"/eleves/{pupil.id}/corriger/")
    client.post(f"/eleves/{pupil.id}/corriger/", {**given, "first_name": "Autre"})
    client.post(f"/eleves/{pupil.id}/retirer/")
    client.post(f"/classes/{division.id}/ajouter/", given)
    rows = Access.objects.filter(staff=head.id, n_pupils=1, division=division.id).order_by("id")
    hers = rows.filter(pupil=pupil.id).values_list("action", flat=True)
    assert list(hers) == ["pupil-identity", "pupil-corrected", "pupil-removed"]
    assert rows.latest("id").action == "pupil-added"


def test_the_models_have_all_their_migrations(names: Any) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_a_refused_read_leaves_no_row(names: Any) -> None:
    division = names.validated_class(2)
    other = names.open_class(2, uai="9990002Y")
    before = Access.objects.count()
    charlie = names.client(names.staff("charlie", "head", school=other.school))
    charlie.get(f"/classes/{division.id}/resultats/")
    assert Access.objects.count() == before


def test_an_audit_row_can_be_neither_changed_nor_removed(names: Any) -> None:
    staff = names.staff("head", "ministry")
    record(Action.CLASS_RESULTS, staff.id, n_pupils=1)
    with pytest.raises(DatabaseError, match="append-only"):
        Access.objects.update(n_pupils=0)
    with pytest.raises(DatabaseError, match="append-only"):
        Access.objects.all().delete()
