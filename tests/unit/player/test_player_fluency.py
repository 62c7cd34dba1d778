# SPDX-License-Identifier: AGPL-3.0-or-later
"""A reading that is timed on a phone: touched, ended by the clock, corrected, pupil after pupil.

The clock is the test's own: no test waits for a minute.
"""

import subprocess
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from stagecraft.accessibility import too_wide, violations
from stagecraft.harness import HTML, PLAYER, opened

SENTENCES: Final = (
    "Le petit chat de Nour dort sur le lit . Il rêve d’ un oiseau bleu qui chante dans le "
    "jardin . Soudain , la pluie tombe . Le chat ouvre un œil , puis il saute par la fenêtre ."
)
TEXT: Final = SENTENCES.split()
LEA: Final = "10000000"


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory, any_browser: Browser) -> Iterator[Page]:
    """A page as narrow as a phone, under the zone's own policy."""
    esbuild = PLAYER / "node_modules" / ".bin" / "esbuild"
    if not esbuild.exists():
        pytest.skip("the player's npm packages are not installed: npm ci --ignore-scripts")
    out = tmp_path_factory.mktemp("fluency")
    for kind in ("js", "css"):
        command = [str(esbuild), f"test/browser/fluency.{kind}", "--bundle", "--loader:.ttf=empty"]
        subprocess.run([*command, f"--outfile={out / f'h.{kind}'}"], cwd=PLAYER, check=True)
    axe = (PLAYER / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    script = (out / "h.js").read_text(encoding="utf-8")
    files = {
        "/": ("text/html", HTML),
        "/h.js": ("text/javascript", f"{script}\n{axe}"),
        "/h.css": ("text/css", (out / "h.css").read_text(encoding="utf-8")),
    }
    with opened(files, any_browser) as page:
        page.set_viewport_size({"width": 390, "height": 844})
        yield page


def show(page: Page, n_pupils: int = 3) -> None:
    page.evaluate("([text, n]) => window.time(text, n)", [TEXT, n_pupils])


def press(page: Page, test: str) -> None:
    page.click(f"[data-test=fluency-{test}]")


def touch(page: Page, *ranks: int) -> None:
    for rank in ranks:
        page.click(f"[data-word=w{rank}]")


def later(page: Page, seconds: float) -> None:
    page.evaluate("ms => { window.clock_ms += ms; }", seconds * 1000)


def phase(page: Page, name: str) -> None:
    expect(page.locator("[data-test=fluency]")).to_have_attribute("data-phase", name)


def kept(page: Page, order: str = LEA) -> object:
    return page.evaluate("order => window.kept[order]?.r ?? null", order)


def test_no_word_moves_under_a_finger_when_the_reading_begins(phone: Page) -> None:
    show(phone)
    before = phone.locator("[data-word=w1]").bounding_box()
    press(phone, "act")
    phase(phone, "reading")
    assert phone.locator("[data-word=w1]").bounding_box() == before


def test_a_minute_ends_by_itself_and_asks_for_the_last_word(phone: Page) -> None:
    show(phone)
    press(phone, "act")
    touch(phone, 2, 5, 5, 7)
    later(phone, 61)
    phase(phone, "asking")
    expect(phone.locator("[data-test=fluency-signal]")).to_contain_text("Quel est le dernier mot")
    later(phone, 2)
    touch(phone, 20)
    phase(phone, "stopped")
    expect(phone.locator("[data-test=fluency-signal]")).to_contain_text("18\u00a0mots lus")
    assert kept(phone) == {
        "RESPONSE": ["18"],
        "LAST": ["20"],
        "SECONDS": ["60"],
        "WRONG": ["w2", "w7"],
    }


def test_a_finger_that_was_on_its_way_when_the_time_ran_out_tells_no_last_word(
    phone: Page,
) -> None:
    show(phone)
    press(phone, "act")
    later(phone, 60)
    phase(phone, "asking")
    touch(phone, 4)
    phase(phone, "asking")
    later(phone, 1)
    touch(phone, 10)
    phase(phone, "stopped")
    assert kept(phone) == {
        "RESPONSE": ["9"],
        "LAST": ["10"],
        "SECONDS": ["60"],
        "WRONG": ["w4"],
    }


def test_what_was_noted_is_corrected_and_kept_each_time(phone: Page) -> None:
    show(phone)
    press(phone, "act")
    later(phone, 30)
    press(phone, "act")
    press(phone, "whole")
    phase(phone, "stopped")
    touch(phone, 3)
    phone.check("[data-test=fluency-mode-hesitated]")
    touch(phone, 6)
    n_words = len(TEXT)
    assert kept(phone) == {
        "RESPONSE": [str((n_words - 1) * 2)],
        "LAST": [str(n_words)],
        "SECONDS": ["30"],
        "WRONG": ["w3"],
        "RESPONSE.hesitated": ["w6"],
    }
    phone.check("[data-test=fluency-mode-last]")
    touch(phone, 12)
    assert kept(phone) == {
        "RESPONSE": ["11"],
        "LAST": ["12"],
        "SECONDS": ["60"],
        "WRONG": ["w3"],
        "RESPONSE.hesitated": ["w6"],
    }


def test_a_long_press_is_a_hesitation_and_no_misreading(phone: Page) -> None:
    show(phone)
    press(phone, "act")
    phone.click("[data-word=w4]", delay=700)
    later(phone, 61)
    phase(phone, "asking")
    press(phone, "none")
    phone.check("[data-test=fluency-mode-last]")
    touch(phone, 9)
    assert kept(phone) == {
        "RESPONSE": ["9"],
        "LAST": ["9"],
        "SECONDS": ["60"],
        "RESPONSE.hesitated": ["w4"],
    }


def test_pupils_follow_each_other_and_a_result_is_found_again(phone: Page) -> None:
    show(phone)
    press(phone, "act")
    later(phone, 61)
    phase(phone, "asking")
    later(phone, 2)
    touch(phone, 15)
    press(phone, "next")
    phase(phone, "ready")
    expect(phone.locator("h1")).to_have_text("Tom")
    expect(phone.locator("h1")).to_be_focused()
    press(phone, "previous")
    phase(phone, "stopped")
    expect(phone.locator("[data-test=fluency-signal]")).to_contain_text("15\u00a0mots lus")


def test_a_reading_begun_again_keeps_the_first_until_it_is_whole(phone: Page) -> None:
    show(phone)
    press(phone, "act")
    later(phone, 61)
    phase(phone, "asking")
    later(phone, 2)
    touch(phone, 15)
    before = kept(phone)
    press(phone, "act")
    phase(phone, "ready")
    press(phone, "act")
    touch(phone, 1)
    assert kept(phone) == before
    press(phone, "back")
    assert phone.evaluate("window.left") is True
    assert kept(phone) == before


def test_the_whole_goes_by_the_keyboard(phone: Page) -> None:
    show(phone)
    phone.focus("[data-test=fluency-act]")
    phone.keyboard.press("Enter")
    phone.focus("[data-word=w2]")
    phone.keyboard.press("Space")
    later(phone, 61)
    phase(phone, "asking")
    later(phone, 2)
    phone.focus("[data-word=w8]")
    phone.keyboard.press("Enter")
    phase(phone, "stopped")
    assert kept(phone) == {"RESPONSE": ["7"], "LAST": ["8"], "SECONDS": ["60"], "WRONG": ["w2"]}


@pytest.mark.parametrize("width", [320, 390, 820])
def test_each_state_fits_and_axe_finds_nothing(phone: Page, width: int) -> None:
    phone.set_viewport_size({"width": width, "height": 844})
    show(phone)
    found = violations(phone, "main")
    press(phone, "act")
    touch(phone, 2)
    found += violations(phone, "main")
    later(phone, 61)
    phase(phone, "asking")
    found += violations(phone, "main")
    later(phone, 2)
    touch(phone, 9)
    phase(phone, "stopped")
    assert [*found, *violations(phone, "main")] == []
    assert not too_wide(phone)
    sizes = phone.eval_on_selector_all(
        "[data-word]", "all => all.map(one => one.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 44, "a finger's width"
    phone.set_viewport_size({"width": 390, "height": 844})
