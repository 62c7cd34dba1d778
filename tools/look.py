# SPDX-License-Identifier: AGPL-3.0-or-later
"""See items as pupils will: screenshots at three sizes and two themes, and what axe-core says.

Items of packages and folders are compiled as for pupils, shown by the player's own code under the
zone's own policies, and photographed; nobody is asked over the network.

    python tools/look.py PLACE… [--out FOLDER] [--only WORD]

PLACE is an item (.xml) or a folder of items. FOLDER, tests/out/look by default, gets one picture
an item, size and theme, and `faults.json`.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

from encrier_qti.compile import compile_package
from encrier_qti.errors import QtiError
from encrier_qti.package import open_package
from stagecraft.accessibility import pixels_too_wide
from stagecraft.desk import axe_faults
from stagecraft.harness import bundled, opened

SIZES: Final = {"1024": (1024, 768), "390": (390, 844), "zoom": (512, 384)}  # the last: 200 %
ROOTS: Final = (b"<qti-assessment-item", b"<assessmentItem")
THEMES: Final = ("ardoise", "nuit")


def items_in(place: Path, only: str) -> Iterator[Path]:
    """The items of a folder, in order, or the one that is named."""
    files = sorted(place.rglob("*.xml")) if place.is_dir() else [place]
    for file in files:
        content = file.read_bytes()[:6_000]
        if only in str(file) and any(root in content for root in ROOTS):
            yield file


def served(item: Path) -> dict[str, Any] | None:
    """What the browser is given of an item; nothing when it cannot be served, said on stderr."""
    try:
        bundle = compile_package(open_package(item)).bundle
    except QtiError as error:
        sys.stderr.write(f"not served: {item.name}: {error}\n")
        return None
    index = json.loads(bundle.index_json)
    files = {}
    for name, about in index["files"].items():
        content = bundle.blobs[about["sha256"]]
        files[name] = {"type": about["type"], "bytes": list(content)}
    return {"index": index, "files": files}


def photographed(page: Page, name: str, out: Path) -> dict[str, list[str]]:
    """Take every picture of the item on the page; give what is wrong, by size and theme."""
    wrong: dict[str, list[str]] = {}
    for theme in THEMES:
        page.evaluate("theme => (document.documentElement.dataset.theme = theme)", theme)
        for label, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            beyond = pixels_too_wide(page)
            found = axe_faults(page)
            wrong[f"{label}-{theme}"] = found + [f"{beyond} pixels too wide"] * (beyond > 0)
            page.screenshot(path=out / f"{name}-{label}-{theme}.png", full_page=True)
    return {where: said for where, said in wrong.items() if said}


def look(browser: Browser, items: list[Path], out: Path) -> dict[str, dict[str, list[str]]]:
    """Show each item and photograph it."""
    faults = {}
    with tempfile.TemporaryDirectory() as folder, opened(bundled(Path(folder)), browser) as page:
        for item in items:
            made = served(item)
            if made is None:
                continue
            page.evaluate("made => window.mountBundle(made)", made)
            page.wait_for_function("() => [...document.images].every((i) => i.complete)")
            found = photographed(page, item.stem, out)
            if found:
                faults[item.stem] = found
    return faults


def main() -> int:
    """Photograph what is asked for; 1 when something is wrong."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    asked.add_argument("place", nargs="+", type=Path)
    asked.add_argument("--out", type=Path, default=Path("tests/out/look"))
    asked.add_argument("--only", default="")
    given = asked.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    items = [item for place in given.place for item in items_in(place, given.only)]
    program = os.environ.get("ENCRIER_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        faults = look(browser, items, given.out)
        browser.close()
    (given.out / "faults.json").write_text(json.dumps(faults, indent=1, ensure_ascii=False))
    print(json.dumps(faults, indent=1, ensure_ascii=False))  # noqa: T201 the result
    sys.stderr.write(f"{len(items)} items, {len(faults)} with a fault, pictures in {given.out}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
