# SPDX-License-Identifier: AGPL-3.0-or-later
"""A class of CP is keyed from its booklets, every zone running: from sign-in to the groups.

Each test keys what stands in the pupils' booklets, other exercises or other pupils than the
others; what was keyed is what results opens.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import keyed
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect
from teachers import Entry, absent, fields

import canaries
from encrier.sheets import ItemAnswer
from stagecraft.autumn import decrypted
from stagecraft.computers import a_computer
from stagecraft.doors import key_of
from stagecraft.hands import hook, wait_until
from stagecraft.keyed_school import (
    CHARLIE,
    HEAD,
    KeyedSchool,
    all_kept,
    come_in,
    is_as_written,
    keyed_school,
    ready,
    sign_in,
)
from stagecraft.machines import program_of
from stagecraft.staffroom import Visitor
from stagecraft.typist import keys_of, press

pytestmark = pytest.mark.journey
WHOLE: Final = {"chromium": 0, "firefox": 1}  # rank of the pupil keyed whole in each browser
BY_TOUCH, AWAY, READERS = 2, 3, (4, 5)
WIDE: Final = {"viewport": {"width": 1280, "height": 800}}
PHONE: Final = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
KEPT_HERE: Final = """async () => (await (await caches.open("encrier-saisie-kept")).keys())
  .some(({ url }) => url.endsWith("keying.json"))
  && Boolean(await caches.match(location.pathname))"""


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyedSchool]:
    """Nobody has keyed yet."""
    with keyed_school(tmp_path_factory.mktemp("class")) as found:
        yield found


def open_pupil(page: Page, school: KeyedSchool, rank: int) -> None:
    hook(page, "tab-class").click()
    hook(page, f"pupil-{school.pupils[rank]['order']}").click()
    expect(hook(page, "grid")).to_be_visible()


def open_exercise(page: Page, name: str, rank: int = 0) -> None:
    """An exercise of the whole class, at a pupil's first item."""
    hook(page, "tab-exercise").click()
    expect(hook(page, "grid")).to_have_attribute("data-way", "exercise")
    hook(page, "exercise-select").select_option(name)
    cell = page.locator(".class-grid tbody tr").nth(rank).locator("td").first
    cell.click()
    expect(cell).to_be_focused()


def rank_of(school: KeyedSchool, exercise: str) -> str:
    """The rank of an exercise in the booklet, as the page's list has it."""
    every = [one["id"] for sequence in school.kit["sequences"] for one in sequence["exercises"]]
    return str(every.index(exercise))


def keyed_by_hand(school: KeyedSchool, rank: int) -> dict[str, Entry]:
    """What a booklet says, a reading as it is keyed without its text: words in a minute."""
    readings = {field["id"] for field in fields(school.kit) if field["mask"] == "fluency"}
    return {
        item: ({"RESPONSE": responses["RESPONSE"]}, mark)
        if item in readings and responses
        else (responses, mark)
        for item, (responses, mark) in school.written[rank].items()
    }


def groups_on_the_page(page: Page, shown: str) -> list[str]:
    """A pupil's groups, domain by domain, on the page on which she was keyed."""
    hook(page, "tab-groups").click()
    row = page.locator(".groups-table tbody tr").filter(has_text=shown)
    expect(row).to_have_count(1)
    return row.locator("td").all_text_contents()


def groups_at_names(page: Page, name: str) -> list[str]:
    """The same on the class's page of results."""
    row = page.locator("table.results tbody tr").filter(has_text=name)
    expect(row).to_have_count(1)
    return [text.strip() for text in row.locator("td").all_text_contents()]


@contextmanager
def desk(playwright: Playwright, profile: Path, *, offline: bool = False) -> Iterator[Page]:
    """A teacher's own computer, of which the browser's folder stays."""
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=program_of("chromium"),
        args=["--no-sandbox", "--disable-gpu"],
        locale="fr-FR",
        offline=offline,
        viewport={"width": 1280, "height": 800},
    )
    try:
        yield context.pages[0]
    finally:
        context.close()


