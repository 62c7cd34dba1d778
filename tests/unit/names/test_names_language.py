# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which language a page is in: what the browser asks for, or what its reader has chosen."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils.translation import ngettext, override

from encrier_names import dates
from encrier_names.language.said import counted, said
from encrier_names.language.words import words

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.9"}


def choose(client: Any, language: str, back: str) -> Any:
    return client.post("/langue/", {"language": language, "back": back})


@pytest.mark.parametrize(
    ("asked", "language"),
    [("", "fr"), ("fr-CA", "fr"), ("en-GB,en;q=0.9", "en"), ("de,en;q=0.5", "en"), ("zh", "fr")],
)
def test_a_page_is_in_the_language_that_the_browser_asks_for(
    names: Any, asked: str, language: str
) -> None:
    page = names.client().get("/connexion/", headers={"accept-language": asked})
    assert f'<html lang="{language}">' in page.content.decode()
    assert page["Content-Language"] == language
    assert "Accept-Language" in page["Vary"]


def test_a_choice_is_kept_and_goes_before_what_the_browser_asks_for(names: Any) -> None:
    client = names.client()
    answer = choose(client, "fr", "/connexion/?next=/calendrier/")
    assert (answer.status_code, answer["location"]) == (302, "/connexion/?next=/calendrier/")
    assert "Mot de passe" in client.get("/connexion/", **ENGLISH).content.decode()
    choose(client, "en", "/connexion/")
    assert "Password" in client.get("/connexion/").content.decode()


def test_the_cookie_is_for_us_alone(names: Any) -> None:
    client = names.client()
    choose(client, "en", "/")
    cookie = client.cookies["encrier-language"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("en", True, "Lax")


@pytest.mark.parametrize(
    "back",
    [
        "https://ailleurs.example/",
        "//ailleurs.example/",
        "//ailleurs.example/connexion/",
        "/\\ailleurs.example/",
        "javascript:alert(1)",
        "https://[",
        "/nulle/part/",
        "",
    ],
)
def test_nobody_is_led_elsewhere_by_the_choice_of_a_language(names: Any, back: str) -> None:
    assert choose(names.client(), "en", back)["location"] == "/"


def test_a_language_that_there_is_not_changes_nothing(names: Any) -> None:
    client = names.client()
    assert choose(client, "xx", "/connexion/").status_code == 302
    assert "encrier-language" not in client.cookies


def test_the_choice_is_refused_to_a_forged_form(names: Any) -> None:
    strict = type(names.client())(enforce_csrf_checks=True, SERVER_NAME="127.0.0.1")
    assert choose(strict, "en", "/").status_code == 403


def test_days_and_hours_are_written_as_each_language_does() -> None:
    moment = datetime(2026, 9, 1, 5, 5, tzinfo=UTC)
    with override("fr"):
        assert (dates.day(moment), dates.hour(moment)) == (
            "1er\u00a0septembre 2026",
            "7\u00a0h\u00a005",
        )
    with override("en"):
        assert (dates.day(moment), dates.hour(moment)) == ("1\u00a0September 2026", "7:05")


def test_a_sentence_made_where_nobody_knows_the_reader_is_said_again_on_the_page(
    names: Any,
) -> None:
    sentence = said(
        "%(field)s\u00a0: %(value)s",
        field=said("classe"),
        value=(counted("%(n)s élève", "%(n)s élèves", 0), "classe"),
    )
    assert sentence == "classe\u00a0: 0 élève, classe"
    with override("en"):
        # The last is no sentence of ours: it is somebody's word, and stays.
        assert words(sentence) == "class: 0 pupils, classe"
    assert words(sentence) == sentence


def test_zero_is_singular_in_french_and_plural_in_english(names: Any) -> None:
    said = "%(n)s élève inchangé.", "%(n)s élèves inchangés."
    for language, shown in (("fr", "0 élève inchangé."), ("en", "0 pupils unchanged.")):
        with override(language):
            assert ngettext(*said, 0) % {"n": 0} == shown
