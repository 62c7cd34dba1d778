# SPDX-License-Identifier: AGPL-3.0-or-later
"""A teacher at her page and a pupil at another computer: a pause, an end, needs known beforehand.

Names and answers are the real zones; what is granted reaches the pupil's page by itself.
"""

import pytest
from playwright.sync_api import Locator, Page, expect

from encrier import codes, pictograms
from stage import DIVISION, Slip
from stagecraft.accessibility import faults
from stagecraft.classroom import Classroom
from stagecraft.hands import (
    SLOW_MS,
    answer_choice,
    enter,
    enter_code,
    hook,
    item_shown,
    wait_until,
    wait_until_sent,
)

pytestmark = pytest.mark.journey
HEARD_MS = 40_000  # a page that waits asks every 15 s or so
LAST_MINUTE_MS = 65_000  # answers keeps times to the minute, rounded up


def at_the_board(page: Page, classroom: Classroom, user: str = "prof-6b") -> None:
    """Sign in to the names zone and open the progress of the class."""
    page.goto(classroom.stage.names_url)
    page.get_by_label("Identifiant").fill(user)
    page.get_by_label("Mot de passe").fill(classroom.campaign.accounts[user])
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("link", name=DIVISION).first.click()
    page.get_by_role("link", name="Passation", exact=True).click()


def row_of(board: Page, classroom: Classroom, slip: Slip) -> Locator:
    """The line of a pupil on the teacher's page as it stands now, found by her letters."""
    board.reload()
    return board.get_by_role("row").filter(has_text=letters_of(classroom, slip))


def letters_of(classroom: Classroom, slip: Slip) -> str:
    """The letters that her slip and her screen show."""
    manifest = classroom.stage.campaign()
    keys = codes.derive(slip.code, manifest.campaign_id, iterations=manifest.kdf_iterations)
    return pictograms.letters_of(keys.sid)


def test_a_pupil_is_paused_and_goes_on_where_she_was(classroom: Classroom) -> None:
    slip = next(classroom.own_slips)
    with classroom.computer() as pupil, classroom.computer() as teacher:
        enter(pupil, classroom.stage.answers_url, slip.code)
        at_the_board(teacher, classroom)
        row_of(teacher, classroom, slip).get_by_role("button", name="Pause").click()
        expect(row_of(teacher, classroom, slip)).to_contain_text("En pause")
        answer_choice(pupil, "A")  # its receipt tells
        expect(hook(pupil, "paused")).to_be_visible(timeout=SLOW_MS)
        assert hook(pupil, "item").count() == 0
        assert faults(pupil) == []
        assert faults(teacher) == []
        row_of(teacher, classroom, slip).get_by_role("button", name="Reprendre").click()
        expect(hook(pupil, "item")).to_be_visible(timeout=HEARD_MS)
        expect(pupil.locator('[data-test="item"] input:checked')).to_have_count(1)
        wait_until_sent(pupil)
    events = [event.kind for event in classroom.sheet_of(slip).events]
    assert events.index("pause") < events.index("resume")


def test_a_page_that_is_opened_during_a_pause_waits(classroom: Classroom) -> None:
    slip = next(classroom.own_slips)
    with classroom.computer() as pupil, classroom.computer() as teacher:
        at_the_board(teacher, classroom)
        row_of(teacher, classroom, slip).get_by_role("button", name="Pause").click()
        pupil.goto(classroom.stage.answers_url)
        hook(pupil, "code-field").fill(codes.printed(slip.code))
        hook(pupil, "code-submit").click()
        hook(pupil, "pictograms-yes").click()
        hook(pupil, "start").click()
        expect(hook(pupil, "paused")).to_be_visible()
        row_of(teacher, classroom, slip).get_by_role("button", name="Reprendre").click()
        expect(hook(pupil, "item").or_(hook(pupil, "intro"))).to_be_visible(timeout=HEARD_MS)


def test_a_session_is_closed_for_all_and_opened_again(classroom: Classroom) -> None:
    slip = next(classroom.own_slips)
    with classroom.computer() as pupil, classroom.computer() as teacher:
        enter(pupil, classroom.stage.answers_url, slip.code)
        item = item_shown(pupil)
        at_the_board(teacher, classroom, "direction")
        teacher.get_by_text("Fermer la séance").click()
        teacher.get_by_role("button", name="Fermer pour toute la classe").click()
        answer_choice(pupil, "A")
        expect(hook(pupil, "strip")).to_contain_text("une minute", timeout=SLOW_MS)
        expect(hook(pupil, "session-over")).to_be_visible(timeout=LAST_MINUTE_MS)
        expect(hook(pupil, "session-over")).to_contain_text("bien gardées", timeout=SLOW_MS)
        assert faults(pupil) == []
        expect(row_of(teacher, classroom, slip)).to_contain_text("Séance fermée")
        teacher.get_by_role("button", name="Rouvrir la séance").click()
        expect(hook(pupil, "item")).to_be_visible(timeout=HEARD_MS)
        assert item_shown(pupil) == item
        expect(pupil.locator('[data-test="item"] input:checked')).to_have_count(1)