def on_disk(page: Page) -> None:
    """All that was keyed is on this computer's disk, and says that it waits."""
    expect(hook(page, "saved-state")).to_have_attribute("data-kind", re.compile("here|waiting"))
    assert int(hook(page, "saved-state").get_attribute("data-unsent") or 0) > 0


def key_exercise(page: Page, school: KeyedSchool, exercise: str, ranks: list[int]) -> None:
    """An exercise of pupils who follow each other, from where the teacher is."""
    items = school.exercise(exercise)["items"]
    for rank in ranks:
        for field in items:
            press(page, keys_of(field, school.written[rank][field["id"]]))


def all_there(
    school: KeyedSchool, exercise: str, *, ranks: list[int], opened: list[dict[str, ItemAnswer]]
) -> list[str]:
    """What is not as the pupils wrote it, of an exercise; ranks: of which pupils."""
    ids = [field["id"] for field in school.exercise(exercise)["items"]]
    return [
        f"{rank}: {item}"
        for rank in ranks
        for item in ids
        if not is_as_written(school.written[rank][item], opened[rank].get(item))
    ]


def test_a_booklet_is_keyed_whole_with_the_keyboard_alone(
    school: KeyedSchool, any_browser: Browser
) -> None:
    rank = WHOLE["firefox" if any_browser.browser_type.name == "firefox" else "chromium"]
    given = keyed_by_hand(school, rank)
    with a_computer(any_browser, **WIDE) as page:
        come_in(page, school)
        assert page.evaluate("location.hash") == ""
        open_pupil(page, school, rank)
        for field in fields(school.kit):
            expect(page.locator(f'.current[data-item="{field["id"]}"]')).to_be_visible()
            press(page, keys_of(field, given[field["id"]]))
        hook(page, "tab-class").click()
        row = page.locator(f'[data-order="{school.pupils[rank]["order"]}"]')
        expect(row).to_have_attribute("data-done", "100")
        all_kept(page)
    items = school.opened(school.pupils)[rank]
    assert [i for i in given if not is_as_written(given[i], items.get(i))] == []


def test_the_groups_that_the_page_showed_are_those_of_the_results(
    school: KeyedSchool, browser: Browser
) -> None:
    school.stage.open_envelopes()
    school.stage.exchange()
    with a_computer(browser, **WIDE) as page:
        come_in(page, school)
        ranks = list(WHOLE.values())
        names = [school.pupils[rank]["shown"] for rank in ranks]
        told = [groups_on_the_page(page, name) for name in names]
        hook(page, "tab-class").click()
        page.get_by_role("link", name="Revenir à la page de la classe").click()
        page.get_by_role("link", name="Résultats").first.click()
        official = [groups_at_names(page, name) for name in names]
        assert len(told[0]) == len(school.kit["domains"])
        assert set(told[0] + told[1]) <= {"À besoins", "Fragile", "Satisfaisant"}
        assert told == official


def test_an_exercise_is_keyed_with_a_finger_on_a_narrow_screen(
    school: KeyedSchool, browser: Browser
) -> None:
    with a_computer(browser, **PHONE) as page:
        come_in(page, school)
        open_pupil(page, school, BY_TOUCH)
        for field in school.exercise("fr-lettres")["items"]:
            responses, mark = school.written[BY_TOUCH][field["id"]]
            item = page.locator(f'[data-item="{field["id"]}"]')
            for choice in responses.get("RESPONSE", []):
                item.locator(f'[data-choice="{choice}"]').tap()
            if mark == "blank":
                item.locator(".field-label").tap()
                hook(page, "act-blank").tap()
            expect(item).to_have_attribute("data-said", "true")
        all_kept(page)
    opened = school.opened(school.pupils)
    assert all_there(school, "fr-lettres", ranks=[BY_TOUCH], opened=opened) == []


