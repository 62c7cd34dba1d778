# SPDX-License-Identifier: AGPL-3.0-or-later
"""The practice test: no code, every kind of question, nothing sent and nothing kept."""

import pytest
from playwright.sync_api import Browser, Request, expect

from stagecraft.accessibility import faults, too_wide
from stagecraft.classroom import Classroom
from stagecraft.hands import answer_choice, hook, item_shown

pytestmark = pytest.mark.journey
N_QUESTIONS = 19


def test_a_pupil_practises_without_a_code_and_nothing_is_sent(
    classroom: Classroom, any_browser: Browser
) -> None:
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.url)

    with classroom.computer(browser=any_browser) as page:
        page.on("request", note)
        page.goto(classroom.stage.answers_url)
        hook(page, "practise").click()
        hook(page, "start").click()
        assert item_shown(page) == "e-choix"
        answer_choice(page, "B")
        expect(hook(page, "way-note")).to_have_text("C’est noté. Tu peux passer à la suite.")
        for _ in range(N_QUESTIONS):
            hook(page, "next").click()
        hook(page, "finish").click()
        hook(page, "finish-confirm").click()
        expect(hook(page, "practice-over")).to_be_visible()
        kept = page.evaluate(
            """async () => {
              const opened = await new Promise((done) => {
                const asked = indexedDB.open("encrier");
                asked.onsuccess = () => done(asked.result);
              });
              const store = opened.transaction(["outbox", "boxes", "tabs"]);
              const counts = await Promise.all(["outbox", "boxes", "tabs"].map((name) =>
                new Promise((done) => {
                  const asked = store.objectStore(name).count();
                  asked.onsuccess = () => done(asked.result);
                })));
              return counts.reduce((sum, one) => sum + one, 0);
            }"""
        )
        assert kept == 0
        hook(page, "code-again").click()
        expect(hook(page, "code-field")).to_be_visible()
    assert sent == []


def test_practice_has_an_address_and_needs_no_network_afterwards(classroom: Classroom) -> None:
    with classroom.computer(390, 800) as page:
        page.goto(f"{classroom.stage.answers_url}/#essai")
        hook(page, "start").click()
        page.context.set_offline(True)
        for _ in range(N_QUESTIONS):
            hook(page, "next").click()
        expect(hook(page, "finish")).to_be_visible()
        assert page.locator('[data-test="overview-item"].seen').count() == N_QUESTIONS


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (390, 800)])
def test_no_question_of_the_practice_has_a_fault(
    classroom: Classroom, width: int, height: int
) -> None:
    with classroom.computer(width, height) as page:
        page.goto(f"{classroom.stage.answers_url}/#essai")
        hook(page, "start").click()
        for rank in range(1, N_QUESTIONS + 1):
            expect(page.get_by_role("heading", name=f"Question {rank} sur")).to_be_visible()
            assert (rank, faults(page), too_wide(page)) == (rank, [], False)
            hook(page, "next").click()


def test_the_keyboard_skips_the_bar(classroom: Classroom) -> None:
    with classroom.computer() as page:
        page.goto(f"{classroom.stage.answers_url}/#essai")
        hook(page, "start").click()
        expect(hook(page, "item")).to_be_visible()
        hook(page, "skip").focus()
        expect(hook(page, "skip")).to_be_in_viewport()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.localName") == "h1"
        assert page.url.endswith("/")
