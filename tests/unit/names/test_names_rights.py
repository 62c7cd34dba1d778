# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every page × every role.

« accessibles qu’à leurs professeurs et chefs d’établissement ainsi qu’aux agents de la DEPP »:
Charlie is the head of the school next door, and never gets in.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError

from encrier import clock
from encrier_names import urls
from encrier_names.audit.models import Access, Action
from encrier_names.audit.record import record
from encrier_names.keying import reopening
from encrier_names.notices import inbox
from encrier_names.people.models import OutsideIdentity
from encrier_names.schools import lists
from encrier_names.schools.models import Division, Identity, Staff
from stagecraft.campaign_files import BUNDLES
from stagecraft.keyed import keyed
from stagecraft.rooms import rooms_with

SEEN, GONE, SIGN_IN = 200, 404, 302
OWN = ("head", "teacher", "supervisor", "academy")


def _all(*who: str, status: int = SEEN) -> dict[str, int]:
    return dict.fromkeys(who, status)


STAFF = (
    *OWN,
    "colleague",
    "charlie",
    "substitute",
    "charlotte",
    "elsewhere",
    "ministry",
    "auditor",
)
EVERYONE = _all(*STAFF)
HEADS = ("head", "charlie")
FOLLOWERS = _all("academy", "elsewhere", "ministry")
WATCHERS = _all(
    "head", "teacher", "colleague", "supervisor", "substitute", "charlie", "charlotte"
)  # their own sessions, perhaps none
# page: method, address of Alice's school; who gets what there. Whoever is not named gets 404,
# and who has not signed in is sent to the sign-in page.
MATRIX: dict[str, tuple[str, str, dict[str, int]]] = {
    "home": ("GET", "/", EVERYONE | _all("auditor", status=302)),
    "calendar": ("GET", "/calendrier/", EVERYONE),
    "school": ("GET", "/etablissements/{school}/", _all("ministry")),
    "follow-board": ("GET", "/suivi/", FOLLOWERS),
    "board-csv": ("GET", "/suivi/etablissements.csv", FOLLOWERS),
    "followed": ("GET", "/suivi/etablissements/{school}/", _all("academy", "ministry")),
    "extend": (
        "GET",
        "/suivi/etablissements/{school}/prolonger/",
        _all("academy", "ministry", status=409),  # the last possible day is past
    ),
    "participation": ("GET", "/suivi/participation/", FOLLOWERS),
    "participation-csv": ("GET", "/suivi/participation.csv", FOLLOWERS),
    "national": ("GET", "/suivi/france/", _all("ministry")),
    "missing": ("GET", "/manquants/", _all("head", "charlie")),
    "end": ("GET", "/fin/", _all("head", "charlie")),
    "end-take-back": ("POST", "/fin/reprendre/", _all("head", "charlie", status=409)),
    "messages": ("GET", "/messages/", FOLLOWERS | _all("head", "charlie")),
    "message-write": ("GET", "/messages/ecrire/", FOLLOWERS),
    "message": ("GET", "/messages/{message}/", _all("academy")),
    "message-read": ("POST", "/messages/{message}/lu/", _all("head", status=302)),
    "message-withdraw": ("POST", "/messages/{message}/retirer/", _all("academy", status=302)),
    "import-choose": ("GET", "/listes/", _all("head", "charlie")),
    "import-understood": ("GET", "/listes/{waiting}/", _all("head")),
    "list-template": ("GET", "/listes/modele.xlsx", _all("head", "charlie")),
    "import-correct": ("POST", "/listes/{waiting}/corriger/", {"head": 400, "charlie": 409}),
    "import-same": ("POST", "/listes/{waiting}/meme-eleve/", _all("head", "charlie", status=400)),
    "import-retake": ("POST", "/listes/{waiting}/reprendre/", {"head": 302, "charlie": 409}),
    "import-done": ("GET", "/listes/faits/{taken}/", _all("head")),
    "import-undo": ("POST", "/listes/faits/{taken}/annuler/", _all("head", status=302)),
    "class-list": ("GET", "/classes/{division}/", _all("head", "teacher", "ministry")),
    "pupil-add": ("GET", "/classes/{division}/ajouter/", _all("head")),
    "pupil-correct": ("GET", "/eleves/{pupil}/corriger/", _all("head")),
    "pupil-remove": ("POST", "/eleves/{pupil}/retirer/", _all("head", status=409)),
    "pupil-move": ("POST", "/eleves/{pupil}/classe/", _all("head", status=400)),
    "pupil-absence": ("GET", "/eleves/{pupil}/absence/", _all("head", "teacher", "supervisor")),
    "validate-all": ("GET", "/classes/valider/", _all("head", "charlie")),
    "class-validate": ("POST", "/classes/{division}/valider/", _all("head", status=400)),
    "class-codes": ("GET", "/classes/{division}/codes/", _all("head")),
    "code-sheet": ("GET", "/classes/{division}/codes.pdf", _all("head")),
    "documents": ("GET", "/documents/", _all("head", "charlie")),
    "school-documents": ("GET", "/documents/ecole.zip", _all("head", "charlie")),
    "family-letter": ("GET", "/documents/lettre-ar.pdf", _all("head", "charlie")),
    "incident-form": ("GET", "/documents/incident.pdf", _all("head", "charlie")),
    "end-declaration": ("GET", "/documents/declaration.pdf", _all("head", "charlie")),
    "school-absentees": ("GET", "/documents/a-rattraper.pdf", _all("head", "charlie")),
    "class-list-pdf": ("GET", "/classes/{division}/liste.pdf", _all("head", "teacher")),
    "class-absentees": ("GET", "/classes/{division}/a-rattraper.pdf", _all("head")),
    "class-progress": (
        "GET",
        "/classes/{division}/passation/",
        _all("head", "teacher", "supervisor", "ministry"),
    ),
    "supervise": (
        "POST",
        "/classes/{division}/passation/agir/",
        _all("head", "teacher", "supervisor", status=400),
    ),
    "keying": ("GET", "/saisie/{keyed}/", _all("head", "teacher")),
    "keying-ring": ("GET", "/saisie/{keyed}/anneau", _all("head", "teacher")),
    "keying-kit": (
        "GET",
        f"/saisie/kits/{BUNDLES[1].hex()}/keying.json",
        _all(*HEADS, "teacher", "colleague", "charlotte", "ministry"),
    ),
    "reopening-ask": ("GET", "/classes/{keyed}/saisie/rouvrir/", _all("head", "teacher")),
    "reopening-decide": ("GET", "/suivi/saisies/{request}/", _all("academy", "ministry")),
    "pupil-needs": ("GET", "/eleves/{pupil}/besoins/", _all("head", "teacher", "supervisor")),
    "new-code": ("GET", "/eleves/{pupil}/nouveau-code/", _all("head", "teacher", "supervisor")),
    "reserve-give": (
        "POST",
        "/eleves/{pupil}/reserve/",
        _all("head", "teacher", "supervisor", status=400),
    ),
    "codes-exchange": (
        "POST",
        "/eleves/{pupil}/echange/",
        _all("head", "teacher", "supervisor", status=400),
    ),
    "needs-profile": ("GET", "/eleves/{pupil}/besoins.xml", _all("head", "teacher", "supervisor")),
    "class-results": ("GET", "/classes/{division}/resultats/", _all("head", "teacher", "ministry")),
    "pupil-results": ("GET", "/eleves/{pupil}/resultats/", _all("head", "teacher", "ministry")),
    "account": ("GET", "/compte/", EVERYONE),
    "password-change": ("GET", "/compte/mot-de-passe/", EVERYONE),
    "address-change": ("GET", "/compte/adresse/", EVERYONE),
    "whose-computer": ("POST", "/compte/ordinateur/", _all(*STAFF, status=302)),
    "sign-out-everywhere": ("POST", "/compte/partout/", _all(*STAFF, status=302)),
    "identity-remove": ("POST", "/compte/identites/{identity}/retirer/", _all("head", status=302)),
    "people": ("GET", "/personnes/", _all(*HEADS)),
    "people-invite": ("GET", "/personnes/inviter/", _all(*HEADS)),
    "person": ("GET", "/personnes/{colleague}/", _all("head")),
    "person-classes": ("POST", "/personnes/{colleague}/classes/", _all("head", status=302)),
    "person-close": ("POST", "/personnes/{leaver}/fermer/", _all("head", status=302)),
    "person-invite": ("POST", "/personnes/{colleague}/inviter/", _all("head")),
    "access-log": ("GET", "/acces/", _all(*HEADS, "auditor")),
    "access-log-csv": ("GET", "/acces.csv", _all(*HEADS, "auditor")),
    "pupil-accesses": ("GET", "/eleves/{pupil}/acces/", _all("head")),
    "permissions": ("GET", "/droits/", EVERYONE),
    "pupil-sheet": ("GET", "/eleves/{pupil}/resultats.pdf", _all("head", "teacher", "ministry")),
    "plan": ("GET", "/salles/", _all("head", "charlie")),
    "room-add": ("GET", "/salles/ajouter/", _all("head", "charlie")),
    "room-edit": ("GET", "/salles/{room}/", _all("head")),
    "room-remove": ("POST", "/salles/{spare}/retirer/", _all("head", status=302)),
    "plan-rules": ("GET", "/salles/regles/", _all("head", "charlie")),
    "plan-propose": ("POST", "/salles/proposer/", _all("head", "charlie", status=302)),
    "plan-doors": ("GET", "/salles/portes.pdf", {"head": 200, "charlie": 409}),
    "sessions": ("GET", "/seances/", WATCHERS),
    "plan-calendar": ("GET", "/seances/agenda.ics", WATCHERS),
    "session-new": ("GET", "/seances/ouvrir/", WATCHERS),
    "session-board": ("GET", "/seances/{session}/", _all("head", "substitute")),
    "session-states": ("GET", "/seances/{session}/etats/", _all("head", "substitute")),
    "session-act": ("POST", "/seances/{session}/agir/", _all("head", "substitute", status=400)),
    "session-wall": ("GET", "/seances/{session}/projection/", _all("head", "substitute")),
    "session-setup": ("GET", "/seances/{session}/modifier/", _all("head")),
    "incident-new": ("GET", "/seances/{session}/incident/", _all("head", "substitute")),
    "session-receipt": ("GET", "/seances/{session}/releve/", _all("head", "substitute")),
    "receipt-paper": ("GET", "/seances/{session}/releve.pdf", _all("head", "substitute")),
    "incidents": ("GET", "/incidents/", _all("head", "charlie")),
    "incidents-paper": ("GET", "/incidents.pdf", _all("head", "charlie")),
}
OPEN_TO_ALL = {  # tested in test_names_signin and beside it, _language, _health
    *("sign-in", "sign-out", "language", "health", "openid-start", "openid-return"),
    *("passkey-enter", "passkey-add", "passkey-remove", "link-ask", "link-use"),
    *("invitation", "invitation-open", "invitation-means", "invitation-password"),
    "invitation-mail",
    # the keying page's own files and the manifest, which hold nobody: test_names_keying_files
    *("keying-file", "keying-worker", "keying-manifest"),
}
SIGNED_CALLS = {"register-door", "scores-door"}  # tested in test_names_doors