def test_two_teachers_key_two_halves_of_a_class_at_once(
    school: KeyedSchool, browser: Browser
) -> None:
    exercise, middle = "fr-sons", keyed.CLASS // 2
    halves = list(range(middle)), list(range(middle, keyed.CLASS))
    with a_computer(browser, **WIDE) as hers, a_computer(browser, **WIDE) as the_heads:
        come_in(hers, school)
        come_in(the_heads, school, HEAD)
        open_exercise(hers, rank_of(school, exercise))
        open_exercise(the_heads, rank_of(school, exercise), middle)
        for one, other in zip(*halves, strict=True):
            key_exercise(hers, school, exercise, [one])
            key_exercise(the_heads, school, exercise, [other])
        open_exercise(hers, rank_of(school, "fr-phrases"), middle)  # of a pupil whom both key
        key_exercise(hers, school, "fr-phrases", [middle])
        all_kept(hers)
        all_kept(the_heads)
        expect(hook(hers, "conflicts")).to_have_count(0)
    opened = school.opened(school.pupils)
    assert all_there(school, exercise, ranks=[*halves[0], *halves[1]], opened=opened) == []
    assert all_there(school, "fr-phrases", ranks=[middle], opened=opened) == []


def test_an_exercise_keyed_without_network_is_sent_another_day(
    school: KeyedSchool, playwright: Playwright, tmp_path: Path
) -> None:
    exercise, middle = "ma-comparer", keyed.CLASS // 2
    with desk(playwright, tmp_path) as page:
        come_in(page, school, CHARLIE)
        address = page.url
        page.wait_for_function("navigator.serviceWorker.controller !== null")
        wait_until(page, KEPT_HERE)
        page.context.set_offline(offline=True)
        open_exercise(page, rank_of(school, exercise))
        key_exercise(page, school, exercise, list(range(middle)))
        on_disk(page)
        page.reload()
        ready(page)
    with desk(playwright, tmp_path, offline=True) as page:
        page.goto(address)
        ready(page)
        open_exercise(page, rank_of(school, exercise), middle)
        key_exercise(page, school, exercise, list(range(middle, keyed.CLASS)))
        on_disk(page)
    assert not any(school.opened(school.ring(CHARLIE)))
    with desk(playwright, tmp_path) as page:  # who has slept signs in again
        page.goto(address)
        sign_in(page, school, CHARLIE)
        ready(page)
        all_kept(page)
    opened = school.opened(school.ring(CHARLIE))
    assert all_there(school, exercise, ranks=list(range(keyed.CLASS)), opened=opened) == []


def test_two_readings_in_a_row_are_timed_on_a_phone(school: KeyedSchool, browser: Browser) -> None:
    words = school.exercise("fr-fluence")["items"][0]["words"]
    read = {READERS[0]: (40, ("w3", "w7")), READERS[1]: (12, ("w1",))}
    with a_computer(browser, **PHONE) as page:
        come_in(page, school)
        open_pupil(page, school, READERS[0])
        hook(page, "exercise-select").select_option(rank_of(school, "fr-fluence"))
        hook(page, "read").tap()
        for rank, (last, misread) in read.items():
            head = page.get_by_role("heading", level=1)
            expect(head).to_have_text(school.pupils[rank]["shown"])
            hook(page, "fluency-act").tap()
            for word in misread:
                page.locator(f'[data-word="{word}"]').tap()
            hook(page, "fluency-act").tap()
            page.locator(f'[data-word="{words[last - 1]["id"]}"]').tap()
            expect(hook(page, "fluency-signal")).to_contain_text(str(last - len(misread)))
            hook(page, "fluency-next").tap()
        all_kept(page)
    opened = school.opened(school.pupils)
    for rank, (last, misread) in read.items():
        given = opened[rank]["fr-f-01"].r
        assert given["RESPONSE"] == [str(last - len(misread))]
        assert (given["LAST"], given["WRONG"]) == ([str(last)], list(misread))


