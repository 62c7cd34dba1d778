# SPDX-License-Identifier: AGPL-3.0-or-later
"""A teacher keys booklets: the page, a real answers zone, what results opens in the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from encrier import codes
from encrier.sheets import ItemAnswer
from operators import free_port
from stage import Slip, Stage
from stagecraft import accessibility
from stagecraft.autumn import Autumn
from stagecraft.classroom import Classroom
from stagecraft.hands import SLOW_MS, hook
from stagecraft.keying_door import PAGE, KeyingDoor
from stagecraft.kit_of_a_class import kit_files

pytestmark = pytest.mark.journey
FIRST_NAMES = ("Léa", "Adam", "Inès", "Noé", "Zoé", "Sami")
KEPT = "Tout est gardé"
READING = "3"  # rank of the exercise that is read aloud
CP = {"level": "CP", "excused": ""}
PRESSED = """() => {
  const key = { key: "2", code: "Digit2", bubbles: true, cancelable: true };
  const from = performance.now();
  document.querySelector(".current").dispatchEvent(new KeyboardEvent("keydown", key));
  return performance.now() - from;
}"""


class School(NamedTuple):
    """A class that is keyed, and where its page comes from."""

    room: Classroom
    door: KeyingDoor
    slips: list[Slip]
    bundle: str

    def items_of(self, rank: int) -> dict[str, ItemAnswer]:
        """What results opens of the pupil of this rank, all computers merged."""
        stage, manifest = self.room.stage, self.room.stage.campaign()
        stage.open_envelopes()
        code = self.slips[rank].code
        keys = codes.derive(code, manifest.campaign_id, iterations=manifest.kdf_iterations)
        return stage.opened()[keys.sid].items


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[School]:
    folder = tmp_path_factory.mktemp("keyed")
    stage = Stage(folder / "zones", names_port=free_port(0), answers_port=free_port(0))
    stage.page_port = free_port(0)  # the origin that answers lets ask
    campaign = Autumn(stage, folder / "no-record")
    door: KeyingDoor | None = None
    try:
        campaign.prepare()
        manifest = stage.results.folder / "manifest.json"
        door = KeyingDoor(
            stage.page_port, manifest=manifest, root_key=stage.root_key, answers=stage.answers_url
        )
        bundle = stage.campaign().bundles[0].id.hex()
        door.kits[bundle] = kit_files(bundle)
        yield School(
            Classroom(stage, campaign, campaign.slips_without_end(), browser), door, [], bundle
        )
    finally:
        if door:
            door.close()
        stage.stop()


@pytest.fixture
def keyed(school: School) -> School:
    """A class of six whom nobody has keyed yet."""
    slips = [next(school.room.slips) for _ in FIRST_NAMES]
    school.door.ring_status = 200
    school.door.open_class(
        [
            {"order": str(slip.order), "code": str(slip.code), "shown": shown, **CP}
            | {"bundle": school.bundle}
            for slip, shown in zip(slips, FIRST_NAMES, strict=True)
        ]
    )
    return school._replace(slips=slips)


@contextmanager
def opened(
    school: School, *, width: int = 1280, height: int = 800, browser: Browser | None = None
) -> Iterator[Page]:
    """A computer on which the teacher has followed the link of the class."""
    with school.room.computer(width, 800, browser=browser) as page:
        page.goto(school.door.link)
        ready(page)
        yield page


def ready(page: Page) -> None:
    """Every pupil of the class is open."""
    expect(page.locator('[data-test="saved-state"][data-opening="0"]')).to_be_visible(
        timeout=SLOW_MS
    )


def kept(page: Page) -> None:
    """All that was keyed has its receipt."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(hook(page, "saved-state")).to_have_attribute("data-unsent", "0", timeout=40_000)
    expect(hook(page, "saved-state")).to_have_text(KEPT)


def chip(page: Page, item: str, choice: str) -> Locator:
    return page.locator(f'[data-item="{item}"] [data-choice="{choice}"]')


def open_pupil(page: Page, school: School, rank: int) -> None:
    hook(page, "tab-class").click()
    hook(page, f"pupil-{school.slips[rank].order}").click()
    expect(hook(page, "grid")).to_be_visible()


def test_a_booklet_is_keyed_with_the_keyboard_alone(keyed: School, any_browser: Browser) -> None:
    with opened(keyed, browser=any_browser) as page:
        assert page.evaluate("location.hash") == ""
        open_pupil(page, keyed, 0)
        for key in ("1", "2", " ", "x"):
            page.keyboard.press(key)
        expect(page.locator('[data-item="fr-l-05"].current')).to_be_visible()
        page.keyboard.press("PageDown")
        page.keyboard.press("PageDown")
        for key in ("4", "2", "0", "7"):
            page.keyboard.press(key)
        kept(page)
    items = keyed.items_of(0)
    assert items["fr-l-01"].r == {"RESPONSE": ["A"]}
    assert items["fr-l-02"].r == {"RESPONSE": ["B"]}
    assert [items[f"fr-l-0{at}"].mark for at in (3, 4)] == ["blank", "unfit"]
    assert [items[f"ma-n-0{at}"].r["RESPONSE"] for at in (1, 2)] == [["42"], ["7"]]


