# SPDX-License-Identifier: AGPL-3.0-or-later
"""Network cut, page reloaded, other computer, dead server: nothing that was given is lost."""

import threading
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from operators import wait_until
from pupils import Network, Pupil
from stage import Slip, Stage, patterns
from stagecraft import hands
from stagecraft.classroom import Classroom

pytestmark = pytest.mark.journey
FIRST: Final = "fr-c-01"
N_SAVES: Final = 37


def chosen(page: Page) -> list[str]:
    """What is ticked on the page."""
    ticked = hands.hook(page, "item").locator("input:checked")
    return [ticked.nth(n).get_attribute("value") or "" for n in range(ticked.count())]


def first_answer() -> dict[str, list[str]]:
    return {name: list(values) for name, values in patterns()[0][FIRST].items()}


def pupil_of(stage: Stage, slip: Slip) -> Pupil:
    """A simulated pupil with this slip."""
    return Pupil(slip.code, Network(stage.answers_url, iter([])), root_key=stage.root_key)


def items_of(stage: Stage, slip: Slip) -> dict[str, dict[str, list[str]]]:
    """What the ministry reads of one pupil's answers, by item."""
    stage.open_envelopes()
    sitting = stage.opened()[pupil_of(stage, slip).keys.sid]
    return {item: answer.r for item, answer in sitting.items.items()}


def has_finished(stage: Stage, slip: Slip) -> bool:
    """Whether the ministry has the pupil's last save."""
    stage.open_envelopes()
    return stage.opened()[pupil_of(stage, slip).keys.sid].finished


def test_a_pupil_goes_on_while_the_network_is_cut(
    classroom: Classroom, any_browser: Browser
) -> None:
    slip = next(classroom.slips)
    right = patterns()[0]
    with classroom.computer(browser=any_browser) as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        hands.answer(page, FIRST, right[FIRST])
        hands.wait_until_sent(page)
        page.context.set_offline(True)
        for item in list(right)[1:5]:
            hands.go_to(page, item)
            hands.answer(page, item, right[item])
        expect(hands.hook(page, "saved-state")).not_to_have_attribute("data-unsent", "0")
        page.context.set_offline(False)
        hands.wait_until_sent(page)
    kept = items_of(classroom.stage, slip)
    for item in list(right)[:5]:
        assert kept[item] == right[item], item


def test_a_reload_brings_the_pupil_back_to_the_same_question(
    classroom: Classroom, any_browser: Browser
) -> None:
    slip = next(classroom.slips)
    with classroom.computer(browser=any_browser) as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        hands.answer(page, FIRST, first_answer())
        before = chosen(page)
        hands.wait_until_sent(page)
        page.reload()
        expect(hands.hook(page, "item")).to_have_attribute("data-item", FIRST)
        assert chosen(page) == before != []


def test_answers_given_offline_survive_a_reload(classroom: Classroom, any_browser: Browser) -> None:
    slip = next(classroom.slips)
    with classroom.computer(browser=any_browser) as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        page.route("**/v1/save", lambda route: route.abort())  # a proxy that eats saves
        hands.answer(page, FIRST, first_answer())
        before = chosen(page)
        expect(hands.hook(page, "saved-state")).not_to_have_attribute("data-unsent", "0")
        hands.wait_until_on_disk(page)
        page.once("dialog", lambda dialog: dialog.accept())
        page.reload()
        expect(hands.hook(page, "item")).to_have_attribute("data-item", FIRST)
        assert chosen(page) == before != []
        expect(hands.hook(page, "saved-state")).to_have_attribute("data-unsent", "1")
        page.unroute("**/v1/save")
        hands.wait_until_sent(page)
    assert items_of(classroom.stage, slip)[FIRST] == first_answer()


