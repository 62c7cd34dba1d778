# SPDX-License-Identifier: AGPL-3.0-or-later
"""How fast a class is keyed: keys an answer, minutes a pupil, and from a key to the screen.

The keying page in Chromium, a real answers zone, the kit of the demonstration's CP. A typist who
mistakes one answer in fifty, sees it and puts it right, keys the booklets of a class of 25: keys
are counted for all, pressed on the page for the first two as fast as they come and for a third at
the speed of a good typist; each of the three booklets must be said whole in the end. Then a class
of 30 and a booklet of 200 items, from a key to the screen, by pupil and by exercise. Two minutes.

    python bench/keying.py [--json] [--write]

ENCRIER_CHROMIUM names the browser; else `chromium` is in the PATH.
"""

import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import performance_page
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "demo"), str(ROOT / "tests")]

from teachers import Entry, fields, on_paper  # noqa: E402

from operators import ENCRIER, free_port  # noqa: E402 the demonstration is beside this folder
from stage import Slip, Stage  # noqa: E402
from stagecraft.autumn import Autumn  # noqa: E402
from stagecraft.hands import hook  # noqa: E402
from stagecraft.keying_door import KeyingDoor  # noqa: E402
from stagecraft.typist import keys_of, press  # noqa: E402

PACKAGE: Final = ROOT / "demo/assessments/cp-debut"
HEADING: Final = "## A class is keyed"
SEED: Final = 20260914
CLASS: Final = 25
LARGE_CLASS: Final = 30
ANSWERS: Final = 180  # of a pupil, in the booklets of a real year
ITEMS: Final = 200
MISTAKEN: Final = 0.02
KEYS_A_SECOND: Final = 3
ON_THE_PAGE: Final = 2  # pupils of whom every key is pressed; the others' are counted
PRESSES: Final = 200
FAST: Final = 10  # keys a second, three times the typist's
SLOW_MS: Final = 60_000
GOALS: Final = {
    "keys_an_answer": 1.3,
    "minutes_a_pupil": 6.0,
    "paint_ms_p95_pupil": 50.0,
    "paint_ms_p95_exercise": 50.0,
}
PAINTED: Final = """() => {
  const took = (window.took = []);
  addEventListener("keydown", ({ timeStamp }) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel(); // after the paint of this frame
    port1.onmessage = () => took.push(performance.now() - timeStamp);
    port2.postMessage(0);
  }), { capture: true });
}"""

Figures = dict[str, float]
Keying = list[tuple[dict[str, Any], list[str]]]  # each item with its keys, mistakes among them


class NotThere(RuntimeError):
    """The keys of an item did not lead to the next one: keys would be counted for nothing."""


class Desk(NamedTuple):
    """A teacher's computer, and the classes that it can be given."""

    stage: Stage
    door: KeyingDoor
    slips: list[Slip]
    kit: dict[str, Any]
    browser: Browser


def typed(kit: Mapping[str, Any], rank: int) -> tuple[dict[str, Entry], Keying]:
    """What is on a pupil's paper, and how it is keyed by who mistakes an answer in fifty."""
    chance = random.Random(SEED + rank)  # noqa: S311 play
    entries = {item: _spoken(entry) for item, entry in on_paper(kit, 0.7, chance=chance).items()}
    keying = []
    for field in fields(kit):
        right = keys_of(field, entries[field["id"]])
        is_mistaken = chance.random() < MISTAKEN
        before = _mistake(field, entries[field["id"]]) if is_mistaken else []
        keying.append((field, [*before, *right]))
    return entries, keying


def _spoken(entry: Entry) -> Entry:
    """A reading as it is keyed where it was timed elsewhere: words in a minute."""
    responses, mark = entry
    return ({"RESPONSE": responses["RESPONSE"]} if "LAST" in responses else responses), mark


def _mistake(field: Mapping[str, Any], entry: Entry) -> list[str]:
    """Another answer than the right one, seen once the next field stands: back to it.

    The right one takes its place, but where several may be circled: there it is taken back first.
    """
    wrong = keys_of(field, ({}, "blank") if entry[1] is None else _any_answer(field))
    return [*wrong, "ArrowUp", *([] if field.get("most", 1) == 1 else ["Delete"])]


def _any_answer(field: Mapping[str, Any]) -> Entry:
    offered = field.get("choices") or field.get("words")
    is_number = field["mask"] in {"number", "time", "fluency"} or not offered
    return {field["response"]: ["1" if is_number else offered[0]["id"]]}, None