def test_a_reload_without_network_goes_on_and_what_was_keyed_leaves_later(keyed: School) -> None:
    with opened(keyed) as page:
        page.wait_for_function("navigator.serviceWorker.controller !== null")
        page.wait_for_timeout(1_000)  # the worker takes the page and the kit in
        open_pupil(page, keyed, 1)
        page.keyboard.press("1")
        kept(page)
        page.context.set_offline(offline=True)
        page.keyboard.press("2")
        expect(hook(page, "saved-state")).to_have_attribute("data-unsent", "1")
        page.reload()
        ready(page)
        open_pupil(page, keyed, 1)
        expect(chip(page, "fr-l-02", "B")).to_have_attribute("aria-pressed", "true")
        page.keyboard.press("End")
        page.keyboard.press("3")
        page.context.set_offline(offline=False)
        kept(page)
    items = keyed.items_of(1)
    assert [items[f"fr-l-0{at}"].r["RESPONSE"] for at in (1, 2, 8)] == [["A"], ["B"], ["C"]]


def test_what_was_keyed_leaves_though_the_class_is_no_more_open_for_her(keyed: School) -> None:
    with opened(keyed) as page:
        open_pupil(page, keyed, 0)
        page.context.set_offline(offline=True)
        page.keyboard.press("4")
        expect(hook(page, "saved-state")).to_have_attribute("data-unsent", "1")
        page.goto("about:blank")
        keyed.door.ring_status = 404
        page.context.set_offline(offline=False)
        with page.expect_response("**/v1/save", timeout=SLOW_MS) as answered:
            page.goto(f"{keyed.door.url}{PAGE}")
        assert answered.value.ok
        expect(hook(page, "notice-gone")).to_be_visible()
    assert keyed.items_of(0)["fr-l-01"].r == {"RESPONSE": ["D"]}


def test_two_computers_key_one_class_and_a_conflict_is_told(keyed: School) -> None:
    with opened(keyed) as first:
        open_pupil(first, keyed, 2)
        first.keyboard.press("1")
        kept(first)
        with opened(keyed) as second:
            open_pupil(second, keyed, 2)
            expect(chip(second, "fr-l-01", "A")).to_have_attribute("aria-pressed", "true")
            second.keyboard.press("2")  # in the place of A
            second.keyboard.press("2")
            kept(second)
        chip(first, "fr-l-08", "C").click()
        kept(first)
        expect(hook(first, "conflicts")).to_be_visible(timeout=SLOW_MS)
        assert accessibility.faults(first) == []
        hook(first, "conflict-close").click()
        expect(chip(first, "fr-l-01", "B")).to_have_attribute("aria-pressed", "true")
        kept(first)
    items = keyed.items_of(2)
    assert [items[f"fr-l-0{at}"].r["RESPONSE"] for at in (1, 2, 8)] == [["B"], ["B"], ["C"]]


def test_a_computer_forgets_the_class_once_all_is_sent(keyed: School) -> None:
    with opened(keyed) as page:
        open_pupil(page, keyed, 3)
        page.keyboard.press("1")
        kept(page)
        hook(page, "tab-class").click()
        hook(page, "close-here").click()
        expect(hook(page, "notice-closed")).to_be_visible(timeout=SLOW_MS)
        page.goto(f"{keyed.door.url}{PAGE}")
        expect(hook(page, "notice-link")).to_be_visible(timeout=SLOW_MS)
        left = page.evaluate(
            """() => new Promise((done) => { indexedDB.open("encrier").onsuccess = ({ target }) => {
              const all = target.result.transaction("boxes").objectStore("boxes").getAllKeys();
              all.onsuccess = () => done(all.result.length); }; })"""
        )
        assert left == 0


def test_without_the_link_nothing_opens(keyed: School) -> None:
    with keyed.room.computer() as page:
        page.goto(f"{keyed.door.url}{PAGE}")
        expect(hook(page, "notice-link")).to_be_visible(timeout=SLOW_MS)
        page.goto(f"{keyed.door.url}{PAGE}#AAAA")
        expect(hook(page, "notice-link")).to_be_visible(timeout=SLOW_MS)