def test_another_computer_takes_over_with_the_same_code(classroom: Classroom) -> None:
    slip = next(classroom.slips)
    right = patterns()[0]
    with classroom.computer() as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        hands.answer(page, FIRST, right[FIRST])
        before = chosen(page)
        hands.wait_until_sent(page)
    with classroom.computer() as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        hands.go_to(page, FIRST)
        assert chosen(page) == before != []
        second = list(right)[1]
        hands.go_to(page, second)
        hands.answer(page, second, right[second])
        hands.wait_until_sent(page)
    kept = items_of(classroom.stage, slip)
    assert kept[FIRST] == right[FIRST]
    assert kept[second] == right[second]


def test_a_finished_sitting_does_not_open_again(classroom: Classroom) -> None:
    slip = next(classroom.slips)
    with classroom.computer() as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        hands.answer(page, FIRST, first_answer())
        hands.hook(page, "overview").click()
        hands.finish(page)
    with classroom.computer() as page:
        page.goto(classroom.stage.answers_url)
        hands.hook(page, "code-field").fill(slip.code)
        hands.hook(page, "code-submit").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("déjà fini")


def test_a_last_save_that_is_refused_is_told_and_can_be_sent_again(
    classroom: Classroom, any_browser: Browser
) -> None:
    slip = next(classroom.slips)
    with classroom.computer(browser=any_browser) as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        hands.answer(page, FIRST, first_answer())
        hands.wait_until_sent(page)
        said = '{"what": "Trop gros.", "next_step": "Appelle ton professeur."}'
        page.route("**/v1/save", lambda route: route.fulfill(status=413, body=said))
        hands.hook(page, "overview").click()
        hands.hook(page, "finish").click()
        hands.hook(page, "finish-confirm").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("n’a pas pris")
        page.unroute("**/v1/save")
        page.on("dialog", lambda dialog: dialog.accept())
        hands.hook(page, "retry").click()
        page.locator('[data-test="done"], [data-test="notice-finished"]').wait_for()
        wait_until(lambda: has_finished(classroom.stage, slip), what="the last save")
    assert items_of(classroom.stage, slip)[FIRST] == first_answer()


def test_a_pupil_who_had_finished_goes_on_waiting_for_the_receipt(
    classroom: Classroom, any_browser: Browser
) -> None:
    slip = next(classroom.slips)
    with classroom.computer(browser=any_browser) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        hands.enter(page, classroom.stage.answers_url, slip.code)
        hands.answer(page, FIRST, first_answer())
        page.route("**/v1/save", lambda route: route.abort())
        hands.hook(page, "overview").click()
        hands.hook(page, "finish").click()
        hands.hook(page, "finish-confirm").click()
        expect(hands.hook(page, "sending")).to_contain_text("Encore 1 réponse")
        page.reload()
        expect(hands.hook(page, "sending")).to_contain_text("Encore 1 réponse")
        page.unroute("**/v1/save")
        hands.hook(page, "retry").click()
        expect(hands.hook(page, "done")).to_be_visible()
    assert has_finished(classroom.stage, slip)
    assert items_of(classroom.stage, slip)[FIRST] == first_answer()


def test_pulling_the_plug_of_the_answers_zone_loses_no_acknowledged_save(
    classroom: Classroom,
) -> None:
    slips = [next(classroom.slips) for _ in range(4)]
    stage = classroom.stage
    seated = [pupil_of(stage, slip) for slip in slips]
    right = patterns()[0]
    acknowledged: dict[str, set[str]] = {}

    def sit(pupil: Pupil, slip: Slip) -> None:
        pupil.sign_in()
        done = set[str]()
        for item, given in right.items():
            pupil.answer(item, given)
            done.add(item)
            if pupil.save(n_items=N_SAVES):
                acknowledged[slip.order] = set(done)

    threads = [threading.Thread(target=sit, args=pair) for pair in zip(seated, slips, strict=True)]
    for thread in threads:
        thread.start()
    for wait_s in (0.15, 0.3):
        threads[0].join(timeout=wait_s)
        stage.kill_answers()
    for thread in threads:
        thread.join()
    for pupil in seated:
        assert pupil.send()
    for slip in slips:
        kept = items_of(stage, slip)
        assert acknowledged[slip.order] <= set(kept)
        assert set(kept) == set(right)
