# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long a pupil's answer takes to be on the disk, and how long sealing takes, in a browser.

From the `change` event to the end of the IndexedDB transaction (strict durability), in a sitting
of 60 answered items of which five are texts of 600 letters; the player's own code, at the speed
of this machine and with a processor six times slower. The host answers nothing: the network is
not measured. Half a minute.

    python bench/player_saving.py [--json] [--write]

ENCRIER_CHROMIUM names the browser; else `chromium` is in the PATH.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

import performance_page
from playwright.sync_api import Page, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[1]
PLAYER: Final = ROOT / "player"
HEADING: Final = "## An answer to the disk"
HTML: Final = b'<!doctype html><html lang="fr"><title>Mesure</title><script src="/f.js"></script>'
ANSWERS: Final = 100
EVERY_MS: Final = 20
RATES: Final = (1, 6)
GOALS: Final = {"disk_ms_p95": 50, "seal_ms_p95": 20}

Figures = dict[str, float | int | str]


def script() -> bytes:
    """The measuring page's script."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "f.js"
        esbuild = PLAYER / "node_modules" / ".bin" / "esbuild"
        command = [str(esbuild), "test/browser/figures.js", "--bundle", f"--outfile={out}"]
        subprocess.run([*command, "--minify", "--log-level=error"], cwd=PLAYER, check=True)
        return out.read_bytes()


def serve(content: bytes) -> ThreadingHTTPServer:
    """A host that gives the page and takes no save."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_script = self.path == "/f.js"
            self._reply(200, "text/javascript" if is_script else "text/html; charset=utf-8")
            self.wfile.write(content if is_script else HTML)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self._reply(503, "application/json")

        def _reply(self, status: int, kind: str) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def percentile(values: list[float], part: int) -> float:
    return round(statistics.quantiles(values, n=100)[part - 1], 1)


def at_rate(page: Page, rate: int) -> Figures:
    """What a processor so many times slower gives."""
    client = page.context.new_cdp_session(page)
    client.send("Emulation.setCPUThrottlingRate", {"rate": rate})
    page.evaluate("([n, ms]) => window.measure(n, ms)", [10, EVERY_MS])  # what is compiled once
    took = page.evaluate("([n, ms]) => window.measure(n, ms)", [ANSWERS, EVERY_MS])
    suffix = "" if rate == 1 else f"_{rate}x"
    return {
        f"{name}_{label}{suffix}": percentile(took[name], part)
        for name in ("disk_ms", "seal_ms")
        for label, part in (("p50", 50), ("p95", 95))
    }


def measured() -> Figures:
    """All figures of this machine."""
    program = os.environ.get("ENCRIER_CHROMIUM") or shutil.which("chromium")
    if program is None:
        sys.exit("bench/player_saving.py: no Chromium; name one with ENCRIER_CHROMIUM")
    server = serve(script())
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as profile:
        flags = ["--no-sandbox", "--disable-gpu"]
        context = driver.chromium.launch_persistent_context(
            profile, executable_path=program, args=flags
        )
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        figures: Figures = {"browser": context.browser.version if context.browser else "?"}
        for rate in RATES:
            figures |= at_rate(page, rate)
        context.close()
    server.shutdown()
    return figures


def section(figures: Figures) -> str:
    """The figures as a section of docs/performance.md."""
    when = datetime.now(UTC).strftime("%Y-%m-%d")
    machine = f"{platform.machine()}, {os.cpu_count()} processors, Chromium {figures['browser']}"
    rows = [
        f"| {what} | {figures[f'{name}_p50']} | {figures[f'{name}_p95']} | "
        f"{figures[f'{name}_p50_6x']} | {figures[f'{name}_p95_6x']} | {goal} |"
        for what, name, goal in (
            ("change to disk, ms", "disk_ms", "50"),
            ("seal and box, ms", "seal_ms", "20 at 6x"),
        )
    ]
    lines = [
        HEADING,
        "",
        f"`python bench/player_saving.py --write`, {when}, {machine}.",
        "A sitting of 60 answered items; IndexedDB with strict durability; 100 changes.",
        "",
        "| | median | 95 % | median, 6x slower | 95 %, 6x slower | goal |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    parser.add_argument("--write", action="store_true", help=f"write {performance_page.PAGE.name}")
    asked = parser.parse_args()
    figures = measured()
    print(json.dumps(figures, indent=2) if asked.json else section(figures))
    if asked.write:
        performance_page.put(section(figures))
    late = [name for name, goal in GOALS.items() if float(figures[f"{name}_6x"]) > goal]
    for name in late:
        print(f"over the goal of {GOALS[name]}: {name}_6x", file=sys.stderr)
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
