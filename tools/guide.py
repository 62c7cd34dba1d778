# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write the guide of a teacher who keys: pictures of the real screens, then two pages set by typst.

    python tools/guide.py [--set]

--set sets the pages anew with the pictures that are there. Writes docs/guides/, and the copy that
names serves.
"""

import argparse
import os
import shutil
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

import guide_pictures
import typst
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

ROOT: Final = Path(__file__).resolve().parents[1]
GUIDES: Final = ROOT / "docs/guides"
SOURCE: Final = GUIDES / "saisir-les-cahiers.typ"
SERVED: Final = ROOT / "names/encrier_names/static"
N_PAGES: Final = 2
MOST_BYTES: Final = 600_000
DATED: Final = datetime(2026, 9, 1, tzinfo=UTC)  # equal pictures and words give equal bytes


def main() -> int:
    """Write what is asked for; 1 when the guide is longer or heavier than it may be."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    asked.add_argument("--set", action="store_true", help="keep the pictures that are there")
    if not asked.parse_args().set:
        program = os.environ.get("ENCRIER_CHROMIUM") or shutil.which("chromium")
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
            guide_pictures.take(browser, GUIDES / "images")
            browser.close()
    pdf = typst.compile(
        SOURCE,
        root=GUIDES,
        font_paths=[SERVED / "fonts"],
        ignore_system_fonts=True,
        timestamp=DATED,
    )
    n_pages = len(PdfReader(BytesIO(pdf)).pages)
    if n_pages != N_PAGES or len(pdf) > MOST_BYTES:
        sys.stderr.write(f"{n_pages} pages and {len(pdf)} bytes: nothing written\n")
        return 1
    for folder in (GUIDES, SERVED):
        (folder / SOURCE.with_suffix(".pdf").name).write_bytes(pdf)
    sys.stderr.write(f"{SOURCE.stem}.pdf: {n_pages} pages, {len(pdf)} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
