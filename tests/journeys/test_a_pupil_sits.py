# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pupils sit the whole assessment in a browser; the teacher sees what was scored by hand."""

import json
from collections.abc import Mapping
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, expect

from encrier import codes
from stage import PACKAGE
from stagecraft import hands
from stagecraft.classroom import Classroom
from stagecraft.staffroom import bare

pytestmark = pytest.mark.journey
CONTENT: Final = json.loads((PACKAGE / "hand-scored.json").read_text(encoding="utf-8"))
PATTERNS: Final[Mapping[str, Mapping[str, Any]]] = {p["id"]: p for p in CONTENT["patterns"]}
GROUPS: Final = {"besoins": "besoins", "fragile": "fragile", "satisfaisant": "satisfaisant"}


@pytest.mark.parametrize("pattern", ["tout-juste", "eleve-fragile", "eleve-moyen"])
def test_what_a_pupil_clicks_is_scored_as_by_hand(pattern: str, classroom: Classroom) -> None:
    slip = next(classroom.own_slips)
    by_hand = PATTERNS[pattern]
    with classroom.computer() as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        hands.walk(page, by_hand["answers"])
        hands.finish(page)
    account = classroom.stage.open_envelopes()
    assert account.rejected == {}
    (row,) = [r for r in classroom.stage.score_sheet().rows if r.order == slip.order]
    assert row.status == "complete"
    assert {d.domain: d.score for d in row.domains} == by_hand["domains"]
    assert {d.domain: d.group for d in row.domains} == by_hand["groups"]
    line = line_of(slip.name, results_page(classroom))
    for group in GROUPS:
        expected = list(by_hand["groups"].values()).count(group)
        assert line.casefold().count(group) == expected, line


def results_page(classroom: Classroom) -> str:
    """The class results as the teacher reads them."""
    teacher = classroom.campaign.visitor("prof-6b")
    (path,) = teacher.links(teacher.get("/"), r"/classes/[0-9a-f-]{36}/")
    return teacher.get(path + "resultats/").content.decode()


def line_of(name: str, page: str) -> str:
    """The table row of a pupil, as text."""
    rows = [bare("<tr" + row) for row in page.split("<tr")[1:]]
    last_word = name.rsplit(maxsplit=1)[-1]
    (line,) = [row for row in rows if last_word in row]
    return line


def test_a_mistyped_letter_is_told_before_anything_is_sent(classroom: Classroom) -> None:
    slip = next(classroom.slips)
    right = codes.printed(slip.code)
    wrong = right[:-1] + ("B" if right[-1] != "B" else "C")
    with classroom.computer() as page:
        page.goto(classroom.stage.answers_url)
        expect(hands.hook(page, "code-field")).to_be_visible()
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url))
        hands.hook(page, "code-field").fill(wrong)
        hands.hook(page, "code-submit").click()
        expect(hands.hook(page, "code-error")).to_contain_text("Ce code n’existe pas")
        # booklets may come ahead meanwhile, closed; nothing of the code goes anywhere
        assert [url for url in sent if "/bundles/" not in url] == []
        hands.hook(page, "code-field").fill(right)
        hands.hook(page, "code-submit").click()
        expect(hands.hook(page, "pictograms-yes")).to_be_visible()


def test_a_code_of_another_campaign_is_refused_with_a_sentence(classroom: Classroom) -> None:
    with classroom.computer() as page:
        page.goto(classroom.stage.answers_url)
        hands.hook(page, "code-field").fill(codes.printed(codes.draw()))
        hands.hook(page, "code-submit").click()
        expect(hands.hook(page, "code-error")).to_be_visible()
        expect(hands.hook(page, "pictograms-yes")).to_have_count(0)


def test_the_qr_code_fills_the_code_in_and_leaves_the_address_bar(classroom: Classroom) -> None:
    slip = next(classroom.slips)
    with classroom.computer() as page:
        page.goto(f"{classroom.stage.answers_url}/#{codes.printed(slip.code)}")
        expect(hands.hook(page, "code-field")).to_have_value(codes.printed(slip.code))
        assert "#" not in page.url


def test_the_page_asks_nobody_but_the_zone_itself(classroom: Classroom) -> None:
    slip = next(classroom.slips)
    asked: list[str] = []
    with classroom.computer() as page:
        page.on("request", lambda request: asked.append(request.url))
        hands.enter(page, classroom.stage.answers_url, slip.code)
        hands.hook(page, "next").click()
    outside = [
        u for u in asked if not u.startswith((classroom.stage.answers_url, "blob:", "data:"))
    ]
    assert asked
    assert outside == []
    assert [url for url in asked if slip.code in url.replace("-", "")] == []


def test_nothing_the_pupil_wrote_is_in_clear_on_the_computer(classroom: Classroom) -> None:
    slip = next(classroom.slips)
    with classroom.computer() as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        page.context.set_offline(True)  # so that the envelope itself stays on the disk
        hands.go_to(page, "fr-e-01")
        hands.answer(page, "fr-e-01", {"RESPONSE": ["Le hérisson mauve"]})
        hands.hook(page, "previous").click()
        hands.wait_until_on_disk(page)
        stored = page.evaluate(hands.EVERYTHING_STORED)
    assert "SE1" in stored
    for word in ("mauve", "RESPONSE", "fr-e-01", slip.code, codes.printed(slip.code)):
        assert word not in stored.replace('"place":"fr-e-01"', "")


def test_what_is_begun_in_chromium_goes_on_in_firefox(
    classroom: Classroom, firefox: Browser
) -> None:
    slip = next(classroom.slips)
    with classroom.computer() as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        hands.answer(page, "fr-c-01", {"RESPONSE": ["B"]})
        hands.wait_until_sent(page)
    with classroom.computer(browser=firefox) as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        hands.go_to(page, "fr-c-01")
        expect(hands.hook(page, "item").locator('input[value="B"]')).to_be_checked()
        hands.go_to(page, "fr-c-05")
        hands.hook(page, "overview").click()
        hands.finish(page)
