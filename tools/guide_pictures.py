# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures of the keying page, as a teacher of the demo's school meets it, for the guide.

A stage of its own, the class of the demo, answers that repeat: the same screens give the same
pictures. What tells the day (until when one keys) is left out of them.
"""

import base64
import random
import struct
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import keyed
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect
from run import key_one
from teachers import Teacher, absent, on_paper

from operators import CommandFailed, free_port
from stage import Stage, abilities

SEED: Final = 2026
N_DONE: Final = 12  # pupils whose booklet is keyed; the next is half keyed, then nobody is
HALF: Final = 60  # entries
SCALE: Final = 1.5
TABLET: Final = (1024, 700)
PHONE: Final = (390, 690)
SLOW_MS: Final = 60_000
SETTLED_MS: Final = 400
NUMBERS: Final = "11"  # ranks of exercises
READING: Final = "9"
READ_MS: Final = 22_000
MISREAD: Final = ("petit", "tout")
BAR: Final = 60  # pixels that the bar takes at the top
MISSING: Final = {17: ("ma-d-03", "ma-d-04"), 20: ("fr-f-01",)}
_PALETTE: Final = """async (png) => {
  const asked = await fetch(`data:image/png;base64,${png}`);
  const bitmap = await createImageBitmap(await asked.blob());
  const { width, height } = bitmap;
  const paper = new OffscreenCanvas(width, height).getContext("2d");
  paper.drawImage(bitmap, 0, 0);
  const pixels = new Uint32Array(paper.getImageData(0, 0, width, height).data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const often = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([colour]) => colour);
  const parts = (colour) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
  const far = (a, b) => parts(a).reduce((sum, part, at) => sum + (part - parts(b)[at]) ** 2, 0);
  const kept = [];
  for (const colour of often) {
    if (kept.length < 160 && kept.every((one) => far(one, colour) > 60)) kept.push(colour);
  }
  const nearest = new Map(often.map((colour) => {
    const distances = kept.map((one) => far(one, colour));
    return [colour, distances.indexOf(Math.min(...distances))];
  }));
  const ranks = [...pixels].map((pixel) => nearest.get(pixel));
  return { width, height, palette: kept.flatMap(parts), pixels: ranks };
}"""


class Shot:
    """Photographs of a page, kept in a folder."""

    def __init__(self, page: Page, blank: Page, out: Path) -> None:
        self._page = page
        self._blank = blank
        self._out = out

    def __call__(
        self, name: str, first: Locator | None = None, last: Locator | None = None
    ) -> None:
        """Keep the screen, or what stands on it from one element to another."""
        self._page.wait_for_timeout(SETTLED_MS)
        clip = _around(first, last or first) if first else None
        png = self._page.screenshot(animations="disabled", clip=clip)
        (self._out / f"{name}.png").write_bytes(_small(png, self._blank))


def take(browser: Browser, out: Path) -> None:
    """Play the demo's class on a Tuesday evening and on the last one, and photograph it."""
    blank = browser.new_page()
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder), names_port=free_port(0), answers_port=free_port(0))
        stage.keyed = keyed.PACKAGE
        try:
            stage.draw_keys()
            password = keyed.begin(stage)[keyed.TEACHER]
            teacher = Teacher(stage.names_url, user=keyed.TEACHER, password=password)
            _key(stage, teacher, range(N_DONE))
            _key(stage, teacher, range(N_DONE, N_DONE + 1), until=HALF)
            stage.exchange()
            with _computer(browser, stage, password, TABLET) as page:
                _while_keying(page, Shot(page, blank, out))
            with _computer(browser, stage, password, PHONE) as page:
                _on_a_phone(page, Shot(page, blank, out))
            _key(stage, teacher, range(N_DONE, keyed.CLASS))
            with _computer(browser, stage, password, TABLET) as page:
                _near_the_end(page, Shot(page, blank, out))
        finally:
            stage.stop()


def _key(stage: Stage, teacher: Teacher, ranks: range, *, until: int | None = None) -> None:
    """Key booklets, up to a number of entries; the first pupil was away, some lack an entry."""
    kit = teacher.kit(teacher.ring["pupils"][0]["bundle"])
    for rank in ranks:
        chance = random.Random(SEED + rank)  # noqa: S311 play
        (ability,) = abilities(1, chance=chance)
        entries = on_paper(kit, ability, chance=chance) if rank else absent(kit)
        said = {item: entry for item, entry in entries.items() if item not in MISSING.get(rank, ())}
        key_one(stage, teacher.ring["pupils"][rank]["code"], dict(list(said.items())[:until]))