def kit_of(folder: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The kit of the demonstration's CP, and its files by path."""
    command = [str(ENCRIER), "qti", "kit", str(PACKAGE), "--out", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    (made,) = folder.iterdir()
    files = {str(f.relative_to(made)): f.read_bytes() for f in made.rglob("*") if f.is_file()}
    return json.loads(files["keying.json"]), files


def longer(kit: Mapping[str, Any], n_items: int) -> dict[str, Any]:
    """The same kit with exercises repeated under other names until it has so many items."""
    sequences = json.loads(json.dumps(kit["sequences"]))
    every = [exercise for sequence in sequences for exercise in sequence["exercises"]]
    missing = n_items - len(list(fields(kit)))
    last: list[dict[str, Any]] = []
    for exercise in (one for one in every if one["items"][0]["mask"] != "fluency"):
        taken = exercise["items"][:missing]
        missing -= len(taken)
        items = [item | {"id": f"{item['id']}-b"} for item in taken]
        if items:
            last.append(exercise | {"id": f"{exercise['id']}-b", "items": items})
    more = {"id": "again", "title": "Encore", "minutes": 0, "exercises": last}
    return {**kit, "sequences": [*sequences, more]}


@contextmanager
def desk(folder: Path, browser: Browser) -> Iterator[Desk]:
    """An answers zone that knows the codes of a class, and the origin of the page."""
    stage = Stage(folder / "zones", names_port=free_port(0), answers_port=free_port(0))
    stage.page_port = free_port(0)
    campaign = Autumn(stage, folder / "no-record")
    door: KeyingDoor | None = None
    try:
        campaign.prepare()
        manifest = stage.results.folder / "manifest.json"
        door = KeyingDoor(
            stage.page_port, manifest=manifest, root_key=stage.root_key, answers=stage.answers_url
        )
        every = campaign.slips_without_end()
        slips = [next(every) for _ in range(LARGE_CLASS)]
        kit, files = kit_of(folder / "kit")
        bundle = stage.campaign().bundles[0].id.hex()
        kit = {**kit, "bundle": bundle}
        door.kits[bundle] = files
        yield Desk(stage, door, slips, kit, browser)
    finally:
        if door:
            door.close()
        stage.stop()


@contextmanager
def opened(at: Desk, kit: Mapping[str, Any], n_pupils: int) -> Iterator[Page]:
    """The page of a class of so many, with this kit; nothing of it on this computer yet."""
    bundle = str(kit["bundle"])
    at.door.kits[bundle]["keying.json"] = json.dumps(kit).encode()
    at.door.open_class(
        [
            {"order": str(slip.order), "code": str(slip.code), "shown": f"Élève {n}"}
            | {"level": "CP", "excused": "", "bundle": bundle}
            for n, slip in enumerate(at.slips[:n_pupils])
        ]
    )
    context = at.browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="fr-FR", service_workers="block"
    )
    page = context.new_page()
    try:
        page.goto(at.door.link)
        whole = page.locator('[data-test="saved-state"][data-opening="0"]')
        expect(whole).to_be_visible(timeout=SLOW_MS)
        yield page
    finally:
        context.close()


def keyed_on_the_page(page: Page, keying: Keying, *, keys_a_second: float | None) -> Figures:
    """A booklet keyed whole from its first field; keys_a_second: None as fast as they come."""
    n_keys, began = 0, time.perf_counter()
    for field, keys in keying:
        here = page.locator(f'.current[data-item="{field["id"]}"]')
        if here.count() != 1:
            raise NotThere(field["id"])
        for key in keys:
            n_keys += 1
            if keys_a_second:
                late_s = began + n_keys / keys_a_second - time.perf_counter()
                page.wait_for_timeout(max(0.0, 1000 * late_s))
            page.keyboard.press(key)
    return {"keys": n_keys, "minutes": (time.perf_counter() - began) / 60}


def typing(at: Desk) -> Figures:
    """Keys an answer and minutes a pupil, counted for the class and measured for one."""
    every = [typed(at.kit, rank)[1] for rank in range(CLASS)]
    n_answers = len(every[0])
    n_keys = [sum(len(keys) for _, keys in keying) for keying in every]
    an_answer = statistics.mean(n_keys) / n_answers
    with opened(at, at.kit, CLASS) as page:
        for rank in range(ON_THE_PAGE + 1):
            hook(page, "tab-class").click()
            hook(page, f"pupil-{at.slips[rank].order}").click()
            live = KEYS_A_SECOND if rank == ON_THE_PAGE else None
            told = keyed_on_the_page(page, every[rank], keys_a_second=live)
            hook(page, "tab-class").click()
            row = page.locator(f'[data-order="{at.slips[rank].order}"]')
            expect(row).to_have_attribute("data-done", "100")
    return {
        "n_answers": n_answers,
        "keys_an_answer": round(an_answer, 2),
        "minutes_a_pupil": round(ANSWERS * an_answer / KEYS_A_SECOND / 60, 2),
        "minutes_live": round(told["minutes"], 2),
        "minutes_live_scaled": round(told["minutes"] * ANSWERS / n_answers, 2),
    }


def painting(at: Desk) -> Figures:
    """Milliseconds from a key to the frame that shows it, in a large class."""
    kit = longer(at.kit, ITEMS)
    found: Figures = {}
    every: list[float] = []
    with opened(at, kit, LARGE_CLASS) as page:
        page.evaluate(PAINTED)
        for way, tab in (("pupil", "tab-pupil"), ("exercise", "tab-exercise")):
            hook(page, tab).click()
            expect(hook(page, "grid")).to_have_attribute("data-way", way)
            page.locator(".current").focus()
            page.evaluate("window.took.length = 0")
            for key in ["1", "2"] * (PRESSES // 2):
                press(page, [key])
                page.wait_for_timeout(1000 / FAST)
            page.wait_for_function("n => window.took.length >= n", arg=PRESSES)
            took: list[float] = page.evaluate("window.took")
            every += took
            found |= {f"{name}_{way}": value for name, value in parts(took).items()}
    return found | parts(every)


def parts(took: list[float]) -> Figures:
    """Median, 95 % and worst."""
    return {
        "paint_ms_p50": round(statistics.median(took), 1),
        "paint_ms_p95": round(statistics.quantiles(took, n=20)[-1], 1),
        "paint_ms_worst": round(max(took), 1),
    }


def measured() -> Figures:
    """All figures, from zones that are started and ended here."""
    program = os.environ.get("ENCRIER_CHROMIUM") or shutil.which("chromium")
    if program is None:
        sys.exit("bench/keying.py: no Chromium; name one with ENCRIER_CHROMIUM")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        with desk(Path(folder), browser) as at:
            found = typing(at) | painting(at)
        browser.close()
    return found


def section(figures: Figures) -> str:
    """The part of the page that these figures make."""
    when = f"{datetime.now(tz=UTC):%Y-%m-%d}"
    machine = f"{platform.machine()}, {os.cpu_count()} cores, headless Chromium"
    rows = [
        ("keys an answer", "1.3", "keys_an_answer"),
        (f"minutes a pupil of {ANSWERS} answers, from the keys counted", "6", "minutes_a_pupil"),
        ("minutes for one pupil of the sample, measured", "", "minutes_live"),
        (f"the same for {ANSWERS} answers", "6", "minutes_live_scaled"),
    ]
    ways = (("by pupil", "_pupil"), ("by exercise", "_exercise"), ("both", ""))
    lines = [
        HEADING,
        "",
        f"`python bench/keying.py --write`, {when}, {machine}.",
        f"A class of {CLASS}, the demonstration's {figures['n_answers']:.0f} items of CP.",
        f"One answer in {1 / MISTAKEN:.0f} is mistaken and put right.",
        f"{KEYS_A_SECOND} keys a second.",
        "",
        "| keyboard alone | goal | measured |",
        "|---|---|---|",
        *(f"| {what} | {goal} | {figures[key]} |" for what, goal, key in rows),
        "",
        f"From a key to the frame that shows it: {LARGE_CLASS} pupils, {ITEMS} items,",
        f"{PRESSES} keys each way, {FAST} a second; saves leave meanwhile.",
        "",
        "| ms | median | 95 % (goal: 50) | worst |",
        "|---|---|---|---|",
        *(
            f"| {shown} | {figures['paint_ms_p50' + end]} | {figures['paint_ms_p95' + end]}"
            f" | {figures['paint_ms_worst' + end]} |"
            for shown, end in ways
        ),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(performance_page.told(__doc__ or "", measured, section, goals=GOALS))