def _people(names: Any, alice: Any, bob: Any) -> dict[str, Callable[[], Any]]:
    """Everybody there is: of Alice's school and académie, and of Bob's, next door."""
    here, there = alice.school, bob.school
    accounts = {
        "head": names.staff("head", "head", school=here),
        "teacher": names.staff("teacher", "teacher", school=here, divisions=[alice]),
        "colleague": names.staff("colleague", "teacher", school=here),
        "supervisor": names.staff("supervisor", "supervisor", school=here, divisions=[alice]),
        "substitute": names.staff("substitute", "supervisor", school=here),
        "academy": names.staff("academy", "academy", academy=here.academy),
        "elsewhere": names.staff("elsewhere", "academy", academy=there.academy),
        "charlie": names.staff("charlie", "head", school=there),
        "charlotte": names.staff("charlotte", "teacher", school=there, divisions=[bob]),
        "ministry": names.staff("agent", "ministry"),
        "auditor": names.staff("auditor", "auditor"),
        "nobody": None,
    }
    return {who: partial(names.client, staff) for who, staff in accounts.items()}


def _identity(staff: Any) -> Any:
    """An identity of the provider, linked to an account that has another as well."""
    for who in ("0" * 64, "1" * 64):
        kept = OutsideIdentity.objects.create(staff=staff, who=who, linked_at=clock.now())
    return kept


