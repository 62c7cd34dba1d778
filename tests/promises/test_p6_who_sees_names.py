# SPDX-License-Identifier: AGPL-3.0-or-later
"""« … accessibles qu’à leurs professeurs et chefs d’établissement ainsi qu’aux agents de la DEPP ».

Réponse du ministre, Journal officiel du 12 janvier 2021, p. 233. The teacher and the head see
their class; Charlie, the head of the school next door, sees nothing, on any page.
"""

import re

import pytest

from stagecraft.autumn import Autumn
from stagecraft.doors import key_of, knock

PAGES = r"/(classes|eleves|etablissements)/[0-9a-f-]{36}/.*"


def pages_of_class(autumn: Autumn) -> list[str]:
    """Every page that the head can reach about the class, found by following links."""
    head = autumn.visitor("direction")
    found, to_see = set[str](), ["/"]
    while to_see:
        path = to_see.pop()
        page = head.get(path)
        for link in head.links(page, PAGES):
            if link not in found:
                found.add(link)
                to_see.append(link)
    return sorted(found)


def class_results(autumn: Autumn) -> list[str]:
    return [p for p in pages_of_class(autumn) if re.fullmatch(r"/classes/[^/]+/resultats/", p)]


def names_on(content: str, autumn: Autumn) -> list[str]:
    folded = content.casefold()
    return [name for name in autumn.names_of_pupils() if name.casefold() in folded]


def test_the_teacher_and_the_head_see_their_class(autumn: Autumn) -> None:
    for user in ("prof-6b", "direction"):
        visitor = autumn.visitor(user)
        (results,) = class_results(autumn)
        page = visitor.get(results)
        assert page.status == 200
        for slip in autumn.slips:
            assert slip.name.split()[-1].casefold() in page.text.casefold()


def test_there_are_pages_to_refuse(autumn: Autumn) -> None:
    assert len(pages_of_class(autumn)) > 28


@pytest.mark.parametrize("user", ["charlie", "charlotte"])
def test_the_school_next_door_sees_no_page_of_the_class(user: str, autumn: Autumn) -> None:
    charlie = autumn.visitor(user)
    assert charlie.get("/").status == 200
    for path in pages_of_class(autumn):
        page = charlie.get(path)
        assert page.status == 404, path
        assert names_on(page.text, autumn) == []


def test_without_an_account_nobody_sees_a_page(autumn: Autumn) -> None:
    stranger = autumn.visitor()
    for path in ["/", *pages_of_class(autumn)]:
        page = stranger.get(path)
        assert "Mot de passe" in page.text or page.status in {403, 404}, path
        assert names_on(page.text, autumn) == []


def test_a_wrong_password_opens_nothing(autumn: Autumn) -> None:
    stranger = autumn.visitor()
    stranger.sign_in("direction", "not the password")
    assert "Mot de passe" in stranger.get("/").text


@pytest.mark.parametrize("path", ["/doors/register", "/doors/scores"])
def test_a_door_opens_to_the_results_zone_only(path: str, autumn: Autumn) -> None:
    body = b"{}" if path.endswith("scores") else None
    keys = (
        None,
        key_of(autumn.stage.names.folder / "keys/door.key"),
        key_of(autumn.stage.answers.folder / "keys/receipt.key"),
    )
    for key in keys:
        assert knock(autumn.stage.names_url, path, key=key, body=body).status == 403


@pytest.mark.parametrize("path", ["/v1/batch?after=0", "/v1/progress"])
def test_the_doors_of_answers_open_to_the_ministry_only(path: str, autumn: Autumn) -> None:
    for key in (None, key_of(autumn.stage.answers.folder / "keys/receipt.key")):
        assert knock(autumn.stage.answers_url, path, key=key).status == 403
