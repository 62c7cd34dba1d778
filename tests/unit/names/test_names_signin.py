# SPDX-License-Identifier: AGPL-3.0-or-later
"""Coming in and going out: slow to guess, safe to leave, headers on every answer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from encrier_names.headers import HEADERS
from encrier_names.schools.models import Staff
from encrier_names.signin.models import Failure
from encrier_names.signin.throttle import FREE, WAIT, must_wait

GOOD, WRONG = "quatre mots au hasard", "un autre mot de passe"
NOON = datetime(2026, 9, 9, 12, tzinfo=UTC)


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords hashed in a millisecond: their slowness is Django's to test."""
    monkeypatch.setattr("django.contrib.auth.hashers.PBKDF2PasswordHasher.iterations", 1)


def _account(names: Any) -> None:
    staff = names.staff("mme.prof", "ministry")
    staff.user.set_password(GOOD)
    staff.user.save()


def _try(client: Any, password: str, user: str = "mme.prof") -> Any:
    return client.post("/connexion/", {"username": user, "password": password})


@pytest.mark.usefixtures("quick_hashes")
def test_the_right_password_opens_and_signing_out_closes(names: Any) -> None:
    _account(names)
    client = names.client()
    assert _try(client, GOOD).status_code == 302
    assert client.get("/").status_code == 200
    assert client.post("/deconnexion/").status_code == 302
    assert client.get("/").status_code == 302


@pytest.mark.usefixtures("quick_hashes")
def test_five_failures_make_a_name_wait_even_with_the_right_password(names: Any) -> None:
    _account(names)
    client = names.client()
    for _ in range(FREE):
        assert "n’est pas le bon" in _try(client, WRONG).content.decode()
    refused = _try(client, GOOD)
    assert refused.status_code == 200
    assert "Attendez un quart d’heure" in refused.content.decode()
    Failure.objects.update(last_at=NOON)  # long ago
    assert _try(client, GOOD).status_code == 302


@pytest.mark.usefixtures("quick_hashes")
def test_an_unknown_name_is_refused_in_the_same_words_and_waits_too(names: Any) -> None:
    client = names.client()
    answers = [_try(client, WRONG, user="nobody").content.decode() for _ in range(FREE + 1)]
    assert "n’est pas le bon" in answers[0]
    assert "Attendez" in answers[-1]
    assert not User.objects.filter(username="nobody").exists()


@pytest.mark.parametrize(
    ("count", "after", "waits"),
    [
        (FREE - 1, timedelta(0), False),
        (FREE, timedelta(0), True),
        (FREE, WAIT - timedelta(seconds=1), True),
        (FREE, WAIT, False),
    ],
)
def test_the_wait_ends_a_quarter_of_an_hour_after_the_last_failure(
    count: int, after: timedelta, *, waits: bool
) -> None:
    assert must_wait(count, NOON, now=NOON + after) is waits


def test_a_form_without_its_token_is_refused(names: Any) -> None:
    division = names.open_class(2)
    head = names.staff("head", "head", school=division.school)
    client = names.client(head)
    client.handler.enforce_csrf_checks = True
    answer = client.post(f"/classes/{division.id}/valider/", {"declaration": "yes"})
    assert answer.status_code == 403
    assert "trop longtemps" in answer.content.decode()
    division.refresh_from_db()
    assert division.validated_at is None


@pytest.mark.parametrize("page", ["/", "/connexion/", "/nowhere/", "/doors/register", "/listes/"])
def test_every_answer_carries_the_security_headers(names: Any, page: str) -> None:
    answer = names.client().get(page)
    for name, value in HEADERS.items():
        assert answer[name] == value
    assert answer["Cache-Control"] == "no-store"


def test_no_page_has_a_style_or_a_script_of_its_own(names: Any) -> None:
    """The content security policy would drop them."""
    division = names.validated_class(2)
    names.send_scores(division)
    head = names.client(Staff.objects.first() or names.staff("h", "head", school=division.school))
    pupil = division.pupils.first()
    pages = ["/", "/listes/", f"/eleves/{pupil.id}/resultats/"]
    pages += [f"/classes/{division.id}/{tab}" for tab in ("", "codes/", "passation/", "resultats/")]
    for page in pages:
        content = head.get(page).content.decode()
        assert "</html>" in content
        for word in ("style=", "<style", "<script", "onclick", "http://", "https://"):
            assert word not in content


def test_an_unknown_host_name_is_refused(names: Any) -> None:
    assert names.client().get("/connexion/", HTTP_HOST="ailleurs.exemple").status_code == 400
