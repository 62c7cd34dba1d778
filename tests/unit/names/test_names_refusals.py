# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person reads when something cannot be done: French, true, and never a blank page."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from encrier import clock
from encrier_names import headers
from encrier_names.imports.models import WaitingImport
from encrier_names.schools.models import Division, Pupil

NOT_AN_ADDRESS = "ne s’ouvre pas par son adresse"


@pytest.fixture
def head(names: Any) -> Any:
    """The head of the school of `names.open_class`."""
    division = names.open_class(3)
    return names.client(names.staff("head", "head", school=division.school))


def test_what_is_only_a_button_says_so_when_it_is_opened_as_a_page(head: Any) -> None:
    """Where one lands who signed in again after a button was pressed too late."""
    division = Division.objects.get()
    pupil = division.pupils.first()
    assert pupil
    addresses = f"/classes/{division.id}/valider/", f"/eleves/{pupil.id}/retirer/"
    for address in (*addresses, "/deconnexion/"):
        answer = head.get(address)
        assert answer.status_code == 405
        assert "POST" in answer["Allow"]
        assert NOT_AN_ADDRESS in answer.content.decode()
        assert "Rien n’a été enregistré" in answer.content.decode()


def test_a_door_answers_a_wrong_verb_without_a_page(names: Any) -> None:
    assert names.client().get("/doors/scores").content == b""


def test_a_malformed_request_is_refused_in_french(names: Any) -> None:
    answer = names.client().get("/connexion/", HTTP_HOST="ailleurs.exemple")
    assert answer.status_code == 400
    assert "n’a pas été comprise" in answer.content.decode()


def test_a_file_too_large_to_be_taken_is_said_to_be_too_large(
    head: Any, names: Any, settings_of_uploads: int
) -> None:
    answer = head.post("/listes/", {"file": names.file(b"a" * (settings_of_uploads + 1))})
    assert answer.status_code == 400
    assert "plus gros que la liste" in answer.content.decode()
    assert "Choisissez d’abord" not in answer.content.decode()


@pytest.fixture
def settings_of_uploads(monkeypatch: pytest.MonkeyPatch) -> int:
    """A small limit, so that nobody moves 32 MB around: how many bytes."""
    size = 100_000
    monkeypatch.setattr("django.conf.settings.FILE_UPLOAD_MAX_MEMORY_SIZE", size)
    return size


def test_a_second_click_on_confirm_says_where_to_look(head: Any, names: Any) -> None:
    read = head.post("/listes/", {"file": names.file(n_pupils=4)})["location"]
    assert head.post(read).status_code == 302
    again = head.post(read)
    assert again.status_code == 409
    assert "déjà été confirmé" in again.content.decode()
    assert Pupil.objects.count() == 4


def test_a_confirmation_that_comes_too_late_takes_nothing_in(head: Any, names: Any) -> None:
    read = head.post("/listes/", {"file": names.file(n_pupils=4)})["location"]
    WaitingImport.objects.update(at=clock.now() - timedelta(hours=3))
    assert head.post(read).status_code == 409
    assert Pupil.objects.count() == 3


def test_a_fault_of_the_operator_is_logged_and_not_told_to_a_teacher(
    head: Any, names: Any, caplog: pytest.LogCaptureFixture
) -> None:
    (names.folder / "keys/link.key").write_text("not a key")
    head.raise_request_exception = False
    with caplog.at_level(logging.ERROR, logger=headers._log.name):
        answer = head.get("/")
    assert answer.status_code == 500
    assert "de notre côté" in answer.content.decode()
    assert "BadSetting" in caplog.text
