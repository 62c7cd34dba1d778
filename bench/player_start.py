# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long until the first question stands, how large the player is, whether its memory stays.

Real zones, a real browser with a processor four times slower and a line of 1 Mbit/s (50 ms each
way), set by the browser's own tools. From the press of « Entrer », through the pictograms and the
welcome, which are pressed as soon as they can be, to the first question: once with nothing kept,
once with the booklet fetched ahead; and from the address to the code's field, with nothing kept.
Memory: the heap after collection at item 5, 30 and 60 of a test of 60 items seen one after the
other. Two minutes.

    python bench/player_start.py [--json] [--write]

ENCRIER_CHROMIUM names the browser; else `chromium` is in the PATH.
"""

import gzip
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import performance_page
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "demo"), str(ROOT / "tests")]

from operators import free_port  # noqa: E402 the demonstration is beside this folder
from stage import Slip, Stage  # noqa: E402
from stagecraft import hands  # noqa: E402
from stagecraft.autumn import Autumn  # noqa: E402

DIST: Final = ROOT / "player" / "dist"
HEADING: Final = "## The start of a test"
RUNS: Final = 3
SLOWER: Final = 4
LINE: Final = {
    "offline": False,
    "latency": 50,
    "downloadThroughput": 125_000,
    "uploadThroughput": 125_000,
}
GOALS: Final = {"first_item_kept_s": 1.5, "first_item_cold_s": 3.0, "compressed_kb": 220}
AHEAD: Final = """async () => (await (await caches.open("encrier-kept")).keys())
  .filter((request) => request.url.includes("/bundles/")).length >= 8"""

Figures = dict[str, float]


def slow(page: Page) -> CDPSession:
    """A computer of a school: slow, at the end of a thin line."""
    tools = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", LINE)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return tools


def first_item_s(page: Page, slip: Slip) -> float:
    """Seconds from « Entrer » to the first question."""
    hands.hook(page, "code-field").fill(slip.code)
    began = time.perf_counter()
    hands.hook(page, "code-submit").click()
    for name in ("pictograms-yes", "start"):
        hands.hook(page, name).click()
    hands.hook(page, "item").wait_for()
    return time.perf_counter() - began


def starts(browser: Browser, stage: Stage, slips: Iterator[Slip]) -> Figures:
    """The medians of the runs."""
    kept, cold, field = [], [], []
    for _ in range(RUNS):
        context = browser.new_context(locale="fr-FR")
        page = context.new_page()
        slow(page)
        began = time.perf_counter()
        page.goto(stage.answers_url)
        hands.hook(page, "code-field").wait_for()
        field.append(time.perf_counter() - began)
        cold.append(first_item_s(page, next(slips)))
        context.close()
        context = browser.new_context(locale="fr-FR")
        page = context.new_page()
        page.goto(stage.answers_url)
        hands.wait_until(page, AHEAD)
        slow(page)
        kept.append(first_item_s(page, next(slips)))
        context.close()
    return {
        "code_field_cold_s": round(statistics.median(field), 2),
        "first_item_cold_s": round(statistics.median(cold), 2),
        "first_item_kept_s": round(statistics.median(kept), 2),
    }


def sizes() -> Figures:
    """What a pupil's browser fetches before the first screen, compressed."""
    page = (DIST / "index.html").read_text(encoding="utf-8")
    asked = [file for file in DIST.iterdir() if f'"/player/{file.name}"' in page]
    files = [file for file in asked if file.suffix in {".js", ".css"}]
    packed = {file.suffix: len(gzip.compress(file.read_bytes(), 9)) for file in files}
    return {
        "script_kb": round(packed[".js"] / 1000, 1),
        "style_kb": round(packed[".css"] / 1000, 1),
        "compressed_kb": round(sum(packed.values()) / 1000, 1),
    }


def heap_mb(tools: CDPSession) -> float:
    """The heap once what is not held was collected."""
    tools.send("HeapProfiler.collectGarbage")
    used: dict[str, Any] = tools.send("Runtime.getHeapUsage")
    return round(used["usedSize"] / 1e6, 2)


def memory(browser: Browser, stage: Stage, slip: Slip) -> Figures:
    """The heap along 60 questions: those of the booklet, then the first ones again."""
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    tools = context.new_cdp_session(page)
    hands.enter(page, stage.answers_url, slip.code)
    found: Figures = {}
    seen = 0
    while seen < 60:  # noqa: PLR2004 the length of a long test
        seen += 1
        if seen in {5, 30, 60}:
            found[f"heap_item_{seen}_mb"] = heap_mb(tools)
        before = hands.hook(page, "item").get_attribute("data-item")
        hands.hook(page, "next").click()
        if hands.hook(page, "overview-item").count():
            hands.hook(page, "overview-item").first.click()
        page.wait_for_function(
            "item => ![undefined, item].includes("
            "document.querySelector('[data-test=item]')?.dataset.item)",
            arg=before,
        )
    context.close()
    return found


def measured() -> Figures:
    """All figures, from zones that are started and ended here."""
    program = os.environ.get("ENCRIER_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder) / "zones", names_port=free_port(0), answers_port=free_port(0))
        campaign = Autumn(stage, Path(folder) / "no-record")
        try:
            campaign.prepare()
            slips = campaign.slips_without_end()
            with sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
                found = starts(browser, stage, slips) | memory(browser, stage, next(slips))
                browser.close()
        finally:
            stage.stop()
    return found | sizes()


def section(figures: Figures) -> str:
    """The part of the page that these figures make."""
    when = f"{datetime.now(tz=UTC):%Y-%m-%d}"
    machine = f"{platform.machine()}, {os.cpu_count()} cores, headless Chromium"
    rows = [
        ("address to the code's field, nothing kept, s", "", "code_field_cold_s"),
        ("« Entrer » to the first question, nothing kept, s", "3", "first_item_cold_s"),
        ("« Entrer » to the first question, booklet fetched ahead, s", "1.5", "first_item_kept_s"),
        ("shell, crypto and interactions, compressed, kB", "220", "compressed_kb"),
        ("of which the script", "", "script_kb"),
        ("heap at question 5, MB", "", "heap_item_5_mb"),
        ("heap at question 30, MB", "", "heap_item_30_mb"),
        ("heap at question 60, MB", "stable", "heap_item_60_mb"),
    ]
    lines = [
        HEADING,
        "",
        f"`python bench/player_start.py --write`, {when}, {machine}.",
        f"Median of {RUNS} runs; the browser slows its processor {SLOWER} times and its line to",
        "1 Mbit/s with 50 ms.",
        "",
        "| what | goal | measured |",
        "|---|---|---|",
        *(f"| {what} | {goal} | {figures[key]} |" for what, goal, key in rows),
        "",
        "From « Entrer » on, the pictograms and the welcome are pressed as soon as they can be.",
        "Not in the sizes: fonts and the frame of foreign programs, fetched where they are used.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(performance_page.told(__doc__ or "", measured, section, goals=GOALS))