@contextmanager
def _computer(
    browser: Browser, stage: Stage, password: str, size: tuple[int, int]
) -> Iterator[Page]:
    """A screen of this size on which the teacher has signed in at names."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=SCALE,
        locale="fr-FR",
        timezone_id="Europe/Paris",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{stage.names_url}/connexion/")
    page.fill("[name=username]", keyed.TEACHER)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{stage.names_url}/")
    yield page
    context.close()


def _opened(page: Page) -> None:
    """Follow the link of the class, until each pupil of it is open."""
    page.get_by_role("link", name="Saisir les cahiers").first.click()
    ready = page.locator('[data-test="saved-state"][data-opening="0"]')
    expect(ready).to_be_visible(timeout=SLOW_MS)


def _while_keying(page: Page, shot: Shot) -> None:
    """From the page of her classes to the grids, in the order of the guide."""
    shot("ouvrir", page.locator("table"))
    _opened(page)
    rows = page.locator("ul.pupils > li")
    _scrolled(rows.nth(N_DONE - 1))
    shot("classe", rows.nth(N_DONE - 1), rows.nth(N_DONE + 1))
    rows.nth(N_DONE + 1).get_by_role("button").first.click()
    choices = page.locator(".field").first.locator("[data-choice]")
    for at in (1, 1, 4):  # circled, then struck out, and another circled
        choices.nth(at).click()
    for key in ("ArrowDown", "2", " ", "a", "3", "x"):
        page.keyboard.press(key)
    _kept(page)
    page.evaluate("window.scrollTo(0, 0)")
    shot("eleve")
    page.keyboard.press("p")
    page.locator('[data-test="extent-sequence"]').check()
    shot("absence", page.locator("dialog"))
    page.keyboard.press("Escape")
    _hook(page, "tab-exercise").click()
    _hook(page, "exercise-select").select_option(NUMBERS)
    page.locator("tbody tr").nth(N_DONE).locator("td").first.click()
    for key in ("4", "Enter", "7", "Enter"):
        page.keyboard.press(key)
    _kept(page)
    lines = page.locator("tbody tr")
    _scrolled(lines.nth(N_DONE - 4))
    shot("exercice", lines.nth(N_DONE - 4), lines.nth(N_DONE + 4).locator("td").nth(6))
    page.context.set_offline(offline=True)
    page.keyboard.press("9")
    expect(_hook(page, "saved-state")).to_have_attribute("data-kind", "waiting", timeout=SLOW_MS)
    shot("reseau", page.locator("header"))
    page.context.set_offline(offline=False)
    _kept(page)


def _near_the_end(page: Page, shot: Shot) -> None:
    """What is missing, and the groups."""
    _opened(page)
    _hook(page, "tab-missing").click()
    shot("manque", page.locator("main > *").first)
    _hook(page, "tab-groups").click()
    table = page.locator(".groups-table")
    _scrolled(table)
    shot("groupes", table.locator("th").first, table.locator("tr").nth(4).locator("td").nth(5))


def _on_a_phone(page: Page, shot: Shot) -> None:
    """A reading that is timed, by a clock that the tool moves."""
    _opened(page)
    _hook(page, "tab-exercise").click()
    _hook(page, "exercise-select").select_option(READING)
    page.locator("tbody tr").nth(N_DONE + 1).locator("td").first.click()
    page.clock.install()
    _hook(page, "read").click()
    page.get_by_role("button", name="Commencer").click()
    page.clock.run_for(READ_MS)
    for word in MISREAD:
        page.get_by_role("button", name=word, exact=True).first.click()
    shot("fluence")


def _kept(page: Page) -> None:
    """Wait until all that was keyed has its receipt."""
    page.evaluate("dispatchEvent(new Event('offline'))")  # on which the page sends at once
    expect(_hook(page, "saved-state")).to_have_attribute("data-kind", "kept", timeout=SLOW_MS)
    expect(_hook(page, "saved-state")).to_have_attribute("data-unsent", "0", timeout=SLOW_MS)


def _scrolled(first: Locator) -> None:
    """Bring an element below the bar that stays at the top."""
    first.evaluate(
        "(one, below) => window.scrollBy(0, one.getBoundingClientRect().top - below)", BAR
    )


def _hook(page: Page, name: str) -> Locator:
    return page.locator(f'[data-test="{name}"]').first


def _around(first: Locator, last: Locator) -> FloatRect:
    """The rectangle from one element to another."""
    top, end = first.bounding_box(), last.bounding_box()
    if top is None or end is None:
        raise CommandFailed("What the guide shows is not on the screen.")
    width, height = end["x"] + end["width"] - top["x"], end["y"] + end["height"] - top["y"]
    return {"x": top["x"], "y": top["y"], "width": width, "height": height}


def _small(png: bytes, blank: Page) -> bytes:
    """The same picture with the few colours that it has: a third of the size."""
    made = blank.evaluate(_PALETTE, base64.b64encode(png).decode())
    width, height, pixels = made["width"], made["height"], bytes(made["pixels"])
    lines = b"".join(b"\0" + pixels[at : at + width] for at in range(0, width * height, width))
    chunks = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0),
        b"PLTE": bytes(made["palette"]),
        b"IDAT": zlib.compress(lines, 9),
        b"IEND": b"",
    }
    written = b"\x89PNG\r\n\x1a\n"
    for name, content in chunks.items():
        check = struct.pack(">I", zlib.crc32(name + content))
        written += struct.pack(">I", len(content)) + name + content + check
    return written
