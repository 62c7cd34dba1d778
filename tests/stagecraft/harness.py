# SPDX-License-Identifier: AGPL-3.0-or-later
"""An empty page with the player's own code, under the policies of the zone, without the zone."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from encrier_answers.replies import CSP_FRAME, csp_page

PLAYER = Path(__file__).parents[2] / "player"
LOOPBACK = "//127.0.0.1:"  # where a test may have put somebody
ORIGIN = "http://127.0.0.1:59999"  # nobody is there
HTML = (
    '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Essai</title>'
    '<meta name="encrier-frame" content="/frame.html">'
    '<link rel="stylesheet" href="/h.css"><script src="/h.js"></script></head>'
    "<body><main></main></body></html>"
)


def bundled(out: Path) -> dict[str, tuple[str, str]]:
    """Each path with its type and content."""
    esbuild = PLAYER / "node_modules" / ".bin" / "esbuild"
    if not esbuild.exists():
        pytest.skip("the player's npm packages are not installed: npm ci --ignore-scripts")
    entries = {
        "h.js": "test/browser/harness.js",
        "h.css": "src/theme/ardoise.css",
        "f.js": "src/frame/main.js",
    }
    for to, entry in entries.items():
        command = [str(esbuild), entry, "--bundle", f"--outfile={out / to}"]
        command += ["--loader:.ttf=empty", "--log-level=error"]
        subprocess.run(command, cwd=PLAYER, check=True)
    read = {name: (out / name).read_text(encoding="utf-8") for name in entries}
    axe = (PLAYER / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    frame = (PLAYER / "frame.html").read_text(encoding="utf-8")
    return {
        "/": ("text/html", HTML),
        "/h.js": ("text/javascript", f"{read['h.js']}\n{axe}"),
        "/h.css": ("text/css", read["h.css"]),
        "/frame.html": ("text/html", frame.replace("{script}", read["f.js"])),
    }


@contextmanager
def opened(files: dict[str, tuple[str, str]], browser: Browser) -> Iterator[Page]:
    """A page under the zone's own policy, with the harness's requests answered here."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        kind, body = files.get(path, ("", ""))
        if not kind:
            route.continue_() if LOOPBACK in route.request.url else route.abort()
        else:
            policy = CSP_FRAME if path == "/frame.html" else csp_page()
            headers = {"content-security-policy": policy}
            route.fulfill(body=body, content_type=f"{kind}; charset=utf-8", headers=headers)

    page = browser.new_page(viewport={"width": 1024, "height": 768}, reduced_motion="reduce")
    page.route("**/*", answer)
    page.goto(f"{ORIGIN}/")
    yield page
    page.close()