def test_what_a_pupil_needs_is_there_from_her_first_question(classroom: Classroom) -> None:
    slip = next(classroom.own_slips)
    with classroom.computer() as pupil, classroom.computer() as head:
        at_the_board(head, classroom, "direction")
        row_of(head, classroom, slip).get_by_role("link", name="Besoins").click()
        assert faults(head) == []
        head.get_by_label("Temps supplémentaire").select_option("33")
        head.get_by_label("Couleurs").select_option("nuit")
        head.get_by_label("Taille du texte").select_option("150")
        head.get_by_role("button", name="Enregistrer").click()
        expect(row_of(head, classroom, slip)).to_contain_text("33 %")
        enter(pupil, classroom.stage.answers_url, slip.code)
        assert pupil.locator("html").get_attribute("data-theme") == "nuit"
        answer_choice(pupil, "A")
        wait_until_sent(pupil)
        # the next pupil of this computer begins with the usual page
        hook(pupil, "overview").click()
        hook(pupil, "pause").click()
        expect(hook(pupil, "code-field")).to_be_visible()
        assert pupil.locator("html").get_attribute("data-theme") in (None, "ardoise")
    supports = classroom.sheet_of(slip).supports
    assert supports is not None
    assert supports.designated == ["theme:nuit", "size:150", "extra-time:33"]
    assert set(supports.used) >= set(supports.designated)


def test_a_pupil_whose_code_was_used_is_given_another(classroom: Classroom) -> None:
    slip = next(classroom.own_slips)
    with (
        classroom.computer() as stranger,
        classroom.computer() as pupil,
        classroom.computer() as teacher,
    ):
        enter(stranger, classroom.stage.answers_url, slip.code)
        answer_choice(stranger, "A")
        wait_until_sent(stranger)
        at_the_board(teacher, classroom)
        row_of(teacher, classroom, slip).get_by_role("link", name="Code").click()
        assert faults(teacher) == []
        teacher.get_by_label("Un autre élève a répondu").check()
        teacher.get_by_role("button", name="Donner un nouveau code").click()
        assert faults(teacher) == []
        code = codes.parse(teacher.locator(".new-code").inner_text())
        assert code != slip.code
        answer_choice(stranger, "B")
        expect(hook(stranger, "notice-closed")).to_be_visible(timeout=HEARD_MS)
        enter(pupil, classroom.stage.answers_url, code)
        expect(pupil.locator('[data-test="item"] input:checked')).to_have_count(0)
        answer_choice(pupil, "C")
        wait_until_sent(pupil)
    account = classroom.stage.open_envelopes()
    assert account.set_aside == 1
    assert account.reconciled
    orders = {row.order for row in classroom.stage.score_sheet().rows}
    assert slip.order not in orders
    kept = classroom.sheet_of(slip)  # what was answered under the old code is not lost
    assert [answer.r for answer in kept.items.values() if answer.r] == [{"RESPONSE": ["A"]}]


def test_the_letters_of_the_slip_stand_on_the_screen_and_on_the_teachers_page(
    classroom: Classroom,
) -> None:
    slip = next(classroom.own_slips)
    letters = letters_of(classroom, slip)
    with classroom.computer(390, 800) as pupil, classroom.computer() as teacher:
        pupil.goto(classroom.stage.answers_url)
        enter_code(pupil, slip.code)
        expect(hook(pupil, "screen-letters")).to_have_text(letters)
        expect(hook(pupil, "screen-letters")).to_be_visible()
        at_the_board(teacher, classroom)
        expect(row_of(teacher, classroom, slip)).to_be_visible()


def test_a_computer_that_asked_days_ahead_can_read_nothing(classroom: Classroom) -> None:
    """Booklets are fetched closed: none of their words is on the computer before the sign-in."""
    with classroom.computer() as page:
        page.goto(classroom.stage.answers_url)  # they come within 15 s, at a moment by chance
        wait_until(
            page,
            "async () => (await (await caches.open('encrier-kept')).keys())"
            ".filter((request) => request.url.includes('/bundles/')).length >= 8",
            patience_ms=60_000,
        )
        found = page.evaluate(
            """async () => {
              const cache = await caches.open("encrier-kept");
              let words = 0;
              for (const request of await cache.keys()) {
                if (!request.url.includes("/bundles/")) continue;
                const kept = await (await cache.match(request)).arrayBuffer();
                const text = new TextDecoder().decode(kept);
                words += /<qti-|interaction|<svg |\\"items\\"/.test(text) ? 1 : 0;
              }
              return words;
            }"""
        )
    assert found == 0