def test_an_absence_closes_the_row_and_names_says_so_after_an_exchange(
    school: KeyedSchool, browser: Browser
) -> None:
    with a_computer(browser, **WIDE) as page:
        come_in(page, school)
        open_pupil(page, school, AWAY)
        page.keyboard.press("p")
        hook(page, "extent-all").check()
        hook(page, "over").check()
        hook(page, "row-make").click()
        hook(page, "tab-class").click()
        row = page.locator(f'[data-order="{school.pupils[AWAY]["order"]}"]')
        expect(row).to_have_attribute("data-done", "100")
        all_kept(page)
        school.stage.exchange()
        page.get_by_role("link", name="Revenir à la page de la classe").click()
        page.get_by_role("link", name="Passation").first.click()
        for rank in (*WHOLE.values(), AWAY):
            line = page.locator("tbody tr").filter(has_text=school.pupils[rank]["shown"])
            expect(line.locator(".tag.done")).to_have_text("Saisi")
        line = page.locator("tbody tr").filter(has_text=school.pupils[BY_TOUCH]["shown"])
        expect(line.locator("progress")).to_have_count(1)
    given = school.opened(school.pupils)[AWAY]
    assert {item: given[item].mark for item in absent(school.kit)} == dict.fromkeys(
        absent(school.kit), "absent"
    )


def test_charlie_finds_neither_page_nor_ring_and_a_passer_by_no_kit(school: KeyedSchool) -> None:
    visitors = {}
    for user in (keyed.TEACHER, CHARLIE):
        visitors[user] = Visitor(school.stage.names_url)
        visitors[user].sign_in(user, school.accounts[user])
    division = school.teacher().ring["division"]
    kit = f"/saisie/kits/{school.pupils[0]['bundle']}/keying.json"
    for path in (f"/saisie/{division}/", f"/saisie/{division}/anneau"):
        assert visitors[keyed.TEACHER].get(path).status == 200
        assert visitors[CHARLIE].get(path).status == 404
    nobody = Visitor(school.stage.names_url)
    assert b'"marking"' in visitors[keyed.TEACHER].get(kit).content
    assert b'"marking"' not in nobody.get(kit).content


def test_what_was_keyed_is_sent_though_nobody_is_signed_in_any_more(
    school: KeyedSchool, browser: Browser
) -> None:
    exercise, rank = "ma-compter", 6
    with a_computer(browser, **WIDE) as page:
        come_in(page, school)
        open_exercise(page, rank_of(school, exercise), rank)
        page.context.set_offline(offline=True)
        key_exercise(page, school, exercise, [rank])
        on_disk(page)
        page.context.clear_cookies()
        page.context.set_offline(offline=False)
        page.reload()
        sign_in(page, school, keyed.TEACHER)
        ready(page)
        all_kept(page)
        page.context.clear_cookies()
        open_exercise(page, rank_of(school, exercise), rank + 1)
        key_exercise(page, school, exercise, [rank + 1])
        all_kept(page)
    opened = school.opened(school.pupils)
    assert all_there(school, exercise, ranks=[rank, rank + 1], opened=opened) == []


def test_answers_holds_no_name_no_code_and_no_answer_of_what_was_keyed(
    school: KeyedSchool,
) -> None:
    folder = school.stage.answers.folder
    store = decrypted(folder / "data/answers.db", key_of(folder / "keys/store.key").reveal())
    files = [p for p in folder.rglob("*") if p.is_file() and "bundles" not in p.parts]
    held = [store, school.record.read_bytes(), *(file.read_bytes() for file in files)]
    assert b"SE1" in store  # the envelopes are there
    found = {word for content in held for word in canaries.search_bytes(school.canaries(), content)}
    assert found == set()