def _two_schools(names: Any) -> tuple[Any, Any]:
    """A validated class of Alice's school, and one of Bob's in another académie."""
    classes = names.validated_class(3), names.validated_class(2, uai="9990002Y")
    for division, academy in zip(classes, ("Rennes", "Lyon"), strict=True):
        division.school.academy = academy
        division.school.save()
    return classes


def _message_to(school: Any) -> Any:
    """A message of the school's académie."""
    author = Staff.objects.get(role="academy", academy=school.academy)
    later = clock.now() + timedelta(days=1)
    return inbox.send(
        author, [school.id], title="Rappel", text="Bonjour.", page="", expires_at=later
    ).id


def _keyed_class(beside: Any) -> tuple[Any, Any]:
    """A class of the same school whose keying has ended, and a request about one more."""
    on_paper, asking = (
        Division.objects.create(school=beside.school, label=label) for label in ("CM2A", "CM2B")
    )
    for division in (on_paper, asking):
        lists.add(division, Identity("ZORGLUBCAHIER", division.label), level="CM2")
    teacher = Staff.objects.get(user__username="teacher")
    teacher.divisions.add(on_paper)
    return on_paper.id, reopening.ask(asking, teacher, reason="Trois jours sans réseau.").id


def staged(names: Any) -> tuple[dict[str, object], dict[str, Callable[[], Any]]]:
    """The places that addresses of the matrix name, and everybody who may ask for them."""
    keyed(names, ("6E", "screen"), ("CM2", "keyed"), closes=-1, sittings=(-90, -60))
    names.set(mail_host="127.0.0.1", mail_tls="none", mail_from="encrier@exemple.fr")
    alice, bob = _two_schools(names)
    people = _people(names, alice, bob)
    head = people["head"]()
    taken = head.post(head.post("/listes/", {"file": names.file()})["location"])["location"]
    waiting = head.post("/listes/", {"file": names.file()})["location"]
    on_paper, request = _keyed_class(alice)
    names.send_scores(alice)
    places = {
        "school": alice.school.id,
        "division": alice.id,
        "pupil": alice.pupils.first().id,
        "message": _message_to(alice.school),
        "keyed": on_paper,
        "request": request,
        "waiting": waiting.split("/")[2],
        "taken": taken.split("/")[3],
        "colleague": Staff.objects.get(user__username="colleague").id,
        "leaver": names.staff("leaver", "teacher", school=alice.school).id,
        "identity": _identity(Staff.objects.get(user__username="head")).id,
        **rooms_with(alice.school, Staff.objects.get(user__username="substitute")),
    }
    return places, people