def test_a_key_answers_at_once_however_large_the_class_is(keyed: School) -> None:
    with opened(keyed) as page:
        hook(page, "tab-exercise").click()
        expect(hook(page, "grid")).to_be_visible()
        page.keyboard.press("1")
        took = page.evaluate(PRESSED)
        assert took < 50
        kept(page)


@pytest.mark.parametrize("width", [1280, 390])
def test_every_screen_is_accessible(keyed: School, width: int) -> None:
    with opened(keyed, width=width) as page:
        for tab in ("class", "pupil", "exercise", "missing", "second", "groups"):
            hook(page, f"tab-{tab}").click()
            page.wait_for_timeout(200)
            assert accessibility.faults(page) == [], tab
            assert accessibility.outline_faults(page, language="fr") == [], tab
            assert not accessibility.too_wide(page), tab
            assert accessibility.faults_of_the_focus(page) == [], tab


@pytest.mark.parametrize("width", [1280, 390])
def test_dialogs_a_timed_reading_and_a_result_are_accessible(keyed: School, width: int) -> None:
    def sound(what: str) -> None:
        assert accessibility.faults(page) == [], what
        assert not accessibility.too_wide(page), what

    with opened(keyed, width=width) as page:
        hook(page, "tab-exercise").click()
        page.keyboard.press("1")
        for key, dialog in (("p", "row-dialog"), ("c", "column-dialog"), ("?", "help")):
            page.keyboard.press(key)
            expect(hook(page, dialog)).to_be_visible()
            sound(dialog)
            page.keyboard.press("Escape")
        open_pupil(page, keyed, 0)
        hook(page, "exercise-select").select_option(READING)
        hook(page, "read").click()
        expect(hook(page, "tab-pupil")).to_have_attribute("aria-current", "page")
        for phase in ("fluency-act", "fluency-act", "fluency-whole"):  # starts, stops, to the end
            sound(phase)
            hook(page, phase).click()
        sound("read")
        hook(page, "tab-class").click()
        page.get_by_role("button", name=f"Résultats de {FIRST_NAMES[0]}").click()
        expect(hook(page, "result")).to_be_visible()
        sound("result")
        assert accessibility.outline_faults(page, language="fr") == []


def test_the_page_is_at_the_next_visit_as_the_teacher_likes_it(keyed: School) -> None:
    with opened(keyed) as page:
        hook(page, "settings").click()
        hook(page, "set-theme-nuit").check()
        hook(page, "settings-close").click()
        page.reload()
        ready(page)
        expect(page.locator("html")).to_have_attribute("data-theme", "nuit")
        assert accessibility.faults(page) == []


def test_an_absence_closes_the_row_and_is_taken_back_as_one(keyed: School) -> None:
    row = f'[data-order="{keyed.slips[4].order}"]'
    with opened(keyed) as page:
        open_pupil(page, keyed, 4)
        page.keyboard.press("3")
        page.keyboard.press("p")
        page.locator('[data-test="extent-all"]').check()
        expect(hook(page, "told-before")).to_contain_text("18")  # the first was said
        hook(page, "row-make").click()
        hook(page, "tab-class").click()
        expect(page.locator(row)).to_have_attribute("data-done", "100")
        open_pupil(page, keyed, 4)
        page.keyboard.press("Control+z")
        hook(page, "tab-class").click()
        expect(page.locator(row)).to_have_attribute("data-done", "5")
        open_pupil(page, keyed, 4)
        page.keyboard.press("Control+y")
        kept(page)
    items = keyed.items_of(4)
    assert items["fr-l-01"].r == {"RESPONSE": ["C"]}
    assert {items[name].mark for name in items if name != "fr-l-01"} == {"absent"}


def test_with_a_finger_a_choice_is_circled_then_struck_then_neither(keyed: School) -> None:
    with opened(keyed, width=390) as page:
        open_pupil(page, keyed, 5)
        choice = chip(page, "fr-l-01", "B")
        choice.click()
        expect(choice).to_have_attribute("aria-pressed", "true")
        choice.click()
        expect(choice).to_have_class("chip struck")
        chip(page, "fr-l-01", "A").click()
        for digit in ("4", "2"):
            hook(page, "exercise-select").select_option("2")
            hook(page, f"pad-{digit}").click()
        kept(page)
    items = keyed.items_of(5)
    assert items["fr-l-01"].r == {"RESPONSE": ["A"], "RESPONSE.struck": ["B"]}


def test_groups_show_while_the_class_is_keyed(keyed: School) -> None:
    with opened(keyed) as page:
        open_pupil(page, keyed, 0)
        for _ in range(8):
            page.keyboard.press("1")
        hook(page, "tab-groups").click()
        expect(page.locator('td[data-group="satisfaisant"]')).to_have_count(1)
        kept(page)
