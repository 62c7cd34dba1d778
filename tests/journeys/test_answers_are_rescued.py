# SPDX-License-Identifier: AGPL-3.0-or-later
"""A computer whose network is dead: its answers are carried to another one, sealed."""

import base64
import os
import shutil
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from encrier.seal import read_header
from encrier.uploads import unpack_save
from pupils import Network, Pupil
from stage import Slip, patterns
from stagecraft import hands
from stagecraft.classroom import Classroom

pytestmark = pytest.mark.journey
RIGHT: Final = patterns()[0]
FIRST, SECOND = list(RIGHT)[:2]
# The code on the page and its rank, at one moment.
SHOT: Final = """() => [
  document.querySelector(".codes .which").textContent,
  document.querySelector(".codes canvas").toDataURL("image/jpeg", 0.9)]"""
FLAGS: Final = ("--no-sandbox", "--disable-gpu")
EACH_FRAME: Final = 30  # pictures of each code, as of a hand that stays a while


def pupil_of(classroom: Classroom, slip: Slip) -> Pupil:
    network = Network(classroom.stage.answers_url, iter([]))
    return Pupil(slip.code, network, root_key=classroom.stage.root_key)


def opened(classroom: Classroom, slip: Slip) -> dict[str, dict[str, list[str]]]:
    """What the ministry reads of this pupil's answers, by item."""
    classroom.stage.open_envelopes()
    sitting = classroom.stage.opened()[pupil_of(classroom, slip).keys.sid]
    return {i: a.r for i, a in sitting.items.items()}


def finish_without_a_network(page: Page, classroom: Classroom, slip: Slip) -> None:
    hands.enter(page, classroom.stage.answers_url, slip.code)
    page.context.set_offline(True)
    hands.answer(page, FIRST, RIGHT[FIRST])
    hands.go_to(page, SECOND)
    hands.answer(page, SECOND, RIGHT[SECOND])
    hands.hook(page, "overview").click()
    hands.hook(page, "finish").click()
    hands.hook(page, "finish-confirm").click()
    expect(hands.hook(page, "sending")).to_contain_text("Encore 2 réponses à envoyer")
    hands.hook(page, "adult").locator("summary").click()


def test_a_rescue_file_is_sent_from_another_computer(
    classroom: Classroom, any_browser: Browser, tmp_path: Path
) -> None:
    slip = next(classroom.slips)
    file = tmp_path / "secours.encrier"
    with classroom.computer() as page:
        finish_without_a_network(page, classroom, slip)
        with page.expect_download() as download:
            hands.hook(page, "rescue-file").click()
        assert download.value.suggested_filename.startswith("secours-")
        download.value.save_as(file)
    content = file.read_bytes()
    keys = pupil_of(classroom, slip).keys
    assert keys.auth not in content
    saved = unpack_save(content[39:])  # after magic, checksum and size: one save
    assert read_header(saved.envelope).sid == keys.sid
    other = any_browser.new_page()
    other.goto(f"{classroom.stage.answers_url}/secours")
    hands.hook(other, "rescue-choose").set_input_files(file)
    expect(hands.hook(other, "rescue-done")).to_have_attribute("data-done", "1")
    expect(hands.hook(other, "rescue-told")).to_contain_text("reçu vérifié")
    other.reload()
    hands.hook(other, "rescue-choose").set_input_files(file)  # twice does no harm
    expect(hands.hook(other, "rescue-done")).to_have_attribute("data-done", "1")
    other.close()
    kept = opened(classroom, slip)
    assert {kept_ for kept_ in (FIRST, SECOND) if kept[kept_] == RIGHT[kept_]} == {FIRST, SECOND}


def film(page: Page) -> bytes:
    """What a camera sees of the codes, each for a while."""
    hands.hook(page, "rescue-qr").click()
    page.locator(".codes .which").wait_for()
    seen: dict[str, bytes] = {}
    n_codes = int(page.locator(".codes .which").inner_text().split()[-1])
    while len(seen) < n_codes:
        rank, url = page.evaluate(SHOT)
        seen[rank] = base64.b64decode(url.split(",")[1])
        page.wait_for_timeout(100)
    return b"".join(picture * EACH_FRAME for picture in seen.values())


def test_the_codes_on_the_screen_are_filmed_by_another_computer(
    classroom: Classroom, playwright: Playwright, tmp_path: Path
) -> None:
    slip = next(classroom.slips)
    with classroom.computer() as page:
        finish_without_a_network(page, classroom, slip)
        (tmp_path / "film.mjpeg").write_bytes(film(page))
    camera = (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={tmp_path / 'film.mjpeg'}",
    )
    program = classroom.browser.browser_type.executable_path
    program = os.environ.get("ENCRIER_CHROMIUM") or shutil.which("chromium") or program
    other = playwright.chromium.launch(executable_path=program, args=(*FLAGS, *camera))
    try:
        page = other.new_page()
        page.goto(f"{classroom.stage.answers_url}/secours")
        hands.hook(page, "rescue-camera").click()
        done = hands.hook(page, "rescue-done")
        expect(done).to_have_attribute("data-done", "1", timeout=hands.SLOW_MS)
    finally:
        other.close()
    assert opened(classroom, slip)[FIRST] == RIGHT[FIRST]


def test_something_else_than_a_rescue_file_is_refused(classroom: Classroom, tmp_path: Path) -> None:
    file = tmp_path / "devoirs.pdf"
    file.write_bytes(b"%PDF-1.7 what a pupil left on the desk")
    with classroom.computer() as page:
        page.goto(f"{classroom.stage.answers_url}/secours")
        hands.hook(page, "rescue-choose").set_input_files(file)
        expect(hands.hook(page, "rescue-told")).to_contain_text("pas un fichier de secours")


def test_what_waits_is_told_on_the_first_screen_and_leaves_from_there(
    classroom: Classroom,
) -> None:
    slip = next(classroom.slips)
    with classroom.computer() as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        page.route("**/v1/save", lambda route: route.abort())
        hands.answer(page, FIRST, RIGHT[FIRST])
        hands.hook(page, "overview").click()
        hands.hook(page, "pause").click()
        expect(hands.hook(page, "left")).to_contain_text("Cet ordinateur garde encore 1\u00a0envoi")
        page.unroute("**/v1/save")
        page.evaluate("() => void window.dispatchEvent(new Event('online'))")
        expect(hands.hook(page, "left")).to_have_count(0)
    assert opened(classroom, slip)[FIRST] == RIGHT[FIRST]