def test_every_page_of_the_zone_is_in_the_matrix() -> None:
    assert {p.name for p in urls.urlpatterns} == set(MATRIX) | OPEN_TO_ALL | SIGNED_CALLS


def test_each_role_gets_what_it_may_see_and_nothing_else(names: Any) -> None:
    places, people = staged(names)
    found = {
        (page, who): client().generic(method, address.format(**places)).status_code
        for page, (method, address, _expected) in MATRIX.items()
        for who, client in people.items()
    }
    expected = {
        (page, who): SIGN_IN if who == "nobody" else statuses.get(who, GONE)
        for page, (_method, _address, statuses) in MATRIX.items()
        for who in people
    }
    assert found == expected


def test_a_head_sees_no_class_of_the_school_next_door_on_his_own_page(names: Any) -> None:
    names.open_class(2, division="6A")
    other = names.open_class(2, uai="9990002Y", division="6Z")
    charlie = names.client(names.staff("charlie", "head", school=other.school))
    page = charlie.get("/").content.decode()
    assert ">6Z<" in page
    assert ">6A<" not in page


def test_a_teacher_sees_her_classes_and_not_those_of_her_colleagues(names: Any) -> None:
    hers = names.open_class(2, division="6A")
    Division.objects.create(school=hers.school, label="6Z")
    teacher = names.client(names.staff("t", "teacher", school=hers.school, divisions=[hers]))
    page = teacher.get("/").content.decode()
    assert ">6A<" in page
    assert ">6Z<" not in page


def test_an_account_without_a_role_sees_nothing(names: Any) -> None:
    client = names.client()
    client.force_login(User.objects.create(username="stray"))
    assert client.get("/").status_code == GONE


NAMED = ("class-list", "class-progress", "class-results", "pupil-results", "pupil-sheet")


@pytest.mark.parametrize("page", [*NAMED, "code-sheet", "class-list-pdf", "class-absentees"])
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


NEVER = "append-only|permission denied"  # a trigger; on PostgreSQL grants stand before it


def test_an_audit_row_can_be_neither_changed_nor_removed(names: Any) -> None:
    staff = names.staff("head", "ministry")
    record(Action.CLASS_RESULTS, staff.id, n_pupils=1)
    with pytest.raises(DatabaseError, match=NEVER):
        Access.objects.update(n_pupils=0)
    with pytest.raises(DatabaseError, match=NEVER):
        Access.objects.all().delete()


def test_a_supervisor_follows_a_sitting_and_is_led_to_no_list_and_no_result(names: Any) -> None:
    division = names.validated_class(2)
    staff = names.staff("s", "supervisor", school=division.school, divisions=[division])
    client = names.client(staff)
    pages = client.get("/"), client.get(f"/classes/{division.id}/passation/")
    assert all(page.status_code == SEEN for page in pages)
    content = "".join(page.content.decode() for page in pages)
    assert f"/classes/{division.id}/passation/" in content
    assert f'href="/classes/{division.id}/"' not in content
    assert f'href="/classes/{division.id}/resultats/"' not in content


def test_an_academie_finds_its_schools_and_no_other(names: Any) -> None:
    alice, bob = _two_schools(names)
    page = names.client(names.staff("a", "academy", academy="Rennes")).get("/").content.decode()
    assert alice.school.uai in page
    assert bob.school.uai not in page
    assert "Lyon" not in page


def test_a_correspondent_of_no_academie_finds_no_school(names: Any) -> None:
    names.open_class(2)
    page = names.client(names.staff("a", "academy")).get("/").content.decode()
    assert "9990001X" not in page
